package ingest

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// A line that ends so goes on in the next one: "…ai sensi dell'" before "Art. 5".
var danglingRE = regexp.MustCompile(`(?i)(?:dell|all|nell|dall|sull|\bl|\bd|quell)['’]$|\b(?:di|cui|e|o|ed|od|gli|agli|degli|negli|dagli|agl|artt?\.?|articol[oi]|ex|del|della|con|dal|al|in|per|nel|predetto|citato|sensi|combinato disposto)$|,$|\($`)

// findCandidates reads the label at the start of every line and weighs how much it looks like a heading.
func (s *scan) findCandidates() {
	quoted := 0 // depth of «…»
	for i := range s.lines {
		l := &s.lines[i]
		t := l.plain()
		if c, ok := partLabel(t); ok && s.standsAlone(i, c) {
			l.cand = c
		} else if c, raw, ok := articleLabel(t); ok && !isReference(raw, c.dash) {
			c.weight = s.weigh(i, c, quoted > 0)
			if c.weight > 0 {
				l.cand = c
			}
		}
		quoted += strings.Count(t, "«") + strings.Count(t, "<<") - strings.Count(t, "»") - strings.Count(t, ">>")
		quoted = max(min(quoted, 2), 0)
		if l.kind == Heading {
			quoted = 0
		}
	}
}

// weigh says how much a line with the label of an article looks like its heading: around 1 for a doubtful one, 3 for a sure one.
func (s *scan) weigh(i int, c candidate, quoted bool) float64 {
	l := &s.lines[i]
	w := 1.0
	if l.kind == Heading || l.bold || l.upper {
		w++
	}
	words := len(strings.Fields(c.rest))
	switch {
	case c.rest == "":
		w++
	case c.dash && words < 25:
		w += 0.7
	case words > 15 && l.kind != Heading:
		w -= 0.2
	case startsLower(c.rest) && !c.dash:
		w -= 1.2
	default:
		w += 0.4
	}
	if startsLower(l.plain()) {
		w--
	}
	if l.kind == Row {
		w -= 0.5
	}
	if quoted {
		w--
	}
	if i > 0 && l.kind != Heading {
		prev := &s.lines[i-1]
		switch {
		case danglingRE.MatchString(prev.text) && !prev.upper && prev.page == l.page:
			w -= 2
		case prev.wraps:
			w -= 0.6
		}
	}
	if i+1 < len(s.lines) {
		if next := &s.lines[i+1]; next.upper || next.bold || next.kind == Heading || firstCommaRE.MatchString(next.text) {
			w += 0.6
		}
	}
	return w
}

// standsAlone says whether the heading of a part is a line of its own and not the start of a sentence.
func (s *scan) standsAlone(i int, c candidate) bool {
	l := &s.lines[i]
	if l.kind == Heading {
		return true
	}
	if utf8.RuneCountInString(l.text) > 220 || strings.HasSuffix(c.rest, ";") || strings.HasSuffix(c.rest, ",") {
		return false
	}
	if i > 0 && !l.upper && danglingRE.MatchString(s.lines[i-1].text) {
		return false
	}
	if c.kind == SecAllegato && !l.upper {
		return len(strings.Fields(c.rest)) <= 20 && (i == 0 || !s.lines[i-1].wraps)
	}
	return true
}

// chooseArticles picks, among the candidates, the headings that make the most plausible sequence of numbers.
//
// Numbers go up; a step over missing numbers costs a little. They may start again only from 1 (a second act in the same
// file). Inside a resolution only a sequence that starts from 1 counts: it is the regulation attached to it, anything else
// is an article of another text that it quotes or amends.
func (s *scan) chooseArticles() {
	var at []int
	for i := range s.lines {
		if l := &s.lines[i]; l.cand.kind == SecArticle && !l.index {
			at = append(at, i)
		}
	}
	const window = 400 // how far back a predecessor is looked for
	best := make([]float64, len(at))
	from := make([]int, len(at))
	top, last := 1.2, -1
	for x, i := range at {
		c := s.lines[i].cand
		first := c.key == artKey{1, 0}
		from[x], best[x] = -1, -1e9
		if !first && s.inAct(i) {
			// needs a predecessor
		} else if first {
			best[x] = c.weight
		} else if s.opens(i) {
			best[x] = c.weight - 0.3
		} else {
			best[x] = c.weight - 1
		}
		for y := x - 1; y >= 0 && y >= x-window; y-- {
			if best[y] < -1e8 {
				continue
			}
			p := s.lines[at[y]].cand
			cost := 0.0
			switch {
			case first:
				cost = 1
				if s.breaks(at[y], i) {
					cost = 0
				}
			case s.newAct(at[y], i):
				continue
			case p.key == c.key:
				cost = 2.2
			case p.key.less(c.key):
				cost = min(0.3*float64(max(c.key.n-p.key.n-1, 0)), 2.5)
			default:
				continue
			}
			if v := best[y] + c.weight - cost; v > best[x] {
				best[x], from[x] = v, y
			}
		}
		if best[x] > top {
			top, last = best[x], x
		}
	}
	var chosen []int
	for x := last; x >= 0; x = from[x] {
		chosen = append(chosen, at[x])
	}
	if n := len(chosen); n > 0 && n < 5 && s.lines[chosen[n-1]].cand.key.n > 1 && !s.opens(chosen[n-1]) {
		return // a few articles in the middle of something else are quoted
	}
	for _, i := range chosen {
		l := &s.lines[i]
		l.mark = mark{kind: SecArticle, number: l.cand.number, rubric: l.cand.rest}
	}
}

// opens says whether a line stands at the head of the file, below nothing but titles: a chapter or an article in a file of its own.
func (s *scan) opens(i int) bool {
	n := 0
	for k := 0; k < i; k++ {
		if l := &s.lines[k]; !l.index && l.cand.kind == "" && l.kind != Heading && !l.upper {
			n++
		}
	}
	return n <= 5
}

// breaks says whether an annex or a part's heading with the title of a new text stands between two lines.
func (s *scan) breaks(a, b int) bool {
	for i := a + 1; i < b; i++ {
		if s.lines[i].cand.kind == SecAllegato && !s.lines[i].index {
			return true
		}
	}
	return s.newAct(a, b)
}

// chooseParts accepts the larger parts and the annexes.
func (s *scan) chooseParts() {
	for i := range s.lines {
		l := &s.lines[i]
		switch l.cand.kind {
		case SecPart, SecTitolo, SecCapo, SecSezione, SecAllegato:
			if !l.index {
				l.mark = mark{kind: l.cand.kind, number: l.cand.number, rubric: l.cand.rest}
			}
		}
	}
}
