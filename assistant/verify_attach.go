package assistant

// misjoined reports whether a noun of a statement has another adjective than in its source ("suolo privato" for "suolo
// pubblico"), or the same pair of words twice where the source has it once ("quota fissa e quota fissa").
func (e *evidence) misjoined(toks []claimToken, at []placed) bool {
	pairs := map[string]int{}
	for i := 1; i < len(toks); i++ {
		noun, adjective := &toks[i-1], &toks[i]
		if !adjective.adjoined || noun.fact != nil || adjective.fact != nil || noun.class != hardWord || adjective.class != hardWord {
			continue
		}
		u := &e.units[at[i-1].unit]
		pair := noun.stem + " " + adjective.stem
		pairs[pair]++
		if pairs[pair] > 1 && len(u.roots[adjective.stem]) < pairs[pair] {
			return true
		}
		if at[i-1].where != inUnit || at[i-1].pos < 0 {
			continue
		}
		joined, other := false, false
		for q := range u.toks {
			if u.toks[q].fact != nil || !related(noun, &u.toks[q]) {
				continue
			}
			for r := q + 1; r < len(u.toks) && r <= q+4; r++ {
				if u.toks[r].fact == nil && related(adjective, &u.toks[r]) {
					joined = true
				}
			}
			if q+1 < len(u.toks) && u.toks[q+1].adjoined && u.toks[q+1].class == hardWord && u.toks[q+1].fact == nil {
				other = true
			}
		}
		if other && !joined && (at[i].where != inUnit || at[i].pos < 0) {
			return true
		}
	}
	return false
}

// misattached reports whether a word that qualifies another in a statement ("carrabili", "di famiglia", "del medico") always
// qualifies something else in the sentence it rests on, or a figure ("metà della") is of something else.
func (e *evidence) misattached(toks []claimToken, at []placed) bool {
	for i := range toks {
		h := headOf(toks, i)
		if h < 0 || at[i].where != inUnit || at[i].pos < 0 {
			continue
		}
		head, u := &toks[h], &e.units[at[i].unit]
		if head.fact != nil || head.class != hardWord || !part(head) && at[h].where != nowhere || at[h].unit == at[i].unit && at[h].where == inUnit && !adjacentOnly(toks, i) && (!verbal(u.toks, at[h].pos) || at[h].kin == 1) {
			continue
		}
		kin, other := false, false
		for q := range u.toks {
			if u.toks[q].fact != nil || !related(&toks[i], &u.toks[q]) {
				continue
			}
			switch g := headOf(u.toks, q); {
			case g < 0 || head.stem == u.toks[g].stem || related(head, &u.toks[g]) && !verbal(u.toks, g):
				kin = true
			case part(&u.toks[g]):
				other = true
			}
		}
		if other && !kin {
			return true
		}
	}
	return false
}

// part reports whether a word is one of those that rules part from others.
func part(t *claimToken) bool { return claimWords.role[t.stem] || claimWords.category[t.stem] }

// adjacentOnly reports whether token i follows its head without a preposition: an adjective.
func adjacentOnly(toks []claimToken, i int) bool { return toks[i].adjoined && headOf(toks, i) == i-1 }

// headOf gives the noun that token i qualifies: the one right before it, or before "di" or the like; -1 when there is none.
func headOf(toks []claimToken, i int) int {
	t := &toks[i]
	if t.fact != nil || t.class != hardWord {
		return -1
	}
	j := i - 1
	if j >= 0 && ofWords[toks[j].fold] && t.clause == toks[j].clause {
		j--
	} else if !t.adjoined {
		return -1
	}
	if j < 0 || toks[j].clause != t.clause || toks[j].fact != nil || toks[j].class == functionWord || toks[j].class == lightWord {
		return -1
	}
	return j
}

var ofWords = wordSetOf("di del dello dell della dei degli delle")

// verbal reports whether a token of the source stands where a verb does: "i loculi sono concessi".
func verbal(toks []claimToken, i int) bool {
	return i > 0 && (auxiliary[toks[i-1].fold] || beforeVerb[toks[i-1].fold])
}

// doubled reports whether a thing that rules part from others rests on a word of the source that another word of the statement rests
// on, too: "le riduzioni sono ridotte del 70%" where the source has "tende (riduzione del 70%)".
func (e *evidence) doubled(toks []claimToken, at []placed) bool {
	for i := range toks {
		t, p := &toks[i], at[i]
		if i == 0 || t.fact != nil || !claimWords.sorts[t.fold] || verbal(toks, i) || p.where > inLead || !e.opensClause(toks, at, i) {
			continue
		}
		for j := range toks {
			if j == i || toks[j].fold == t.fold || at[j].where != p.where || at[j].unit != p.unit || !related(t, &toks[j]) || toks[j].weight() < .5 {
				continue
			}
			if p.where == inUnit && at[j].pos == p.pos || p.where == inLead && !e.twiceInLeads(t, p.unit) {
				return true
			}
		}
	}
	return false
}

// twiceInLeads reports whether what a unit is read with has two words that are kin to a token.
func (e *evidence) twiceInLeads(t *claimToken, unit int) bool {
	n := 0
	for _, l := range e.units[unit].leads {
		for q := range e.units[l].toks {
			if e.units[l].toks[q].fact == nil && related(t, &e.units[l].toks[q]) {
				n++
			}
		}
	}
	return n >= 2
}
