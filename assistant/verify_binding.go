package assistant

import "math"

// binding is what stands around a figure of a statement.
type binding struct {
	e     *evidence
	at    int
	toks  []claimToken
	terms []bindingTerm
	limit limit

	paired bool // it is compared with another figure of the statement, which is masked
}

type bindingTerm struct {
	tok    *claimToken
	kins   []kin
	weight float64
	offset int // from the figure, 0 for a word of the question

	comparing, limited bool // "superiore", and whether it is "non superiore"
}

// newBinding gathers the words around the figure at toks[i]; the figures in masked are left out.
func (e *evidence) newBinding(toks []claimToken, at []placed, i int, masked ...int) *binding {
	b := &binding{e: e, at: i, toks: toks, limit: limitBefore(toks, i), paired: len(masked) > 0}
	sort := sortOf(toks[i].fact)
	for j := range toks {
		t := &toks[j]
		if j == i || t.fact == nil && t.class == functionWord && len(t.fold) < 4 {
			continue
		}
		skip := false
		for _, m := range masked {
			skip = skip || j == m
		}
		if skip {
			continue
		}
		w := t.weight()
		if t.fact == nil && t.class == functionWord {
			w = .25
		}
		switch {
		case at != nil && at[j].unit == at[i].unit: // of the same sentence of the source
			w *= beside + (1-beside)*decay(j-i)*barriers(toks, i, j, sort)
		default:
			w *= elsewhere * decay(j-i) * barriers(toks, i, j, sort)
		}
		b.add(t, w, j-i)
	}
	own := 0.0
	for k := range b.terms {
		own += b.terms[k].weight
	}
	from, asked := len(b.terms), 0.0
	for j := range e.asked {
		if b.paired { // the asker means one of the two
			break
		}
		if t := &e.asked[j]; t.class != functionWord {
			b.add(t, t.weight()*fromQuestion, 0)
			asked += b.terms[len(b.terms)-1].weight
		}
	}
	if limit := own * questionShare; asked > limit {
		for k := from; k < len(b.terms); k++ {
			b.terms[k].weight *= limit / asked
		}
	}
	return b
}

func (b *binding) add(t *claimToken, w float64, offset int) {
	term := bindingTerm{tok: t, weight: w, offset: offset}
	if t.fact == nil && comparators[t.fold] {
		term.comparing, term.limited = true, offset != 0 && limited(b.toks, b.at+offset)
	}
	if t.fact == nil && t.class != functionWord {
		term.kins = b.e.vocab.kin(t)
		df := 1
		for _, k := range term.kins {
			df = max(df, b.e.frequency[k.root])
		}
		term.weight *= math.Log(1 + float64(len(b.e.units)+1)/float64(df))
	}
	b.terms = append(b.terms, term)
}

func decay(d int) float64 { return 1 / (1 + math.Abs(float64(d))/reach) }

// barriers lowers the weight of words that stand beyond another figure of the sort or beyond the end of a clause.
func barriers(toks []claimToken, i, j int, sort string) float64 {
	w := 1.0
	from, to := min(i, j), max(i, j)
	for k := from + 1; k < to; k++ {
		if toks[k].fact != nil && sortOf(toks[k].fact) == sort {
			w *= acrossFigure
		}
	}
	for c := toks[from].clause; c < toks[to].clause && w > .1; c++ {
		w *= acrossClause
	}
	return w
}

// scores tells, for each place of unit u that has a figure of the sort (or one that says the same), how well it fits the
// words around the figure of the statement: how many of them the unit has, and which of its figures stands closest to them.
// The second counts relative to the best figure of the unit, so that long and short sentences compare.
func (b *binding) scores(u int) map[int]float64 {
	unit := &b.e.units[u]
	f := b.toks[b.at].fact
	var out map[int]float64
	most := 0.0
	for p := range unit.toks {
		g := unit.toks[p].fact
		if g == nil || !sameFact(f, g) && sortOf(f) != sortOf(g) {
			continue
		}
		if out == nil {
			out = map[int]float64{}
		}
		out[p] = b.closeness(u, p)
		if b.paired || sameFact(f, g) || !mentioned(b.toks, b.at, b.e, u, p) {
			most = math.Max(most, out[p])
		}
	}
	if out == nil {
		return nil
	}
	have, total := 0.0, 0.0
	for k := range b.terms {
		t := &b.terms[k]
		total += t.weight
		have += t.weight * b.presence(t, u)
	}
	for p, c := range out {
		s := have
		if most > 0 {
			s += closest * total * math.Min(1, c/most)
		}
		switch l := limitBefore(unit.toks, p); {
		case b.limit == noLimit || l == b.limit:
		case l == noLimit:
			s *= unlimited
		default:
			s *= unlimited * unlimited
		}
		out[p] = s
	}
	return out
}

