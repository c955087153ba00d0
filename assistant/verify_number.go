package assistant

import "math"

// A figure belongs to what stands around it. These constants say how much a word beside a figure tells about it.
const (
	reach        = 3.0 // tokens after which a word counts half
	acrossFigure = .5  // a word beyond another figure of the same sort
	acrossClause = .7  // a word beyond a comma or the like
	fromLead     = .3  // a word of the sentence that opens the list, of the table's header
	fromTitle    = .08
	fromNext     = .12 // a word of the sentence before or after
	fromQuestion = .25 // what the asker wants to know
	margin       = 1.05
	twinMargin   = .8 // against a figure that the statement says elsewhere
	presence     = .35
	otherSide    = .8 // a word on the right of the figure that the source has on its left
)

// occurrence is a fact in the cited passages.
type occurrence struct{ unit, pos int }

// misplaced reports whether the figure at toks[i] is said by the source of something else: a figure of the same sort that
// the statement does not mention fits the words around it better than any place where the source has it. Two figures of the
// same sort in one statement must fit better as they stand than exchanged.
func (e *evidence) misplaced(toks []claimToken, at []placed, i int, cited []int) bool {
	f := toks[i].fact
	c := e.newBinding(toks, at, i)
	own, ownAt := -1.0, occurrence{}
	rival, twin := -1.0, -1.0
	for _, u := range cited {
		for p := range e.units[u].toks {
			g := e.units[u].toks[p].fact
			if g == nil {
				continue
			}
			switch {
			case sameFact(f, g):
				if s := c.score(u, p); s > own {
					own, ownAt = s, occurrence{u, p}
				}
			case !rivals(f, g):
			case mentioned(toks, i, e, u, p):
				twin = math.Max(twin, c.score(u, p))
			default:
				rival = math.Max(rival, c.score(u, p))
			}
		}
	}
	if own < 0 {
		return true
	}
	if rival >= 0 && own < rival*margin || twin >= 0 && own < twin*twinMargin {
		return true
	}
	for j := range toks {
		if j != i && toks[j].fact != nil && rivals(f, toks[j].fact) && e.exchanged(toks, at, i, j, ownAt) {
			return true
		}
	}
	return false
}

func mentioned(toks []claimToken, i int, e *evidence, u, p int) bool {
	for j := range toks {
		if j != i && toks[j].fact != nil && sameFact(toks[j].fact, e.units[u].toks[p].fact) {
			return true
		}
	}
	return false
}

// exchanged reports whether figures i and j of a statement would fit at least as well in each other's place. Only figures
// that the source has in one unit are compared here: elsewhere the words around each have decided.
func (e *evidence) exchanged(toks []claimToken, at []placed, i, j int, own occurrence) bool {
	ci, cj := e.newBinding(toks, at, i, j), e.newBinding(toks, at, j, i)
	straight, crossed := math.Inf(-1), math.Inf(-1)
	unit := &e.units[own.unit]
	for p := range unit.toks {
		if unit.toks[p].fact == nil {
			continue
		}
		for q := range unit.toks {
			if unit.toks[q].fact == nil || p == q {
				continue
			}
			inOrder := 0.0
			if (p < q) == (i < j) {
				inOrder = .35
			}
			if sameFact(toks[i].fact, unit.toks[p].fact) && sameFact(toks[j].fact, unit.toks[q].fact) {
				straight = math.Max(straight, ci.score(own.unit, p)+cj.score(own.unit, q)+inOrder)
			}
			if sameFact(toks[i].fact, unit.toks[q].fact) && sameFact(toks[j].fact, unit.toks[p].fact) {
				crossed = math.Max(crossed, ci.score(own.unit, p)+cj.score(own.unit, q)+inOrder)
			}
		}
	}
	if math.IsInf(straight, -1) {
		return false
	}
	return straight <= crossed
}

// binding is what stands around a figure of a statement.
type binding struct {
	e     *evidence
	at    int
	toks  []claimToken
	terms []bindingTerm
	limit limit
}

type bindingTerm struct {
	tok    *claimToken
	kins   []kin
	weight float64
	offset int // from the figure, 0 for a word of the question
}

