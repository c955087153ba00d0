// Package indextest is the contract test of assistant.Index: what every index must do, whatever it is made of. Each
// implementation calls Run from its own tests. It stores nothing.
package indextest

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
	"sportello/ingest"
)

const dim = 8

// Run tests an index. open gives an empty one, which Run closes.
func Run(t *testing.T, open func(t *testing.T) assistant.Index) {
	for _, c := range []struct {
		name string
		test func(t *testing.T, x assistant.Index)
	}{
		{"empty", testEmpty},
		{"words", testWords},
		{"weights", testWeights},
		{"vectors", testVectors},
		{"both legs", testBothLegs},
		{"audience", testAudience},
		{"validity", testValidity},
		{"tenants", testTenants},
		{"replace", testReplace},
		{"replace with vectors later", testVectorsLater},
		{"remove", testRemove},
		{"limit", testLimit},
		{"many documents", testMany},
		{"one step", testOneStep},
		{"cancelled", testCancelled},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := open(t)
			t.Cleanup(func() {
				if err := x.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			})
			c.test(t, x)
		})
	}
}

// ID gives the n-th id of the test, in the form of a UUID.
func ID(n int) string { return fmt.Sprintf("00000000-0000-5000-8000-%012d", n) }

// point makes a public point of tenant avella; words are its terms, each once for each time it is given.
func point(n int, document string, words ...string) assistant.Point {
	p := assistant.Point{ID: ID(n), DocumentID: document, Tenant: "avella", Visibility: ingest.Public}
	for _, w := range words {
		i := slices.IndexFunc(p.Terms, func(t assistant.Term) bool { return t.Text == w })
		if i < 0 {
			p.Terms = append(p.Terms, assistant.Term{Text: w})
			i = len(p.Terms) - 1
		}
		p.Terms[i].Count++
	}
	return p
}

// axis is the unit vector between the axes i and i+1, leaning to the second as lean goes from 0 to 1.
func axis(i int, lean float64) []float32 {
	v := make([]float32, dim)
	v[i%dim] = float32(math.Cos(lean * math.Pi / 2))
	v[(i+1)%dim] = float32(math.Sin(lean * math.Pi / 2))
	return v
}

func put(t *testing.T, x assistant.Index, document string, points ...assistant.Point) {
	t.Helper()
	tenant := "avella"
	if len(points) > 0 {
		tenant = points[0].Tenant
	}
	if err := x.Replace(context.Background(), tenant, document, points); err != nil {
		t.Fatalf("Replace(%s): %v", document, err)
	}
}

func query(terms ...string) assistant.IndexQuery {
	q := assistant.IndexQuery{Tenants: []string{"avella"}, Audience: ingest.Public, K: 10}
	for _, w := range terms {
		q.Terms = append(q.Terms, assistant.Term{Text: w, Count: 1})
	}
	return q
}

func search(t *testing.T, x assistant.Index, q assistant.IndexQuery) (words, near []assistant.Hit) {
	t.Helper()
	words, near, err := x.Search(context.Background(), q)
	if err != nil {
		t.Fatalf("Search: %v", err)
	}
	for _, leg := range [][]assistant.Hit{words, near} {
		for i := 1; i < len(leg); i++ {
			if leg[i].Score > leg[i-1].Score {
				t.Errorf("hits are not best first: %v", leg)
			}
		}
	}
	return words, near
}

func ids(hits []assistant.Hit) []string {
	out := []string{}
	for _, h := range hits {
		out = append(out, h.ID)
	}
	return out
}

