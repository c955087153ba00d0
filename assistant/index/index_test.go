package index

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/indextest"
	"sportello/ingest"
)

func TestContract(t *testing.T) {
	indextest.Run(t, func(*testing.T) assistant.Index { return New(Config{}) })
}

// random gives n points of a tenant, about as many words as a chunk of a regulation has.
func random(tenant string, n, dim int, seed uint64) []assistant.Point {
	r := rand.New(rand.NewPCG(seed, 7))
	zipf := rand.NewZipf(r, 1.1, 8, 30000)
	points := make([]assistant.Point, n)
	for i := range points {
		p := assistant.Point{ID: fmt.Sprintf("%08d-0000-5000-8000-%012d", seed, i), DocumentID: fmt.Sprintf("document %d", i/40), Tenant: tenant, Visibility: ingest.Public}
		count := map[string]int{}
		for range 180 {
			count[fmt.Sprintf("parola%d", zipf.Uint64())]++
		}
		for w, c := range count {
			p.Terms = append(p.Terms, assistant.Term{Text: w, Count: c})
		}
		if dim > 0 {
			p.Vector = unit(r, dim)
		}
		points[i] = p
	}
	return points
}

func unit(r *rand.Rand, dim int) []float32 {
	v := make([]float32, dim)
	var sum float32
	for i := range v {
		v[i] = float32(r.NormFloat64())
		sum += v[i] * v[i]
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(float64(sum)))
	}
	return v
}

func loaderOf(points []assistant.Point) Loader {
	return func(_ context.Context, _ string, yield func(assistant.Point) error) error {
		for _, p := range points {
			if err := yield(p); err != nil {
				return err
			}
		}
		return nil
	}
}

func someQuery(r *rand.Rand, dim, k int) assistant.IndexQuery {
	q := assistant.IndexQuery{Tenants: []string{"avella"}, Audience: ingest.Public, K: k, Vector: unit(r, dim)}
	for range 8 {
		q.Terms = append(q.Terms, assistant.Term{Text: fmt.Sprintf("parola%d", r.IntN(2000)), Count: 1})
	}
	return q
}

// However the documents came in, a search gives the same hits as on an index loaded at once.
func TestSegmentsDoNotMatter(t *testing.T) {
	points := random("avella", 1200, 16, 1)
	atOnce := New(Config{Load: loaderOf(points)})
	oneByOne := New(Config{})
	byDocument := map[string][]assistant.Point{}
	for _, p := range points {
		byDocument[p.DocumentID] = append(byDocument[p.DocumentID], p)
	}
	for round := range 2 { // the second time every document replaces itself
		for id, ps := range byDocument {
			if err := oneByOne.Replace(context.Background(), "avella", id, ps); err != nil {
				t.Fatal(round, err)
			}
		}
	}
	sn := oneByOne.tenants["avella"].now.Load()
	if len(sn.parts) > 12 {
		t.Errorf("%d segments for %d documents", len(sn.parts), len(byDocument))
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		q := someQuery(r, 16, 10)
		w1, n1, err1 := atOnce.Search(context.Background(), q)
		w2, n2, err2 := oneByOne.Search(context.Background(), q)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if diff := cmp.Diff(n1, n2); diff != "" {
			t.Fatalf("near (-at once +one by one):\n%s", diff)
		}
		if len(w1) != len(w2) {
			t.Fatalf("words: %d and %d hits", len(w1), len(w2))
		}
		for i := range w1 { // equal scores may change places, the scores are the same
			if math.Abs(w1[i].Score-w2[i].Score) > 1e-3 {
				t.Fatalf("words: %v, %v", w1, w2)
			}
		}
	}
}

func TestLoad(t *testing.T) {
	points := random("avella", 100, 4, 1)
	calls, failing := 0, true
	var mu sync.Mutex
	x := New(Config{Load: func(ctx context.Context, tenant string, yield func(assistant.Point) error) error {
		mu.Lock()
		calls++
		fail := failing
		mu.Unlock()
		if fail {
			return errors.New("disk full")
		}
		return loaderOf(points)(ctx, tenant, yield)
	}})
	ctx := context.Background()
	if _, _, err := x.Count(ctx, "avella"); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("a failing store gives %v", err)
	}
	if err := x.Replace(ctx, "avella", points[0].DocumentID, nil); err != nil { // not loaded: the store says it already
		t.Error(err)
	}
	mu.Lock()
	failing, calls = false, 0
	mu.Unlock()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if n, v, err := x.Count(ctx, "avella"); n != 100 || v != 100 || err != nil {
				t.Errorf("Count = %d, %d, %v", n, v, err)
			}
		})
	}
	wg.Wait()
	if calls != 1 {
		t.Errorf("loaded %d times", calls)
	}
	if err := x.Replace(ctx, "avella", points[0].DocumentID, nil); err != nil {
		t.Error(err)
	}
	if n, _, _ := x.Count(ctx, "avella"); n != 60 {
		t.Errorf("%d points after a document of 40 is gone", n)
	}
	x.Forget("avella")
	if n, _, _ := x.Count(ctx, "avella"); n != 100 || calls != 2 {
		t.Errorf("%d points after %d loadings", n, calls)
	}
}

func TestRefuses(t *testing.T) {
	x := New(Config{})
	ctx := context.Background()
	p := assistant.Point{ID: "1", DocumentID: "a", Tenant: "avella", Vector: []float32{1, 0}}
	other := p
	other.ID, other.Vector = "2", []float32{1, 0, 0}
	for name, points := range map[string][]assistant.Point{
		"another document":  {{ID: "1", DocumentID: "b", Tenant: "avella"}},
		"another tenant":    {{ID: "1", DocumentID: "a", Tenant: "baiano"}},
		"two sorts of them": {p, other},
	} {
		if err := x.Replace(ctx, "avella", "a", points); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := x.Replace(ctx, "avella", "a", []assistant.Point{p}); err != nil {
		t.Fatal(err)
	}
	if _, near, err := x.Search(ctx, assistant.IndexQuery{Tenants: []string{"avella"}, Vector: []float32{1, 0, 0}, K: 1}); near != nil || err != nil {
		t.Errorf("vectors of another model are near: %v, %v", near, err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := x.Count(ctx, "avella"); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("closed: %v", err)
	}
}

func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{2000, 20000} {
		x := New(Config{Load: loaderOf(random("avella", n, 384, 1))})
		if _, _, err := x.Count(context.Background(), "avella"); err != nil {
			b.Fatal(err)
		}
		r := rand.New(rand.NewPCG(3, 4))
		for _, leg := range []string{"words", "vectors", "both"} {
			b.Run(fmt.Sprintf("%d/%s", n, leg), func(b *testing.B) {
				q := someQuery(r, 384, 100)
				if leg == "words" {
					q.Vector = nil
				}
				if leg == "vectors" {
					q.Terms = nil
				}
				for b.Loop() {
					if _, _, err := x.Search(context.Background(), q); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkReplace(b *testing.B) {
	points := random("avella", 20000, 384, 1)
	x := New(Config{Load: loaderOf(points)})
	if _, _, err := x.Count(context.Background(), "avella"); err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		d := n % 500
		n++
		if err := x.Replace(context.Background(), "avella", points[d*40].DocumentID, points[d*40:d*40+40]); err != nil {
			b.Fatal(err)
		}
	}
}
