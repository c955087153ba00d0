package assistant

// literalShare is how much of a stretch of a statement must stand in a sentence, in order, for it to be read as that sentence repeated: then
// every change is looked at.
const literalShare = .72

// tampered looks at the stretches of a statement that repeat a sentence of the source nearly word by word. There a word
// put in the place of another, a negation put in or left out, an exception left out is no paraphrase. It gives the verdict on the
// first such change, Accepted when there is none.
func (e *evidence) tampered(toks []claimToken, at []placed) Verdict {
	for from := 0; from < len(at); {
		to := from + 1
		for to < len(at) && at[to].unit == at[from].unit {
			to++
		}
		if v := e.tamperedStretch(toks[from:to], at[from:to], &e.units[at[from].unit]); v != Accepted {
			return v
		}
		from = to
	}
	return Accepted
}

func (e *evidence) tamperedStretch(toks []claimToken, at []placed, unit *evidenceUnit) Verdict {
	if len(toks) < 6 {
		return Accepted
	}
	pairs := commonRun(toks, unit.toks)
	if float64(len(pairs)) < literalShare*float64(len(toks)) {
		return Accepted
	}
	i, q := 0, pairs[0][1] // words before the first common one are no change: a sentence may be cut at its start
	for k := 0; k <= len(pairs); k++ {
		toI, toQ := len(toks), len(unit.toks)
		if k < len(pairs) {
			toI, toQ = pairs[k][0], pairs[k][1]
		}
		lost := unit.toks[q:toQ]
		switch { // a sentence may be cut at its start and at its end: only what stood there counts
		case toI == i:
			if k == 0 || k == len(pairs) {
				lost = nil
			}
		case k == 0:
			lost = unit.toks[max(0, toQ-(toI-i)-2):toQ]
		case k == len(pairs) && toks[i].clause != toks[i-1].clause:
			lost = nil
		case k == len(pairs):
			lost = unit.toks[q:min(len(unit.toks), q+(toI-i)+2)]
		}
		v := changed(toks[i:toI], at[i:toI], lost, k == 0)
		if v == Negation && (denies(toks) == denies(unit.toks) || inverted(toks, unit.toks)) { // it only stands in another place: "non si prestano" for "sono escluse dal prestito"
			v = Accepted
		}
		if v == LostException && conditionsIn(toks) >= conditionsIn(unit.toks) {
			v = Accepted
		}
		if v != Accepted {
			return v
		}
		if k < len(pairs) {
			i, q = toI+1, toQ+1
		}
	}
	return Accepted
}

// changed judges one place where a statement and its source differ: said stands where lost stood.
func changed(said []claimToken, at []placed, lost []claimToken, start bool) Verdict {
	if !start && denies(said) != denies(lost) && (len(lost) <= 6 || denies(said)) { // a longer gap leaves out a clause
		return Negation
	}
	if start && denies(said) && !denies(lost) {
		return Negation
	}
	if !start && conditions(lost) && !conditions(said) {
		return LostException
	}
	for i := range said {
		t := &said[i]
		if t.class != hardWord && t.class != softWord || t.fact != nil || softForm(t.fold) || at[i].where == inQuestion || t.class == softWord && at[i].where == inUnit && at[i].pos >= 0 {
			continue
		}
		kin, other := false, false
		for j := range lost {
			if lost[j].fact != nil || lost[j].class == functionWord || lost[j].class == lightWord {
				continue
			}
			if related(t, &lost[j]) {
				kin = true
			} else {
				other = true
			}
		}
		if !kin && other {
			return NotCovered
		}
	}
	return Accepted
}

// inverted reports whether a word says by its prefix what a negation of the statement says: "senza limiti", "illimitate".
func inverted(said, lost []claimToken) bool {
	for i := range said {
		for j := range lost {
			if said[i].denied && lost[j].fact == nil && opposes(&said[i], lost[j].fold) {
				return true
			}
		}
	}
	return false
}

// conditions reports whether a few words open an exception or a condition.
func conditions(toks []claimToken) bool { return conditionsIn(toks) > 0 }

func opensCondition(toks []claimToken, i int) bool {
	switch toks[i].fold {
	case "salvo", "tranne", "eccetto", "eccezione", "esclusione", "purche", "condizione", "qualora", "se", "limitatamente":
		return true
	case "meno": // "a meno che"
		return i+1 < len(toks) && toks[i+1].fold == "che"
	}
	return false
}

func conditionsIn(toks []claimToken) int {
	n := 0
	for i := range toks {
		if opensCondition(toks, i) {
			n++
		}
	}
	return n
}

// denies counts the negations of a few words: an even number denies nothing.
func denies(toks []claimToken) bool {
	n := 0
	for i := range toks {
		if negations[toks[i].fold] && !pleonastic(toks, i) || claimWords.negative[toks[i].fold] {
			n++
		}
	}
	return n%2 == 1
}

// commonRun gives the longest run of tokens that both texts have in the same order, as pairs of positions.
func commonRun(a, b []claimToken) [][2]int {
	n, m := len(a), len(b)
	if n*m > 40000 {
		return nil
	}
	best := make([]int16, (n+1)*(m+1))
	w := m + 1
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if sameToken(&a[i], &b[j]) {
				best[i*w+j] = best[(i+1)*w+j+1] + 1
			} else {
				best[i*w+j] = max(best[(i+1)*w+j], best[i*w+j+1])
			}
		}
	}
	var out [][2]int
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case sameToken(&a[i], &b[j]):
			out = append(out, [2]int{i, j})
			i++
			j++
		case best[(i+1)*w+j] >= best[i*w+j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

func sameToken(a, b *claimToken) bool {
	if a.fact != nil || b.fact != nil {
		return a.fact != nil && b.fact != nil && sameFact(a.fact, b.fact)
	}
	return a.fold == b.fold || a.class != functionWord && b.class != functionWord && a.stem == b.stem
}
