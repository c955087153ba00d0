package assistant

// contradicts reports whether a statement affirms what its source denies, or denies what it affirms.
//
// Word by word: a word that a negation governs must be governed by one in the source too. What a statement denies with
// words that the source does not have (it says "vietato" where the source says "non è consentito") needs something that
// denies in the source's sentence; and a negation of the source near the words used needs something that denies in the statement.
func (e *evidence) contradicts(toks []claimToken, at []placed) bool {
	for i := range toks {
		t, p := &toks[i], at[i]
		if t.fact != nil || t.class == functionWord {
			continue
		}
		if p.where == inUnit && p.pos >= 0 {
			s := &e.units[p.unit].toks[p.pos]
			if t.denied != s.denied && !e.balanced(toks, at, i) {
				return true
			}
			continue
		}
		if t.denied && !e.unitDenies(p.unit) {
			return true
		}
	}
	return e.dropsNegation(toks, at)
}

// balanced reports whether a word denied on one side only is made up for by another way of denying on the other: "non
// possono essere accettate" and "sono inammissibili", "non si applica" and "è esclusa".
func (e *evidence) balanced(toks []claimToken, at []placed, i int) bool {
	p := at[i]
	if toks[i].denied { // the statement denies: the source's clause must have a word that denies and that the statement lacks
		u := &e.units[p.unit]
		clause := u.toks[p.pos].clause
		for q := range u.toks {
			s := &u.toks[q]
			if s.clause == clause && claimWords.negative[s.fold] && !used(at, p.unit, q) {
				return true
			}
		}
		// or the negation is on the verb before: "non è ammesso usare", "non possono essere usati"
		return e.denialBeside(u.toks, p.pos) && !e.denialIsUsed(toks, at, p.unit, p.pos, i)
	}
	clause := toks[i].clause
	for j := range toks {
		if toks[j].clause == clause && j != i && (claimWords.negative[toks[j].fold] && (at[j].where != inUnit || at[j].pos < 0) || toks[j].denied && (at[j].where != inUnit || at[j].pos < 0 || !e.units[at[j].unit].toks[at[j].pos].denied)) {
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

// denialBeside reports whether a word within three places in the same clause is denied.
func (e *evidence) denialBeside(toks []claimToken, pos int) bool {
	for q := max(0, pos-3); q < len(toks) && q <= pos+3; q++ {
		if q != pos && toks[q].denied && toks[q].clause == toks[pos].clause {
			return true
		}
	}
	return false
}

// denialIsUsed reports whether the denied word beside pos is itself the place of a word that the statement denies.
func (e *evidence) denialIsUsed(toks []claimToken, at []placed, unit, pos, except int) bool {
	for j := range toks {
		if j == except || at[j].unit != unit || at[j].where != inUnit || at[j].pos < 0 {
			continue
		}
		d := at[j].pos - pos
		if d >= -3 && d <= 3 && e.units[unit].toks[at[j].pos].denied && toks[j].denied {
			return true
		}
	}
	return false
}

// unitDenies reports whether anything in a unit or in what opens it denies or restricts.
func (e *evidence) unitDenies(u int) bool {
	if deniesAnything(e.units[u].toks) {
		return true
	}
	for _, l := range e.units[u].leads {
		if deniesAnything(e.units[l].toks) {
			return true
		}
	}
	return false
}

func deniesAnything(toks []claimToken) bool {
	for i := range toks {
		if toks[i].denied || claimWords.negative[toks[i].fold] || restricts[toks[i].fold] {
			return true
		}
	}
	return false
}

var restricts = map[string]bool{"solo": true, "soltanto": true, "solamente": true, "esclusivamente": true, "unicamente": true, "basta": true, "massimo": true, "sola": true, "soli": true, "nessun": true, "nessuno": true, "nessuna": true, "senza": true, "salvo": true, "tranne": true}

// dropsNegation reports whether the source denies a word that the statement does not use, beside words that it does use,
// and nothing in the statement denies.
func (e *evidence) dropsNegation(toks []claimToken, at []placed) bool {
	if deniesAnything(toks) {
		return false
	}
	for i := range at {
		p := at[i]
		if p.where != inUnit || p.pos < 0 || toks[i].weight() < .5 {
			continue
		}
		u := &e.units[p.unit]
		for q := max(0, p.pos-3); q < len(u.toks) && q <= p.pos+3; q++ {
			if u.toks[q].denied && u.toks[q].clause == u.toks[p.pos].clause && !used(at, p.unit, q) {
				return true
			}
		}
	}
	return false
}
