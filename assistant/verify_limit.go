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
