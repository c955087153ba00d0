package assistant

import (
	"strings"

	"sportello/assistant/lexicon"
)

// kept reports whether the statement still has the condition that spans from..to.
func (e *evidence) kept(toks []claimToken, at []placed, u int, c lexicon.Cue, from, to int) bool {
	unit := &e.units[u]
	if c.Text == inThatCase {
		return hasCondition(toks)
	}
	total, have, asked, empty := 0.0, 0.0, 0.0, true
	for q := range unit.toks {
		t := &unit.toks[q]
		if t.start < from || t.end > to || t.weight() < .5 || t.end <= c.End {
			continue
		}
		total += t.weight()
		empty = empty && savingWords[t.stem]
		switch {
		case e.saysWithin(toks, at, u, t, from, to):
			have += t.weight()
		case saysToken(e.asked, t):
			asked += t.weight()
		}
	}
	if total == 0 {
		return true
	}
	strict := c.Kind == lexicon.ExceptionCue || strictConditions[c.Text]
	switch {
	case have*3 >= total || savingCue(c.Text) || have > 0 && c.Kind == lexicon.ExceptionCue && hasException(toks):
		return true
	case e.repeats(toks, at, u, from, to):
		return false
	case empty: // "salvo quanto disposto da altre norme" takes nothing out that a citizen would miss
		return true
	case strict:
		return false
	}
	if c.Start <= 12 && !hasCondition(toks) { // what a sentence opens with is said of all of it
		return have > 0 || asked*2 >= total
	}
	if !binds(c.Text) && (c.Start > 12 || hasCondition(toks)) {
		return true
	}
	return have > 0 || binds(c.Text) && asked*4 >= total || !besideFrom(unit, at, u, from, to)
}

// besideFrom reports whether a condition stands within two clauses of the words that the statement takes from a unit.
func besideFrom(unit *evidenceUnit, at []placed, u, from, to int) bool {
	for _, p := range at {
		if p.unit != u || p.where != inUnit || p.pos < 0 {
			continue
		}
		t := &unit.toks[p.pos]
		for q := range unit.toks {
			x := &unit.toks[q]
			if x.start >= from && x.end <= to && x.clause-t.clause <= 1 && t.clause-x.clause <= 1 {
				return true
			}
		}
	}
	return false
}

// saysWithin reports whether the statement has a word of a condition from there, not from another place of the same sentence.
func (e *evidence) saysWithin(toks []claimToken, at []placed, u int, t *claimToken, from, to int) bool {
	for i := range toks {
		if !saysToken(toks[i:i+1], t) {
			continue
		}
		if p := at[i]; p.where == inUnit && p.pos >= 0 {
			if p.unit != u {
				if restsInClause(toks, at, u, toks[i].clause) {
					return true
				}
				continue
			}
			if x := &e.units[u].toks[p.pos]; x.end <= from || x.start >= to {
				continue
			}
		}
		return true
	}
	return false
}

// restsInClause reports whether anything of a clause of the statement rests on unit u.
func restsInClause(toks []claimToken, at []placed, u, clause int) bool {
	for j := range toks {
		if toks[j].clause == clause && at[j].unit == u && at[j].where == inUnit && at[j].pos >= 0 && toks[j].weight() >= .5 {
			return true
		}
	}
	return false
}

func saysToken(toks []claimToken, t *claimToken) bool {
	for i := range toks {
		if t.fact != nil && toks[i].fact != nil && sameFact(toks[i].fact, t.fact) || t.fact == nil && toks[i].fact == nil && related(&toks[i], t) {
			return true
		}
	}
	return false
}

// repeats reports whether the statement is the rest of a sentence nearly word by word.
func (e *evidence) repeats(toks []claimToken, at []placed, u, from, to int) bool {
	var said, rest []claimToken
	for i := range toks {
		if at[i].unit == u {
			said = append(said, toks[i])
		}
	}
	for q := range e.units[u].toks {
		if t := e.units[u].toks[q]; t.end <= from || t.start >= to {
			rest = append(rest, t)
		}
	}
	return len(said) >= 4 && float64(len(commonRun(said, rest))) >= literalShare*float64(len(said))
}

// hasCondition reports whether a statement makes a condition in words of its own.
func hasCondition(toks []claimToken) bool {
	for i := range toks {
		switch toks[i].fold {
		case "se", "qualora", "purche", "salvo", "tranne", "caso":
			return true
		}
	}
	return false
}

// hasException reports whether a statement makes an exception in words of its own.
func hasException(toks []claimToken) bool {
	for i := range toks {
		switch toks[i].fold {
		case "salvo", "tranne", "eccetto", "eccezione":
			return true
		case "meno":
			if i > 0 && i+1 < len(toks) && toks[i-1].fold == "a" && toks[i+1].fold == "che" {
				return true
			}
		}
	}
	return false
}

// savingCue knows the cues that leave other rules standing and take nothing out: "ferma restando", "fatte salve".
func savingCue(text string) bool {
	return strings.HasPrefix(text, "fatt") && !strings.Contains(text, "eccezion") || strings.HasPrefix(text, "ferm") || text == "salve" || text == "salvi" || text == "salva"
}

// savingWords are the roots of clauses that only save other rules: "salvo quanto diversamente disposto dalla legge".
var savingWords = rootSet("disposto disposta disposti previsto prevista previsti stabilito stabilita norma norme normativa normative legge leggi regolamento regolamenti comunali specifiche specifico diversa diverso diverse diversi diversamente disposizione disposizioni articolo articoli comma presente vigente vigenti precedente precedenti quanto altri altre particolari possibile punto punti caso casi necessario necessita opportuno previo sopra cui prova contraria contrario")

func rootSet(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[lexicon.Stem(w)] = true
	}
	return m
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
