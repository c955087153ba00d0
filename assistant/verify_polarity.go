package assistant

import (
	"strings"

	"sportello/assistant/lexicon"
)

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

// affirmed counts what a statement affirms although the title, the opening of the list or the sentence beside denies it, and
// conditions that turn an exception round: "se è previsto altro" for "salvo che sia previsto altro".
func (e *evidence) affirmed(toks []claimToken, at []placed) int {
	n := 0
	for i := range toks {
		t, where := &toks[i], at[i].where
		if t.denied && claimWords.negative[t.fold] && where >= inLead && where <= inNeighbor {
			n++
		}
		if !t.denied && where == inContext && e.titleDenies(e.units[at[i].unit].passage, t) {
			n++
		}
	}
	parts := partsOf(toks)
	for i := range toks {
		if toks[i].fold != "se" && toks[i].fold != "qualora" {
			continue
		}
		bare := true
		for j := i; j < len(toks) && parts[j] == parts[i]; j++ {
			bare = bare && !negations[toks[j].fold] && toks[j].weight() < .5
		}
		if bare && e.excepts(at) {
			n++
		}
	}
	return n
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

// bare reports whether a negator of the source stands in a condition that only points back: "se non lo è".
func (e *evidence) bare(d *sourceNegator) bool {
	if !d.ifs || d.by {
		return false
	}
	toks := e.units[d.unit].toks
	for q := d.from; q < d.to; q++ {
		if q != d.pos && toks[q].weight() >= .5 {
			return false
		}
	}
	return true
}

// consequent reports whether a statement takes something from what a source says after a bare condition.
func (e *evidence) consequent(toks []claimToken, at []placed, d *sourceNegator) bool {
	have := 0.0
	for i, p := range at {
		if p.unit == d.unit && p.where == inUnit && p.pos >= d.to {
			have += toks[i].weight()
		}
	}
	return have >= 1
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

// dropped counts the negators of the source, beside what the statement says, that nothing in it stands for. Two of one sentence
// undo each other, and "solo" leaves out what another would deny.
func (e *evidence) dropped(toks []claimToken, at []placed, source []*sourceNegator) int {
	lost := map[int]int{}
	for _, d := range source {
		if d.paired {
			continue
		}
		u := &e.units[d.unit]
		switch {
		case d.opens, e.bare(d) && e.consequent(toks, at, d):
			lost[d.unit]++
		case d.by && undoes(toks, at, d):
			lost[d.unit]++
		case d.by && (used(at, d.unit, d.pos) || strings.HasPrefix(u.toks[d.pos].fold, "mancat")):
		case !d.by && d.target >= 0 && used(at, d.unit, d.target), e.speaks(toks, at, d, 0, len(toks)):
			if !saysOnly(toks, at, d) && !(d.ifs && obliges(toks) && threatens(source, d)) {
				lost[d.unit]++
			}
		}
	}
	n := 0
	for _, k := range lost {
		n += k % 2
	}
	return n
}

// saysOnly reports whether the statement has "solo" beside what a negator of the source speaks of.
func saysOnly(toks []claimToken, at []placed, d *sourceNegator) bool {
	parts := partsOf(toks)
	for i := range toks {
		if !onlyWords[toks[i].fold] {
			continue
		}
		for j, p := range at {
			if parts[j] == parts[i] && p.unit == d.unit && p.where == inUnit && p.pos >= d.from && p.pos < d.to && toks[j].weight() >= .5 {
				return true
			}
		}
	}
	return false
}

// obliges reports whether a statement says what must be done, threatens whether the source says what one loses by not doing
// it: "si decade qualora non si inizi entro sei mesi" is "si deve iniziare entro sei mesi".
func obliges(toks []claimToken) bool {
	for i := range toks {
		if obligation[toks[i].fold] {
			return true
		}
	}
	return false
}

var obligation = wordSetOf("deve devi devono va vanno bisogna occorre obbligo obbligatorio")

func threatens(source []*sourceNegator, d *sourceNegator) bool {
	for _, o := range source {
		if o.unit == d.unit && o.by && !o.ifs && !o.paired {
			return true
		}
	}
	return false
}

// undoes reports whether the statement has the word that denies, but denies it: "non è gratis".
func undoes(toks []claimToken, at []placed, d *sourceNegator) bool {
	for i, p := range at {
		if p.unit == d.unit && p.where == inUnit && p.pos == d.pos && claimWords.negative[toks[i].fold] {
			return true
		}
	}
	return false
}

func used(at []placed, unit, pos int) bool {
	for _, p := range at {
		if p.unit == unit && p.where == inUnit && p.pos == pos {
			return true
		}
	}
	return false
}

// limitsDiffer counts the figures and words that are bounded from the other side than in the source: "oltre il 90%" for
// "con un massimo del 90%", "superiore" for "non superiore".
func (e *evidence) limitsDiffer(toks []claimToken, at []placed) int {
	n := 0
	for i := range toks {
		p := at[i]
		if p.where != inUnit || p.unit < 0 {
			continue
		}
		u := &e.units[p.unit]
		if toks[i].fact != nil && p.pos >= 0 {
			a, b := limitBefore(toks, i), limitBefore(u.toks, p.pos)
			if a != noLimit && b != noLimit && a != b {
				n++
			}
			continue
		}
		if !comparators[toks[i].fold] || onlyWords[toks[i].fold] {
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
		if other && !same && (i+1 >= len(toks) || toks[i+1].fact == nil && (i+2 >= len(toks) || toks[i+2].fact == nil)) {
			n++
		}
	}
	return n
}
