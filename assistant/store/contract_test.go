package store

import (
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/ingest"
)

// words is a plain analyser: small letters, split at spaces, counted.
func words(text string) []assistant.Term {
	var terms []assistant.Term
	at := map[string]int{}
	for _, w := range strings.Fields(strings.ToLower(text)) {
		if i, ok := at[w]; ok {
			terms[i].Count++
			continue
		}
		at[w] = len(terms)
		terms = append(terms, assistant.Term{Text: w, Count: 1})
	}
	return terms
}

// unit gives a vector of unit length that depends on text.
func unit(text string, dims int) []float32 {
	v := make([]float32, dims)
	sum := 0.0
	h := uint32(2166136261)
	for i := range v {
		for _, b := range []byte(text) {
			h = (h ^ uint32(b) ^ uint32(i)) * 16777619
		}
		v[i] = float32(h%2000)/1000 - 1
		sum += float64(v[i]) * float64(v[i])
	}
	for i := range v {
		v[i] = float32(float64(v[i]) / math.Sqrt(sum))
	}
	return v
}

// document makes a regulation with one article a line of body.
func document(source, title string, articles ...string) (*ingest.Document, []ingest.Chunk, []byte) {
	d := &ingest.Document{
		Source: source, Title: title, Kind: ingest.Regolamento, Format: "text", Language: "it", Visibility: ingest.Public,
		Approval: ingest.Act{Type: "delibera", Body: "C.C.", Number: "28", Date: "2021-03-31"},
	}
	var chunks []ingest.Chunk
	for i, a := range articles {
		d.PageStarts = append(d.PageStarts, len(d.Text))
		start := len(d.Text)
		d.Text += a + "\n"
		n := fmt.Sprint(i + 1)
		d.Sections = append(d.Sections, ingest.Section{Kind: ingest.SecArticle, Number: n, EID: "art_" + n, Parent: -1, Start: start, End: start + len(a)})
		chunks = append(chunks, ingest.Chunk{Ordinal: i, Section: i, Article: n, Breadcrumb: title + " > Art. " + n,
			Start: start, End: start + len(a), PageFirst: i + 1, PageLast: i + 1})
	}
	d.Pages = len(articles)
	original := []byte(source + "\n" + d.Text)
	d.SHA256 = digest(original)
	return d, chunks, original
}

func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, s *Store, tenant, source, title string, articles ...string) PutResult {
	t.Helper()
	d, chunks, original := document(source, title, articles...)
	return must[PutResult](t)(s.Put(t.Context(), tenant, d, chunks, original))
}

func points(t *testing.T, s *Store, tenant, model string) []assistant.Point {
	t.Helper()
	var all []assistant.Point
	ok(t, s.EachPoint(t.Context(), tenant, model, func(p assistant.Point) error { all = append(all, p); return nil }))
	return all
}

func ids(points []assistant.Point) []string {
	var all []string
	for _, p := range points {
		all = append(all, p.ID)
	}
	return all
}

// contract is what every store has to do, whatever database is below it. open gives an empty one.
func contract(t *testing.T, open func(t *testing.T) *Store) {
	for name, f := range map[string]func(*testing.T, *Store){
		"put and read": testPut, "put wrong": testPutWrong, "above": testAbove, "versions": testVersions, "vectors": testVectors,
		"visibility change": testVisibilityChange, "states": testStates, "filter": testFilter, "sources": testSources,
		"tenants": testTenants, "offices": testOffices, "general contact": testGeneralContact, "model use": testUse, "pictures": testPictures, "second factor sealed": testSecondSealed, "who sees what": testAudience, "validity": testValidity,
		"outbox": testOutbox, "new analyser": testAnalyzer, "no analyser": testNoAnalyzer, "originals": testOriginals,
		"cancelled": testCancelled, "many passages": testManyPassages, "fix": testFix, "act": testAct, "act template": testActTemplate, "fix wrong": testFixWrong, "undo": testUndo, "revert": testRevert, "undo setting": testUndoSetting, "undo tenant": testUndoTenant, "undo offices": testUndoOffices,
		"uploads": testUploads, "upload stopped": testUploadStopped, "addresses": testAddresses, "visit undone": testVisitUndone, "override": testOverride, "pairs": testPairs,
		"people": testPeople, "meetings": testMeetings, "roles": testRoles, "sessions": testSessions, "links": testLinks, "tokens": testTokens, "settings": testSettings,
		"attempts": testAttempts, "audit": testAudit,
	} {
		t.Run(name, func(t *testing.T) { f(t, open(t)) })
	}
}

