package assistant

import (
	"context"
	"fmt"
	"math"

	"golang.org/x/sync/errgroup"

	"sportello/assistant/fault"
)

// How examples are weighed: what they say to a sentence is added up, the more the nearer it is to them in meaning (its vector) and in words. That
// meanings far away say little, whatever their number, is what keeps a subject nobody thought of from being taken for a danger. Of all these
// numbers the figures depend little (ABLATION.md).
const (
	steepness = 3.0 // how fast an example says less with the distance in meaning
	gramShare = 0.7 // of the words, beside 1 for the meaning
	constant  = 0.3 // what all sentences share
	ridge     = 0.3
)

// exampleFlight is how many examples are embedded at once.
const exampleFlight = 3

// Likeness tells what a sentence is by what it is like: ridge regression on examples, of their meaning and
// their words. It is the same for the same examples and model. It is safe for concurrent use.
type Likeness struct {
	Vectors  [][]float32 // of the examples
	Says     [][]float32 // by kind: what each example says
	Words    [][]float32 // by kind, in the order of Table.Grams: what they say by their words
	Constant []float64
	Table    *gramTable
}

// VectorsOf gives the vectors of examples, as questions.
func VectorsOf(ctx context.Context, e Embedder, examples []ScreenExample) ([][]float32, error) {
	vectors := make([][]float32, len(examples))
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(exampleFlight)
	for i, example := range examples {
		group.Go(func() (err error) {
			vectors[i], err = e.EmbedQuery(inner, example.Text)
			return err
		})
	}
	return vectors, group.Wait()
}

// LearnLikeness learns from examples and their vectors, each kind against the rest.
func LearnLikeness(examples []ScreenExample, vectors [][]float32) (*Likeness, error) {
	if len(examples) == 0 || len(examples) != len(vectors) {
		return nil, fault.New(fault.Internal, "%d examples, %d vectors", len(examples), len(vectors))
	}
	for i, v := range vectors {
		if len(v) != len(vectors[0]) {
			return nil, fault.New(fault.Unavailable, "the embedding model gave vectors of different sizes: %d for example %d", len(v), i)
		}
	}
	texts := make([]string, len(examples))
	for i, e := range examples {
		texts[i] = e.Text
	}
	table := newGramTable(texts)
	words := make([][]gramWeight, len(texts))
	for i, t := range texts {
		words[i] = table.weigh(t)
	}
	kinds := learnedKinds()
	wanted := make([][]float64, len(examples))
	for i, e := range examples {
		wanted[i] = make([]float64, len(kinds))
		for k, kind := range kinds {
			wanted[i][k] = -1
			if e.Reason == kind {
				wanted[i][k] = 1
			}
		}
	}
	near := make([][]float64, len(examples)) // the lower half of how alike examples are
	for i := range near {
		near[i] = make([]float64, i+1)
		for j := range near[i] {
			near[i][j] = alike(vectors[i], vectors[j]) + gramShare*dotGrams(words[i], words[j]) + constant
		}
		near[i][i] += ridge
	}
	if err := solve(near, wanted); err != nil {
		return nil, err
	}
	l := &Likeness{Vectors: vectors, Table: table}
	for k := range kinds {
		says, pieces, sum := make([]float32, len(examples)), make([]float64, len(table.Grams)), 0.0
		for i := range examples {
			share := wanted[i][k]
			says[i] = float32(share)
			for _, w := range words[i] {
				pieces[w.gram] += share * gramShare * w.weight
			}
			sum += share * constant
		}
		l.Says, l.Words, l.Constant = append(l.Says, says), append(l.Words, rounded(pieces)), append(l.Constant, sum)
	}
	return l, nil
}

