package pdf

import (
	"cmp"
	"slices"
)

const (
	minColumnLines = 4   // lines on each side of a gutter
	minGutter      = 9.0 // points
	maxDepth       = 6   // of columns in columns
)

// block is what flow puts in order: a segment of text, or a table as a whole.
type block struct {
	segment
	table []line
}

// flow gives the lines of blocks in reading order: columns one after the other, everything else from top to bottom.
// next numbers the columns.
func flow(bs []block, depth int, next *int) []line {
	rs := blockRows(bs)
	var out []line
	col := *next
	*next++
	for i := 0; i < len(rs); {
		if depth < maxDepth {
			if n, gutter, ok := columns(rs[i:]); ok {
				var left, right []block
				for _, r := range rs[i : i+n] {
					for _, b := range r {
						if b.x1 <= gutter {
							left = append(left, b)
						} else {
							right = append(right, b)
						}
					}
				}
				out = append(out, flow(left, depth+1, next)...)
				out = append(out, flow(right, depth+1, next)...)
				col = *next
				*next++
				i += n
				continue
			}
		}
		out = append(out, rowLines(rs[i], col)...)
		i++
	}
	return out
}

// rowLines makes the lines of one row: usually one, more when a table stands in it.
func rowLines(r []block, col int) []line {
	var out []line
	var segs []segment
	for _, b := range r {
		if b.table == nil {
			segs = append(segs, b.segment)
		}
	}
	if len(segs) > 0 {
		out = append(out, newLine(segs, col))
	}
	for _, b := range r {
		for _, l := range b.table {
			l.col = col
			out = append(out, l)
		}
	}
	return out
}

// blockRows groups blocks that share a baseline; a table is a row of its own unless something stands beside it.
func blockRows(bs []block) [][]block {
	segs := make([]segment, len(bs))
	for i, b := range bs {
		segs[i] = b.segment
		segs[i].index = i
	}
	var out [][]block
	for _, r := range rows(segs) {
		row := make([]block, len(r))
		for i, s := range r {
			row[i] = bs[s.index]
		}
		out = append(out, row)
	}
	slices.SortStableFunc(out, func(a, b []block) int { return cmp.Compare(top(a), top(b)) })
	return out
}

func top(r []block) float64 {
	y := r[0].y0
	for _, b := range r[1:] {
		y = min(y, b.y0)
	}
	return y
}

// columns says whether the rows start with text in columns: how many rows, and where the first gutter ends.
func columns(rs [][]block) (n int, gutter float64, ok bool) {
	if len(rs) < minColumnLines {
		return 0, 0, false
	}
	free := []box{{x0: -1e9, x1: 1e9}}
	for n < len(rs) {
		f := free
		for _, b := range rs[n] {
			f = without(f, b.x0, b.x1)
		}
		if len(f) < 3 && n > 0 && !inner(f, rs[:n+1]) {
			break
		}
		free = f
		n++
		if len(free) == 0 {
			break
		}
	}
	// The widest inner gap that splits what stands in the rows in two sides of running text.
	slices.SortFunc(free, func(a, b box) int { return cmp.Compare(b.width(), a.width()) })
	for _, f := range free {
		if f.x0 < -1e8 || f.x1 > 1e8 || f.width() < minGutter {
			continue
		}
		used := lastBoth(rs[:n], f)
		if twoSides(rs[:used], f) {
			return used, f.x0 + 0.01, true
		}
	}
	return 0, 0, false
}

// inner says whether a gap has text on both sides, or may still get it.
func inner(free []box, _ [][]block) bool {
	for _, f := range free {
		if f.x0 > -1e8 && f.x1 < 1e8 && f.width() >= minGutter {
			return true
		}
	}
	return false
}

// without takes an interval out of intervals, and drops what gets too narrow for a gutter.
func without(in []box, x0, x1 float64) []box {
	var out []box
	for _, f := range in {
		if x1 <= f.x0 || x0 >= f.x1 {
			out = append(out, f)
			continue
		}
		if x0-f.x0 >= minGutter {
			out = append(out, box{x0: f.x0, x1: x0})
		}
		if f.x1-x1 >= minGutter {
			out = append(out, box{x0: x1, x1: f.x1})
		}
	}
	return out
}

// lastBoth cuts trailing rows that stand on the left side only after the right side has ended: they come after the columns.
func lastBoth(rs [][]block, f box) int {
	lastRight := 0
	for i, r := range rs {
		if r[len(r)-1].x0 >= f.x1 {
			lastRight = i + 1
		}
	}
	if lastRight == 0 {
		return 0
	}
	n := lastRight
	for n < len(rs) && rs[n][0].y0-rs[n-1][0].y1 < 1.2*rs[n][0].size { // the left column may be longer
		n++
	}
	return n
}

// twoSides says whether both sides of a gap are running text: enough lines, of several words, that fill their side.
func twoSides(rs [][]block, f box) bool {
	var left, right side
	both, shared := 0, 0
	for _, r := range rs {
		l, g := 0, 0
		for _, b := range r {
			if b.x1 <= f.x0+0.01 {
				left.add(b)
				l++
			} else if b.x0 >= f.x1-0.01 {
				right.add(b)
				g++
			} else {
				return false
			}
		}
		if l > 0 && g > 0 {
			both++
		}
		shared++
	}
	return left.prose() && right.prose()
}

// side sums up the blocks on one side of a gutter.
type side struct {
	lines, words, figures int
	x0, x1, width         float64
	tables                int
}

func (s *side) add(b block) {
	if s.lines == 0 && s.tables == 0 {
		s.x0, s.x1 = b.x0, b.x1
	}
	s.x0, s.x1 = min(s.x0, b.x0), max(s.x1, b.x1)
	if b.table != nil {
		s.tables++
		return
	}
	s.lines++
	s.words += len(b.words)
	s.width += b.width()
	if isFigure(b.text()) {
		s.figures++
	}
}

func (s *side) prose() bool {
	if s.lines < minColumnLines {
		return false
	}
	n := float64(s.lines)
	return float64(s.words)/n >= 3 && s.width/n >= 0.55*(s.x1-s.x0) && s.figures*5 < s.lines
}