// want compares ids in order; wantSet in any order.
func want(t *testing.T, what string, hits []assistant.Hit, numbers ...int) {
	t.Helper()
	if diff := cmp.Diff(idsOf(numbers), ids(hits)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func wantSet(t *testing.T, what string, hits []assistant.Hit, numbers ...int) {
	t.Helper()
	got, expected := ids(hits), idsOf(numbers)
	slices.Sort(got)
	slices.Sort(expected)
	if diff := cmp.Diff(expected, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func idsOf(numbers []int) []string {
	out := []string{}
	for _, n := range numbers {
		out = append(out, ID(n))
	}
	return out
}

func wantCount(t *testing.T, x assistant.Index, tenant string, points, vectors int) {
	t.Helper()
	p, v, err := x.Count(context.Background(), tenant)
	if err != nil || p != points || v != vectors {
		t.Errorf("Count(%s) = %d, %d, %v, want %d, %d", tenant, p, v, err, points, vectors)
	}
}

func testEmpty(t *testing.T, x assistant.Index) {
	wantCount(t, x, "avella", 0, 0)
	q := query("tari")
	q.Vector = axis(0, 0)
	words, near := search(t, x, q)
	want(t, "words of nothing", words)
	want(t, "near of nothing", near)
	put(t, x, "nothing") // a document that was never there may be removed
}

func testWords(t *testing.T, x assistant.Index) {
	put(t, x, "a", point(1, "a", "tari", "rifiut", "rifiut", "art:5"), point(2, "a", "tari", "termin", "act:28/2021"))
	put(t, x, "b", point(3, "b", "cimiter", "tombe"), point(4, "b", "rifiut", "cimiter", "orar", "orar", "orar"))
	wantCount(t, x, "avella", 4, 0)
	words, near := search(t, x, query("rifiut"))
	want(t, "twice before once", words, 1, 4)
	want(t, "no vector leg", near)
	words, _ = search(t, x, query("tari", "termin"))
	want(t, "two words before one", words, 2, 1)
	words, _ = search(t, x, query("art:5"))
	want(t, "compound term", words, 1)
	words, _ = search(t, x, query("act:28/2021", "nowhere"))
	want(t, "act", words, 2)
	words, _ = search(t, x, query("nowhere"))
	want(t, "unknown word", words)
	words, _ = search(t, x, query("垃圾"))
	want(t, "unknown script", words)
	for _, h := range words {
		if h.Score <= 0 {
			t.Errorf("score %v of a hit", h)
		}
	}
}

func testWeights(t *testing.T, x assistant.Index) {
	put(t, x, "a", point(1, "a", "tari"), point(2, "a", "imu"), point(3, "a", "altro"))
	q := query()
	q.Terms = []assistant.Term{{Text: "tari", Count: 1}, {Text: "imu", Count: 5}}
	words, _ := search(t, x, q)
	want(t, "the heavier word first", words, 2, 1)
	q.Terms = []assistant.Term{{Text: "tari", Count: 5}, {Text: "imu", Count: 1}}
	words, _ = search(t, x, q)
	want(t, "the heavier word first", words, 1, 2)
}

func testVectors(t *testing.T, x assistant.Index) {
	var points []assistant.Point
	for i := range 4 {
		p := point(i+1, "a", "tari")
		p.Vector = axis(0, float64(i)/3)
		points = append(points, p)
	}
	put(t, x, "a", points...)
	wantCount(t, x, "avella", 4, 4)
	q := query()
	q.Vector = axis(0, 0)
	words, near := search(t, x, q)
	want(t, "no word leg", words)
	want(t, "nearest first", near, 1, 2, 3, 4)
	if math.Abs(near[0].Score-1) > 1e-3 || math.Abs(near[1].Score-math.Cos(math.Pi/6)) > 1e-3 {
		t.Errorf("scores %v are not cosines", near)
	}
}

func testBothLegs(t *testing.T, x assistant.Index) {
	one, two := point(1, "a", "tari"), point(2, "a", "imu")
	one.Vector, two.Vector = axis(0, 0), axis(2, 0)
	put(t, x, "a", one, two, point(3, "a", "tari"))
	wantCount(t, x, "avella", 3, 2)
	q := query("tari")
	q.Vector = axis(2, 0)
	words, near := search(t, x, q)
	wantSet(t, "words", words, 1, 3)
	if len(near) == 0 || near[0].ID != ID(2) {
		t.Errorf("near = %v, want %s first", near, ID(2))
	}
	for _, h := range near {
		if h.ID == ID(3) {
			t.Error("a point without a vector is near something")
		}
	}
}

func testAudience(t *testing.T, x assistant.Index) {
	public, staff := point(1, "a", "tari"), point(2, "b", "tari")
	public.Vector, staff.Vector = axis(0, 0), axis(0, 0)
	staff.Visibility = ingest.Staff
	put(t, x, "a", public)
	put(t, x, "b", staff)
	q := query("tari")
	q.Vector = axis(0, 0)
	words, near := search(t, x, q)
	want(t, "words for the public", words, 1)
	want(t, "near for the public", near, 1)
	q.Audience = ingest.Staff
	words, near = search(t, x, q)
	wantSet(t, "words for staff", words, 1, 2)
	wantSet(t, "near for staff", near, 1, 2)
	q.Audience = "" // nobody in particular is the public
	words, near = search(t, x, q)
	want(t, "words for nobody", words, 1)
	want(t, "near for nobody", near, 1)
}

func testValidity(t *testing.T, x assistant.Index) {
	always, past, future := point(1, "a", "tari"), point(2, "b", "tari"), point(3, "c", "tari")
	past.ValidFrom, past.ValidTo = "2020-01-01", "2021-12-31"
	future.ValidFrom = "2022-01-01"
	for _, p := range []assistant.Point{always, past, future} {
		p.Vector = axis(0, 0)
		put(t, x, p.DocumentID, p)
	}
	for _, c := range []struct {
		at      string
		numbers []int
	}{
		{"", []int{1, 2, 3}},
		{"2019-12-31", []int{1}},
		{"2020-01-01", []int{1, 2}},
		{"2021-12-31", []int{1, 2}},
		{"2022-01-01", []int{1, 3}},
	} {
		q := query("tari")
		q.Vector, q.At = axis(0, 0), c.at
		words, near := search(t, x, q)
		wantSet(t, "words at "+c.at, words, c.numbers...)
		wantSet(t, "near at "+c.at, near, c.numbers...)
	}
}

func testTenants(t *testing.T, x assistant.Index) {
	for i, tenant := range []string{"avella", "unione", "baiano"} {
		p := point(i+1, "same-document-id", "tari")
		p.Tenant, p.Vector = tenant, axis(0, 0)
		put(t, x, "same-document-id", p)
	}
	q := query("tari")
	q.Vector = axis(0, 0)
	words, near := search(t, x, q)
	want(t, "words of one tenant", words, 1)
	want(t, "near of one tenant", near, 1)
	q.Tenants = []string{"avella", "unione"}
	words, near = search(t, x, q)
	wantSet(t, "words of a lineage", words, 1, 2)
	wantSet(t, "near of a lineage", near, 1, 2)
	q.Tenants = nil
	words, near = search(t, x, q)
	want(t, "words of no tenant", words)
	want(t, "near of no tenant", near)
	wantCount(t, x, "baiano", 1, 1)
	if err := x.Replace(context.Background(), "avella", "same-document-id", nil); err != nil {
		t.Fatal(err)
	}
	wantCount(t, x, "avella", 0, 0)
	wantCount(t, x, "baiano", 1, 1)
}

func testReplace(t *testing.T, x assistant.Index) {
	put(t, x, "a", point(1, "a", "tari"), point(2, "a", "imu"))
	put(t, x, "b", point(3, "b", "tari"))
	put(t, x, "a", point(4, "a", "tari"), point(2, "a", "cosap")) // one id stays, with other words
	words, _ := search(t, x, query("tari"))
	wantSet(t, "new and untouched", words, 3, 4)
	words, _ = search(t, x, query("imu"))
	want(t, "old words are gone", words)
	words, _ = search(t, x, query("cosap"))
	want(t, "new words of an old id", words, 2)
	wantCount(t, x, "avella", 3, 0)
}

func testVectorsLater(t *testing.T, x assistant.Index) {
	p := point(1, "a", "tari")
	put(t, x, "a", p)
	wantCount(t, x, "avella", 1, 0)
	p.Vector = axis(0, 0)
	put(t, x, "a", p)
	wantCount(t, x, "avella", 1, 1)
	q := query("tari")
	q.Vector = axis(0, 0)
	words, near := search(t, x, q)
	want(t, "words once", words, 1)
	want(t, "near once", near, 1)
}

func testRemove(t *testing.T, x assistant.Index) {
	p := point(1, "a", "tari")
	p.Vector = axis(0, 0)
	put(t, x, "a", p)
	put(t, x, "b", point(2, "b", "imu"))
	put(t, x, "a")
	q := query("tari", "imu")
	q.Vector = axis(0, 0)
	words, near := search(t, x, q)
	want(t, "words of what is left", words, 2)
	want(t, "near of what is left", near)
	wantCount(t, x, "avella", 1, 0)
}

func testLimit(t *testing.T, x assistant.Index) {
	var points []assistant.Point
	for i := range 20 {
		p := point(i+1, "a", "tari")
		p.Vector = axis(0, float64(i)/20)
		points = append(points, p)
	}
	put(t, x, "a", points...)
	q := query("tari")
	q.Vector, q.K = axis(0, 0), 3
	words, near := search(t, x, q)
	if len(words) != 3 {
		t.Errorf("%d words, want 3", len(words))
	}
	want(t, "the three nearest", near, 1, 2, 3)
	q.K = 0
	words, near = search(t, x, q)
	want(t, "none wanted", words)
	want(t, "none wanted", near)
}

// testMany puts in and replaces enough documents to set off whatever an index does in the background.
func testMany(t *testing.T, x assistant.Index) {
	const documents, each = 60, 3
	for round := range 2 {
		for d := range documents {
			name := fmt.Sprintf("document %d", d)
			var points []assistant.Point
			for i := range each {
				p := point(round*1000+d*each+i+1, name, "tutt", fmt.Sprintf("parola%d", d), fmt.Sprintf("giro%d", round))
				p.Vector = axis(d, float64(i)/each)
				points = append(points, p)
			}
			put(t, x, name, points...)
		}
	}
	wantCount(t, x, "avella", documents*each, documents*each)
	for d := range documents {
		words, _ := search(t, x, query(fmt.Sprintf("parola%d", d)))
		first := 1000 + d*each + 1
		wantSet(t, "chunks of a document", words, first, first+1, first+2)
	}
	words, _ := search(t, x, query("giro0"))
	want(t, "words of the first round", words)
}

// testOneStep searches while a document is replaced over and over: every search sees exactly one version.
func testOneStep(t *testing.T, x assistant.Index) {
	version := func(n int) []assistant.Point {
		a, b := point(2*n+1, "a", "tari"), point(2*n+2, "a", "tari")
		a.Vector, b.Vector = axis(0, 0), axis(0, 0)
		return []assistant.Point{a, b}
	}
	put(t, x, "a", version(0)...)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				q := query("tari")
				q.Vector = axis(0, 0)
				words, near, err := x.Search(context.Background(), q)
				if err != nil {
					t.Errorf("Search: %v", err)
					return
				}
				for _, leg := range [][]assistant.Hit{words, near} {
					if len(leg) != 2 || !pair(leg[0].ID, leg[1].ID) {
						t.Errorf("a search during Replace saw %v", leg)
						return
					}
				}
			}
		})
	}
	for n := 1; n <= 50; n++ {
		if err := x.Replace(context.Background(), "avella", "a", version(n)); err != nil {
			t.Errorf("Replace: %v", err)
			break
		}
	}
	close(stop)
	readers.Wait()
}

// pair says whether two ids are those of one version.
func pair(a, b string) bool {
	if b < a {
		a, b = b, a
	}
	var i, j int
	if _, err := fmt.Sscanf(a[24:], "%d", &i); err != nil {
		return false
	}
	if _, err := fmt.Sscanf(b[24:], "%d", &j); err != nil {
		return false
	}
	return i%2 == 1 && j == i+1
}

func testCancelled(t *testing.T, x assistant.Index) {
	put(t, x, "a", point(1, "a", "tari"))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := x.Search(ctx, query("tari")); err == nil {
		t.Error("Search goes on after its context is cancelled")
	}
	if err := x.Replace(ctx, "avella", "a", nil); err == nil {
		t.Error("Replace goes on after its context is cancelled")
	}
	wantCount(t, x, "avella", 1, 0)
}
