package lexicon

import "strings"

// Citation is one norm, act or part of one that an Italian text cites, taken apart as its author wrote it. "commi 1 e 2 dell'articolo 3
// della legge n. 241/1990" gives two of them, with the same act.
//
// It says more than the Fact of a reference, whose form has to stay as it is for comparing texts: lists, ranges, parts that are
// written before and after their act, acts that an earlier one stands for, and what a clerk needs to check the reference.
type Citation struct {
	Reference
	CommaTo    string // the last one of "commi da 739 a 783"
	ArticleTo  string // the last one of "artt. da 5 a 8"
	Following  bool   // "e seguenti"
	Annex      string // "A" of "articolo 6 dell'Allegato A alla deliberazione…"
	Region     string // of a regional law, when it is written
	Name       string // what a regulation is called where it has no number: "Regolamento comunale per la disciplina della TARI"
	Own        bool   // "del presente regolamento"
	Back       bool   // the act was written before: "della medesima legge"; its number is filled in from there when it is known
	Amended    bool   // "e ss.mm.ii."
	Start, End int    // bytes of the text: the part with its act for a lone part, else the piece that is this one's own
	ActStart   int    // bytes of the name and number of the act, both 0 when it is not written here
	ActEnd     int
}

// Citations finds what an Italian text cites, in order. Headings of a regulation's own articles are not citations.
func Citations(text string) []Citation {
	c := &citing{factScan: factScan{text: text, toks: factTokens(text), words: numberWordsOf("it"), prefixed: -1}}
	for c.at < len(c.toks) {
		if !c.step() {
			c.at++
		}
	}
	return c.found
}

// citing walks the tokens of a text once.
type citing struct {
	factScan
	found []Citation
	last  int // the token after the last citation, to see what stands between two
}

// step reads a citation at the current token.
func (c *citing) step() bool {
	i := c.at
	leaves, next := c.cited(i)
	if len(leaves) > 0 && c.heading(i, next) {
		c.at = next
		return true
	}
	if len(leaves) > 0 {
		c.withParts(leaves, i, next)
		return true
	}
	var act Citation
	end := c.wholeAct(i, &act)
	if end == i {
		return false
	}
	act.Start, act.End, act.ActStart, act.ActEnd = c.toks[i].start, c.toks[end-1].end, c.toks[i].start, c.toks[end-1].end
	act.Amended, end = c.amended(end)
	c.found = append(c.found, act)
	c.moreActs(act, end)
	return true
}

// withParts finishes a citation that begins with articles, commi or letters: the act is after them, before them, or not there.
func (c *citing) withParts(leaves []Citation, i, next int) {
	whole := next
	act, end := c.actAfter(next)
	switch {
	case end > next:
		act.Amended, next = c.amended(end)
		whole = end
	case c.actBefore(i):
		act = c.found[len(c.found)-1]
		c.found = c.found[:len(c.found)-1]
	}
	for k := range leaves {
		l := &leaves[k]
		l.Act, l.Body, l.Number, l.Year, l.Date = act.Act, act.Body, act.Number, act.Year, act.Date
		l.Region, l.Name, l.Own, l.Back, l.Amended, l.Annex = act.Region, act.Name, act.Own, act.Back, act.Amended, act.Annex
		l.ActStart, l.ActEnd = act.ActStart, act.ActEnd
	}
	if len(leaves) == 1 && whole > i {
		leaves[0].End = c.toks[whole-1].end
		if act.ActEnd > 0 && act.ActEnd <= leaves[0].Start {
			leaves[0].Start = act.ActStart
		}
	}
	c.found = append(c.found, leaves...)
	c.at, c.last = max(next, whole), max(next, whole)
	if c.partAfterAct(end > i && act.ActEnd > 0) {
		return
	}
	if end > whole-1 && act.Act != "" && act.ActEnd > 0 {
		c.moreActs(act, c.at)
	}
}

