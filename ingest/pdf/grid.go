package pdf

import (
	"cmp"
	"math"
	"slices"
)

const (
	snap       = 2.5 // points: lines that are nearer than this are one line, drawn twice or in pieces
	maxColumns = 80  // of a grid
	maxBands   = 400
)

// grid is a table whose cells are bordered by drawn lines.
type grid struct {
	box
	xs, ys []float64 // the places of its vertical and horizontal lines
	cell   []int     // of each elementary cell (band*columns+column) the first elementary cell of the cell it belongs to
}

func (g *grid) columns() int { return len(g.xs) - 1 }
func (g *grid) bands() int   { return len(g.ys) - 1 }

// grids finds the ruled tables of a page: drawn lines that touch each other and enclose at least two cells.
func grids(rules []rule) []*grid {
	hs, vs := merge(rules, false), merge(rules, true)
	if len(hs) < 2 || len(vs) < 2 || len(hs)*len(vs) > 4_000_000 {
		return nil
	}
	set := newSets(len(hs) + len(vs))
	for i, h := range hs {
		for j, v := range vs {
			if v.x0 < h.x1+snap && v.x1 > h.x0-snap && h.y0 < v.y1+snap && h.y1 > v.y0-snap {
				set.join(i, len(hs)+j)
			}
		}
	}
	parts := map[int][2][]rule{}
	for i, h := range hs {
		p := parts[set.find(i)]
		p[0] = append(p[0], h)
		parts[set.find(i)] = p
	}
	for j, v := range vs {
		p := parts[set.find(len(hs)+j)]
		p[1] = append(p[1], v)
		parts[set.find(len(hs)+j)] = p
	}
	var out []*grid
	for _, p := range parts {
		if g := newGrid(p[0], p[1]); g != nil {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b *grid) int {
		return cmp.Or(cmp.Compare(a.y0, b.y0), cmp.Compare(a.x0, b.x0), cmp.Compare(a.x1, b.x1))
	})
	return out
}

// merge joins the pieces of lines on one axis: borders are drawn cell by cell. The result is sorted by place, then by start.
func merge(rules []rule, vertical bool) []rule {
	type piece struct{ at, from, to float64 }
	var ps []piece
	for _, r := range rules {
		if r.vertical != vertical {
			continue
		}
		if vertical {
			ps = append(ps, piece{r.midX(), r.y0, r.y1})
		} else {
			ps = append(ps, piece{r.midY(), r.x0, r.x1})
		}
	}
	slices.SortFunc(ps, func(a, b piece) int { return cmp.Compare(a.at, b.at) })
	var out []rule
	for i := 0; i < len(ps); {
		j := i + 1
		for j < len(ps) && ps[j].at-ps[i].at < snap {
			j++
		}
		group := ps[i:j]
		at := 0.0
		for _, p := range group {
			at += p.at / float64(len(group))
		}
		slices.SortFunc(group, func(a, b piece) int { return cmp.Compare(a.from, b.from) })
		from, to := group[0].from, group[0].to
		add := func() {
			b := box{from, at, to, at}
			if vertical {
				b = box{at, from, at, to}
			}
			out = append(out, rule{box: b, vertical: vertical})
		}
		for _, p := range group[1:] {
			if p.from > to+snap {
				add()
				from, to = p.from, p.to
				continue
			}
			to = max(to, p.to)
		}
		add()
		i = j
	}
	return out
}

// newGrid makes the cells of lines that touch each other; nil when they enclose fewer than two.
func newGrid(hs, vs []rule) *grid {
	g := &grid{}
	for _, v := range vs {
		g.xs = append(g.xs, v.x0)
	}
	for _, h := range hs {
		g.ys = append(g.ys, h.y0)
	}
	g.xs, g.ys = places(g.xs), places(g.ys)
	if len(g.xs) < 2 || len(g.ys) < 2 || g.columns()*g.bands() < 2 || g.columns() > maxColumns || g.bands() > maxBands {
		return nil
	}
	g.box = box{g.xs[0], g.ys[0], g.xs[len(g.xs)-1], g.ys[len(g.ys)-1]}
	cols := g.columns()
	set := newSets(cols * g.bands())
	for b := 0; b < g.bands(); b++ {
		for c := 0; c < cols; c++ {
			if c+1 < cols && !covered(vs, g.xs[c+1], g.ys[b], g.ys[b+1], true) {
				set.join(b*cols+c, b*cols+c+1)
			}
			if b+1 < g.bands() && !covered(hs, g.ys[b+1], g.xs[c], g.xs[c+1], false) {
				set.join(b*cols+c, (b+1)*cols+c)
			}
		}
	}
	g.cell = make([]int, cols*g.bands())
	cells := 0
	for i := range g.cell {
		if g.cell[i] = set.find(i); g.cell[i] == i {
			cells++
		}
	}
	if cells < 2 {
		return nil
	}
	return g
}

// places sorts coordinates and drops those that are the same line.
func places(v []float64) []float64 {
	slices.Sort(v)
	out := v[:0]
	for _, x := range v {
		if len(out) == 0 || x-out[len(out)-1] >= snap {
			out = append(out, x)
		}
	}
	return out
}

// covered says whether lines at a place cover most of the way between two others.
func covered(rules []rule, at, from, to float64, vertical bool) bool {
	sum := 0.0
	for _, r := range rules {
		p, a, b := r.y0, r.x0, r.x1
		if vertical {
			p, a, b = r.x0, r.y0, r.y1
		}
		if math.Abs(p-at) < snap {
			sum += max(0, min(b, to)-max(a, from))
		}
	}
	return sum > 0.6*(to-from)
}

// at gives the cell of a point, -1 outside.
func (g *grid) at(x, y float64) int {
	c, b := index(g.xs, x), index(g.ys, y)
	if c < 0 || b < 0 {
		return -1
	}
	return g.cell[b*g.columns()+c]
}

func index(places []float64, v float64) int {
	i, found := slices.BinarySearch(places, v)
	if !found {
		i--
	}
	if i < 0 || i >= len(places)-1 {
		return -1
	}
	return i
}

// sets is a union-find whose representative is the smallest member.
type sets []int

func newSets(n int) sets {
	s := make(sets, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func (s sets) find(i int) int {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

func (s sets) join(a, b int) {
	a, b = s.find(a), s.find(b)
	if a > b {
		a, b = b, a
	}
	s[b] = a
}
