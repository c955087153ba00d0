package assistant

import "sportello/assistant/lexicon"

// Where a word of a statement was found, from the surest to none. The cost is what a word of weight 1 pays.
type foundIn uint8

const (
	inUnit     foundIn = iota // in the sentence itself
	inLead                    // in what opens its list or table, in the heading of its article
	inContext                 // in the title or the path of headings of the passage
	inNeighbor                // in the sentence before or after
	inQuestion                // the asker said it
	inArticle                 // elsewhere in the article
	nowhere
)

var foundCost = [...]float64{inUnit: 0, inLead: .05, inContext: .15, inNeighbor: .35, inQuestion: .45, inArticle: .7, nowhere: 1}

// placed is a token of a statement with the unit it was aligned to.
type placed struct {
	unit  int
	pos   int // position in the unit's tokens, -1 when it is not in the unit itself
	where foundIn
	kin   float64
}

// align lays the tokens of a statement over the units that hold them up. It chooses for each token a unit so that what is
// not found costs least, and going over from one unit to another costs too: little where a clause ends, much inside one. So a word
// borrowed from another sentence of the article is not taken for the subject of this one.
func (e *evidence) align(toks []claimToken, cited []int) []placed {
	if len(cited) == 0 || len(toks) == 0 {
		return nil
	}
	n := len(toks)
	table := make([][]placed, n) // best place of token i in unit cited[k]
	for i := range toks {
		table[i] = make([]placed, len(cited))
		e.place(&toks[i], cited, table[i])
	}
	cost := make([]float64, len(cited))
	from := make([][]int, n)
	for i := 0; i < n; i++ {
		best, bestAt := cost[0], 0
		for k, c := range cost {
			if c < best {
				best, bestAt = c, k
			}
		}
		switchCost := .9
		if i == 0 {
			switchCost = 0
		} else if toks[i].clause != toks[i-1].clause {
			switchCost = .3
		} else if toks[i].fold == "e" || toks[i].fold == "ed" || toks[i].fold == "o" {
			switchCost = .5
		}
		from[i] = make([]int, len(cited))
		next := make([]float64, len(cited))
		for k := range cited {
			prev, at := cost[k], k
			if best+switchCost < prev {
				prev, at = best+switchCost, bestAt
			}
			from[i][k] = at
			next[k] = prev + e.emission(&toks[i], table[i][k])
		}
		cost = next
	}
	at := 0
	for k, c := range cost {
		if c < cost[at] {
			at = k
		}
	}
	out := make([]placed, n)
	for i := n - 1; i >= 0; i-- {
		out[i] = table[i][at]
		at = from[i][at]
	}
	e.settle(toks, out)
	return out
}

func (e *evidence) emission(t *claimToken, p placed) float64 {
	c := foundCost[p.where]
	if p.where == inUnit {
		c = (1 - p.kin) * .5
	}
	w := t.weight()
	if t.fact != nil && p.where > inLead {
		w = 3
	}
	return w * c
}

// place finds the best place of one token in every cited unit.
func (e *evidence) place(t *claimToken, cited []int, row []placed) {
	if t.fact == nil && t.class == functionWord {
		for k, u := range cited {
			row[k] = placed{unit: u, pos: -1, where: inUnit, kin: 1}
		}
		return
	}
	var kins []kin
	if t.fact == nil {
		kins = e.vocab.kin(t)
	}
	asked := e.wasAsked(kins)
	for k, u := range cited {
		row[k] = placed{unit: u, where: inUnit}
		row[k].pos, row[k].kin = e.find(t, kins, u)
	}
	for k, u := range cited {
		p := &row[k]
		if p.pos >= 0 {
			continue
		}
		p.where = nowhere
		for j, v := range cited {
			if row[j].pos >= 0 && e.sameArticle(u, v) {
				p.where = inArticle
				if v == u-1 || v == u+1 {
					p.where = inNeighbor
					break
				}
			}
		}
		switch {
		case e.inLeads(t, kins, u):
			p.where = inLead
		case hasKin(e.titles[e.units[u].passage], kins):
			p.where = inContext
		case p.where != inNeighbor && asked:
			p.where = inQuestion
		}
	}
}

// torn reports whether a statement goes over from one unit to another inside a clause, where nothing but a figure or a
// word borrowed from elsewhere makes it do so. A conjunction may join what two sentences say.
func (e *evidence) torn(toks []claimToken, at []placed) bool {
	for i := 1; i < len(at); i++ {
		if at[i].unit == at[i-1].unit || toks[i].clause != toks[i-1].clause || joins[toks[i].fold] || joins[toks[i-1].fold] {
			continue
		}
		before, after := 0.0, 0.0
		for j := i - 1; j >= 0 && toks[j].clause == toks[i].clause && at[j].unit == at[i-1].unit; j-- {
			if at[j].where == inUnit && at[j].pos >= 0 {
				before += toks[j].weight()
				if f := toks[j].fact; f != nil && f.Kind == lexicon.YearFact { // "nel 2024" says when, and may come from anywhere
					before -= toks[j].weight()
				}
			}
		}
		for j := i; j < len(at) && toks[j].clause == toks[i].clause && at[j].unit == at[i].unit; j++ {
			if at[j].where == inUnit && at[j].pos >= 0 {
				after += toks[j].weight()
			}
		}
		if before >= .5 && after >= .5 {
			return true
		}
	}
	return false
}

