package assistant

import "sportello/assistant/lexicon"

// A statement may deny in other words than its source ("non si presta" for "è escluso dal prestito"), but it denies when
// the source does. So negators of both sides are paired: first those that deny the same word, then those of sentences that
// speak of the same. What is left over on one side is a negation put in or left out; two left over on one side undo each other.

// sourceNegator is a negator of a unit that a statement rests on.
type sourceNegator struct {
	negator
	unit   int
	opens  bool // it stands in the sentence that opens the list of the unit
	paired bool
}

// contradicts reports whether a statement affirms what its source denies, or denies what it affirms.
func (e *evidence) contradicts(toks []claimToken, at []placed) bool {
	source := e.sourceNegators(toks, at)
	var free []negator
	for _, n := range negators(toks) {
		if n.limited || e.mixed(toks, n) {
			if !n.limited {
				return true
			}
			continue
		}
		if !e.pairWord(toks, at, n, source) {
			free = append(free, n)
		}
	}
	left := 0
	for _, n := range free {
		if !e.pairClause(toks, at, n, source) && !e.restrictedThere(toks, at, n) {
			left++
		}
	}
	left += e.affirmed(toks, at)
	dropped := e.dropped(toks, at, source)
	if e.limitsDiffer(toks, at) > 0 { // "vietato a meno di 100 metri" is "ad almeno 100 metri"
		return left > 0 || dropped != 1
	}
	return left > 0 || dropped > 0
}

// mixed reports whether a negation is put to one of two verbs that share what they say: "è e non sarà affittato".
func (e *evidence) mixed(toks []claimToken, n negator) bool {
	if n.by || toks[n.pos].fold != "non" || n.target < 0 {
		return false
	}
	if n.pos >= 2 && toks[n.pos-1].fold == "e" && auxiliary[toks[n.pos-2].fold] && (n.pos < 3 || toks[n.pos-3].fold != "non") && auxiliary[toks[n.pos+1].fold] {
		return true
	}
	for j := n.pos + 1; j+2 <= n.target; j++ {
		if toks[j].fold == "e" && auxiliary[toks[j-1].fold] && auxiliary[toks[j+1].fold] {
			return true
		}
	}
	return false
}

// sourceNegators gathers the negators of the units that a statement rests on and of the sentences that open their lists.
func (e *evidence) sourceNegators(toks []claimToken, at []placed) []*sourceNegator {
	var out []*sourceNegator
	opened := map[int]bool{}
	for u, weight := range supportOf(toks, at) {
		for _, n := range negators(e.units[u].toks) {
			if !n.limited {
				out = append(out, &sourceNegator{negator: n, unit: u})
			}
		}
		if weight < 1 {
			continue
		}
		for _, l := range e.units[u].leads {
			lead := &e.units[l]
			if lead.heading || lead.cells != nil || opened[l] {
				continue
			}
			opened[l] = true
			for _, n := range negators(lead.toks) {
				if !n.limited {
					out = append(out, &sourceNegator{negator: n, unit: l, opens: lead.toks[n.pos].clause >= lead.toks[len(lead.toks)-1].clause})
				}
			}
		}
	}
	return out
}

// pairWord pairs a negator of a statement with those of the source that deny the same word.
func (e *evidence) pairWord(toks []claimToken, at []placed, n negator, source []*sourceNegator) bool {
	if n.target < 0 {
		return false
	}
	t, p := &toks[n.target], at[n.target]
	found := false
	for _, d := range source {
		u := &e.units[d.unit]
		same := d.target >= 0 && related(t, &u.toks[d.target])
		if !same && p.where == inUnit && p.pos >= 0 && p.unit == d.unit {
			same = d.target >= 0 && !d.by && absent(u.toks, d.target, p.pos) < 1 || d.by && !n.by && absent(u.toks, d.pos, p.pos) <= 1
		}
		if same && !(d.paired && found) {
			d.paired, found = true, true
		}
	}
	if found {
		return true
	}
	switch {
	case p.where == inLead && e.leadDenies(p.unit, t):
		return true
	case n.by && p.where == inUnit && p.pos >= 0:
		return !e.units[p.unit].toks[p.pos].denied
	case n.by: // the word is in the title, or beside
		return p.where > inUnit && p.where <= inNeighbor
	case p.where == inUnit && p.pos >= 0 && opposes(t, e.units[p.unit].toks[p.pos].fold):
		return true
	case p.where == inContext:
		return e.titleDenies(e.units[p.unit].passage, t)
	}
	return false
}

