package lexicon

import "strings"

// The levels of a norm's parts, the highest first.
const (
	articleLevel = iota + 1
	commaLevel
	letterLevel
	itemLevel
)

// element is one word of a part with its values: "artt. 5 e 6", "commi da 3 a 7", "lett. a)".
type element struct {
	level      int
	values     []value
	start, end int // tokens
	following  bool
}

// value is one number or letter of an element.
type value struct {
	text, to   string
	start, end int // tokens
}

// cited reads the parts of a norm at token i in any order, "art. 7, comma 2, lett. a)" and "lettera a) del comma 2 dell'art. 7", and
// gives one citation for each part that is meant, with the token after them.
func (c *citing) cited(i int) ([]Citation, int) {
	first, next := c.element(i)
	if next == i || first.level == itemLevel || c.is(i, "c", "co", "cc", "par", "paragrafo", "paragrafi") {
		return nil, i
	}
	leaves := c.leaves(nil, Citation{}, first)
	open, before, list := 0, first, c.listLevel(first)
	for {
		j, joined := c.between(next)
		e, end := c.element(j)
		if end == j && j > next && list > 0 && list < before.level {
			e, end = c.resumed(j, list)
		}
		if end == j || e.level == itemLevel && before.level != letterLevel {
			return leaves, next
		}
		last := leaves[len(leaves)-1]
		switch {
		case e.level < before.level && !joined && levelOf(leaves[open], e.level) == "": // "comma 2 dell'art. 7": what was read is part of it
			for k := open; k < len(leaves); k++ {
				setLevel(&leaves[k].Reference, e.level, e.values[0].text)
			}
			leaves[len(leaves)-1].End = c.toks[end-1].end
			if e.following {
				leaves[len(leaves)-1].Following = true
			}
			for _, v := range e.values[1:] {
				leaves = append(leaves, c.leaf(Citation{}, e, v))
			}
		case e.level > before.level: // "art. 7, comma 2": the last one goes deeper
			leaves = c.leaves(leaves[:len(leaves)-1], last, e)
		default: // "art. 7, comma 2 e comma 4", "art. 7 e art. 9"
			above := Citation{}
			for level := articleLevel; level < e.level; level++ {
				setLevel(&above.Reference, level, levelOf(last, level))
			}
			if e.level == articleLevel || e.level == commaLevel && last.Article == "" {
				open = len(leaves)
			}
			leaves = c.leaves(leaves, above, e)
		}
		before, next = e, end
		if l := c.listLevel(e); l > 0 {
			list = l
		}
	}
}

// listLevel gives the level of an element that its plural announces as a list, 0 of another.
func (c *citing) listLevel(e element) int {
	if c.is(e.start, "artt", "articoli", "commi") {
		return e.level
	}
	return 0
}

// resumed goes on with a list after the parts of one of its members: "artt. 42, comma 2, lett. f), 48 e 107".
func (c *citing) resumed(j, level int) (element, int) {
	v, end := c.value(j, level)
	if end == j || len(v) == 0 || c.is(end, "/", "%", "giorni", "euro") {
		return element{}, j
	}
	e := element{level: level, start: j, values: v}
	for c.is(end, ",", "e", "ed") {
		v, next := c.value(end+1, level)
		if next == end+1 {
			break
		}
		e.values, end = append(e.values, v...), next
	}
	return e, end
}

// leaves adds a citation for each value of an element, below what is above it.
func (c *citing) leaves(to []Citation, above Citation, e element) []Citation {
	for k, v := range e.values {
		l := c.leaf(above, e, v)
		if k == 0 && above.End > 0 {
			l.Start = above.Start
		}
		l.Following = e.following && k == len(e.values)-1
		to = append(to, l)
	}
	return to
}

func (c *citing) leaf(above Citation, e element, v value) Citation {
	l := above
	setLevel(&l.Reference, e.level, v.text)
	l.Start, l.End = c.toks[v.start].start, c.toks[v.end-1].end
	if v.start == e.values[0].start {
		l.Start = c.toks[e.start].start
	}
	switch e.level {
	case articleLevel:
		l.ArticleTo = v.to
	case commaLevel:
		l.CommaTo = v.to
	}
	return l
}

func levelOf(l Citation, level int) string {
	return [...]string{"", l.Article, l.Comma, l.Letter, l.Item}[level]
}

func setLevel(r *Reference, level int, v string) {
	*[...]*string{nil, &r.Article, &r.Comma, &r.Letter, &r.Item}[level] = v
}

