package lexicon

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a run of bytes of a text, End exclusive.
type Span struct{ Start, End int }

// Sentences cuts a text into sentences: spans in order that do not overlap, without the white space around them. Together
// they hold every character of the text that is not white space.
//
// A sentence ends at a full stop that is no abbreviation's, at ? and !, at a blank line, before a list marker ("a)",
// "1.", "-"), after a colon that opens such a list, and at a line break after which something new starts: a capital, a
// figure, a heading. A line with cells (" | " or tabs) is a sentence of its own. A semicolon ends one only before a
// line break or a list marker. The rules are for Italian acts and good enough for the other languages of answers.
func Sentences(text string) []Span {
	var out []Span
	start := 0
	emit := func(end int) {
		if s, ok := trimSpan(text, start, end); ok {
			out = append(out, s)
		}
		start = end
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		next := i + n
		switch r {
		case '\n', '\f', '\u2029', '\u2028':
			if lineEnds(text, start, i, next) {
				emit(next)
			}
		case '.':
			if stopEnds(text, start, i) {
				next = closers(text, next)
				emit(next)
			}
		case '?', '!', '。', '؟', '！', '？':
			next = closers(text, next)
			if next >= len(text) || n > 1 || isSpaceAt(text, next) {
				emit(next)
			}
		case ';', ':', '؛', '；':
			if rest := strings.TrimLeft(text[next:], " \t"); rest == "" || rest[0] == '\n' || listMarker(rest) > 0 {
				emit(next)
			}
		}
		i = next
	}
	emit(len(text))
	return out
}

func trimSpan(text string, start, end int) (Span, bool) {
	for start < end {
		r, n := utf8.DecodeRuneInString(text[start:end])
		if !unicode.IsSpace(r) {
			break
		}
		start += n
	}
	for end > start {
		r, n := utf8.DecodeLastRuneInString(text[start:end])
		if !unicode.IsSpace(r) {
			break
		}
		end -= n
	}
	return Span{start, end}, end > start
}

// closers steps over quotes and brackets that close with the sentence.
func closers(text string, i int) int {
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !strings.ContainsRune("\"”’»)]", r) {
			break
		}
		i += n
	}
	return i
}

func isSpaceAt(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsSpace(r)
}

// lineEnds reports whether the line break at i..next ends a sentence that began at start.
func lineEnds(text string, start, i, next int) bool {
	line := text[strings.LastIndexByte(text[:i], '\n')+1 : i]
	rest := text[next:]
	after := strings.TrimLeft(rest, " \t\r")
	if after == "" || after[0] == '\n' || text[i] == '\f' {
		return true
	}
	if isRow(line) {
		return true
	}
	if following, _, _ := strings.Cut(rest, "\n"); isRow(following) {
		return true
	}
	if listMarker(after) > 0 {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(line, " \t\r"))
	switch last {
	case '.', ';', ':', '!', '?':
		return true
	case ',', '(', '-', '’', '\'':
		return false
	}
	r, _ := utf8.DecodeRuneInString(after)
	if unicode.IsLower(r) {
		return false
	}
	if unicode.IsUpper(r) && openEnded(line) {
		return false
	}
	if strings.Count(text[start:i], "(") > strings.Count(text[start:i], ")") {
		return false
	}
	return unicode.IsUpper(r) || unicode.IsDigit(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) || !unicode.IsLetter(r)
}

func isRow(line string) bool {
	return strings.Contains(line, " | ") || strings.Contains(line, "\t") || strings.HasPrefix(strings.TrimSpace(line), "|")
}

// openEnded reports whether a line ends with a word that cannot end a sentence.
func openEnded(line string) bool {
	line = strings.TrimRight(line, " \t\r")
	w := foldWord(line[strings.LastIndexAny(line, " \t'’")+1:])
	return danglingWords[w]
}

var danglingWords = foldedSet(`di a da in con su per tra fra del dello della dei degli delle dell al allo alla ai agli alle all dal dallo dalla dai dagli dalle
	dall nel nello nella nei negli nelle nell sul sullo sulla sui sugli sulle sull col e ed o od il lo la i gli le un uno una che ovvero oppure nonché art artt n
	comma lett presso ogni quale quali come se non è sono euro €`)

func foldedSet(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[foldWord(w)] = true
	}
	return m
}

