package index

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"sportello/assistant"
	"sportello/ingest"
)

func TestDotRows(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, width := range []int{32, 64, 384, 1024, 4096} {
		limit := min(math.MaxInt16, math.MaxInt32/(highest*width))
		for _, n := range []int{0, 1, 2, 7, scanRows} {
			question, rows := make([]int16, width), make([]int8, n*width)
			for i := range question {
				question[i] = int16(r.IntN(2*limit+1) - limit)
			}
			for i := range rows {
				rows[i] = int8(r.IntN(256) - 128)
			}
			if n > 1 { // the largest sum there is
				for i := range width {
					question[i], rows[i], rows[width+i] = int16(limit), highest, -highest
				}
			}
			got, want := make([]int32, n), make([]int32, n)
			dotRows(got, question, rows)
			dotRowsPlain(want, question, rows)
			if !slices.Equal(got, want) {
				t.Errorf("%d rows of %d: %v, want %v", n, width, got, want)
			}
			if n > 1 && (got[0] != int32(limit*highest*width) || got[1] != -got[0]) {
				t.Errorf("a sum that fills 32 bits is %d", got[0])
			}
		}
	}
}

// near gives vectors that crowd around few centres, as those of texts do.
func near(r *rand.Rand, n, dim, centres int, spread float64) [][]float32 {
	around := make([][]float32, centres)
	for i := range around {
		around[i] = unit(r, dim)
	}
	out := make([][]float32, n)
	for i := range out {
		v := unit(r, dim)
		length := 0.0
		for j, c := range around[r.IntN(centres)] {
			v[j] = c + float32(spread)*v[j]
			length += float64(v[j]) * float64(v[j])
		}
		for j := range v {
			v[j] /= float32(math.Sqrt(length))
		}
		out[i] = v
	}
	return out
}

// The best k are those that a search through all float32 vectors finds, but for cosines that differ by less than 16 bits can say.
func TestNearIsExact(t *testing.T) {
	const k = 50
	for _, c := range []struct {
		name    string
		n, dim  int
		centres int
		spread  float64
		off     float64 // what 16 bits may differ by: the fewer numbers, the larger they are
	}{
		{"far apart", 9000, 384, 1, 1e6, 1e-5},
		{"in crowds", 9000, 384, 30, 0.3, 1e-5},
		{"all but the same", 9000, 384, 1, 0.02, 1e-5},
		{"odd length", 5000, 75, 10, 0.5, 2e-5},
		{"short", 5000, 3, 4, 0.5, 5e-5},
		{"long", 1500, 1024, 10, 0.5, 1e-5},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(5, 6))
			vectors := near(r, c.n, c.dim, c.centres, c.spread)
			points := make([]assistant.Point, c.n)
			for i, v := range vectors {
				points[i] = assistant.Point{ID: fmt.Sprintf("%06d", i), DocumentID: "d", Tenant: "avella", Visibility: ingest.Public, Vector: v}
			}
			points[0].Vector = make([]float32, c.dim) // no direction at all
			vectors[0] = points[0].Vector
			x := New(Config{Load: loaderOf(points)})
			for _, q := range append(near(r, 10, c.dim, c.centres, c.spread), vectors[1], make([]float32, c.dim)) {
				_, hits, err := x.Search(context.Background(), assistant.IndexQuery{Tenants: []string{"avella"}, Vector: q, K: k})
				if err != nil || len(hits) != k {
					t.Fatal(len(hits), err)
				}
				exact := make([]float64, c.n)
				for i, v := range vectors {
					for j := range v {
						exact[i] += float64(v[j]) * float64(q[j])
					}
				}
				best := slices.SortedFunc(slices.Values(exact), func(a, b float64) int { return cmp.Compare(b, a) })
				for i, h := range hits {
					n, err := strconv.Atoi(h.ID)
					if err != nil {
						t.Fatal(err)
					}
					if off := math.Abs(h.Score - exact[n]); off > c.off {
						t.Fatalf("%s scores %.7f and its cosine is %.7f", h.ID, h.Score, exact[n])
					}
					if exact[n] < best[i]-c.off {
						t.Fatalf("place %d has %s with %.7f, not one with %.7f", i, h.ID, exact[n], best[i])
					}
				}
			}
		})
	}
}

// What the high plane lets pass by is never among the best: leaving its bound away gives the same hits.
func TestBoundsLoseNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	vectors := near(r, 6000, 384, 20, 0.2)
	b := newBuilder()
	for i, v := range vectors {
		b.add(assistant.Point{ID: fmt.Sprintf("%06d", i), DocumentID: "d", Vector: v})
	}
	s := b.build()
	for _, q := range near(r, 20, 384, 20, 0.2) {
		question, all := newSought(q), newTop(100)
		for row, i := range s.of {
			in := &s.blocks[row/blockRows]
			at := row % blockRows
			all.add(s, int(i), float64(question.with(in.high[at*384:], in.low[at*384:], in.bounds[at].scale)))
		}
		want := all.hits()
		if got := searchVectors([]part{{segment: s, alive: s.size()}}, q, filter{staff: true}, 100); !slices.Equal(got, want) {
			t.Fatalf("%v\nwant %v", got, want)
		}
	}
}

func BenchmarkDotRows(b *testing.B) {
	question, rows, sums := make([]int16, 384), make([]int8, blockRows*384), make([]int32, scanRows)
	for _, c := range []struct {
		name string
		dot  func([]int32, []int16, []int8)
	}{{"best", dotRows}, {"plain", dotRowsPlain}} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(rows)))
			for b.Loop() {
				for at := 0; at < blockRows; at += scanRows {
					c.dot(sums, question, rows[at*384:(at+scanRows)*384])
				}
			}
		})
	}
}
