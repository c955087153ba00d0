package assistant

import (
	"strings"

	"sportello/assistant/lexicon"
)

// losesException reports whether a sentence that the statement rests on has an exception or a condition that the statement
// leaves out. What the statement says of it, even in part, keeps it; of a condition ("qualora", "in caso di") also what the
// asker said of himself. A statement that repeats the rest of the sentence word by word may leave out neither.
func (e *evidence) losesException(toks []claimToken, at []placed) bool {
	if e.losesWho(toks, at) {
		return true
	}
	for u, weight := range supportOf(toks, at) {
		unit := &e.units[u]
		if weight < 2 && (len(unit.leads) == 0 || weight < 1) {
			continue
		}
		text := e.passages[unit.passage].Text[unit.start:unit.end]
		kept := 0 // end of the last condition that the statement has
		for _, c := range unit.conditionsOf(text) {
			from, to := conditionSpan(text, c)
			if e.restsInside(toks, at, u, from, to) || !e.restsBeside(toks, at, u, from, to) {
				continue
			}
			if c.Start < kept { // "salvo proroga nei casi di necessità": one exception
				continue
			}
			if !e.kept(toks, at, u, c, from, to) {
				return true
			}
			if c.Kind == lexicon.ExceptionCue || strictConditions[c.Text] {
				kept = to
			}
		}
	}
	return false
}

// losesWho reports whether a statement says that something is free or exempt and leaves out for whom.
func (e *evidence) losesWho(toks []claimToken, at []placed) bool {
	for i := range toks {
		p := at[i]
		if !freeWords[toks[i].fold] || p.where != inUnit || p.pos < 0 {
			continue
		}
		src := e.units[p.unit].toks
		if p.pos+1 >= len(src) || !forWords[src[p.pos+1].fold] {
			continue
		}
		who, said := 0, false
		for q := p.pos + 1; q < len(src) && src[q].clause == src[p.pos].clause && src[q].fact == nil; q++ {
			if src[q].weight() >= 1 {
				who++
				said = said || saysToken(toks, &src[q]) || saysToken(e.asked, &src[q])
			}
		}
		if who > 0 && !said {
			return true
		}
	}
	return false
}

var (
	freeWords = wordSetOf("gratuito gratuita gratuiti gratuite gratis esente esenti esonerato esonerata esonerati esonerate")
	forWords  = wordSetOf("per ai agli alle al allo alla")
)

// conditionsOf finds the conditions and exceptions of a unit in their order.
func (u *evidenceUnit) conditionsOf(text string) []lexicon.Cue {
	var out []lexicon.Cue
	for _, c := range lexicon.Cues(text) {
		if c.Kind == lexicon.ExceptionCue || c.Kind == lexicon.ConditionCue {
			out = append(out, c)
		}
	}
	for i := 0; i+2 < len(u.toks); i++ {
		a, b, c := &u.toks[i], &u.toks[i+1], &u.toks[i+2]
		switch {
		case (a.fold == "su" || a.fold == "a") && a.clause == b.clause && (b.fold == "richiesta" || b.fold == "domanda" || b.fold == "istanza"):
			out = append(out, lexicon.Cue{Kind: lexicon.ConditionCue, Text: onRequest, Start: a.start, End: a.end})
		case a.fold == "in" && pointing[b.fold] && (c.fold == "caso" || c.fold == "casi"):
			out = append(out, lexicon.Cue{Kind: lexicon.ConditionCue, Text: inThatCase, Start: a.start, End: c.end})
		}
	}
	return out
}

const (
	onRequest  = "su richiesta"
	inThatCase = "in tal caso"
)

var pointing = wordSetOf("tal tale tali questo questi quel quei")

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

// conditionSpan gives the bytes of a condition: from its cue to the end of the sentence, or to the first comma after four words when the
// sentence goes on after it.
func conditionSpan(text string, c lexicon.Cue) (from, to int) {
	if c.Text == inThatCase {
		return c.Start, c.End
	}
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
			if words >= 3 || words >= 1 && c.Kind == lexicon.ConditionCue {
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

// strictConditions are the conditions that no paraphrase leaves out.
var strictConditions = map[string]bool{"purche": true, "a condizione che": true, "a condizione": true, "solo se": true, "soltanto se": true, "sempre che": true, "sempreche": true, "a patto che": true, "solo quando": true, "solo qualora": true}

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

// binds knows the conditions that make a rule depend on something; "in caso di" and the like say when it is looked at, which
// the asker's case often gives.
func binds(text string) bool {
	return text == "se" || text == "qualora" || text == "laddove" || text == "limitatamente" || text == onRequest
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
