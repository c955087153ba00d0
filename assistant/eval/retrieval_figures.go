package eval

import (
	"slices"
	"time"
)

// Recall is the share of questions whose passage is among the first 1, 5 and 10, by "1", "5", "10".
type Recall map[string]float64

// RetrievalFigures are those of one way of searching.
type RetrievalFigures struct {
	Recall Recall  `json:"recall"`
	MRR    float64 `json:"mrr"` // mean of 1/rank within the first ten
}

// RetrievalRow is what was measured for one file of questions. Legs holds the figures of each leg alone ("words", "dense"), so that
// fusion can be compared with its better leg. A file of unanswerable questions has no recall; TopScore says how high the best
// passage scores all the same.
type RetrievalRow struct {
	File      string `json:"file"`
	Questions int    `json:"questions"`
	RetrievalFigures
	Legs     map[string]RetrievalFigures `json:"legs,omitempty"`
	TopScore *Spread                     `json:"top_score,omitempty"`
	TopNear  *Spread                     `json:"top_near,omitempty"`
	P50      float64                     `json:"p50_ms"` // of a whole search, the embedding of the question included
	P95      float64                     `json:"p95_ms"`
	Asked    []Asked                     `json:"-"`
}

// Asked is what became of one question. Ranks are from 1; 0: not among the first ten.
type Asked struct {
	RetrievalQuestion
	Rank, Words, Dense int     // of its passage: fused, by words alone, by meaning alone
	Confidence         float64 // that the passages answer, as an answer's
	Score, Near        float64 // fused score of the best passage; closeness of the nearest
}

// Spread is the tenth, the middle and the ninetieth of a hundred.
type Spread struct {
	P10 float64 `json:"p10"`
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
}

// rank is the place of want among the distinct ids, from 1; 0: not among the first ten.
func rank(ids []string, want string) int {
	var distinct []string
	for _, id := range ids {
		if slices.Contains(distinct, id) {
			continue
		}
		distinct = append(distinct, id)
		if id == want {
			return len(distinct)
		}
		if len(distinct) == 10 {
			return 0
		}
	}
	return 0
}

func figuresOf(asked []Asked, rank func(Asked) int) RetrievalFigures {
	f := RetrievalFigures{Recall: Recall{}}
	for name, k := range cutoffs {
		f.Recall[name] = recallOf(asked, rank, k).Value()
	}
	for _, a := range asked {
		if r := rank(a); r > 0 {
			f.MRR += 1 / float64(r) / float64(len(asked))
		}
	}
	return f
}

func recallOf(asked []Asked, rank func(Asked) int, k int) Share {
	return shareOf(asked, func(a Asked) bool { return rank(a) > 0 && rank(a) <= k })
}

func fusedRank(a Asked) int { return a.Rank }
func wordsRank(a Asked) int { return a.Words }
func denseRank(a Asked) int { return a.Dense }

func byConfidence(a Asked) float64 { return a.Confidence }
func byScore(a Asked) float64      { return a.Score }
func byNear(a Asked) float64       { return a.Near }

func valuesOf(asked []Asked, value func(Asked) float64) []float64 {
	out := make([]float64, len(asked))
	for i, a := range asked {
		out[i] = value(a)
	}
	return out
}

func spread(values []float64) *Spread {
	return &Spread{P10: percentile(values, 10), P50: percentile(values, 50), P90: percentile(values, 90)}
}

// percentile sorts values and gives the one that p of a hundred do not exceed, 0 when there are none.
func percentile(values []float64, p int) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[min(len(values)*p/100, len(values)-1)]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
