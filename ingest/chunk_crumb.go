package ingest

import (
	"regexp"
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
// times the tokens and mean nothing more. Acronyms, words with digits or inner dots (D.LGS.), Roman numerals after the
// name of a part and the names of comuni keep theirs.
func sentenceCase(t string) string {
	if !isUpper(t) || utf8.RuneCountInString(t) < 6 {
		return t
	}
	words := strings.Fields(t)
	for i, w := range words {
		core := strings.Trim(w, "()«»“”\"',;:.")
		before := ""
		if i > 0 {
			before = strings.ToLower(words[i-1])
		}
		switch {
		case strings.ContainsAny(core, "0123456789") && !strings.Contains(core, "-"), acronyms[core]:
		case strings.Contains(core, "/") && acronyms[core[:strings.IndexByte(core, '/')]]:
		case strings.Contains(core, ".") && !strings.EqualFold(core, "s.m.i"):
		case strings.HasPrefix(w, "(") && strings.HasSuffix(strings.TrimRight(w, ",;:."), ")") && len(core) <= 6:
		case isRoman(core) && partWords[before]:
		case before == "di" && i > 1 && placeWords[strings.ToLower(words[i-2])]:
			words[i] = titleWord(w)
		default:
			words[i] = strings.ToLower(w)
		}
	}
	return upperFirst(strings.Join(words, " "))
}

// titleWord writes the first letter large and the others small.
func titleWord(w string) string { return upperFirst(strings.ToLower(w)) }

// upperFirst writes the first letter large and leaves the others.
func upperFirst(w string) string {
	r, n := utf8.DecodeRuneInString(w)
	return strings.ToUpper(string(r)) + w[n:]
}

// isRoman says whether a word is a Roman numeral as one writes it.
func isRoman(w string) bool { return romanStrictRE.MatchString(w) && w != "" }

var (
	romanStrictRE = regexp.MustCompile(`^(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})$`)
	partWords     = map[string]bool{"titolo": true, "capo": true, "parte": true, "sezione": true, "allegato": true, "zona": true, "categoria": true, "livello": true,
		"fase": true, "grado": true, "piano": true, "tabella": true, "gruppo": true, "classe": true, "fascia": true, "tipo": true, "quadro": true}
	placeWords = map[string]bool{"comune": true, "città": true, "citta'": true, "provincia": true, "unione": true, "tribunale": true}
)

// acronyms that stay in capitals.
var acronyms = map[string]bool{"TARI": true, "IMU": true, "TASI": true, "TARES": true, "TARSU": true, "COSAP": true, "TOSAP": true, "CUP": true, "ICI": true,
	"CIMP": true, "IRPEF": true, "IRES": true, "IVA": true, "ISEE": true, "SUAP": true, "SUE": true, "SCIA": true, "CILA": true, "DUP": true, "PEG": true, "PTPCT": true,
	"GDPR": true, "URP": true, "PEC": true, "SPID": true, "CIE": true, "ISTAT": true, "INPS": true, "ARERA": true, "MEF": true, "PGT": true, "PRG": true, "UE": true,
	"TUEL": true, "DPR": true, "DL": true, "PA": true, "AIRE": true, "ANPR": true, "ASL": true, "ATS": true, "RSU": true, "SIA": true, "IMPI": true, "OCC": true, "DAT": true, "SAP": true, "ERP": true, "PEEP": true}
