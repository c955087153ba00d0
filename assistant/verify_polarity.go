package assistant

import "strings"

// negator is a word that denies, with what it denies.
type negator struct {
	pos     int  // of the word
	target  int  // the first word after it that claims something, -1 when a figure comes first or nothing does
	by      bool // it denies by its own meaning: "vietato", "esente"
	limited bool // "non oltre": a limit, not a denial
}

var negations = map[string]bool{"non": true, "né": true, "senza": true, "nessun": true, "nessuno": true, "nessuna": true, "mai": true, "neppure": true, "nemmeno": true, "neanche": true}

// auxiliary are the verbs that a negation reaches across: "non può essere richiesto" denies "richiesto".
var auxiliary = wordSetOf("essere sono e sei siamo siete era erano sia siano sara saranno sarebbe fu furono stato stata stati state essendo fosse fossero avere ho hai ha abbiamo hanno aveva abbia abbiano avra avranno dovere deve devi devono debba debbano dovra dovranno devo potere puo puoi possono possa possano potra potranno posso possiamo volere vuole vuoi vogliono andare va vai vanno vada vadano andra venire viene vieni vengono venga vengano verra verranno stare sta stanno fare fa fanno faccia")

func wordSetOf(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// negators finds what denies in a text.
func negators(toks []claimToken) []negator {
	var out []negator
	for i := range toks {
		t := &toks[i]
		switch {
		case t.fact != nil:
		case negations[t.fold]:
			n := negator{pos: i, target: -1}
			n.limited = limits(toks, i)
			for j := i + 1; j < len(toks) && j <= i+6 && toks[j].fact == nil; j++ {
				if toks[j].class == hardWord || toks[j].class == softWord || toks[j].class == lightWord && !auxiliary[toks[j].fold] {
					n.target = j
					break
				}
			}
			out = append(out, n)
		case claimWords.negative[t.fold]:
			out = append(out, negator{pos: i, target: i, by: true})
		}
	}
	return out
}

// limits reports whether the negation at i makes a limit of a comparison: "non oltre", "non sia superiore a".
func limits(toks []claimToken, i int) bool {
	for j := i + 1; j+1 < len(toks) && j <= i+5; j++ {
		if toks[j].fold == "altro" && toks[j+1].fold == "che" { // "non deve fare altro che"
			return true
		}
	}
	for j := i + 1; j < len(toks) && j <= i+3; j++ {
		if comparators[toks[j].fold] {
			return true
		}
		if toks[j].class != lightWord && toks[j].class != functionWord {
			return false
		}
	}
	return false
}

// limited reports whether a negation stands before the comparison at i.
func limited(toks []claimToken, i int) bool {
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		if negations[toks[j].fold] {
			return limits(toks, j)
		}
		if toks[j].class != lightWord && toks[j].class != functionWord {
			return false
		}
	}
	return false
}

// contradicts reports whether a statement affirms what its source denies, or denies what it affirms. Each negation of the
// statement needs one of the source beside the same words, and each of the source beside words that the statement uses
// needs one in the statement; a word that denies by itself ("vietato") does for a negation on either side.
func (e *evidence) contradicts(toks []claimToken, at []placed) bool {
	said := negators(toks)
	answered := map[[2]int]bool{} // negations of the source, by unit and position, that one of the statement stands for
	denied := map[int]bool{}
	for _, n := range said {
		if n.limited {
			continue
		}
		if n.by && at[n.pos].where <= inNeighbor {
			if at[n.pos].where == inUnit && at[n.pos].pos >= 0 {
				answered[[2]int{at[n.pos].unit, at[n.pos].pos}] = true
			}
			continue
		}
		if n.target >= 0 && denied[n.target] { // "non è e non sarà affittato"
			continue
		}
		denied[n.target] = true
		if !e.justified(toks, at, n, answered) {
			return true
		}
	}
	if e.limitsDiffer(toks, at) {
		return true
	}
	free := 0 // denials of the statement in words of its own
	for _, n := range said {
		if n.by && (at[n.pos].where != inUnit || at[n.pos].pos < 0) {
			free++
		}
	}
	for i := range toks {
		if onlyWords[toks[i].fold] {
			free++
		}
	}
	return e.dropsNegation(toks, at, said, answered, free)
}

