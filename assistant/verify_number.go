package assistant

import (
	"math"
	"strings"

	"sportello/assistant/lexicon"
)

// A figure belongs to what stands around it. These constants say how much a word beside a figure tells about it.
const (
	reach         = 3.0 // tokens after which a word counts half
	acrossFigure  = .5  // a word beyond another figure of the same sort
	acrossClause  = .7  // a word beyond a comma or the like
	fromLead      = .3  // a word of the sentence that opens the list, of the table's header
	fromTitle     = .08
	fromNext      = .12 // a word of the sentence before or after
	fromQuestion  = .25 // what the asker wants to know…
	questionShare = .3  // …and at most so much of what the statement itself says
	margin        = 1.004
	elsewhere     = .4   // a word that rests on another sentence of the source
	unlimited     = .8   // "entro" in the statement, nothing like it in the source
	sameOrder     = 1.02 // two figures of a sentence in the order of the source
	beside        = .35  // of a word of the same sentence, however far
	closest       = .5   // of all the words around, for the figure of a sentence that stands closest to them
	otherSide     = .65  // a word on the right of the figure that the source has on its left
)

// misplaced reports whether the figure at toks[i] is said by the source of something else: a figure of the same sort that
// the statement does not mention fits the words around it better than any place where the source has it. Two figures of the
// same sort in one statement must fit better as they stand than exchanged.
func (e *evidence) misplaced(toks []claimToken, at []placed, i int, cited []int) bool {
	f := toks[i].fact
	if f.Kind == lexicon.LabelFact && at[i].where == inLead && e.units[at[i].unit].cells != nil {
		return !e.headsColumn(toks, at, i)
	}
	b := e.newBinding(toks, at, i)
	own := -1.0
	rival := -1.0
	for _, u := range cited {
		scores := b.scores(u)
		for p, s := range scores {
			g := e.units[u].toks[p].fact
			switch {
			case sameFact(f, g):
				own = math.Max(own, s)
			case !rivals(f, g):
			case mentioned(toks, i, e, u, p): // compared below, both together
			default:
				rival = math.Max(rival, s)
			}
		}
	}
	if own < 0 {
		return true
	}
	if own < rival*margin {
		return true
	}
	for j := range toks {
		if j > i && toks[j].fact != nil && f.Kind != lexicon.YearFact && rivals(f, toks[j].fact) && e.exchanged(toks, at, i, j, cited) {
			return true
		}
	}
	return false
}

// headAstray reports whether the short answer before a colon has a figure of another sentence than what explains it: "1 persona: da 51
// a 150 mq si contano 2 persone".
func (e *evidence) headAstray(claim string, toks []claimToken, at []placed) bool {
	colon := strings.IndexByte(claim, ':')
	rest := map[int]bool{}
	figure, words := -1, 0
	for i := range toks {
		switch {
		case toks[i].weight() < .5:
		case toks[i].end <= colon:
			if words++; toks[i].fact != nil {
				figure = i
			}
		case at[i].where == inUnit && at[i].pos >= 0:
			rest[at[i].unit] = true
			for _, l := range e.units[at[i].unit].leads {
				rest[l] = true
			}
		}
	}
	return figure >= 0 && words <= 2 && len(rest) > 0 && at[figure].where == inUnit && !rest[at[figure].unit]
}

// asInSource gives a figure without a unit the unit that its source has: "(150,00 se…)" of a table of amounts.
func (e *evidence) asInSource(toks []claimToken, at []placed) {
	for i := range toks {
		f, p := toks[i].fact, at[i]
		if f == nil || f.Kind != lexicon.NumberFact || p.where != inUnit || p.pos < 0 {
			continue
		}
		if g := e.units[p.unit].toks[p.pos].fact; g.Kind == lexicon.AmountFact {
			toks[i].fact = g
		}
	}
}

func mentioned(toks []claimToken, i int, e *evidence, u, p int) bool {
	for j := range toks {
		if j != i && toks[j].fact != nil && sameFact(toks[j].fact, e.units[u].toks[p].fact) {
			return true
		}
	}
	return false
}

// exchanged reports whether figures i and j of a statement would fit at least as well in each other's place.
func (e *evidence) exchanged(toks []claimToken, at []placed, i, j int, cited []int) bool {
	bi, bj := e.newBinding(toks, at, i, j), e.newBinding(toks, at, j, i)
	var ii, ij, ji, jj float64 // the best fit of the words around i with the figure i, with the figure j…
	straight, crossed := math.Inf(-1), math.Inf(-1)
	for _, u := range cited {
		unit := &e.units[u]
		si, sj := bi.scores(u), bj.scores(u)
		for p := range si {
			if sameFact(toks[i].fact, unit.toks[p].fact) {
				ii, ji = math.Max(ii, si[p]), math.Max(ji, sj[p])
			}
			if sameFact(toks[j].fact, unit.toks[p].fact) {
				ij, jj = math.Max(ij, si[p]), math.Max(jj, sj[p])
			}
			for q := range sj {
				if p == q {
					continue
				}
				inOrder := 1.0
				if (p < q) == (i < j) && unit.cells == nil { // the order of columns tells nothing
					inOrder = sameOrder
				}
				fp, fq := unit.toks[p].fact, unit.toks[q].fact
				if sameFact(toks[i].fact, fp) && sameFact(toks[j].fact, fq) {
					straight = math.Max(straight, (si[p]+sj[q])*inOrder)
				}
				if sameFact(toks[i].fact, fq) && sameFact(toks[j].fact, fp) {
					crossed = math.Max(crossed, (si[p]+sj[q])*inOrder)
				}
			}
		}
	}
	oneRow := at[i].unit == at[j].unit && at[i].where == inUnit && at[j].where == inUnit && e.units[at[i].unit].cells != nil
	if !math.IsInf(straight, -1) && (oneRow || straight >= .8*(ii+jj)) { // one unit has both
		if j == i+2 && toks[i+1].class == functionWord && toks[i+1].fact == nil { // "tra 500 e 1000": their order tells
			return e.reversed(toks, i, j, cited)
		}
		return straight <= crossed*margin
	}
	return ii+jj <= (ij+ji)*margin
}

// reversed reports whether no unit has two figures in the order of the statement.
func (e *evidence) reversed(toks []claimToken, i, j int, cited []int) bool {
	for _, u := range cited {
		first := false
		for q := range e.units[u].toks {
			g := e.units[u].toks[q].fact
			if g == nil {
				continue
			}
			if first && sameFact(toks[j].fact, g) {
				return false
			}
			first = first || sameFact(toks[i].fact, g)
		}
	}
	return true
}
