package ingest

import (
	"regexp"
	"strings"
)

const (
	bodyPattern = `consiglio (?:comunale|dell['’]unione|provinciale)|consiliare|giunta (?:comunale|dell['’]unione|provinciale|municipale)|giuntale|commissari\w* (?:straordinari\w*|prefettizi\w*)(?: con i poteri del(?:la giunta|l consiglio)(?: comunale)?)?|c\.\s?c\.?|g\.\s?c\.?|g\.\s?m\.?|cc\b\.?|gc\b\.?|c\.\s?s\.?`
	actPattern  = `deliberazion[ei]|deliber[ae]|delib\.|atto|provvediment[oi]|determinazion[ei]|determin[ae]|decreto|ordinanza|d\.?c\.?c\.?|d\.?g\.?c\.?`
)

var (
	approvedRE = regexp.MustCompile(`(?i)approvat[oaei]\s+(?:dal(?:la)?\s+|con\s+(?:la\s+)?|in\s+)?(?:(` + actPattern + `)\s*)?(?:(?:del(?:la|l['’])?|di|dal(?:la)?)\s+)?(?:(` + bodyPattern + `)\s*)?(?:,?\s*(?:(?:con\s+)?(?:` + actPattern + `)\s*))?(?:n(?:r|um|umero)?\s?[.°º]*\s*)(\d{1,5})(?:/\d{2,4}|/[A-Z]{1,3})?\s*,?\s*(?:(?:del(?:la seduta del)?|in data|dell['’]|adottata (?:in data|il)|assunta in data|nella seduta del)\s*)?(` + datePattern + `)?`)
	// "Delibera N. 38 del 17/06/2024", "N. 1273 Data 13/12/2023 Registro Generale Determinazioni", "DELIBERAZIONE 347 DEL 27 dicembre 2021"
	ownNumberRE = regexp.MustCompile(`(?i)(?:(?:` + actPattern + `)(?:\s+(?:del(?:la)?|di)?\s*(?:` + bodyPattern + `|dirigenziale|sindacale|del responsabile|del dirigente))?\s*[,:-]?\s*)?(?:\bn(?:r|umero|um)?\s?[.°º]*\s*(?:reg\.?\s*(?:gen\.?)?\s*)?|\b(?:deliberazione|delibera|determinazione|determina|ordinanza|decreto)\s+(?:n\S*\s*)?)(\d{1,5})(?:\s?/\s?\d{2,4})?\s*(?:r\.?\s?g\.?\s*)?,?\s*(?:del(?:l['’])?|in data|data|seduta del)\s*:?\s*(` + datePattern + `)`)
	ofActRE     = regexp.MustCompile(`(?i)\ball(?:a|['’])\s*(` + actPattern + `)\s*(?:(?:del(?:la)?|di)\s+)?(?:(` + bodyPattern + `)\s*)?n\s?[.°º]*\s*(\d{1,5})\s*(?:del|in data)\s*(` + datePattern + `)`)
	subActRE    = regexp.MustCompile(`(?i)^all(?:egat[oi]|\.)\b.{0,20}?\b(delibera(?:zione)?|determinazione|determina|d\.?c\.?c\.?|d\.?g\.?c\.?)\s*(?:(?:del(?:la)?|di)\s+)?(?:(` + bodyPattern + `)\s*)?n\s?[.°º]*\s*(\d{1,5})\s*(?:del|in data)\s*(` + datePattern + `)`)
)

// act finds the act that the document is, or the one that approves it: for a regulation only where its cover says so.
func (c *classifier) act() Act {
	switch c.d.Kind {
	case Delibera, Determina, Ordinanza:
		return c.ownAct()
	case Modulo, Scheda, Pagina, Norma, Verbale:
		return Act{}
	}
	first := c.firstArticle()
	var cover []string
	for i := 0; i < first && i < 60; i++ {
		if l := &c.s.lines[i]; !l.index {
			cover = append(cover, l.text)
		}
	}
	for k, t := range cover {
		if len(t) > 300 {
			continue
		}
		if k+1 < len(cover) && strings.HasPrefix(strings.ToLower(t), "approvat") && len(cover[k+1]) < 120 {
			t += " " + cover[k+1] // the date is often on the next line
		}
		if m := approvedRE.FindStringSubmatch(t); m != nil && c.aboutItself(cover[k]) {
			return newAct(m[1], m[2], m[3], m[4])
		}
		if m := subActRE.FindStringSubmatch(t); m != nil {
			return newAct(m[1], m[2], m[3], m[4])
		}
		if m := ofActRE.FindStringSubmatch(t); m != nil && strings.HasPrefix(strings.ToLower(t), "alleg") {
			return newAct(m[1], m[2], m[3], m[4])
		}
	}
	return Act{}
}