// justified reports whether the source denies what a negation of the statement denies. What it denies is the word after
// it: where the source has that word, there it must be denied, or a word that denies by itself must stand beside it. Where
// it has not, one of its negations must stand by the words that stand near this one.
func (e *evidence) justified(toks []claimToken, at []placed, n negator, answered map[[2]int]bool) bool {
	if n.target >= 0 && !n.by && at[n.target].where == inUnit && at[n.target].pos >= 0 {
		return e.deniedThere(at[n.target].unit, at[n.target].pos, 1, answered)
	}
	for i := max(0, n.pos-3); i < len(toks) && i <= n.pos+6; i++ {
		if toks[i].weight() < .5 || toks[i].clause < toks[n.pos].clause || toks[i].clause > toks[n.pos].clause+1 {
			continue
		}
		if at[i].where == inUnit && at[i].pos >= 0 && e.deniedThere(at[i].unit, at[i].pos, 2, answered) {
			return true
		}
		for _, l := range e.units[at[i].unit].leads {
			if pos, _ := e.find(&toks[i], e.vocab.kin(&toks[i]), l); pos >= 0 && e.deniedThere(l, pos, 3, answered) {
				return true
			}
			if !e.units[l].heading && n.target >= 0 && at[n.target].where == inLead && e.opensDenying(l, answered) {
				return true
			}
		}
	}
	return false
}

// deniedThere reports whether a negation of unit u that stands for none of the statement yet denies the word at pos or one
// within so many words of it, or a word that denies by itself stands there; then it stands for this one.
func (e *evidence) deniedThere(u, pos, within int, answered map[[2]int]bool) bool {
	toks := e.units[u].toks
	for _, d := range negators(toks) {
		if d.limited || answered[[2]int{u, d.pos}] || d.pos == pos {
			continue
		}
		reached := d.target == pos || d.target >= 0 && absent(toks, d.target, pos) < within
		switch {
		case d.by:
			reached = absent(toks, d.pos, pos) <= within+1
		case toks[d.pos].fold == "senza" && d.pos+1 < len(toks) && toks[d.pos+1].fold == "che":
			reached = d.pos < pos && absent(toks, d.pos, pos) <= 3
		}
		if reached {
			answered[[2]int{u, d.pos}] = true
			return true
		}
	}
	for q := max(0, pos-5); q < pos; q++ {
		if restricts[toks[q].fold] && absent(toks, q, pos) <= within {
			return true
		}
	}
	return false
}

// opensDenying reports whether the sentence that opens a list denies what its points name: "Non sono soggetti:".
func (e *evidence) opensDenying(l int, answered map[[2]int]bool) bool {
	toks := e.units[l].toks
	for _, d := range negators(toks) {
		if !d.limited && !d.by && toks[d.pos].clause >= toks[len(toks)-1].clause {
			answered[[2]int{l, d.pos}] = true
			return true
		}
	}
	return false
}

// absent counts the words that claim something between two places, ends apart.
func absent(toks []claimToken, a, b int) int {
	n := 0
	for i := min(a, b) + 1; i < max(a, b); i++ {
		if toks[i].class == hardWord || toks[i].class == softWord || toks[i].fact != nil {
			n++
		}
	}
	if toks[a].clause != toks[b].clause {
		n += 2
	}
	return n
}

// dropsNegation reports whether the source denies, beside words that the statement uses, and nothing in the statement stands for it.
func (e *evidence) dropsNegation(toks []claimToken, at []placed, said []negator, answered map[[2]int]bool, free int) bool {
	dropped, lost := 0, 0 // negations, and words that deny by themselves: one of each is an affirmation
	opened := map[int]bool{}
	for u, weight := range supportOf(toks, at) {
		unit := &e.units[u]
		if weight >= 1 {
			for _, l := range unit.leads {
				if !opened[l] && e.openingDropped(toks, said, l, answered) {
					opened[l] = true
					lost++
				}
			}
		}
		if weight < 1.5 {
			continue
		}
		for _, d := range negators(unit.toks) {
			if d.limited || answered[[2]int{u, d.pos}] {
				continue
			}
			if deniesToo(toks, said, unit, d) {
				continue
			}
			if d.by {
				if !strings.HasPrefix(unit.toks[d.pos].fold, "mancat") && !used(at, u, d.pos) && besideUsed(toks, at, unit, u, d.pos, 2) {
					lost++
				}
				continue
			}
			within := 1
			if unit.toks[d.pos].fold == "senza" {
				within = 3
			}
			if d.target >= 0 && (used(at, u, d.target) || besideUsed(toks, at, unit, u, d.target, within)) {
				dropped++
			}
		}
	}
	if lost > 0 && dropped > 0 {
		lost, dropped = lost-1, dropped-1
	}
	return dropped+lost > free
}

