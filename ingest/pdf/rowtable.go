package pdf

import (
	"math"
	"strings"
)

// markRows finds the rows of tables without drawn lines: at least two lines in a row whose cells stand under each other.
func markRows(ls []line) {
	for i := 0; i < len(ls); {
		j := i + 1
		for j < len(ls) && aligned(ls[j-1], ls[j]) {
			j++
		}
		if j-i >= 2 {
			run := ls[i:j]
			for k := range run {
				toRow(&run[k])
			}
			markHeaders(run)
		}
		i = max(j, i+1)
	}
}

func toRow(l *line) {
	l.row = true
	l.cells = make([]string, len(l.segs))
	for i, s := range l.segs {
		l.cells[i] = s.text()
	}
	l.text = strings.Join(l.cells, " | ")
}

// aligned says whether b is the next row of the table that a is a row of: both have cells, near each other, of which at
// least one after the first stands under one of the other, by its left or right edge or its middle.
func aligned(a, b line) bool {
	if a.row || b.row || a.col != b.col || len(a.segs) < 2 || len(b.segs) < 2 {
		return false
	}
	size := max(a.size, b.size)
	if b.y0-a.y1 > 2*size {
		return false
	}
	n := 0
	for _, s := range b.segs[1:] {
		for _, t := range a.segs[1:] {
			if math.Abs(s.x0-t.x0) < 0.5*size || math.Abs(s.x1-t.x1) < 0.5*size || math.Abs(s.midX()-t.midX()) < 0.7*size {
				n++
				break
			}
		}
	}
	return n > 0 && 2*n >= min(len(a.segs), len(b.segs))-1
}