// newBinding gathers the words around the figure at toks[i]; the figures in masked are left out.
func (e *evidence) newBinding(toks []claimToken, at []placed, i int, masked ...int) *binding {
	b := &binding{e: e, at: i, toks: toks, limit: limitBefore(toks, i)}
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
			w = .12
		}
		switch {
		case at != nil && at[j].unit == at[i].unit: // of the same sentence of the source
			w *= presence + (1-presence)*decay(j-i)*barriers(toks, i, j, sort)
		case t.fact != nil:
			w *= decay(j - i)
		default:
			w *= decay(j-i) * barriers(toks, i, j, sort)
		}
		b.add(t, w, j-i)
	}
	for j := range e.asked {
		if t := &e.asked[j]; t.class != functionWord {
			b.add(t, t.weight()*fromQuestion, 0)
		}
	}
	return b
}

func (b *binding) add(t *claimToken, w float64, offset int) {
	term := bindingTerm{tok: t, weight: w, offset: offset}
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

// score tells how well the place p of unit u fits the words around the figure.
func (b *binding) score(u, p int) float64 {
	unit := &b.e.units[u]
	sort := sortOf(unit.toks[p].fact)
	total := 0.0
	for k := range b.terms {
		t := &b.terms[k]
		total += t.weight * b.fit(t, u, p, sort)
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
	return total
}

func (b *binding) fit(t *bindingTerm, u, p int, sort string) float64 {
	unit := &b.e.units[u]
	best := 0.0
	try := func(q int, near float64) {
		if q == p {
			return
		}
		s := near * (presence + (1-presence)*decay(q-p)*barriers(unit.toks, p, q, sort))
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
	if t.tok.fact != nil {
		for q := range unit.toks {
			if g := unit.toks[q].fact; g != nil && sameFact(t.tok.fact, g) {
				try(q, 1)
			}
		}
	}
	if t.tok.class == functionWord && t.tok.fact == nil {
		for q := range unit.toks {
			if unit.toks[q].fold == t.tok.fold {
				try(q, 1)
			}
		}
		return best
	}
	for _, k := range t.kins {
		for _, q := range unit.roots[k.root] {
			try(q, k.near)
		}
	}
	if best == 0 {
		best = b.e.around(t, u, p)
	}
	return best
}

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

// around is what a word counts that stands not in the unit but in what it is read with: the opening of its list, the
// header of its table (more when it heads the very column), the title, the sentences beside it.
func (e *evidence) around(t *bindingTerm, u, p int) float64 {
	unit := &e.units[u]
	for _, l := range unit.leads {
		lead := &e.units[l]
		if pos, near := e.find(t.tok, t.kins, l); pos >= 0 {
			if lead.cells != nil && len(lead.cells) == len(unit.cells) {
				if lead.cellOf(pos) == unit.cellOf(p) {
					return near
				}
				if lead.cellOf(pos) > 0 {
					return 0
				}
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

// limit says on which side a figure bounds: "entro", "fino a", "non oltre" above; "almeno", "oltre", "non inferiore a" below.
type limit int8

const (
	noLimit limit = iota
	atMost
	atLeast
)

var limitWords = map[string]limit{
	"massimo": atMost, "massima": atMost, "massimi": atMost, "fino": atMost, "sino": atMost, "entro": atMost, "inferiore": atMost, "inferiori": atMost, "meno": atMost, "sotto": atMost, "tetto": atMost,
	"minimo": atLeast, "minima": atLeast, "almeno": atLeast, "oltre": atLeast, "superiore": atLeast, "superiori": atLeast, "piu": atLeast, "sopra": atLeast, "dopo": atLeast,
}

// limitBefore reads the limit in the four words before a figure.
func limitBefore(toks []claimToken, i int) limit {
	for j := i - 1; j >= 0 && j >= i-4; j-- {
		if toks[j].fact != nil {
			return noLimit
		}
		l, ok := limitWords[toks[j].fold]
		if !ok {
			continue
		}
		if limited(toks, j) {
			return atMost + atLeast - l
		}
		return l
	}
	return noLimit
}