func TestContract(t *testing.T) {
	contract(t, func(t *testing.T) *Store { return opened(t, Config{Dir: t.TempDir()}) })
}

func opened(t *testing.T, c Config) *Store {
	t.Helper()
	if c.Analyze == nil {
		c.Analyze, c.AnalyzerVersion = words, 1
	}
	c.Postgres = databaseOf(t, c.Dir)
	s := must[*Store](t)(Open(t.Context(), c))
	t.Cleanup(func() { ok(t, s.Close()) })
	return s
}

func comune(t *testing.T, s *Store, slugs ...string) {
	t.Helper()
	for _, slug := range slugs {
		ok(t, s.AddTenant(t.Context(), Tenant{Slug: slug, Name: slug, Kind: Comune}))
	}
}

func testPut(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella")
	d, chunks, original := document("atti/tari.txt", "Regolamento TARI", "La tassa è dovuta.", "Riduzioni del 30 per cento.")
	r := must[PutResult](t)(s.Put(ctx, "avella", d, chunks, original))
	if r.Outcome != ingest.Added || r.Version != 1 || r.Chunks != 2 || r.Standing != Live {
		t.Errorf("Put = %+v", r)
	}
	if again := must[PutResult](t)(s.Put(ctx, "avella", d, chunks, original)); again.Outcome != ingest.Unchanged || again.ID != r.ID {
		t.Errorf("Put again = %+v", again)
	}
	got := must[*ingest.Document](t)(s.Content(ctx, "avella", r.ID))
	if diff := cmp.Diff(d, got); diff != "" {
		t.Errorf("Content (-want +got):\n%s", diff)
	}
	f, record, err := s.Original(ctx, "avella", r.ID)
	ok(t, err)
	if b := must[[]byte](t)(io.ReadAll(f)); string(b) != string(original) || record.SHA256 != d.SHA256 {
		t.Errorf("Original = %q, %+v", b, record)
	}
	ok(t, f.Close())
	all := points(t, s, "avella", "")
	if len(all) != 2 || all[0].DocumentID != r.ID || all[0].Tenant != "avella" || all[0].Visibility != ingest.Public || all[0].Vector != nil {
		t.Fatalf("points = %+v", all)
	}
	if diff := cmp.Diff(words(d.Indexed(chunks[1])), all[1].Terms); diff != "" {
		t.Errorf("terms (-want +got):\n%s", diff)
	}
	passages := must[[]assistant.Passage](t)(s.Passages(ctx, assistant.IndexQuery{Tenants: []string{"avella"}}, []string{all[1].ID, "none", all[0].ID, all[1].ID}))
	if len(passages) != 2 {
		t.Fatalf("passages = %+v", passages)
	}
	want := assistant.Passage{
		ID: all[1].ID, DocumentID: r.ID, Document: "atti/tari.txt", Title: "Regolamento TARI", Kind: ingest.Regolamento, Format: "text",
		Article: "2", EID: "art_2", Breadcrumb: "Regolamento TARI > Art. 2", Page: 2, Pages: []int{2}, Start: chunks[1].Start, End: chunks[1].End,
		Text: "Riduzioni del 30 per cento.", Approval: d.Approval, Tenant: "avella",
	}
	if diff := cmp.Diff(want, passages[0], cmpopts.IgnoreUnexported(assistant.Passage{})); diff != "" {
		t.Errorf("passage (-want +got):\n%s", diff)
	}
	if _, err := s.Put(ctx, "nola", d, chunks, original); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("unknown tenant: %v", err)
	}
}

