package pdf

import (
	"slices"
	"strings"
)

// longCell is how many lines a cell may have for its row to be read across. Longer cells hold running text, boxed for looks.
const longCell = 9

// table is a ruled table with the words in its cells.
type table struct {
	*grid
	cells map[int][]word // by cell
}

// tables takes the words that stand in ruled tables out of words.
func tables(words []word, rules []rule) (found []*table, rest []word) {
	gs := grids(rules)
	if len(gs) == 0 {
		return nil, words
	}
	ts := make([]*table, len(gs))
	for i, g := range gs {
		ts[i] = &table{grid: g, cells: map[int][]word{}}
	}
	for _, w := range words {
		best, cell := -1, -1
		for i, t := range ts { // of nested tables the innermost
			if c := t.at(w.midX(), w.midY()); c >= 0 && (best < 0 || t.width()*t.height() < ts[best].width()*ts[best].height()) {
				best, cell = i, c
			}
		}
		if best < 0 {
			rest = append(rest, w)
			continue
		}
		ts[best].cells[cell] = append(ts[best].cells[cell], w)
	}
	for _, t := range ts {
		if t.real() {
			found = append(found, t)
			continue
		}
		for _, ws := range t.cells {
			rest = append(rest, ws...)
		}
	}
	slices.SortFunc(rest, func(a, b word) int { return a.seq - b.seq })
	return found, rest
}

// real says whether the lines make a table, and not a frame or a separator: some band has text in two cells.
func (t *table) real() bool {
	for b := range t.bands() {
		if len(t.inBand(b)) > 1 {
			return true
		}
	}
	return false
}

// inBand gives the cells with text that start in a band, from left to right.
func (t *table) inBand(b int) []int {
	var out []int
	cols := t.columns()
	for c := range cols {
		i := b*cols + c
		if t.cell[i] == i && len(t.cells[i]) > 0 {
			out = append(out, i)
		}
	}
	return out
}

// lines reads the table row by row. A row's wrapped cells become one line; a row with one cell, or with cells of running
// text, is read as text. Cells that span several rows stand in their first.
func (t *table) lines() []line {
	var out []line
	for b := range t.bands() {
		ids := t.inBand(b)
		if len(ids) == 0 {
			continue
		}
		long := false
		var cells [][]line
		for _, id := range ids {
			ls := plain(t.cells[id], 0)
			long = long || len(ls) > longCell
			cells = append(cells, ls)
		}
		if len(ids) == 1 || long {
			for _, ls := range cells {
				out = append(out, ls...)
			}
			continue
		}
		r := t.row(b, ids, cells)
		r.head = t.under(b)
		out = append(out, r)
	}
	markHeaders(out)
	return out
}

// row makes one line of the lines of each cell. In a row of figures empty cells keep their place, so that a figure stays
// under its header.
func (t *table) row(band int, ids []int, cells [][]line) line {
	r := line{box: cells[0][0].box, row: true, bold: true}
	texts := make([]string, len(cells))
	for i, ls := range cells {
		var parts []string
		for _, l := range ls {
			r.box, r.size = r.box.union(l.box), max(r.size, l.size)
			r.bold = r.bold && l.bold
			parts = append(parts, l.text)
		}
		texts[i] = joinWrapped(parts)
	}
	r.cells = texts
	if r.figures() {
		r.cells = nil
		for c := range t.columns() {
			i := band*t.columns() + c
			if k := slices.Index(ids, i); k >= 0 {
				r.cells = append(r.cells, texts[k])
			} else if c == 0 || t.cell[i] != t.cell[i-1] {
				r.cells = append(r.cells, "")
			}
		}
		for r.cells[len(r.cells)-1] == "" {
			r.cells = r.cells[:len(r.cells)-1]
		}
	}
	r.text = strings.TrimSpace(strings.Join(r.cells, " | "))
	return r
}

// under gives the text of the cells that reach into a band from above: the category of a group of rows.
func (t *table) under(band int) string {
	var parts []string
	seen := map[int]bool{}
	for c := range t.columns() {
		id := t.cell[band*t.columns()+c]
		if id/t.columns() < band && !seen[id] && len(t.cells[id]) > 0 {
			seen[id] = true
			var ls []string
			for _, l := range plain(t.cells[id], 0) {
				ls = append(ls, l.text)
			}
			if len(ls) <= longCell {
				parts = append(parts, joinWrapped(ls))
			}
		}
	}
	return strings.Join(parts, " | ")
}

// joinWrapped joins the lines of one cell, hyphens of typesetting undone.
func joinWrapped(parts []string) string {
	s := parts[0]
	for _, p := range parts[1:] {
		if head, tail, ok := unhyphen(s, p, nil); ok {
			s = head
			if tail != "" {
				s += " " + tail
			}
			continue
		}
		s += " " + p
	}
	return s
}

// markHeaders gives each row the header row that it stands under, and after it the category of its group. A header has words only, in two cells at least, and is
// followed by a row with a figure; or it is bold, first, and followed by one that is not.
func markHeaders(ls []line) {
	head := ""
	cells := 0
	for i := range ls {
		l := &ls[i]
		if !l.row {
			continue
		}
		next := i + 1
		if !l.figures() && next < len(ls) && ls[next].row && len(l.cells) >= 2 &&
			(ls[next].figures() && (head == "" || l.bold || len(l.cells) >= len(ls[next].cells)) || l.bold && !ls[next].bold) {
			head, cells = l.text, len(l.cells)
			continue
		}
		if head != "" && len(l.cells) <= cells {
			l.head = strings.Trim(head+" | "+l.head, " |")
		}
	}
}

// figures says whether a cell of the row is a number, an amount or a percentage.
func (l line) figures() bool {
	return slices.ContainsFunc(l.cells, isFigure)
}

func isFigure(s string) bool {
	digit := false
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digit = true
		case strings.ContainsRune(" .,%€/-+–()'", r):
		default:
			if low := strings.ToLower(strings.Trim(s, "0123456789.,%€/-+ ")); low == "euro" || low == "mq" || low == "gg" || low == "eur" {
				continue
			}
			return false
		}
	}
	return digit
}
