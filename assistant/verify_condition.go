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
			if e.restsInside(toks, at, u, from, to) || !e.restsBeside(toks, at, u, from, to, text) {
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
		if c.Kind == lexicon.ConditionCue || c.Kind == lexicon.ExceptionCue && !u.asserts(c) {
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

// asserts reports whether a cue is what its sentence says: "sono esclusi gli usi…".
func (u *evidenceUnit) asserts(c lexicon.Cue) bool {
	if !strings.HasPrefix(c.Text, "esclus") {
		return false
	}
	for i := 1; i < len(u.toks); i++ {
		if u.toks[i].start == c.Start {
			return auxiliary[u.toks[i-1].fold]
		}
	}
	return false
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
	if c.Text == onRequest {
		word := strings.TrimLeft(rest, " ")
		return c.Start, len(text) - len(word) + len(word[:max(0, strings.IndexAny(word+" ", " ,.;"))])
	}
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

// restsBeside reports whether the statement takes something from the sentence's part that the condition belongs to: a
// semicolon parts what a condition is of.
func (e *evidence) restsBeside(toks []claimToken, at []placed, u, from, to int, text string) bool {
	for i := range at {
		if at[i].unit == u && at[i].where == inUnit && at[i].pos >= 0 && toks[i].weight() >= .5 {
			t := &e.units[u].toks[at[i].pos]
			if t.end <= from && !strings.Contains(text[t.end:from], ";") || t.start >= to && !strings.Contains(text[to:t.start], ";") {
				return true
			}
		}
	}
	return false
}

// strictConditions are the conditions that no paraphrase leaves out.
var strictConditions = map[string]bool{"purche": true, "a condizione che": true, "a condizione": true, "solo se": true, "soltanto se": true, "sempre che": true, "sempreche": true, "a patto che": true, "solo quando": true, "solo qualora": true}

// binds knows the conditions that make a rule depend on something; "in caso di" and the like say when it is looked at, which
// the asker's case often gives.
func binds(text string) bool {
	return text == "se" || text == "qualora" || text == "laddove" || text == "limitatamente" || text == onRequest
}