// aboutItself says whether a line with "approvato" speaks of this document and not of another one that it names.
func (c *classifier) aboutItself(t string) bool {
	low := strings.ToLower(strings.TrimLeft(t, "([-–*• "))
	return strings.HasPrefix(low, "approvat") || strings.HasPrefix(low, "testo approvat") || regulationRE.MatchString(t) && !strings.Contains(low, "visto")
}

// newAct names an act from what was matched; the body decides the type when no word names it.
func newAct(word, body, number, date string) Act {
	a := Act{Type: "delibera", Number: strings.TrimLeft(number, "0"), Date: isoDate(date)}
	low := strings.ToLower(word)
	switch {
	case strings.HasPrefix(low, "determin"):
		a.Type = "determina"
	case strings.HasPrefix(low, "ordinanza"):
		a.Type = "ordinanza"
	case strings.HasPrefix(low, "decreto"):
		a.Type = "decreto"
	}
	flat := strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(word+" "+body), ".", ""), " ", "")
	switch {
	case strings.Contains(flat, "commissari"), strings.HasSuffix(flat, "cs"):
		a.Body = "commissario"
	case strings.Contains(flat, "consigli"), strings.Contains(flat, "consilia"), strings.HasSuffix(flat, "cc"):
		a.Body = "C.C."
	case strings.Contains(flat, "giunta"), strings.HasSuffix(flat, "gc"), strings.HasSuffix(flat, "gm"):
		a.Body = "G.C."
	}
	return a
}

var (
	councilRE = regexp.MustCompile(`(?i)consiglio comunale|consiglio dell['’]unione|consiglio provinciale`)
	boardRE   = regexp.MustCompile(`(?i)giunta comunale|giunta dell['’]unione|giunta municipale`)
)

// ownAct reads number, date and body of the act that the document is, from its first lines.
func (c *classifier) ownAct() Act {
	a := Act{Type: string(c.d.Kind)}
	from := c.s.acts[0].from
	for i := from; i < min(from+60, len(c.s.lines)); i++ {
		t := c.s.lines[i].plain()
		if i > from+2 && premiseRE.MatchString(t) {
			break
		}
		if a.Body == "" && len(t) < 160 && !objectRE.MatchString(t) {
			switch {
			case councilRE.MatchString(t):
				a.Body = "C.C."
			case boardRE.MatchString(t):
				a.Body = "G.C."
			}
		}
		if objectRE.MatchString(t) {
			break // what follows names other acts
		}
		if m := ownNumberRE.FindStringSubmatch(t); m != nil && a.Number == "" && len(t) < 200 && !approvedRE.MatchString(t) {
			a.Number, a.Date = strings.TrimLeft(m[1], "0"), isoDate(m[2])
		}
	}
	switch {
	case c.d.Kind == Determina:
		a.Body = "dirigente"
		for _, l := range c.head {
			if responsibleRE.MatchString(l.text) {
				a.Body = "responsabile"
				break
			}
			if managerRE.MatchString(l.text) {
				break
			}
		}
	case c.d.Kind == Ordinanza:
		a.Body = "sindaco"
		for _, l := range c.head {
			if managerRE.MatchString(l.text) || responsibleRE.MatchString(l.text) {
				a.Body = "dirigente"
			}
		}
	}
	return a
}

var (
	managerRE     = regexp.MustCompile(`(?i)\b(?:il|la|del|dal) dirigente\b|dirigenziale`)
	responsibleRE = regexp.MustCompile(`(?i)\b(?:il|la|del|della) responsabile (?:del|dell)`)
)