// partAfterAct reads the commi that stand after the act: "l'art. 13 del DL 201/2011, comma 15". It reports whether there were any.
func (c *citing) partAfterAct(cited bool) bool {
	last := len(c.found) - 1
	if l := c.found[last]; !cited || l.Comma != "" || l.Article == "" || !c.is(c.at, ",") || !c.is(c.at+1, "comma", "commi", "lett", "lettera") {
		return false
	}
	deeper, next := c.cited(c.at + 1)
	if len(deeper) == 0 || deeper[0].Article != "" || c.is(next, "del", "dell", "della") {
		return false
	}
	above := c.found[last]
	c.found = c.found[:last]
	for k, d := range deeper {
		l := above
		l.Comma, l.CommaTo, l.Letter, l.Item, l.Following, l.End = d.Comma, d.CommaTo, d.Letter, d.Item, d.Following, d.End
		if k > 0 {
			l.Start = d.Start
		}
		c.found = append(c.found, l)
	}
	c.at, c.last = next, next
	return true
}

// actBefore says whether the citation just before is an act alone to which the parts at token i belong: "d.lgs. n. 267/2000, art. 107".
func (c *citing) actBefore(i int) bool {
	if len(c.found) == 0 || c.last == 0 || i-c.last > 12 {
		return false
	}
	prev := c.found[len(c.found)-1]
	if prev.ActEnd == 0 || prev.Article != "" || prev.Comma != "" || prev.Letter != "" || prev.Act == "delibera" || prev.Act == "determina" || !refArticleWords[c.word(i)] {
		return false
	}
	if prev.Name != "" && (i == c.last || c.is(i-1, "ex")) { // "Regolamento per i rifiuti ex art. 1…" is not followed by an article of its own
		return false
	}
	from := c.last
	if c.is(from, "(") { // "(legge di stabilità 2014), art. 1"
		for k := from + 1; k < i && k < from+8; k++ {
			if c.is(k, ")") {
				from = k + 1
			}
		}
	}
	for k := from; k < i; k++ {
		if !c.is(k, ",", "(", "-", "–", "all", "'", "’", "agli", "e", "in", "particolare", "ed", "l", "gli", "ex") {
			return false
		}
		if c.is(k, "e", "ed") && !c.is(k+1, "in") {
			return false
		}
	}
	return i > c.last && !c.is(c.last, "l", "gli", "e") || i == c.last
}

// moreActs reads "…e n. 190/2012" after an act: the same sort with another number. One of the numbers at least says its year or day,
// and a number without any has that of the next: "nn. 25, 26 e 27 del 6/3/2019".
func (c *citing) moreActs(act Citation, end int) {
	c.at, c.last = end, end
	plural, known := c.plural(act.ActStart), len(c.found)
	undated := act.Year == ""
	for next := end; c.is(next, "e", "ed", ",", "nonche", "-"); {
		j := next + 1
		for c.is(j, "la", "il", "del", "della", "e") {
			j++
		}
		more := Citation{Reference: Reference{Act: act.Act, Body: act.Body}, Region: act.Region}
		after := j
		if c.is(j, "n", "nr", "nn") || plural {
			after = c.number(j, &more)
		}
		if n, ok := c.digits(j); ok && after == j && plural && undated && len(n) < 5 {
			more.Number, after = factTrimZeros(n), j+1
		}
		if after == j || more.Number == "" {
			break
		}
		more.Start, more.End, more.ActStart, more.ActEnd = c.toks[j].start, c.toks[after-1].end, c.toks[j].start, c.toks[after-1].end
		more.Amended, next = c.amended(after)
		c.found = append(c.found, more)
		if more.Year == "" {
			undated = true
			continue
		}
		for k := len(c.found) - 2; k >= known-1 && undated && c.found[k].Year == "" && c.found[k].Act == act.Act; k-- {
			c.found[k].Year, c.found[k].Date = more.Year, more.Date
		}
		known, undated = len(c.found), false
		c.at, c.last = next, next
	}
	c.found = c.found[:known]
}

