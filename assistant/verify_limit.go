package assistant

import "sportello/assistant/lexicon"

// limit says on which side a figure bounds: "entro", "fino a", "non oltre" above; "almeno", "oltre", "non inferiore a" below.
type limit int8

const (
	noLimit limit = iota
	atMost
	atLeast
)

var limitWords = map[string]limit{
	"massimo": atMost, "massima": atMost, "massimi": atMost, "fino": atMost, "sino": atMost, "entro": atMost, "inferiore": atMost, "inferiori": atMost, "meno": atMost, "sotto": atMost, "tetto": atMost, "minori": atMost,
	"minimo": atLeast, "minima": atLeast, "almeno": atLeast, "oltre": atLeast, "superiore": atLeast, "superiori": atLeast, "piu": atLeast, "sopra": atLeast, "maggiori": atLeast, "dopo": atLeast,
}

// limitBefore reads the limit in the four words before a figure.
func limitBefore(toks []claimToken, i int) limit {
	if toks[i].fact.Kind == lexicon.DateFact && i > 0 && (toks[i-1].fold == "dal" || toks[i-1].fold == "dall") {
		return atLeast
	}
	for j := i - 1; j >= 0 && j >= i-4; j-- {
		if toks[j].fact != nil {
			return noLimit
		}
		l, ok := limitWords[toks[j].fold]
		if !ok {
			continue
		}
		if limited(toks, j) {
			return atMost + atLeast - l
		}
		return l
	}
	return noLimit
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
