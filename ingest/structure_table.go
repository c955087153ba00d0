package ingest

import "sort"

// withTables adds the tables, runs of at least two rows under one header, as leaves of the section that holds them, and puts
// the sections in the order of the text.
func (s *scan) withTables(t *tree) []Section {
	secs := t.secs
	for i := 0; i < len(s.lines); i++ {
		if !s.isRow(i) {
			continue
		}
		header := s.lines[i].header
		j := i + 1
		for j < len(s.lines) && s.isRow(j) && (s.lines[j].header == header || header == "" && j == i+1 || s.lines[j].text == header) {
			header = s.lines[j].header
			j++
		}
		if j-i >= 2 {
			start, end := s.lines[i].start, s.lines[j-1].end
			parent := innermost(secs, len(t.secs), start, end)
			secs = append(secs, Section{Kind: SecTable, Rubric: header, Parent: parent, Start: start, End: end, EID: t.eid(mark{kind: SecTable}, parent)})
		}
		i = j - 1
	}
	return inOrder(secs)
}

func (s *scan) isRow(i int) bool {
	l := &s.lines[i]
	return l.kind == Row && l.mark.kind == "" && !l.index && !l.rubric
}

// innermost gives the smallest of the first n sections that holds a span, -1 when none does.
func innermost(secs []Section, n, start, end int) int {
	best := -1
	for i, sec := range secs[:n] {
		if sec.Start <= start && end <= sec.End && (best < 0 || sec.End-sec.Start <= secs[best].End-secs[best].Start) {
			best = i
		}
	}
	return best
}

// inOrder sorts sections by where they start, parents first, and renumbers the parents.
func inOrder(secs []Section) []Section {
	order := make([]int, len(secs))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool {
		x, y := secs[order[a]], secs[order[b]]
		if x.Start != y.Start {
			return x.Start < y.Start
		}
		if (x.Kind == SecTable) != (y.Kind == SecTable) {
			return y.Kind == SecTable
		}
		return order[a] < order[b]
	})
	place := make([]int, len(secs))
	for to, from := range order {
		place[from] = to
	}
	out := make([]Section, len(secs))
	for to, from := range order {
		out[to] = secs[from]
		if out[to].Parent >= 0 {
			out[to].Parent = place[out[to].Parent]
		}
	}
	return out
}