// between steps over what may stand between two parts of one citation; joined says that an "e" was among it.
func (c *citing) between(i int) (next int, joined bool) {
	for next = i; next < i+7; next++ {
		switch {
		case c.is(next, "e", "ed", "nonche", "o"):
			joined = true
		case c.is(next, ",", ")", "-", "–", "del", "dell", "della", "dello", "al", "all", "'", "’", "."):
			if c.is(next, ".") && (!c.touching(next-1) || c.is(next+1, "art", "artt") && c.upper1(next+1)) {
				return next, joined
			}
		case c.is(next, "di") && c.is(next+1, "cui"):
			next++
		case c.is(next+1, "periodo", "capoverso", "alinea", "inciso") && (ordinalCommas[c.word(next)] != "" || c.is(next, "ultimo", "penultimo")):
			next++
		case c.is(next, "precedente", "successivo", "citato", "predetto", "suddetto", "medesimo", "stesso", "richiamato") && wordLevels[c.word(next+1)] != 0:
		default:
			return next, joined
		}
	}
	return next, joined
}

// upper1 says whether a token begins with a capital.
func (c *citing) upper1(i int) bool {
	b := c.text[c.toks[i].start]
	return b >= 'A' && b <= 'Z'
}

var wordLevels = map[string]int{
	"art": articleLevel, "artt": articleLevel, "articolo": articleLevel, "articoli": articleLevel, "aticolo": articleLevel,
	"comma": commaLevel, "commi": commaLevel, "coma": commaLevel, "co": commaLevel, "c": commaLevel, "cc": commaLevel, "par": commaLevel, "paragrafo": commaLevel, "paragrafi": commaLevel,
	"lett": letterLevel, "lettera": letterLevel, "lettere": letterLevel, "let": letterLevel,
	"n": itemLevel, "punto": itemLevel, "numero": itemLevel, "numeri": itemLevel,
}

var ordinalsOf = map[string]string{"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8"}

// element reads one element at token i; next is i when there is none.
func (c *citing) element(i int) (e element, next int) {
	if ord := ordinalCommas[c.word(i)]; ord != "" && c.is(i+1, "comma", "co", "paragrafo") {
		return element{level: commaLevel, values: []value{{ord, "", i, i + 2}}, start: i, end: i + 2}, i + 2
	}
	if ord := ordinalsOf[c.word(i)]; ord != "" && c.is(i+1, "comma") && c.upper(i) {
		return element{level: commaLevel, values: []value{{ord, "", i, i + 2}}, start: i, end: i + 2}, i + 2
	}
	if n, ok := c.digits(i); ok && c.is(i+1, "°", "º", "^") && c.is(i+2, "comma", "co") && len(n) < 3 {
		return element{level: commaLevel, values: []value{{n, "", i, i + 3}}, start: i, end: i + 3}, i + 3
	}
	level := wordLevels[c.word(i)]
	if level == 0 || c.is(i, "c", "co", "cc", "par") && !c.is(i+1, ".") || c.is(i, "cc") && c.upper(i) {
		return e, i
	}
	if c.is(i, "c") && c.upper(i) { // "C. 2" is a committee, a council or a street
		return e, i
	}
	j := i + 1
	for c.is(j, ".", "n", "nr", "°", "“", "\"", "«") && j < i+4 {
		j++
	}
	e = element{level: level, start: i}
	if _, ok := c.digits(j + 1); level == commaLevel && ok && c.is(j, ",") && c.is(i, "comma", "commi") { // "comma, 668"
		j++
	}
	if level == articleLevel && c.is(j, "unico") {
		e.values, e.end = []value{{"unico", "", j, j + 1}}, j+1
		return e, j + 1
	}
	if c.is(j, "da") || c.is(j, "dal", "dall") {
		j++
		for c.is(j, "'", "’", "n", ".") {
			j++
		}
	}
	for {
		v, end := c.value(j, level)
		if end == j {
			break
		}
		e.values = append(e.values, v...)
		e.end = end
		k := end
		for c.is(k, ",", "e", "ed", "o", "/") && k < end+2 {
			k++
		}
		if k == end || c.partAhead(k) {
			break
		}
		if !c.listed(e, k, end) {
			break
		}
		j = k
	}
	if len(e.values) == 0 {
		return e, i
	}
	if k := e.end; c.is(k, "e", "ed", ",") && c.is(k+1, "seguenti", "segg", "ss", "seg", "successivi") && !c.is(k+3, "mm") && !c.is(k+2, "mm") {
		e.following, e.end = true, k+2
		if c.is(e.end, ".") && c.touching(e.end-1) {
			e.end++
		}
	} else if c.is(k, "segg", "ss") && !c.is(k+2, "mm") && !c.is(k+1, "mm") {
		e.following, e.end = true, k+1
	}
	return e, e.end
}

