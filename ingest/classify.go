package ingest

import (
	"regexp"
	"strings"
)

// classify fills in what the text says about the document as a whole: kind, title, act, dates, and the form if it is one.
// The rules are those a clerk would give for recognising a document; where they are silent the field stays empty.
func classify(d *Document, p *Parsed, s *scan) {
	c := classifier{d: d, p: p, s: s, head: s.head(70)}
	d.Kind = c.kind()
	d.Approval = c.act()
	d.Title = c.title()
	if d.Kind != Modulo {
		d.Year = yearOf(d.Title)
	}
	c.dates()
	if d.Kind == Modulo {
		d.Form = c.form()
	}
}

// classifier is what the rules look at.
type classifier struct {
	d    *Document
	p    *Parsed
	s    *scan
	head []*line // the first lines of text, tables of contents left out
}

// head gives the first n lines that are not of a table of contents.
func (s *scan) head(n int) []*line {
	var out []*line
	for i := range s.lines {
		if l := &s.lines[i]; !l.index && l.text != "" {
			if out = append(out, l); len(out) == n {
				break
			}
		}
	}
	return out
}

var (
	regulationRE  = regexp.MustCompile(`(?i)^(?:[-–*•"“«]\s*)?(?:il |bozza |testo |schema di |nuovo |modifiche al )*(?:regolamento|statuto|disciplinare)\b`)
	normRE        = regexp.MustCompile(`(?i)^(?:decreto[- ]legge|decreto legislativo|d\.\s?lgs|legge (?:regionale|costituzionale|provinciale)?\s*(?:n\.|\d)|decreto del presidente|testo unico|codice dell)`)
	contractRE    = regexp.MustCompile(`(?i)^(?:contratto|convenzione|capitolato|accordo|protocollo d['’]intesa|patto)\b`)
	noticeRE      = regexp.MustCompile(`(?i)^(?:bando|avviso (?:pubblico|di (?:selezione|gara|mobilità|asta|concorso))|concorso|manifestazione d['’] ?interesse|selezione pubblica)\b`)
	minutesRE     = regexp.MustCompile(`(?i)^(?:processo )?verbale\b`)
	orderRE       = regexp.MustCompile(`(?i)^ordinanza\b`)
	ministryRE    = regexp.MustCompile(`(?i)^(?:ministero|il ministro|gazzetta ufficiale|presidenza del consiglio|agenzia delle entrate|regione\b)`)
	serviceRE     = regexp.MustCompile(`(?i)^(?:a chi è rivolto|a chi si rivolge|come fare|cosa serve|cosa si ottiene|tempi e scadenze|quanto costa|accedi al servizio|ulteriori informazioni|condizioni di servizio|chi può (?:fare domanda|presentare)|requisiti|documentazione (?:richiesta|necessaria)|modalità di richiesta|scheda (?:del |di )?servizio|descrizione|contatti|copertura geografica)\s*:?$`)
	thisNormRE    = regexp.MustCompile(`(?i)\b(?:presente|presenti) (?:decreto(?: legislativo)?|legge|codice)\b`)
	thisRuleRE    = regexp.MustCompile(`(?i)\b(?:presente|presenti) (?:regolamento|statuto|disciplinare)\b`)
	thisPactRE    = regexp.MustCompile(`(?i)\b(?:presente (?:contratto|convenzione|capitolato|accordo)|conduttore|stazione appaltante)\b`)
	operativeVerb = regexp.MustCompile(`(?i)^(?:chied(?:e|o|ono|ere)|c h i e d e|dichiar(?:a|o|ano)(?: che)?|d i c h i a r a|comunica(?:no)?|c o m u n i c a|espone|esp?onogono|richiede|delega|autorizza|segnala|presenta|rinuncia|ricorre|fa istanza|si impegna|allega)\s*[:.]?$`)
)

