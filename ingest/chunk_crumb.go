package ingest

import (
	"strings"
	"unicode/utf8"
)

// breadcrumb names the place of a section: "Regolamento TARI > Titolo II > Art. 12 Riduzioni".
func (s *splitter) breadcrumb(owner int) string {
	var names []string
	for i := owner; i >= 0; i = s.d.Sections[i].Parent {
		if n := crumb(s.d.Sections[i], i == owner); n != "" && n != clip(s.d.Title, 90) {
			names = append(names, n)
		}
	}
	out := clip(s.d.Title, 90)
	for i := len(names) - 1; i >= 0; i-- {
		if out != "" {
			out += " > "
		}
		out += names[i]
	}
	return s.shorten(out, s.limit/3)
}

// crumb names one section; the larger parts are named by number and, shortly, by rubric.
func crumb(sec Section, owner bool) string {
	label := ""
	switch sec.Kind {
	case SecArticle:
		label = "Art. " + sec.Number
	case SecPart:
		label = "Parte " + sec.Number
	case SecTitolo:
		label = "Titolo " + sec.Number
	case SecCapo:
		label = "Capo " + sec.Number
	case SecSezione:
		label = "Sezione " + sec.Number
	case SecAllegato:
		label = strings.TrimSpace("Allegato " + sec.Number)
	case SecHeading:
		label = sec.Number
	default:
		return ""
	}
	n := 50
	if owner {
		n = 110
	}
	return strings.TrimSpace(label + " " + clip(sentenceCase(sec.Rubric), n))
}

// article names the article of a chunk as citations do.
func (s *splitter) article(owner int) string {
	for i := owner; i >= 0; i = s.d.Sections[i].Parent {
		switch sec := s.d.Sections[i]; {
		case sec.Kind == SecArticle:
			return sec.Number
		case sec.Kind == SecHeading && sec.Number != "":
			return sec.Number
		case sec.Kind == SecAllegato:
			return strings.TrimSpace("allegato " + sec.Number)
		}
	}
	return ""
}

// clip shortens a text to at most n runes, at a word.
func clip(t string, n int) string {
	if utf8.RuneCountInString(t) <= n {
		return t
	}
	t = string([]rune(t)[:n])
	if i := strings.LastIndexByte(t, ' '); i > len(t)/2 {
		t = t[:i]
	}
	return strings.TrimRight(t, " ,;:.-–—(") + "…"
}

// sentenceCase writes a text that is all in capitals in small letters with a capital first: capitals cost a model three
// times the tokens and mean nothing more. Words with digits or dots (D.LGS., IMU2) and Roman numerals stay.
func sentenceCase(t string) string {
	if !isUpper(t) || utf8.RuneCountInString(t) < 6 {
		return t
	}
	words := strings.Fields(t)
	for i, w := range words {
		core := strings.Trim(w, "()«»“”\"',;:")
		if strings.ContainsAny(core, "0123456789.") && !strings.HasSuffix(core, ".") || strings.Count(core, ".") > 1 || roman(core) > 0 || acronyms[core] {
			continue
		}
		words[i] = strings.ToLower(w)
	}
	out := strings.Join(words, " ")
	r, n := utf8.DecodeRuneInString(out)
	return strings.ToUpper(string(r)) + out[n:]
}

// acronyms that stay in capitals.
var acronyms = map[string]bool{"TARI": true, "IMU": true, "TASI": true, "TARES": true, "TARSU": true, "COSAP": true, "TOSAP": true, "CUP": true, "ICI": true,
	"CIMP": true, "IRPEF": true, "IRES": true, "IVA": true, "ISEE": true, "SUAP": true, "SUE": true, "SCIA": true, "CILA": true, "DUP": true, "PEG": true, "PTPCT": true,
	"GDPR": true, "URP": true, "PEC": true, "SPID": true, "CIE": true, "ISTAT": true, "INPS": true, "ARERA": true, "MEF": true, "PGT": true, "PRG": true, "UE": true,
	"TUEL": true, "DPR": true, "DL": true, "PA": true, "AIRE": true, "ANPR": true, "ASL": true, "ATS": true, "RSU": true, "SIA": true, "IMPI": true, "OCC": true, "DAT": true, "SAP": true, "ERP": true, "PEEP": true}
