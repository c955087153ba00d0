package pdf

import "sportello/ingest"

// page is a page as lines in reading order.
type page struct {
	number        int
	width, height float64
	lines         []line
	ocr           bool
	running       []string // lines dropped as running headers and footers
	hidden        []ingest.Finding
}

// layout finds the lines of a page. Text that is written upwards or downwards (stamps, landscape tables on a portrait page)
// comes after the rest, in its own reading order.
func layout(r *raw) *page {
	p := &page{number: r.number, width: r.width, height: r.height, ocr: r.ocr, hidden: append(r.hidden, r.notes...)}
	byTurn := map[int][]word{}
	for _, w := range r.words() {
		byTurn[w.turn] = append(byTurn[w.turn], w)
	}
	next := 0
	for _, t := range [...]int{0, 1, 3, 2, -1} {
		words := byTurn[t]
		if len(words) == 0 {
			continue
		}
		if t < 0 {
			p.lines = append(p.lines, askew(words, next)...)
			next++
			continue
		}
		rules := turned(r, t)
		for _, layer := range layers(words) {
			p.lines = append(p.lines, arrange(layer, rules, r.ocr, &next)...)
		}
	}
	return p
}

// arrange finds the lines of words of one writing direction.
func arrange(words []word, rules []rule, ocr bool, next *int) []line {
	found, rest := tables(words, rules)
	find := segments
	if ocr {
		find = readSegments
	}
	var bs []block
	for _, s := range find(rest) {
		bs = append(bs, block{segment: s})
	}
	for _, t := range found {
		ls := t.lines()
		bs = append(bs, block{segment: segment{box: t.box, size: ls[0].size}, table: ls})
	}
	ls := flow(bs, 0, next)
	if ocr && len(found) == 0 && mixed(ls) {
		ls = inOrder(bs, *next)
		*next++
	}
	markRows(ls)
	markWraps(ls)
	return ls
}

// turned gives the rules of a page as text with the given writing direction sees them.
func turned(r *raw, turn int) []rule {
	if turn == 0 {
		return r.rules
	}
	out := make([]rule, len(r.rules))
	for i, u := range r.rules {
		out[i] = rule{box: u.upright(turn, r.width, r.height), vertical: u.vertical != (turn&1 == 1)}
	}
	return out
}

// plain gives the lines of words that stand in one column.
func plain(words []word, col int) []line {
	var out []line
	for _, r := range rows(segments(words)) {
		out = append(out, newLine(r, col))
	}
	return out
}

// askew joins words that are written at an angle, a watermark for example, in the order of the content.
func askew(words []word, col int) []line {
	s := segment{box: words[0].box, words: words}
	for _, w := range words {
		s.box, s.size = s.box.union(w.box), max(s.size, w.size)
	}
	return []line{newLine([]segment{s}, col)}
}