// presence is how much unit u has of a word: all when it stands in it, less when it stands in what it is read with.
func (b *binding) presence(t *bindingTerm, u int) float64 {
	best := 0.0
	for q, near := range b.places(t, u) {
		if t.tok.fact == nil && t.tok.denied != b.e.units[u].toks[q].denied {
			near *= .5
		}
		best = math.Max(best, near)
	}
	if best == 0 {
		best = b.e.around(t, u, -1)
	}
	return best
}

// places gives the positions of a word in a unit with how closely each is kin.
func (b *binding) places(t *bindingTerm, u int) map[int]float64 {
	unit := &b.e.units[u]
	var out map[int]float64
	put := func(q int, near float64) {
		if out == nil {
			out = map[int]float64{}
		}
		out[q] = math.Max(out[q], near)
	}
	switch {
	case t.tok.fact != nil:
		for q := range unit.toks {
			if g := unit.toks[q].fact; g != nil && sameFact(t.tok.fact, g) {
				put(q, 1)
			}
		}
	case t.tok.class == functionWord:
		for q := range unit.toks {
			if unit.toks[q].fold == t.tok.fold && limited(unit.toks, q) == t.limited {
				put(q, 1)
			}
		}
	default:
		for _, k := range t.kins {
			for _, q := range unit.roots[k.root] {
				if t.comparing && limited(unit.toks, q) != t.limited {
					continue
				}
				put(q, k.near)
			}
		}
	}
	return out
}

// closeness tells how close the words around the figure stand to the place p of unit u.
func (b *binding) closeness(u, p int) float64 {
	unit := &b.e.units[u]
	sort := sortOf(unit.toks[p].fact)
	total := .1
	for k := range b.terms {
		t := &b.terms[k]
		best := 0.0
		for q, near := range b.places(t, u) {
			if q == p {
				continue
			}
			s := near * decay(q-p) * barriers(unit.toks, p, q, sort)
			if unit.cells != nil && t.tok.fact == nil {
				s = near * b.cellFit(unit, q, p)
			}
			if t.offset != 0 && (q < p) != (t.offset < 0) {
				s *= otherSide
				if t.tok.fact != nil {
					s *= otherSide
				}
			}
			if t.tok.fact == nil && t.tok.denied != unit.toks[q].denied {
				s *= .5
			}
			best = math.Max(best, s)
		}
		if best == 0 {
			best = b.e.around(t, u, p)
		}
		total += t.weight * best
	}
	l := limitBefore(unit.toks, p)
	if b.limit != noLimit && l != noLimit {
		if b.limit == l {
			total += .4
		} else {
			total -= .4
		}
	}
	for d := 1; d <= 2; d++ { // the very words before it: "da", "a", "entro", "per"
		if b.at-d >= 0 && p-d >= 0 && b.toks[b.at-d].fold == unit.toks[p-d].fold && b.toks[b.at-d].fact == nil {
			total += .25
		} else {
			break
		}
	}
	return math.Max(total, .01)
}

// around is what a word counts that stands not in the unit but in what it is read with: the opening of its list, the
// header of its table (more when it heads the very column), the title, the sentences beside it.
func (e *evidence) around(t *bindingTerm, u, p int) float64 {
	unit := &e.units[u]
	for _, l := range unit.leads {
		lead := &e.units[l]
		if pos, near := e.find(t.tok, t.kins, l); pos >= 0 {
			if lead.cells != nil && len(lead.cells) == len(unit.cells) {
				return near * e.inColumn(t, l, unit, p)
			}
			if lead.heading {
				return near * fromTitle
			}
			return near * fromLead
		}
	}
	if t.tok.fact != nil {
		return 0
	}
	if hasKin(e.lead[unit.passage], t.kins) {
		return fromLead
	}
	if hasKin(e.titles[unit.passage], t.kins) {
		return fromTitle
	}
	for _, v := range [...]int{u - 1, u + 1} {
		if v >= 0 && v < len(e.units) && e.units[v].passage == unit.passage {
			if pos, near := e.find(t.tok, t.kins, v); pos >= 0 {
				return near * fromNext
			}
		}
	}
	return 0
}
