package lexicon

import (
	"strings"
)

// Reference is a citation of a norm, of an act or of a part of one, taken apart. Empty components were not written.
type Reference struct {
	Article string // "7", "12-bis"
	Comma   string // "2", "1-bis"
	Letter  string // "a"
	Item    string // the "n. 3)" of a letter
	Act     string // "dlgs", "l", "lr", "dpr", "dl", "dm", "regolamento ue", "cc" (codice civile), "delibera", "determina", "ordinanza"…
	Body    string // of a local act: "cc" council, "gc" executive, as written
	Number  string // of the act: "267"
	Year    string // "2000"
	Date    string // ISO 8601, when the day is written
}

// Norm writes a reference in one fixed form: "art 7 c 2 l a dlgs 267/2000".
func (r Reference) Norm() string {
	var b strings.Builder
	put := func(label, v string) {
		if v == "" {
			return
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		if label != "" {
			b.WriteString(label + " ")
		}
		b.WriteString(v)
	}
	put("art", r.Article)
	put("c", r.Comma)
	put("l", r.Letter)
	put("n", r.Item)
	put("", r.Act)
	number := r.Number
	if r.Year != "" {
		number += "/" + r.Year
	}
	put("", number)
	return b.String()
}

// Within reports whether everything that r names is also named by other: "art. 7 d.lgs. 267/2000" is within
// "art. 7, comma 2, del d.lgs. 18 agosto 2000, n. 267". Body is not compared: it is written in too many ways.
func (r Reference) Within(other Reference) bool {
	same := func(a, b string) bool { return a == "" || a == b }
	return same(r.Article, other.Article) && same(r.Comma, other.Comma) && same(r.Letter, other.Letter) && same(r.Item, other.Item) &&
		(r.Act == "" || r.Act == other.Act || other.Act == "") && same(r.Number, other.Number) && (same(r.Year, other.Year) || other.Year == "" && other.Number == r.Number) &&
		(same(r.Date, other.Date) || other.Date == "")
}

// actNames maps the letters of an act's name, dots and spaces dropped, to its short form.
var actNames = map[string]string{
	"dlgs": "dlgs", "dlgvo": "dlgs", "dlvo": "dlgs", "dleg": "dlgs", "decretolegislativo": "dlgs", "decretilegislativi": "dlgs",
	"l": "l", "legge": "l", "leggi": "l", "leggen": "l", "lr": "lr", "leggeregionale": "lr", "leggereg": "lr", "lreg": "lr",
	"dl": "dl", "decretolegge": "dl", "dpr": "dpr", "decretodelpresidentedellarepubblica": "dpr", "dpcm": "dpcm", "dm": "dm", "decretoministeriale": "dm",
	"rd": "rd", "regiodecreto": "rd", "dpgr": "dpgr", "dgr": "dgr", "di": "di",
	"regolamentoue": "regolamento ue", "regolamentoce": "regolamento ue", "regue": "regolamento ue", "regolamentocee": "regolamento ue", "regulationeu": "regolamento ue",
	"reglementue": "regolamento ue", "direttivaue": "direttiva ue", "direttivace": "direttiva ue", "direttivacee": "direttiva ue", "direttiva": "direttiva ue",
	"decisioneue":   "decisione ue",
	"deliberazione": "delibera", "delibera": "delibera", "delib": "delibera", "del": "", "deliberazioni": "delibera", "dlc": "delibera", "dlg": "delibera",
	"determinazione": "determina", "determina": "determina", "det": "determina", "determinazioni": "determina",
	"ordinanza": "ordinanza", "ord": "ordinanza", "decreto": "decreto", "decretosindacale": "decreto", "circolare": "circolare", "risoluzione": "risoluzione",
	"sentenza": "sentenza", "provvedimento": "provvedimento", "parere": "parere", "nota": "nota",
	"law": "l", "act": "l", "loi": "l", "ley": "l", "gesetz": "l", "lege": "l", "legea": "l", "ligj": "l", "ligji": "l", "закон": "l", "закону": "l", "القانون": "l", "قانون": "l",
	"legislativedecree": "dlgs", "decretlegislatif": "dlgs", "decretlegislativ": "dlgs", "decretlegea": "dl",
	"codicecivile": "codice civile", "codicepenale": "codice penale", "codicediproceduracivile": "cpc", "codicediprocedurapenale": "cpp", "costituzione": "costituzione",
	"codicedellastrada": "codice della strada", "cds": "codice della strada", "tuel": "dlgs", "gdpr": "regolamento ue", "tulps": "tulps",
}

// namedActs are the acts that a name alone identifies: the number and year that go with it.
var namedActs = map[string]Reference{
	"tuel":              {Act: "dlgs", Number: "267", Year: "2000"},
	"gdpr":              {Act: "regolamento ue", Number: "679", Year: "2016"},
	"codicecivile":      {Act: "codice civile"},
	"codicepenale":      {Act: "codice penale"},
	"costituzione":      {Act: "costituzione"},
	"codicedellastrada": {Act: "codice della strada"},
	"cds":               {Act: "codice della strada"},
	"tulps":             {Act: "tulps"},

	"codicediproceduracivile": {Act: "cpc"},
	"codicediprocedurapenale": {Act: "cpp"},
}

// refArticleWords announce an article of a norm, in the languages of answers.
var refArticleWords = map[string]bool{
	"art": true, "artt": true, "articolo": true, "articoli": true, "article": true, "articles": true, "articulo": true, "artikel": true,
	"articolul": true, "articol": true, "neni": true, "nenin": true, "nenit": true, "стаття": true, "статті": true, "статтею": true, "ст": true, "المادة": true, "مادة": true, "第": true,
}

var refCommaWords = map[string]bool{"comma": true, "commi": true, "co": true, "c": true, "paragraph": true, "paragraphe": true, "alineatul": true, "paragrafi": true, "частина": true, "частини": true, "الفقرة": true, "فقرة": true}

var refLetterWords = map[string]bool{"lett": true, "lettera": true, "lettere": true, "let": true, "letter": true, "point": true, "lettre": true, "litera": true, "shkronja": true, "літера": true, "пункт": true, "الحرف": true}

var ordinalCommas = map[string]string{"primo": "1", "secondo": "2", "terzo": "3", "quarto": "4", "quinto": "5", "sesto": "6", "settimo": "7", "ottavo": "8"}

// reference reads a citation at the current token: parts of an act, the act, or both.
func (s *factScan) reference() bool {
	i := s.at
	var r Reference
	next := s.articles(i, &r)
	before := len(s.facts)
	if next > i {
		last := &r
		// "artt. 7 e 8": each number is a reference of its own; the parts that follow belong to the last.
		for s.is(next, "e", ",", "ed", "o", "and", "et", "-", "–") {
			num, after := s.ordinalNumber(next + 1)
			if num == "" || !s.plural(i) {
				break
			}
			s.facts = append(s.facts, Fact{Kind: ReferenceFact, Norm: last.Norm(), Start: s.toks[i].start, End: s.toks[next-1].end, Ref: &Reference{Article: last.Article}})
			i, last.Article, next = next+1, num, after
		}
		next = s.parts(next, &r, true)
	} else {
		next = s.parts(i, &r, false)
		if next > i && r.Comma == "" && r.Letter == "" {
			next = i
		}
	}
	actAt := next
	if next > i {
		for k := 0; k < 3 && s.is(actAt, "del", "della", "dello", "dell", "'", "’", ",", "of", "the", "de", "la", "du", "al", "nr"); k++ {
			actAt++
		}
	}
	if end := s.act(actAt, &r); end > actAt {
		next = end
		for k := before; k < len(s.facts); k++ { // the articles listed before it are of the same act
			f := &s.facts[k]
			f.Ref.Act, f.Ref.Body, f.Ref.Number, f.Ref.Year, f.Ref.Date = r.Act, r.Body, r.Number, r.Year, r.Date
			f.Norm = f.Ref.Norm()
		}
	}
	if next == i {
		return false
	}
	kind := ReferenceFact
	if r.Article == "" && r.Comma == "" && r.Letter == "" {
		kind = ActFact
	}
	s.add(Fact{Kind: kind, Norm: r.Norm(), Ref: &r}, i, next)
	return true
}

func (s *factScan) plural(i int) bool {
	return s.is(i, "artt", "articoli", "articles") || i > 0 && len(s.facts) > 0 && s.facts[len(s.facts)-1].Kind == ReferenceFact
}

// articles reads "art. 7", "articolo 12-bis", "Art.1", "第5条".
func (s *factScan) articles(i int, r *Reference) int {
	if !refArticleWords[s.word(i)] {
		return i
	}
	j := i + 1
	for s.is(j, ".", "n", "nr", "°", "№") {
		j++
	}
	num, next := s.ordinalNumber(j)
	if num == "" {
		return i
	}
	r.Article = num
	if s.is(next, "条") {
		next++
	}
	return next
}

// ordinalNumber reads the number of an article or comma with its Latin suffix: 7, 12-bis, 147 ter.
func (s *factScan) ordinalNumber(j int) (string, int) {
	n, ok := s.digits(j)
	if !ok {
		if j < len(s.toks) && s.toks[j].kind == numTok && strings.Count(s.word(j), ".") == 1 && len(s.word(j)) <= 5 {
			return s.word(j), j + 1 // "art. 4.5"
		}
		return "", j
	}
	if len(n) > 4 {
		return "", j
	}
	if s.is(j+1, "/", ":") && s.touching(j) && s.touching(j+1) { // a date or an hour
		if _, ok := s.digits(j + 2); ok {
			return "", j
		}
	}
	next := j + 1
	if s.is(next, "°", "º") {
		next++
	}
	k := next
	if s.is(k, "-", "–") {
		k++
	}
	if latinSuffixes[s.word(k)] {
		return n + "-" + s.word(k), k + 1
	}
	return n, next
}

var latinSuffixes = map[string]bool{"bis": true, "ter": true, "quater": true, "quinquies": true, "sexies": true, "septies": true, "octies": true, "novies": true, "decies": true}

// parts reads "comma 2", "c. 2", "primo comma", "lett. a)", "n. 3)" in any number and order.
func (s *factScan) parts(i int, r *Reference, inside bool) int {
	next := i
	for {
		j := next
		for (inside || j > i) && s.is(j, ",", "e", "del", "della", "dell", "al") && j < next+1 {
			j++
		}
		switch {
		case s.is(j+1, "comma", "commi") && ordinalCommas[s.word(j)] != "":
			r.Comma, next = ordinalCommas[s.word(j)], j+2
			continue
		case refCommaWords[s.word(j)]:
			if s.is(j, "c", "co") && (!s.is(j+1, ".") || r.Article == "" && i == j) {
				break
			}
			k := j + 1
			for s.is(k, ".", "n", "nr") {
				k++
			}
			if num, end := s.ordinalNumber(k); num != "" {
				r.Comma, next = num, end
				continue
			}
		case refLetterWords[s.word(j)]:
			k := j + 1
			if s.is(k, ".") {
				k++
			}
			quoted := s.is(k, "\"", "'", "“", "«")
			if quoted {
				k++
			}
			if w := s.word(k); len(w) == 1 && w[0] >= 'a' && w[0] <= 'z' || len(w) == 2 && s.is(k+1, ")") && w[0] == w[1] {
				r.Letter, next = w, k+1
				if s.is(next, ")", ".") && !s.is(next, ".") {
					next++
				}
				continue
			}
		case s.is(j, "n", "punto", "numero") && r.Letter != "":
			k := j + 1
			if s.is(k, ".") {
				k++
			}
			if n, ok := s.digits(k); ok && s.is(k+1, ")") {
				r.Item, next = n, k+2
				continue
			}
		}
		return next
	}
}