// plural says whether the act's name at a byte of the text is a plural: "leggi", "deliberazioni", "decreti".
func (c *citing) plural(start int) bool {
	word := foldWord(c.text[start:wordEnd(c.text, start)])
	return strings.HasSuffix(word, "i") && len(word) > 3
}

// amended reads "e ss.mm.ii.", "e s.m.i.", "e successive modificazioni ed integrazioni" after an act.
func (c *citing) amended(i int) (bool, int) {
	j := i
	for c.is(j, ",", "e", "ed", "(", "-", "–", "come", "modificato", "modificata", "da", "con") && j < i+4 {
		j++
	}
	switch {
	case c.is(j, "smi", "ssmmii", "ss", "s") && (c.is(j, "smi", "ssmmii") || c.is(j+1, ".") && c.is(j+2, "mm", "m", "mod") || c.is(j+1, "mm")):
		for c.is(j, "smi", "ssmmii", "ss", "s", ".", "mm", "m", "ii", "i", "mod", "int", ")") {
			if c.is(j, ".") && !c.touching(j-1) {
				break
			}
			j++
		}
		if c.is(j-1, ".") && j-2 > i && c.is(j-2, "smi") {
			j--
		}
		return true, j
	case c.is(j, "succ", "successive", "seguenti", "ulteriori", "modifiche", "modificazioni") && (c.near(j+1, 2, "modifiche", "modificazioni", "mod", "integrazioni") || j > i && c.is(j+1, "e", "ed")):
		for c.is(j, "succ", "successive", "seguenti", "ulteriori", "modifiche", "modificazioni", "ed", "e", "integrazioni", "integr", "mod", "int", ".") {
			if c.is(j, ".") && !c.is(j-1, "succ", "mod", "int", "integr") || c.is(j, "e", "ed") && !c.is(j+1, "integrazioni", "integr", "int", "successive", "modifiche", "modificazioni") {
				break
			}
			j++
		}
		return true, j
	}
	return false, i
}

// near says whether one of the words is at token i or one of the next n.
func (c *citing) near(i, n int, words ...string) bool {
	for k := i; k <= i+n; k++ {
		if c.is(k, words...) {
			return true
		}
	}
	return false
}

// lineReach bounds how far the line around a citation is looked at, in bytes.
const lineReach = 240

// heading says whether the tokens from i to next are the heading of an article of the text itself: it stands at the start of a
// line and what follows it is a rubric, a dash, or the next line.
func (c *citing) heading(i, next int) bool {
	if !c.is(i, "art", "articolo") {
		return false
	}
	start := c.toks[i].start
	before := c.text[max(0, start-lineReach):start]
	line := before[strings.LastIndexByte(before, '\n')+1:]
	if strings.Trim(line, " \t\r\f*#_•\u00a0") != "" {
		return false
	}
	rest := c.text[c.toks[next-1].end:]
	rest = rest[:min(len(rest), lineReach)]
	if end := strings.IndexByte(rest, '\n'); end >= 0 {
		if rest = rest[:end]; strings.TrimSpace(rest) == "" {
			return true
		}
	}
	if strings.Contains(rest, "....") {
		return true
	}
	for _, connective := range []string{"del ", "della ", "dell'", "dell’", "dello ", "e ", "ed ", ", comma", ", lett", "comma", "c. "} {
		if strings.HasPrefix(strings.TrimLeft(rest, " "), connective) {
			return false
		}
	}
	rest = strings.TrimLeft(rest, " \t")
	if rest == "" {
		return true
	}
	switch first := []rune(rest)[0]; {
	case strings.ContainsRune("-–—:.)(", first):
		return true
	case first >= 'A' && first <= 'Z':
		letters, _ := c.abbreviation(next)
		return !c.isAct(next) && afterArticle[letters] == ""
	}
	return false
}