func testVersions(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella")
	first := put(t, s, "avella", "tari.txt", "TARI", "uno", "due", "tre")
	old := ids(points(t, s, "avella", ""))
	second := put(t, s, "avella", "tari.txt", "TARI", "uno", "due nuovo")
	if second.ID != first.ID || second.Version != 2 || second.Outcome != ingest.Replaced {
		t.Errorf("second = %+v", second)
	}
	q := assistant.IndexQuery{Tenants: []string{"avella"}}
	if p := must[[]assistant.Passage](t)(s.Passages(ctx, q, old)); len(p) != 0 {
		t.Errorf("old passages are there: %+v", p)
	}
	now := ids(points(t, s, "avella", ""))
	if p := must[[]assistant.Passage](t)(s.Passages(ctx, q, now)); len(p) != 2 {
		t.Errorf("new passages: %+v", p)
	}
	ok(t, s.Repeal(ctx, "avella", first.ID, "delibera 3/2026"))
	if p := must[[]assistant.Passage](t)(s.Passages(ctx, q, now)); len(p) != 0 || len(points(t, s, "avella", "")) != 0 {
		t.Errorf("repealed passages are there: %+v", p)
	}
	third := put(t, s, "avella", "tari.txt", "TARI", "uno", "due", "quattro")
	if third.Standing != Repealed || third.Version != 3 || len(points(t, s, "avella", "")) != 0 {
		t.Errorf("third = %+v", third)
	}
	ok(t, s.Restore(ctx, "avella", first.ID))
	if got := len(points(t, s, "avella", "")); got != 3 {
		t.Errorf("restored: %d points", got)
	}
	ok(t, s.Retire(ctx, "avella", first.ID))
	if got := must[[]assistant.Point](t)(s.Points(ctx, "avella", first.ID, "")); len(got) != 0 {
		t.Errorf("retired: %+v", got)
	}
	back := put(t, s, "avella", "tari.txt", "TARI", "uno", "due", "quattro")
	if back.Standing != Live || back.Outcome != ingest.Added || back.Version != 3 {
		t.Errorf("back = %+v", back)
	}
}

func testVectors(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella")
	r := put(t, s, "avella", "tari.txt", "TARI", "uno", "due", "tre")
	put(t, s, "avella", "copia/tari.txt", "TARI", "uno", "due", "tre") // the same texts
	if n := must[int](t)(s.PendingCount(ctx, "m")); n != 3 {
		t.Errorf("pending %d", n)
	}
	two := must[[]assistant.Pending](t)(s.PendingVectors(ctx, "m", 2))
	one := must[[]assistant.Pending](t)(s.PendingVectors(ctx, "m", 2))
	if len(two) != 2 || len(one) != 1 || two[0].Text != "TARI > Art. 1\nuno" {
		t.Fatalf("pending %v %v", two, one)
	}
	if none := must[[]assistant.Pending](t)(s.PendingVectors(ctx, "m", 2)); len(none) != 0 {
		t.Errorf("leased twice: %v", none)
	}
	before := must[int64](t)(s.Seq(ctx))
	ok(t, s.PutVectors(ctx, "m", map[string][]float32{two[0].Hash: unit("a", 8), two[1].Hash: unit("b", 8)}))
	changed := must[[]assistant.Change](t)(s.Changes(ctx, before, 10))
	if len(changed) != 2 || changed[0].DocumentID != r.ID || changed[0].Tenant != "avella" {
		t.Errorf("changes %+v", changed)
	}
	p := must[[]assistant.Point](t)(s.Points(ctx, "avella", r.ID, "m"))
	if len(p) != 3 || cmp.Diff(p[0].Vector, unit("a", 8)) != "" || p[2].Vector != nil {
		t.Errorf("points %+v", p)
	}
	if n := must[int](t)(s.PendingCount(ctx, "m", "avella")); n != 1 {
		t.Errorf("pending %d", n)
	}
	ok(t, s.ReleaseVectors(ctx, "m", []string{one[0].Hash}))
	if again := must[[]assistant.Pending](t)(s.PendingVectors(ctx, "m", 2)); cmp.Diff(one, again) != "" {
		t.Errorf("released: %v", again)
	}
	ok(t, s.PutVectors(ctx, "m", map[string][]float32{one[0].Hash: unit("c", 8), "gone": unit("d", 8)}))
	put(t, s, "avella", "tari.txt", "TARI", "uno", "due")
	put(t, s, "avella", "tari.txt", "TARI", "uno", "due", "tre")
	if n := must[int](t)(s.PendingCount(ctx, "m")); n != 0 {
		t.Errorf("texts seen before are pending: %d", n)
	}
	if n := must[int](t)(s.PendingCount(ctx, "other")); n != 3 {
		t.Errorf("pending of another model: %d", n)
	}
	if err := s.PutVectors(ctx, "m", map[string][]float32{one[0].Hash: unit("c", 9)}); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("dimensions: %v", err)
	}
}