// listed says whether the value at k goes on the list of an element: only after a plural, or where the abbreviation does not say.
func (c *citing) listed(e element, k, end int) bool {
	v, after := c.value(k, e.level)
	if after == k {
		return false
	}
	word := c.word(e.start)
	if strings.HasSuffix(word, "i") || word == "artt" || word == "cc" || word == "lettere" {
		return true
	}
	if e.level == itemLevel {
		return false
	}
	if e.level == letterLevel {
		return len(v[0].text) == 1 && c.is(after-1, ")") // "lett. a) e b)"
	}
	return c.is(end, "e", "ed") && word != "articolo" && word != "comma" && !c.is(after, "/", "°", "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre") && c.is(k-1, "e", "ed") && word == "art" && c.is(after, "del", "della", "dell", "dello", "l", "d")
}

// partAhead says whether token k begins another element: "art. 5, comma 2" is no list of articles.
func (c *citing) partAhead(k int) bool {
	return wordLevels[c.word(k)] != 0 && !c.is(k, "c", "n") || ordinalCommas[c.word(k)] != "" && c.is(k+1, "comma")
}

// value reads a number or letter of a level, or a range of numbers.
func (c *citing) value(j, level int) ([]value, int) {
	if level == letterLevel {
		return c.letter(j)
	}
	if level == itemLevel {
		if n, ok := c.digits(j); ok && len(n) < 4 {
			end := j + 1
			if c.is(end, "-", ".") && latinSuffixes[c.word(end+1)] {
				n, end = n+"-"+c.word(end+1), end+2
			}
			if c.is(end, ")") {
				return []value{{n, "", j, end + 1}}, end + 1
			}
		}
		return nil, j
	}
	if j < len(c.toks) && c.toks[j].kind == numTok && strings.Count(c.word(j), ",") > 0 && !strings.ContainsAny(c.word(j), ".'") { // "artt. 5,6"
		var out []value
		for _, n := range strings.Split(c.word(j), ",") {
			if n == "" || len(n) > 4 {
				return nil, j
			}
			out = append(out, value{n, "", j, j + 1})
		}
		return out, j + 1
	}
	n, end := c.ordinalNumber(j)
	if n == "" || strings.Contains(n, ".") {
		return nil, j
	}
	if k := end; c.is(k, ".") && latinSuffixes[c.word(k+1)] && c.touching(k-1) { // "5.bis"
		n, end = n+"-"+c.word(k+1), k+2
	} else if c.is(k, "undecies", "duodecies", "terdecies", "quaterdecies", "quinquiesdecies", "sexiesdecies", "vicies") {
		n, end = n+"-"+c.word(k), k+1
	} else if c.is(k, "-") && c.is(k+1, "undecies", "duodecies", "terdecies", "quaterdecies") {
		n, end = n+"-"+c.word(k+1), k+2
	}
	v := value{n, "", j, end}
	if k := end; c.is(k, "a", "ad", "al", "all", "-", "–") {
		to := k + 1
		for c.is(to, "'", "’", "n", "comma", "art", "articolo", ".") {
			to++
		}
		from := c.is(j-1, "da", "dal") || c.is(j-1, "'", "’")
		if m, after := c.ordinalNumber(to); m != "" && (from || c.is(k, "-", "–") || level == commaLevel) && greater(m, n) && !c.is(after, "/") {
			v.to, v.end = m, after
			end = after
		}
	}
	return []value{v}, end
}

// greater says whether a number without its suffix is above or at another.
func greater(a, b string) bool {
	lead := func(s string) int { head, _, _ := strings.Cut(s, "-"); return factInt(head) }
	return lead(a) >= lead(b)
}

// letter reads "a)", "a", "f-bis)", "“a”".
func (c *citing) letter(j int) ([]value, int) {
	start := j
	quoted := c.is(j, "\"", "'", "“", "«", "”")
	if quoted {
		j++
	}
	w := c.word(j)
	if j >= len(c.toks) || c.toks[j].kind != wordTok || len(w) > 2 || w[0] < 'a' || w[0] > 'z' || len(w) == 2 && w[0] != w[1] {
		return nil, start
	}
	if c.is(j, "e", "o") && !c.is(j+1, ")", "\"", "”", "»", "-") && start > 0 && !c.is(start-1, ".", "lettera") {
		return nil, start
	}
	end := j + 1
	if c.is(end, "-", ".") && latinSuffixes[c.word(end+1)] {
		w, end = w+"-"+c.word(end+1), end+2
	}
	for c.is(end, ")", "\"", "”", "»") || quoted && c.is(end, "'", "’") {
		end++
	}
	return []value{{w, "", start, end}}, end
}
