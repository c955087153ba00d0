package assistant

import "strings"

// affirmed counts what a statement affirms although the title, the opening of the list or the sentence beside denies it, and
// conditions that turn an exception round: "se è previsto altro" for "salvo che sia previsto altro".
func (e *evidence) affirmed(toks []claimToken, at []placed) int {
	n := 0
	for i := range toks {
		t, where := &toks[i], at[i].where
		if t.denied && claimWords.negative[t.fold] && where >= inLead && where <= inNeighbor {
			n++
		}
		if !t.denied && where == inContext && e.titleDenies(e.units[at[i].unit].passage, t) {
			n++
		}
	}
	parts := partsOf(toks)
	for i := range toks {
		if toks[i].fold != "se" && toks[i].fold != "qualora" {
			continue
		}
		bare := true
		for j := i; j < len(toks) && parts[j] == parts[i]; j++ {
			bare = bare && !negations[toks[j].fold] && toks[j].weight() < .5
		}
		if bare && e.excepts(at) {
			n++
		}
	}
	return n
}

// dropped counts the negators of the source, beside what the statement says, that nothing in it stands for. Two of one sentence
// undo each other.
func (e *evidence) dropped(toks []claimToken, at []placed, source []*sourceNegator) int {
	lost := map[int]int{}
	for _, d := range source {
		if d.paired {
			continue
		}
		u := &e.units[d.unit]
		switch {
		case d.opens, e.bare(d) && e.consequent(toks, at, d):
			lost[d.unit]++
		case d.by && undoes(toks, at, d):
			lost[d.unit]++
		case d.by && (used(at, d.unit, d.pos) || strings.HasPrefix(u.toks[d.pos].fold, "mancat")):
		case !d.by && d.target >= 0 && used(at, d.unit, d.target), e.speaks(toks, at, d, 0, len(toks)):
			lost[d.unit]++
		}
	}
	n := 0
	for _, k := range lost {
		n += k % 2
	}
	return n
}

// undoes reports whether the statement has the word that denies, but denies it: "non è gratis".
func undoes(toks []claimToken, at []placed, d *sourceNegator) bool {
	for i, p := range at {
		if p.unit == d.unit && p.where == inUnit && p.pos == d.pos && claimWords.negative[toks[i].fold] {
			return true
		}
	}
	return false
}

// bare reports whether a negator of the source stands in a condition that only points back: "se non lo è".
func (e *evidence) bare(d *sourceNegator) bool {
	if !d.ifs || d.by {
		return false
	}
	toks := e.units[d.unit].toks
	for q := d.from; q < d.to; q++ {
		if q != d.pos && toks[q].weight() >= .5 {
			return false
		}
	}
	return true
}

// consequent reports whether a statement takes something from what a source says after a bare condition.
func (e *evidence) consequent(toks []claimToken, at []placed, d *sourceNegator) bool {
	have := 0.0
	for i, p := range at {
		if p.unit == d.unit && p.where == inUnit && p.pos >= d.to {
			have += toks[i].weight()
		}
	}
	return have >= 1
}

func used(at []placed, unit, pos int) bool {
	for _, p := range at {
		if p.unit == unit && p.where == inUnit && p.pos == pos {
			return true
		}
	}
	return false
}
