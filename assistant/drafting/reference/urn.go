package reference

import (
	"strings"

	"sportello/assistant/lexicon"
)

// authorities are the beginnings of the urn:nir of acts of the State, by the act; see the NIR rules for names of Italian norms.
var authorities = map[string]string{
	"l": "stato:legge", "dlgs": "stato:decreto.legislativo", "dl": "stato:decreto.legge", "rd": "stato:regio.decreto", "legge costituzionale": "stato:legge.costituzionale",
	"dpr": "presidente.repubblica:decreto", "dpcm": "presidente.consiglio.ministri:decreto",
}

// codes are the acts that have a name in the place of a number; ";262:2" is the second annex of the decree that approves it.
var codes = map[string]string{
	"costituzione": "stato:costituzione", "codice civile": "stato:regio.decreto:1942-03-16;262:2", "codice penale": "stato:regio.decreto:1930-10-19;1398:1",
	"cpc": "stato:regio.decreto:1940-10-28;1443:1", "cpp": "presidente.repubblica:decreto:1988-09-22;447",
}

// URN gives the urn:nir of a reference, "" for an act that has none (local acts, acts of the Union) or that is not identified. Without its
// day the year stands in its place, which Normattiva reads too. norms fills in days and may be nil.
func URN(r lexicon.Reference, norms *Norms) string {
	var b strings.Builder
	b.WriteString("urn:nir:")
	if name := codes[r.Act]; name != "" {
		b.WriteString(name)
	} else {
		date := r.Date
		if date == "" && norms != nil {
			if n := norms.Find(r); n != nil {
				date = n.Date
			}
		}
		if date == "" {
			date = r.Year
		}
		name := authorities[r.Act]
		if name == "" || date == "" || r.Number == "" {
			return ""
		}
		b.WriteString(name + ":" + date + ";" + r.Number)
	}
	if r.Article != "" && r.Article != "unico" {
		b.WriteString("~art" + strings.ReplaceAll(r.Article, "-", ""))
		if r.Comma != "" {
			b.WriteString("-com" + strings.ReplaceAll(r.Comma, "-", ""))
		}
		if r.Comma != "" && r.Letter != "" {
			b.WriteString("-let" + strings.ReplaceAll(r.Letter, "-", ""))
		}
	}
	return b.String()
}

// Link gives the address where a norm can be read: Normattiva, in the text in force on a day (ISO 8601, "" for today's), EUR-Lex for
// acts of the Union, "" for what is on neither.
func Link(r lexicon.Reference, norms *Norms, day string) string {
	if kind := map[string]string{"regolamento ue": "reg", "direttiva ue": "dir", "decisione ue": "dec"}[r.Act]; kind != "" && r.Number != "" && r.Year != "" {
		return "https://eur-lex.europa.eu/eli/" + kind + "/" + r.Year + "/" + r.Number + "/oj/ita"
	}
	urn := URN(r, norms)
	if urn == "" {
		return ""
	}
	return "https://www.normattiva.it/uri-res/N2Ls?" + urn + "!vig=" + day
}
