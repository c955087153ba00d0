package contest

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"strings"
	"unicode"
)

// Passage is what an engine is given to hold.
type Passage struct {
	ID     string
	Text   string    // empty when only vectors are asked for
	Vector []float32 // unit length; nil when only words are asked for
}

// Question is what is sought.
type Question struct {
	Text   string
	Vector []float32
}

// Corpus makes passages of any number out of a few real ones.
type Corpus struct {
	Texts   []string    // real passages
	Vectors [][]float32 // of some real passages, in no order; their places among the made ones are drawn
	Seed    uint64
}

const (
	swapped = 0.08 // words of a repeated passage that are drawn from another one
	apart   = 0.55 // how far a made vector lies from a real one: its cosine to it is about .88
)

// Passages gives n passages, the same ones for the same n. Those of words alone have no vector, and the other way round.
func (c *Corpus) Passages(n int, words, vectors bool) iter.Seq[*Passage] {
	return func(yield func(*Passage) bool) {
		text, near := rand.New(rand.NewPCG(c.Seed, 1)), rand.New(rand.NewPCG(c.Seed, 2))
		split := make([][]string, len(c.Texts))
		for i, t := range c.Texts {
			split[i] = strings.Fields(t)
		}
		for i := range n {
			p := &Passage{ID: fmt.Sprintf("%08x-0000-5000-8000-%012d", c.Seed, i)}
			if words {
				p.Text = changed(text, split, i)
			}
			if vectors {
				p.Vector = beside(near, c.Vectors[near.IntN(len(c.Vectors))])
			}
			if !yield(p) {
				return
			}
		}
	}
}

// changed is a real passage with some words of others and other numbers; the first ones are as they are.
func changed(r *rand.Rand, texts [][]string, i int) string {
	if i < len(texts) {
		return strings.Join(texts[i], " ")
	}
	var b strings.Builder
	for _, w := range texts[r.IntN(len(texts))] {
		switch {
		case r.Float64() < swapped:
			other := texts[r.IntN(len(texts))]
			if len(other) > 0 {
				w = other[r.IntN(len(other))]
			}
		case strings.IndexFunc(w, unicode.IsDigit) >= 0:
			w = fmt.Sprint(r.IntN(3000))
		}
		b.WriteString(w)
		b.WriteByte(' ')
	}
	return b.String()
}

// beside is a unit vector near another one. Sums of uniform numbers are normal enough, and cheap.
func beside(r *rand.Rand, v []float32) []float32 {
	out := make([]float32, len(v))
	spread := float32(apart * math.Sqrt(3/float64(len(v)))) // of each number, so that the whole is apart long
	sum := float32(0)
	for i := range out {
		out[i] = v[i] + spread*(2*r.Float32()-1)
		sum += out[i] * out[i]
	}
	for i := range out {
		out[i] /= float32(math.Sqrt(float64(sum)))
	}
	return out
}

// MadeVectors are directions drawn by chance, for when no model gives real ones.
func MadeVectors(n, dim int, seed uint64) [][]float32 {
	r := rand.New(rand.NewPCG(seed, 3))
	out := make([][]float32, n)
	for i := range out {
		out[i] = beside(r, make([]float32, dim))
	}
	return out
}
