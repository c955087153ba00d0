package assistant

import (
	"strings"

	"sportello/assistant/lexicon"
)

// losesException reports whether a sentence that the statement rests on has an exception or a condition that the statement
// leaves out. What the statement or the question says of it, even in part, keeps it.
func (e *evidence) losesException(toks []claimToken, at []placed) bool {
	for u, weight := range supportOf(toks, at) {
		if weight < 2 {
			continue
		}
		unit := &e.units[u]
		text := e.passages[unit.passage].Text[unit.start:unit.end]
		for _, c := range lexicon.Cues(text) {
			if !strictCue(c) {
				continue
			}
			from, to := conditionSpan(text, c)
			if e.restsInside(toks, at, u, from, to) || !e.restsBeside(toks, at, u, from, to) {
				continue
			}
			if !e.kept(toks, unit, from, to) {
				return true
			}
		}
	}
	return false
}

// supportOf weighs what of a statement lies in each unit.
func supportOf(toks []claimToken, at []placed) map[int]float64 {
	w := map[int]float64{}
	for i := range at {
		if at[i].where == inUnit && at[i].pos >= 0 {
			w[at[i].unit] += toks[i].weight()
		}
	}
	return w
}

// strictCue tells which cues a statement may not lose.
func strictCue(c lexicon.Cue) bool {
	return c.Kind == lexicon.ExceptionCue || c.Kind == lexicon.ConditionCue
}

// conditionSpan gives the bytes of a condition: from its cue to the end of the sentence, or to the first comma after four words when the
// sentence goes on after it.
func conditionSpan(text string, c lexicon.Cue) (from, to int) {
	rest := text[c.End:]
	to = len(text)
	words := 0
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case ' ':
			words++
		case ';', '|':
			return c.Start, c.End + i
		case ')':
			if !strings.Contains(rest[:i], "(") {
				return c.Start, c.End + i
			}
		case ',':
			if words >= 3 {
				return c.Start, c.End + i
			}
		}
	}
	return c.Start, to
}

// restsInside reports whether the statement is about the condition itself: most of what it takes from the unit lies in it.
func (e *evidence) restsInside(toks []claimToken, at []placed, u, from, to int) bool {
	in, all := 0.0, 0.0
	for i := range at {
		if at[i].unit != u || at[i].where != inUnit || at[i].pos < 0 {
			continue
		}
		t := &e.units[u].toks[at[i].pos]
		all += toks[i].weight()
		if t.start >= from && t.end <= to {
			in += toks[i].weight()
		}
	}
	return in*2 > all
}

// restsBeside reports whether the statement takes something from the sentence's part that the condition belongs to.
func (e *evidence) restsBeside(toks []claimToken, at []placed, u, from, to int) bool {
	for i := range at {
		if at[i].unit == u && at[i].where == inUnit && at[i].pos >= 0 && toks[i].weight() >= .5 {
			t := &e.units[u].toks[at[i].pos]
			if t.end <= from || t.start >= to {
				return true
			}
		}
	}
	return false
}

// kept reports whether the statement still has the condition: a third of what it claims.
func (e *evidence) kept(toks []claimToken, unit *evidenceUnit, from, to int) bool {
	total, have := 0.0, 0.0
	for q := range unit.toks {
		t := &unit.toks[q]
		if t.start < from || t.end > to || t.weight() < .5 {
			continue
		}
		total += t.weight()
		for i := range toks {
			if t.fact != nil && toks[i].fact != nil && sameFact(toks[i].fact, t.fact) || t.fact == nil && toks[i].fact == nil && related(&toks[i], t) {
				have += t.weight()
				break
			}
		}
	}
	return total == 0 || have*3 >= total
}

// related reports whether two words are kin.
func related(a, b *claimToken) bool {
	if a.class == functionWord || b.class == functionWord {
		return false
	}
	if a.stem == b.stem {
		return true
	}
	for _, g := range claimWords.groups[a.stem] {
		for _, h := range claimWords.groups[b.stem] {
			if g == h {
				return true
			}
		}
	}
	return sameFamily(a.fold, b.fold, a.stem, b.stem)
}
