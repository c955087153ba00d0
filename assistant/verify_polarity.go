package assistant

// negator is a word that denies, with what it denies.
type negator struct {
	pos     int  // of the word
	target  int  // the first word after it that claims something, -1 when a figure comes first or nothing does
	by      bool // it denies by its own meaning: "vietato", "esente"
	limited bool // "non oltre": a limit, not a denial
}

var negations = map[string]bool{"non": true, "né": true, "senza": true, "nessun": true, "nessuno": true, "nessuna": true, "mai": true, "neppure": true, "nemmeno": true, "neanche": true}

// negators finds what denies in a text.
func negators(toks []claimToken) []negator {
	var out []negator
	for i := range toks {
		t := &toks[i]
		switch {
		case t.fact != nil:
		case negations[t.fold]:
			n := negator{pos: i, target: -1}
			n.limited = limits(toks, i)
			for j := i + 1; j < len(toks) && j <= i+6 && toks[j].fact == nil; j++ {
				if toks[j].class == hardWord || toks[j].class == softWord {
					n.target = j
					break
				}
			}
			out = append(out, n)
		case claimWords.negative[t.fold]:
			out = append(out, negator{pos: i, target: i, by: true})
		}
	}
	return out
}

// limits reports whether the negation at i makes a limit of a comparison: "non oltre", "non sia superiore a".
func limits(toks []claimToken, i int) bool {
	for j := i + 1; j < len(toks) && j <= i+3; j++ {
		if comparators[toks[j].fold] {
			return true
		}
		if toks[j].class != lightWord && toks[j].class != functionWord {
			return false
		}
	}
	return false
}

// limited reports whether a negation stands before the comparison at i.
func limited(toks []claimToken, i int) bool {
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		if negations[toks[j].fold] {
			return limits(toks, j)
		}
		if toks[j].class != lightWord && toks[j].class != functionWord {
			return false
		}
	}
	return false
}

// contradicts reports whether a statement affirms what its source denies, or denies what it affirms. Each negation of the
// statement needs one of the source beside the same words, and each of the source beside words that the statement uses
// needs one in the statement; a word that denies by itself ("vietato") does for a negation on either side.
func (e *evidence) contradicts(toks []claimToken, at []placed) bool {
	said := negators(toks)
	answered := map[[2]int]bool{} // negations of the source, by unit and position, that one of the statement stands for
	for _, n := range said {
		if n.limited {
			continue
		}
		if n.by && at[n.pos].where <= inNeighbor {
			if at[n.pos].where == inUnit && at[n.pos].pos >= 0 {
				answered[[2]int{at[n.pos].unit, at[n.pos].pos}] = true
			}
			continue
		}
		if !e.justified(toks, at, n, answered) {
			return true
		}
	}
	if e.limitsDiffer(toks, at) {
		return true
	}
	free := 0 // denials of the statement in words of its own
	for _, n := range said {
		if n.by && (at[n.pos].where != inUnit || at[n.pos].pos < 0) {
			free++
		}
	}
	for i := range toks {
		if restricts[toks[i].fold] {
			free++
		}
	}
	return e.dropsNegation(toks, at, answered, free)
}

// justified reports whether the source denies what a negation of the statement denies: one of its negations stands in the same unit
// near the words that stand near this one.
func (e *evidence) justified(toks []claimToken, at []placed, n negator, answered map[[2]int]bool) bool {
	from, to := max(0, n.pos-3), min(len(toks)-1, n.pos+6)
	if n.target >= 0 && at[n.target].where == inUnit && at[n.target].pos >= 0 {
		from, to = n.target, n.target // what is denied is in the source: there it must be denied
		if toks[n.target].class != hardWord {
			to = min(len(toks)-1, n.target+3)
		}
	}
	tried := map[int]bool{}
	for i := from; i <= to; i++ {
		p := at[i]
		if toks[i].weight() < .5 || toks[i].clause != toks[n.pos].clause && toks[i].clause != toks[n.pos].clause+1 {
			continue
		}
		if !tried[p.unit] {
			tried[p.unit] = true
			for _, l := range e.units[p.unit].leads {
				if !e.units[l].heading && deniesAnything(e.units[l].toks) {
					return true
				}
			}
		}
		if p.where != inUnit || p.pos < 0 {
			continue
		}
		u := &e.units[p.unit]
		for _, d := range negators(u.toks) {
			if d.limited || answered[[2]int{p.unit, d.pos}] {
				continue
			}
			target := d.target
			if target < 0 {
				target = d.pos
			}
			if i == n.target && toks[i].class == hardWord && !d.by && target != p.pos && absent(u.toks, target, p.pos) > 2 {
				continue
			}
			if absent(u.toks, d.pos, p.pos) <= 5 || absent(u.toks, target, p.pos) <= 3 {
				answered[[2]int{p.unit, d.pos}] = true
				return true
			}
		}
		for q := max(0, p.pos-5); q < p.pos; q++ {
			if restricts[u.toks[q].fold] {
				return true
			}
		}
	}
	return false
}