// kind recognises the sort of document from its text, never from the name of the file.
func (c *classifier) kind() Kind {
	articles := c.articles()
	if c.d.Format == "akn" {
		return Norma
	}
	if k := c.actKind(); k != "" && (articles < 3 || c.s.acts[0].from < c.firstArticle()) {
		return k
	}
	score := c.formScore()
	if score >= 5 && (articles < 2 || articles < 8 && c.blanks() >= 8) {
		return Modulo
	}

	switch {
	case articles == 0 && c.bigLine(noticeRE):
		return Bando
	case articles > 0 && c.bigLine(normRE) && !c.bigLine(regulationRE):
		return Norma
	case c.bigLine(regulationRE) && (articles > 0 || c.numbered() >= 3):
		return Regolamento
	case articles > 0 && (c.bigLine(contractRE) || c.mentions(thisPactRE) > max(3, c.mentions(thisRuleRE))):
		return Altro
	case articles > 0 && c.mentions(thisRuleRE) > 0:
		return Regolamento
	case articles > 0 && c.mentions(thisNormRE) > 0:
		return Norma
	case articles > 0 && c.head[0].mark.kind != "": // a part of a regulation or of a law, in a file of its own
		if c.mentions(stateRE) > c.mentions(townRE) {
			return Norma
		}
		return Regolamento
	case articles > 0 && c.mentions(stateRE) > 2*c.mentions(townRE):
		return Norma
	case c.bigLine(noticeRE):
		return Bando
	case c.bigLine(orderRE):
		return Ordinanza
	case c.bigLine(minutesRE) && len(c.d.Text) > 1500:
		return Verbale
	case c.services() >= 3:
		return Scheda
	case c.d.Format == "html":
		return Pagina
	case c.bigLine(regulationRE):
		return Regolamento
	}
	return Altro
}

// actKind is the sort of the first act of the file when there is one.
func (c *classifier) actKind() Kind {
	if len(c.s.acts) == 0 {
		return ""
	}
	a := c.s.acts[0]
	for i := a.from; i < min(a.from+40, len(c.s.lines)); i++ {
		t := c.s.lines[i].plain()
		m := actTitleRE.FindString(t)
		if m == "" {
			continue
		}
		low := strings.ToLower(m)
		switch {
		case strings.Contains(low, "deliber"):
			return Delibera
		case strings.Contains(low, "determin"):
			return Determina
		case strings.Contains(low, "ordinanza"):
			return Ordinanza
		}
		for _, l := range c.head {
			if ministryRE.MatchString(l.text) {
				return Norma
			}
		}
		return Altro
	}
	return ""
}

func (c *classifier) articles() int {
	n := 0
	for i := range c.s.lines {
		if c.s.lines[i].mark.kind == SecArticle {
			n++
		}
	}
	return n
}

// blanks counts what is to be filled in by hand.
func (c *classifier) blanks() int { return len(blankRE.FindAllStringIndex(c.d.Text, 50)) }

func (c *classifier) firstArticle() int {
	for i := range c.s.lines {
		if c.s.lines[i].mark.kind == SecArticle {
			return i
		}
	}
	return len(c.s.lines)
}

// numbered counts numbered headings.
func (c *classifier) numbered() int {
	n := 0
	for i := range c.s.lines {
		if m := c.s.lines[i].mark; m.kind == SecHeading && m.number != "" {
			n++
		}
	}
	return n
}

// bigLine says whether one of the lines at the head that stand as titles matches.
func (c *classifier) bigLine(re *regexp.Regexp) bool {
	for k, l := range c.head {
		if k > 40 || l.mark.kind == SecArticle && l.mark.number != "" {
			return false
		}
		if re.MatchString(l.plain()) && (!sentenceEnd(l.text) || l.kind == Heading) && (startsUpper(l.text) || l.upper) && (k == 0 || !c.head[k-1].wraps) {
			return true
		}
	}
	return false
}

// mentions counts matches in the text.
func (c *classifier) mentions(re *regexp.Regexp) int {
	return len(re.FindAllStringIndex(c.d.Text, 200))
}

// what laws of the State speak of, and what the rules of a comune speak of
var (
	stateRE = regexp.MustCompile(`(?i)convertito,? con modificazioni|sono apportate le seguenti modificazioni|limite (?:massimo )?di spesa|agli oneri derivanti|\bministr[oi]\b|\bministero\b|milioni di euro|conversione in legge|autorizzata la spesa|stato di previsione|è sostituit[oa] d|sono (?:aggiunt|inserit|sostituit)[ei]|gazzetta ufficiale|decreto[- ]legge`)
	townRE  = regexp.MustCompile(`\b(?i:comunal[ei]|sindaco|giunta|assessor[ei])\b|\b(?i:il|del|al|dal|nel) Comune\b|Comune di \p{Lu}`)
)

func (c *classifier) services() int {
	n := 0
	for i := range c.s.lines {
		if l := &c.s.lines[i]; (l.kind == Heading || l.bold) && serviceRE.MatchString(l.text) {
			n++
		}
	}
	return n
}
