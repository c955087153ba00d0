package ingest

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// actTitle is the act's own name and its object: "Delibera C.C. n. 38 del 17/06/2024 - Modifica al regolamento…".
func (c *classifier) actTitle() string {
	a := c.d.Approval
	name := strings.ToUpper(string(c.d.Kind[0])) + string(c.d.Kind[1:])
	if a.Body == "C.C." || a.Body == "G.C." {
		name += " " + a.Body
	}
	if a.Number != "" {
		name += " n. " + a.Number
	}
	if len(a.Date) == 10 {
		name += " del " + a.Date[8:] + "/" + a.Date[5:7] + "/" + a.Date[:4]
	}
	object := c.object()
	if object == "" {
		if a.Number == "" {
			return ""
		}
		return name
	}
	return name + " - " + sentenceCase(object)
}

// object gives what an act or a letter is about: the paragraph labelled "Oggetto", whose label may stand beside any of its lines.
func (c *classifier) object() string {
	for k, l := range c.head {
		if k > 50 {
			break
		}
		t := l.plain()
		at := objectInRE.FindStringIndex(t)
		if at == nil || at[0] > 0 && !isUpper(t[:at[0]]) && !sentenceEnd(t[:at[0]]) && len(t[:at[0]]) > 60 {
			continue
		}
		lead, rest := strings.TrimSpace(t[:at[0]]), strings.TrimSpace(t[at[1]:])
		var words []string
		upper := isUpper(rest) || rest == "" && lead != "" && isUpper(lead)
		if upper || rest == "" { // the label of a table cell may stand in the middle of the text it labels
			from := k
			for from > 0 && k-from < 4 && c.isObjectLine(c.head[from-1]) {
				from--
			}
			for _, x := range c.head[from:k] {
				words = append(words, x.plain())
			}
			if isUpper(lead) {
				words = append(words, lead)
			}
			upper = upper || len(words) > 0
		}
		if rest != "" {
			words = append(words, rest)
		}
		for j := k + 1; j < len(c.head) && j <= k+6; j++ {
			next := c.head[j]
			prev := c.head[j-1]
			if premiseRE.MatchString(next.text) || organRE.MatchString(next.text) || seatRE.MatchString(next.text) || signerRE.MatchString(next.text) || next.kind == Row {
				break
			}
			if upper && strings.IndexFunc(next.text, unicode.IsLower) >= 0 && !danglingRE.MatchString(prev.text) || !upper && !prev.wraps && rest != "" || len(words) > 0 && strings.HasSuffix(words[len(words)-1], ".") {
				break
			}
			words = append(words, next.plain())
			if rest == "" && !upper {
				rest = next.plain()
			}
		}
		if out := strings.Join(words, " "); utf8.RuneCountInString(out) > 8 {
			return out
		}
	}
	return ""
}

// isObjectLine says whether a line in capitals above the label "Oggetto" belongs to the object: it is a phrase and names
// neither the office nor the act.
func (c *classifier) isObjectLine(l *line) bool {
	return l.upper && len(strings.Fields(l.text)) >= 5 && !actNameRE.MatchString(l.text) && !letterheadRE.MatchString(l.text) && !seatRE.MatchString(l.text)
}

// actNameRE matches a line that names the act and its author, and not one that says what it determines.
var actNameRE = regexp.MustCompile(`(?i)^(?:copia|originale|estratto|proposta|verbale)\b|^(?:deliberazion[ei]|delibera|determinazion[ei]|determina|ordinanza|decreto)\s*(?:del(?:la|l['’])?\s+(?:consiglio|giunta|dirigente|responsabile|commissario|sindaco|settore|servizio|area)|n\b|dirigenziale|consiliare|sindacale|\d|$)`)

var seatRE = regexp.MustCompile(`(?i)^(?:l['’]anno\b|seduta\b|addì|delibera n|all['’]appello|sessione|immediatamente|esecuzione|n\.\s*\d|reg(?:istro|\.)|proposta|seduta)`)