// absent counts the words that claim something between two places, ends apart.
func absent(toks []claimToken, a, b int) int {
	n := 0
	for i := min(a, b) + 1; i < max(a, b); i++ {
		if toks[i].class == hardWord || toks[i].class == softWord || toks[i].fact != nil {
			n++
		}
	}
	if toks[a].clause != toks[b].clause {
		n += 2
	}
	return n
}

// dropsNegation reports whether the source denies, beside words that the statement uses, and nothing in the statement stands for it.
func (e *evidence) dropsNegation(toks []claimToken, at []placed, answered map[[2]int]bool, free int) bool {
	dropped := 0
	for u, weight := range supportOf(toks, at) {
		if weight < 1.5 {
			continue
		}
		unit := &e.units[u]
		for _, d := range negators(unit.toks) {
			if d.limited || answered[[2]int{u, d.pos}] {
				continue
			}
			if d.by {
				if used(at, u, d.pos) || !besideUsed(toks, at, unit, u, d.pos, 2) {
					continue
				}
				dropped++
				continue
			}
			if d.target >= 0 && (used(at, u, d.target) || besideUsed(toks, at, unit, u, d.target, 1)) {
				dropped++
			}
		}
	}
	return dropped > free
}

// besideUsed reports whether at least two words that the statement takes from a unit stand within reach of a place, in its clause.
func besideUsed(toks []claimToken, at []placed, unit *evidenceUnit, u, pos, within int) bool {
	n := 0
	for i := range at {
		p := at[i]
		if p.unit == u && p.where == inUnit && p.pos >= 0 && toks[i].weight() >= .5 && unit.toks[p.pos].clause == unit.toks[pos].clause && absent(unit.toks, p.pos, pos) <= within {
			n++
		}
	}
	return n >= 2
}

func used(at []placed, unit, pos int) bool {
	for _, p := range at {
		if p.unit == unit && p.where == inUnit && p.pos == pos {
			return true
		}
	}
	return false
}

// limitsDiffer reports whether a figure or a word is bounded from the other side than in the source: "oltre il 90%" for
// "con un massimo del 90%", "superiore" for "non superiore".
func (e *evidence) limitsDiffer(toks []claimToken, at []placed) bool {
	for i := range toks {
		p := at[i]
		if p.where != inUnit || p.unit < 0 {
			continue
		}
		u := &e.units[p.unit]
		if toks[i].fact != nil && p.pos >= 0 {
			a, b := limitBefore(toks, i), limitBefore(u.toks, p.pos)
			if a != noLimit && b != noLimit && a != b {
				return true
			}
			continue
		}
		if !comparators[toks[i].fold] || toks[i].fold == "solo" || toks[i].fold == "soltanto" {
			continue
		}
		denied := limited(toks, i)
		same, other := false, false
		for q := range u.toks {
			if u.toks[q].stem != toks[i].stem {
				continue
			}
			if limited(u.toks, q) == denied {
				same = true
			} else {
				other = true
			}
		}
		if other && !same {
			return true
		}
	}
	return false
}

// deniesAnything reports whether anything in a text denies or restricts.
func deniesAnything(toks []claimToken) bool {
	for i := range toks {
		if negations[toks[i].fold] || claimWords.negative[toks[i].fold] || restricts[toks[i].fold] {
			return true
		}
	}
	return false
}

var restricts = map[string]bool{"solo": true, "soltanto": true, "solamente": true, "esclusivamente": true, "unicamente": true, "basta": true, "sola": true, "soli": true, "sole": true, "salvo": true, "tranne": true}