// openingDropped reports whether the sentence that opens a list denies what its points name ("Non sono soggetti:", "Sono
// esenti:"), and the statement, which rests on a point, denies nothing of the kind.
func (e *evidence) openingDropped(toks []claimToken, said []negator, l int, answered map[[2]int]bool) bool {
	unit := &e.units[l]
	if unit.heading || unit.cells != nil {
		return false
	}
	for _, d := range negators(unit.toks) {
		if d.limited || answered[[2]int{l, d.pos}] || unit.toks[d.pos].clause < unit.toks[len(unit.toks)-1].clause || deniesToo(toks, said, unit, d) {
			continue
		}
		if d.by && saysToken(toks, &unit.toks[d.pos]) {
			continue
		}
		return true
	}
	return false
}

// deniesToo reports whether the statement denies the same word: "non ha locato né intende locare" is one denial.
func deniesToo(toks []claimToken, said []negator, unit *evidenceUnit, d negator) bool {
	for _, n := range said {
		if n.target >= 0 && d.target >= 0 && related(&toks[n.target], &unit.toks[d.target]) {
			return true
		}
	}
	return false
}

// besideUsed reports whether at least two words that the statement takes from a unit stand within reach of a place, in its clause.
func besideUsed(toks []claimToken, at []placed, unit *evidenceUnit, u, pos, within int) bool {
	n := 0
	for i := range at {
		p := at[i]
		if p.unit == u && p.where == inUnit && p.pos >= 0 && toks[i].weight() >= .5 && unit.toks[p.pos].clause == unit.toks[pos].clause && absent(unit.toks, p.pos, pos) <= within {
			n++
		}
	}
	return n >= 2
}

func used(at []placed, unit, pos int) bool {
	for _, p := range at {
		if p.unit == unit && p.where == inUnit && p.pos == pos {
			return true
		}
	}
	return false
}

// limitsDiffer reports whether a figure or a word is bounded from the other side than in the source: "oltre il 90%" for
// "con un massimo del 90%", "superiore" for "non superiore".
func (e *evidence) limitsDiffer(toks []claimToken, at []placed) bool {
	for i := range toks {
		p := at[i]
		if p.where != inUnit || p.unit < 0 {
			continue
		}
		u := &e.units[p.unit]
		if toks[i].fact != nil && p.pos >= 0 {
			a, b := limitBefore(toks, i), limitBefore(u.toks, p.pos)
			if a != noLimit && b != noLimit && a != b {
				return true
			}
			continue
		}
		if !comparators[toks[i].fold] || toks[i].fold == "solo" || toks[i].fold == "soltanto" {
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
		if other && !same {
			return true
		}
	}
	return false
}

// deniesAnything reports whether anything in a text denies or restricts.
func deniesAnything(toks []claimToken) bool {
	for i := range toks {
		if negations[toks[i].fold] || claimWords.negative[toks[i].fold] || restricts[toks[i].fold] {
			return true
		}
	}
	return false
}

// onlyWords say by leaving out what others say by denying: "valgono solo bottiglie" for "non valgono altre".
var onlyWords = map[string]bool{"solo": true, "soltanto": true, "solamente": true, "esclusivamente": true, "unicamente": true, "sola": true, "soli": true, "sole": true}

var restricts = map[string]bool{"solo": true, "soltanto": true, "solamente": true, "esclusivamente": true, "unicamente": true, "basta": true, "sola": true, "soli": true, "sole": true, "salvo": true, "tranne": true}