// listMarker gives the length of the marker that a list item starts with, 0 when it has none: "a)", "b-bis)", "1)", "1.", "12-bis.", "-", "•", "*", "–".
func listMarker(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	if strings.ContainsRune("-–—•●▪■□◦*·✓✔➢", r) || r == '\uf0b7' || r == '\uf02d' || r == '\uf0a7' || r == '\uf0d8' {
		if line, _, _ := strings.Cut(s, "\n"); n < len(s) && isSpaceAt(s, n) && strings.TrimSpace(line) != string(r) { // alone it refers to a note
			return n
		}
		return 0
	}
	i := 0
	if s != "" && s[0] == '(' {
		i = 1
	}
	from := i
	for i < len(s) && i-from < 3 && (s[i] >= '0' && s[i] <= '9') {
		i++
	}
	digits := i > from
	if !digits {
		for i < len(s) && i-from < 2 && (s[i] >= 'a' && s[i] <= 'z' || s[i] >= 'A' && s[i] <= 'Z') {
			i++
		}
		if i == from || i-from == 2 && s[from] != s[from+1] && !romanNumeral(strings.ToLower(s[from:i])) {
			return 0
		}
	}
	if i < len(s) && s[i] == '-' {
		for _, suffix := range [...]string{"-bis", "-ter", "-quater"} {
			if strings.HasPrefix(s[i:], suffix) {
				i += len(suffix)
				break
			}
		}
	}
	if i >= len(s) {
		return 0
	}
	switch s[i] {
	case ')':
		i++
	case '.':
		if !digits && (i-from > 1 || s[from] < 'a') { // "a. abitazioni" opens an item, "A. Rossi" does not
			return 0
		}
		i++
		if i < len(s) && s[i] == ')' {
			i++
		}
	default:
		return 0
	}
	if i < len(s) && !isSpaceAt(s, i) {
		return 0
	}
	return i
}

// stopEnds reports whether the full stop at i ends the sentence that began at start.
func stopEnds(text string, start, i int) bool {
	rest := text[i+1:]
	if rest == "" {
		return true
	}
	r, n := utf8.DecodeRuneInString(rest)
	if strings.ContainsRune("\"”’»)]", r) {
		r, _ = utf8.DecodeRuneInString(rest[n:])
		if n >= len(rest) {
			return true
		}
	}
	if !unicode.IsSpace(r) {
		return false
	}
	word := text[wordStart(text, start, i):i]
	after := strings.TrimLeft(rest, " \t\r\n\u00a0)”\"»’")
	if after == "" {
		return true
	}
	a, _ := utf8.DecodeRuneInString(after)
	if a == ')' || a == ',' || a == ';' {
		return false
	}
	lineBreak := strings.ContainsAny(rest[:len(rest)-len(after)], "\n")
	if isListNumber(text, start, i, word) {
		return false
	}
	if isAbbreviation(word) {
		// "ecc." and "S.p.A." end a sentence before a new line that starts with a capital; "art." never does.
		return lineBreak && unicode.IsUpper(a) && finalAbbreviations[foldWord(strings.ReplaceAll(word, ".", ""))]
	}
	if lineBreak {
		return true
	}
	return !unicode.IsLower(a)
}

// wordStart gives the start of the word, inner dots included, that ends at i.
func wordStart(text string, start, i int) int {
	for i > start {
		r, n := utf8.DecodeLastRuneInString(text[start:i])
		if unicode.IsSpace(r) || strings.ContainsRune("(«“\"'’,;:/", r) {
			break
		}
		i -= n
	}
	return i
}

// isListNumber reports whether the stop closes the number that a comma or item begins with: "1. Il canone…".
func isListNumber(text string, start, i int, word string) bool {
	if word == "" || len(word) > 3 || strings.Trim(word, "0123456789") != "" && !(len(word) == 1 && word[0] >= 'a' && word[0] <= 'z') {
		return false
	}
	return strings.TrimSpace(text[start:i]) == word
}

// isAbbreviation reports whether a word before a full stop is an abbreviation: one letter, letters with dots between them,
// or a listed one.
func isAbbreviation(word string) bool {
	f := foldWord(word)
	if stopAbbreviations[f] {
		return true
	}
	if utf8.RuneCountInString(f) == 1 {
		r, _ := utf8.DecodeRuneInString(f)
		return unicode.IsLetter(r)
	}
	if strings.Contains(f, ".") {
		for _, part := range strings.Split(f, ".") {
			if len(part) > 4 || part == "" || strings.ContainsAny(part, "0123456789") {
				return false
			}
		}
		return true
	}
	return false
}

var stopAbbreviations = foldedSet(`€ art artt n nn nr num co cc lett let lettt pag pagg pg cap capp par parr sez tit all alleg tab fig cfr vs v sig sigg sigra dott dottssa ssa dr drssa
	ing arch geom avv rag prof proff on sen spett egr gent ill mons don mr mrs ms st dlgs lgs dpr dl dm lr dgls dleg reg regol del delib det ord prot rep racc decr circ cod civ pen proc
	cost tel fax cell int ecc etc es ess seg segg ss ca c.a d.lgs p.zza p.za v.le l.go c.so loc fraz str min max mln mld id ibid op cit ult cpv vol no approx incl mod cat tip sc sup inf
	dic gen feb mar apr mag giu lug ago set sett ott nov i.e e.g p.es p.e amm amministr comun prov min.le n.d s.m.i ss.mm.ii e.s spa srl snc sas c.f p.iva q.tà mq mc ml cm km kg`)

var finalAbbreviations = foldedSet("ecc etc spa srl snc sas smi ssmmii scrl onlus")