var joins = map[string]bool{"e": true, "ed": true, "o": true, "od": true, "oppure": true, "ma": true, "mentre": true, "inoltre": true, "che": true, "poi": true}

// lone reports whether a stretch of a statement takes nothing from a sentence but a figure, and stands between what another
// sentence says or after what one says that is not beside it. A year, a reference or a class may come from anywhere.
func (e *evidence) lone(toks []claimToken, at []placed) bool {
	for from := 0; from < len(at); {
		to, figure, words := from, false, 0.0
		for ; to < len(at) && at[to].unit == at[from].unit; to++ {
			if f := toks[to].fact; f != nil {
				figure = figure || at[to].where == inUnit && f.Kind != lexicon.YearFact && f.Ref == nil && f.Kind != lexicon.LabelFact
			} else if at[to].where == inUnit && at[to].pos >= 0 || at[to].where == inLead {
				words += toks[to].weight()
			}
		}
		if figure && words < .5 && from > 0 {
			before, own := at[from-1].unit, at[from].unit
			if to < len(at) && before == at[to].unit || to == len(at) && own != before+1 && own != before-1 {
				return true
			}
		}
		from = to
	}
	return false
}

// thin reports whether a stretch of a statement rests on a sentence for nothing but one word, and that word is somebody or
// something that rules part from others: it was borrowed to stand in another's place.
func (e *evidence) thin(toks []claimToken, at []placed) bool {
	for from := 0; from < len(at); {
		to, last, words := from, -1, 0
		for ; to < len(at) && at[to].unit == at[from].unit; to++ {
			if at[to].where == inUnit && at[to].pos >= 0 && toks[to].weight() >= .5 {
				last, words = to, words+1
			}
		}
		if words == 1 && (from > 0 || to < len(at)) && toks[last].fact == nil && (claimWords.role[toks[last].stem] || claimWords.category[toks[last].stem]) {
			return true
		}
		from = to
	}
	return false
}

// find gives the first position of a token in a unit and how closely it is kin, -1 when it is not there.
func (e *evidence) find(t *claimToken, kins []kin, u int) (int, float64) {
	unit := &e.units[u]
	if t.fact != nil {
		for i := range unit.toks {
			if f := unit.toks[i].fact; f != nil && sameFact(t.fact, f) {
				return i, 1
			}
		}
		return -1, 0
	}
	at, best := -1, 0.0
	for _, k := range kins {
		if ps := unit.roots[k.root]; len(ps) > 0 && k.near > best {
			at, best = ps[0], k.near
		}
	}
	return at, best
}

func (e *evidence) wasAsked(kins []kin) bool {
	for i := range e.asked {
		for _, k := range kins {
			if e.asked[i].stem == k.root && e.asked[i].class != functionWord {
				return true
			}
		}
	}
	return false
}

func (e *evidence) inLeads(t *claimToken, kins []kin, u int) bool {
	for _, l := range e.units[u].leads {
		if pos, _ := e.find(t, kins, l); pos >= 0 {
			return true
		}
	}
	return hasKin(e.lead[e.units[u].passage], kins)
}

func hasKin(roots map[string]bool, kins []kin) bool {
	for _, k := range kins {
		if roots[k.root] {
			return true
		}
	}
	return false
}

// settle moves tokens that stand several times in their unit to the occurrence that keeps the order of the statement.
func (e *evidence) settle(toks []claimToken, out []placed) {
	last, lastUnit := -1, -1
	for i := range out {
		p := &out[i]
		if p.where != inUnit || p.pos < 0 {
			continue
		}
		u := &e.units[p.unit]
		if p.unit != lastUnit {
			last, lastUnit = -1, p.unit
		}
		far := func(j int) int { // a word that is denied is not the one that is not
			if toks[i].denied != u.toks[j].denied {
				return distance(j, last) + 100
			}
			return distance(j, last)
		}
		best, bestDist := p.pos, far(p.pos)
		for j := range u.toks {
			same := toks[i].fact == nil && u.toks[j].fact == nil && u.toks[j].stem == u.toks[p.pos].stem || toks[i].fact != nil && u.toks[j].fact != nil && sameFact(toks[i].fact, u.toks[j].fact)
			if same && far(j) < bestDist {
				best, bestDist = j, far(j)
			}
		}
		p.pos, last = best, best
	}
}

// distance is how far a position is from the one expected next; going back costs more than going on.
func distance(pos, last int) int {
	if last < 0 {
		return pos
	}
	if pos > last {
		return pos - last
	}
	return 3 * (last - pos + 1)
}