// leadDenies reports whether the header of a table denies a word: "soggetti diversi dai proprietari".
func (e *evidence) leadDenies(unit int, t *claimToken) bool {
	for _, l := range e.units[unit].leads {
		lead := &e.units[l]
		for q := range lead.toks {
			if lead.cells != nil && lead.toks[q].denied && related(&lead.toks[q], t) {
				return true
			}
		}
	}
	return false
}

// titleDenies reports whether the title of a passage denies a word: "altri soggetti non consumatori".
func (e *evidence) titleDenies(passage int, t *claimToken) bool {
	toks := e.heads[passage]
	for i := range toks {
		if toks[i].denied && related(&toks[i], t) {
			return true
		}
	}
	return false
}

// pairClause pairs a negator of a statement with one of the source that speaks of the same things.
func (e *evidence) pairClause(toks []claimToken, at []placed, n negator, source []*sourceNegator) bool {
	from, to, found := n.from, n.to, false
	for i := from; i < to; i++ {
		found = found || i != n.pos && at[i].where == inUnit && at[i].pos >= 0 && toks[i].weight() >= .5
	}
	if !found || n.target >= 0 && toks[n.target].class == lightWord && at[n.target].where > inLead { // "non vale per chi…": the rest of the statement tells of what
		from, to = 0, len(toks)
	}
	for _, d := range source {
		if !d.paired && (d.opens && !n.ifs && !n.noun || e.speaks(toks, at, d, from, to) || n.ifs && d.ifs && (!found || e.bare(d))) {
			d.paired = true
			return true
		}
	}
	return n.ifs && !n.by && !found && e.excepts(at) // "se non è previsto altro" is "salvo diversa disposizione"
}

// excepts reports whether a sentence that a statement rests on has an exception.
func (e *evidence) excepts(at []placed) bool {
	for _, p := range at {
		if p.where == inUnit && p.pos >= 0 {
			u := &e.units[p.unit]
			for _, c := range lexicon.Cues(e.passages[u.passage].Text[u.start:u.end]) {
				if c.Kind == lexicon.ExceptionCue {
					return true
				}
			}
		}
	}
	return false
}

// speaks reports whether the tokens from..to of a statement take from the source most of what a negator speaks of there.
func (e *evidence) speaks(toks []claimToken, at []placed, d *sourceNegator, from, to int) bool {
	u := &e.units[d.unit]
	have, all := 0.0, 0.0
	for q := d.from; q < d.to; q++ {
		if q == d.target && !d.by || q == d.pos || u.toks[q].weight() < .5 {
			continue
		}
		all += u.toks[q].weight()
		for i := from; i < to; i++ {
			if p := at[i]; p.unit == d.unit && p.where == inUnit && p.pos == q && toks[i].weight() >= .5 {
				have += u.toks[q].weight()
				break
			}
		}
	}
	return have >= 1 && have*2 >= all || have >= 2 && have*3 >= all
}

// restrictedThere reports whether the source says "solo" or the like where the statement denies.
func (e *evidence) restrictedThere(toks []claimToken, at []placed, n negator) bool {
	for i := n.from; i < n.to; i++ {
		if at[i].where != inUnit || at[i].pos < 0 || toks[i].weight() < .5 {
			continue
		}
		u := &e.units[at[i].unit]
		for q := max(0, at[i].pos-5); q < at[i].pos; q++ {
			if restricts[u.toks[q].fold] && absent(u.toks, q, at[i].pos) <= 1 {
				return true
			}
		}
	}
	return false
}