// scores gives how much a sentence is like each kind.
func (l *Likeness) scores(text string, vector []float32) []float64 {
	out := append([]float64(nil), l.Constant...)
	for i, v := range l.Vectors {
		near := alike(vector, v)
		for k := range out {
			out[k] += float64(l.Says[k][i]) * near
		}
	}
	for _, w := range l.Table.weigh(text) {
		for k := range out {
			out[k] += float64(l.Words[k][w.gram]) * w.weight
		}
	}
	return out
}

// Likest gives the reason that a sentence is most like, and by how much more than an ordinary question: below 0 it is more like
// one of those. A vector of another size than that of the examples is fault.Internal.
func (l *Likeness) Likest(text string, vector []float32) (Reason, float64, error) {
	if len(vector) != len(l.Vectors[0]) {
		return "", 0, fault.New(fault.Internal, "a vector of %d numbers, want %d", len(vector), len(l.Vectors[0]))
	}
	scores, best := l.scores(text, vector), 1
	for k := 2; k < len(scores); k++ {
		if scores[k] > scores[best] {
			best = k
		}
	}
	return learnedKinds()[best], scores[best] - scores[0], nil
}

// Opinion gives the reason that a sentence is surely like and the one that it is rather like, "" for none. Errors are those of Likest.
func (l *Likeness) Opinion(text string, vector []float32) (sure, leaning Reason, err error) {
	reason, margin, err := l.Likest(text, vector)
	switch {
	case err != nil || margin < rather:
		return "", "", err
	case margin >= surely[reason]:
		return reason, reason, nil
	}
	return "", reason, nil
}

// sound tells whether what was kept can be used.
func (l *Likeness) sound() bool {
	kinds := len(learnedKinds())
	if l.Table == nil || len(l.Vectors) == 0 || len(l.Says) != kinds || len(l.Words) != kinds || len(l.Constant) != kinds ||
		len(l.Table.Rarity) != len(l.Table.Grams) {
		return false
	}
	for k := range kinds {
		if len(l.Says[k]) != len(l.Vectors) || len(l.Words[k]) != len(l.Table.Grams) {
			return false
		}
	}
	for _, v := range l.Vectors {
		if len(v) != len(l.Vectors[0]) {
			return false
		}
	}
	return true
}

// solve puts the solutions x of a·x = b in the place of b. a is symmetric and positive definite, given by its lower half, and is
// overwritten (Cholesky).
func solve(a, b [][]float64) error {
	for i := range a {
		for j := 0; j <= i; j++ {
			sum := a[i][j]
			ai, aj := a[i][:j], a[j][:j]
			for k, x := range ai {
				sum -= x * aj[k]
			}
			switch {
			case i != j:
				a[i][j] = sum / a[j][j]
			case sum <= 0:
				return fmt.Errorf("example %d makes the equations unsolvable", i)
			default:
				a[i][i] = math.Sqrt(sum)
			}
		}
	}
	for k := range b[0] {
		for i := range a {
			for j := range i {
				b[i][k] -= a[i][j] * b[j][k]
			}
			b[i][k] /= a[i][i]
		}
		for i := len(a) - 1; i >= 0; i-- {
			for j := i + 1; j < len(a); j++ {
				b[i][k] -= a[j][i] * b[j][k]
			}
			b[i][k] /= a[i][i]
		}
	}
	return nil
}

// alike tells how near two meanings are, 0 to 1.
func alike(a, b []float32) float64 {
	var s0, s1, s2, s3 float32 // four at once: the processor adds them side by side
	b = b[:len(a)]
	for len(a) >= 4 {
		x, y := a[:4:4], b[:4:4]
		s0 += x[0] * y[0]
		s1 += x[1] * y[1]
		s2 += x[2] * y[2]
		s3 += x[3] * y[3]
		a, b = a[4:], b[4:]
	}
	for i, x := range a {
		s0 += x * b[i]
	}
	return math.Exp(steepness * (float64(s0+s1+s2+s3) - 1))
}

func rounded(numbers []float64) []float32 {
	out := make([]float32, len(numbers))
	for i, x := range numbers {
		out[i] = float32(x)
	}
	return out
}
