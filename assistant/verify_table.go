package assistant

import (
	"math"
	"strings"

	"sportello/assistant/lexicon"
)

// cellFit is the nearness of two places of a table row: the same cell, the first cells that name the row, another cell.
func (b *binding) cellFit(unit *evidenceUnit, q, p int) float64 {
	cq, cp := unit.cellOf(q), unit.cellOf(p)
	switch {
	case cq == cp:
		return 1
	case cq == cp-1:
		return .7
	case cq < cp:
		return .6
	}
	return .3
}

func (u *evidenceUnit) cellOf(p int) int {
	c := 0
	for c+1 < len(u.cells) && u.toks[p].start >= u.cells[c+1] {
		c++
	}
	return c
}

// inColumn is how much the header l of a table says of the column of place p that it is the word's: all when the word heads the
// very column, nothing when it heads another.
func (e *evidence) inColumn(t *bindingTerm, l int, unit *evidenceUnit, p int) float64 {
	lead := &e.units[l]
	best := 0.0
	for q := range lead.toks {
		x := &lead.toks[q]
		if t.tok.fact != nil && (x.fact == nil || !sameFact(t.tok.fact, x.fact)) || t.tok.fact == nil && (x.fact != nil || !related(t.tok, x)) {
			continue
		}
		score := 1.0
		if t.tok.fact == nil && x.denied != t.tok.denied {
			score = .3
		}
		switch cell := lead.cellOf(q); {
		case p < 0 || cell == unit.cellOf(p):
		case cell == 0:
			score *= fromLead
		default:
			score = 0
		}
		best = math.Max(best, score)
	}
	return best
}

// addHeader makes units of the header that a passage of table rows comes with. They stand after those of all passages, are
// read with its rows and never cited.
func (e *evidence) addHeader(p int) {
	if !strings.Contains(e.passages[p].Lead, " | ") {
		return
	}
	for _, line := range strings.Split(e.passages[p].Lead, "\n") {
		u := evidenceUnit{passage: p, toks: claimTokens(line, lexicon.Facts(line)), cells: cellStarts(line), roots: map[string][]int{}}
		for i := range u.toks {
			if t := &u.toks[i]; t.fact == nil && t.class != functionWord {
				u.roots[t.stem] = append(u.roots[t.stem], i)
			}
		}
		for i := e.first[p]; i < e.first[p+1]; i++ {
			if e.units[i].cells != nil {
				e.units[i].leads = append(e.units[i].leads, len(e.units))
			}
		}
		e.units = append(e.units, u)
	}
}

// isHeader reports whether a row of a table says what its columns hold: none of its cells but the first is a mere figure, and
// only the first row of a table may have other figures than years and the like.
func (u *evidenceUnit) isHeader(first bool) bool {
	if len(u.cells) < 2 {
		return false
	}
	words := make([]int, len(u.cells))
	figures := false
	for i := range u.toks {
		if f := u.toks[i].fact; f != nil {
			figures = true
			if !first && f.Kind != lexicon.YearFact && f.Kind != lexicon.LabelFact && f.Kind != lexicon.DateFact {
				return false
			}
		}
		if u.toks[i].fact == nil && u.toks[i].weight() >= .5 {
			words[u.cellOf(i)]++
		}
	}
	for _, n := range words[1:] {
		if n == 0 {
			return !figures
		}
	}
	return true
}

func cellStarts(row string) []int {
	if !strings.Contains(row, " | ") {
		return nil
	}
	starts := []int{0}
	i := 0
	if strings.HasPrefix(row, "| ") { // the first cell is empty
		starts = append(starts, 2)
		i = 2
	}
	for {
		j := strings.Index(row[i:], " | ")
		if j < 0 {
			return starts
		}
		i += j + 3
		starts = append(starts, i)
	}
}

// headsColumn reports whether the class at toks[i] ("zona 1") heads the column of a figure that the statement has in the same
// clause, in the header of the row that it rests on.
func (e *evidence) headsColumn(toks []claimToken, at []placed, i int) bool {
	row := &e.units[at[i].unit]
	for _, l := range row.leads {
		lead := &e.units[l]
		if len(lead.cells) != len(row.cells) {
			continue
		}
		for q := range lead.toks {
			if lead.toks[q].fact == nil || !sameFact(toks[i].fact, lead.toks[q].fact) {
				continue
			}
			for j := range toks {
				if p := at[j]; toks[j].fact != nil && toks[j].clause == toks[i].clause && p.unit == at[i].unit && p.where == inUnit && p.pos >= 0 && row.cellOf(p.pos) == lead.cellOf(q) {
					return true
				}
			}
		}
	}
	return false
}
