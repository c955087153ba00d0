package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/ingest"
)

func wantCode(t *testing.T, err error, code fault.Code) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Errorf("error %v has code %q, want %q", err, fault.CodeOf(err), code)
	}
}

func seen(t *testing.T, s *Store, q assistant.IndexQuery, ids ...string) []string {
	t.Helper()
	var titles []string
	for _, p := range must[[]assistant.Passage](t)(s.Passages(t.Context(), q, ids)) {
		titles = append(titles, p.Title)
	}
	return titles
}

func testPutWrong(t *testing.T, s *Store) {
	comune(t, s, "avella")
	for name, change := range map[string]func(*ingest.Document, []ingest.Chunk){
		"no source":      func(d *ingest.Document, _ []ingest.Chunk) { d.Source = "" },
		"other bytes":    func(d *ingest.Document, _ []ingest.Chunk) { d.SHA256 = strings.Repeat("a", 64) },
		"not UTF-8":      func(d *ingest.Document, _ []ingest.Chunk) { d.Text = "\xff" + d.Text },
		"end":            func(d *ingest.Document, c []ingest.Chunk) { c[0].End = len(d.Text) + 1 },
		"start":          func(_ *ingest.Document, c []ingest.Chunk) { c[0].Start = -1 },
		"section":        func(_ *ingest.Document, c []ingest.Chunk) { c[0].Section = 7 },
		"end over start": func(_ *ingest.Document, c []ingest.Chunk) { c[0].Start, c[0].End = 2, 1 },
	} {
		d, chunks, original := document("tari.txt", "TARI", "uno")
		change(d, chunks)
		if _, err := s.Put(t.Context(), "avella", d, chunks, original); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	d, chunks, _ := document("tari.txt", "TARI", "uno")
	for _, sha := range []string{"", "x"} {
		d.SHA256 = sha
		_, err := s.Put(t.Context(), "avella", d, chunks, nil)
		wantCode(t, err, fault.Invalid)
	}
	if all := must[[]Record](t)(s.Documents(t.Context(), "avella", Filter{})); len(all) != 0 {
		t.Errorf("documents: %+v", all)
	}
}

func testVisibilityChange(t *testing.T, s *Store) {
	comune(t, s, "avella")
	d, chunks, original := document("tari.txt", "TARI", "uno")
	r := must[PutResult](t)(s.Put(t.Context(), "avella", d, chunks, original))
	id := ids(points(t, s, "avella", ""))[0]
	d.Visibility = ingest.Staff // the same bytes, for the staff only from now on
	if again := must[PutResult](t)(s.Put(t.Context(), "avella", d, chunks, original)); again.Outcome != ingest.Replaced || again.ID != r.ID || again.Version != 2 {
		t.Errorf("Put = %+v", again)
	}
	q := assistant.IndexQuery{Tenants: []string{"avella"}, Audience: ingest.Public}
	if got := seen(t, s, q, id); len(got) != 0 {
		t.Errorf("the public sees %v", got)
	}
	q.Audience = ingest.Staff
	if got := seen(t, s, q, id); len(got) != 1 {
		t.Errorf("the staff sees %v", got)
	}
}

func testStates(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella", "nola")
	a, b, c := put(t, s, "avella", "a", "A", "uno").ID, put(t, s, "avella", "b", "B", "due").ID, put(t, s, "avella", "c", "C", "tre").ID
	ok(t, s.Supersede(ctx, "avella", a, b))
	ok(t, s.Supersede(ctx, "avella", b, c))
	wantCode(t, s.Supersede(ctx, "avella", c, a), fault.Invalid)
	wantCode(t, s.Supersede(ctx, "avella", c, c), fault.Invalid)
	wantCode(t, s.Supersede(ctx, "avella", c, "none"), fault.NotFound)
	r := must[*Record](t)(s.Document(ctx, "avella", a))
	if r.State != Repealed || r.SupersededBy != b || r.Reason != "superseded" {
		t.Errorf("superseded: %+v", r)
	}
	if live := must[[]Record](t)(s.Documents(ctx, "avella", Filter{State: Live})); len(live) != 1 || live[0].ID != c {
		t.Errorf("live: %+v", live)
	}
	ok(t, s.Retire(ctx, "avella", a)) // its file vanished too, but it was repealed
	if r := must[*Record](t)(s.Document(ctx, "avella", a)); r.State != Repealed || r.SupersededBy != b {
		t.Errorf("retired after repeal: %+v", r)
	}
	ok(t, s.Restore(ctx, "avella", a))
	if r := must[*Record](t)(s.Document(ctx, "avella", a)); r.State != Live || r.SupersededBy != "" || r.Reason != "" {
		t.Errorf("restored: %+v", r)
	}
	ok(t, s.Repeal(ctx, "avella", a, "delibera C.C. 3/2026"))
	if r := must[*Record](t)(s.Document(ctx, "avella", a)); r.Reason != "delibera C.C. 3/2026" {
		t.Errorf("repealed: %+v", r)
	}
	if d := must[*ingest.Document](t)(s.Content(ctx, "avella", a)); d.Text != "uno\n" {
		t.Errorf("text of a repealed document: %q", d.Text)
	}
	wantCode(t, s.Repeal(ctx, "nola", a, ""), fault.NotFound) // another tenant's
	wantCode(t, s.Share(ctx, "nola", a, true), fault.NotFound)
	wantCode(t, s.Retire(ctx, "nola", a), fault.NotFound)
	_, err := s.Content(ctx, "nola", a)
	wantCode(t, err, fault.NotFound)
}

func testAbove(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella", "nola")
	d, chunks, original := document("canone.txt", "Canone", "1. Sono esenti:", "b) le fioriere;", "c) i taxi.")
	chunks[1].Lead, chunks[2].Lead = "1. Sono esenti:", "Sono esentati:" // the last as no one wrote it
	if _, err := s.Put(ctx, "avella", d, chunks, original); err != nil {
		t.Fatal(err)
	}
	lead := func(i int) assistant.Passage {
		id := must[[]Record](t)(s.Documents(ctx, "avella", Filter{}))[0].ID
		return assistant.Passage{Tenant: "avella", DocumentID: id, Lead: chunks[i].Lead, Text: d.Text[chunks[i].Start:chunks[i].End], Start: chunks[i].Start, End: chunks[i].End}
	}
	if start, page, found, err := s.Above(ctx, lead(1)); start != 0 || page != 1 || !found || err != nil {
		t.Errorf("above: %d, page %d, %v, %v", start, page, found, err)
	}
	changed, elsewhere := lead(1), lead(1)
	changed.Text, elsewhere.Tenant = "b) i vasi;     ", "nola"
	for name, p := range map[string]assistant.Passage{"in other words": lead(2), "without a lead": lead(0), "of an earlier version": changed, "of another tenant": elsewhere} {
		if _, _, found, err := s.Above(ctx, p); found || err != nil {
			t.Errorf("above a passage %s: %v, %v", name, found, err)
		}
	}
}

func testFilter(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella")
	for i, title := range []string{"Tassa 100% rifiuti", "IMU", "Zona_traffico"} {
		d, chunks, original := document(fmt.Sprintf("atti/%d.txt", i), title, "uno")
		d.Year = fmt.Sprint(2020 + i)
		if i == 1 {
			d.Kind, d.Visibility = ingest.Modulo, ingest.Staff
			d.Form = &ingest.Form{Purpose: "rimborso", Attachments: []string{"documento"}}
		}
		must[PutResult](t)(s.Put(ctx, "avella", d, chunks, original))
	}
	for _, c := range []struct {
		filter Filter
		want   string
	}{
		{Filter{}, "IMU, Tassa 100% rifiuti, Zona_traffico"},
		{Filter{Kind: ingest.Modulo}, "IMU"},
		{Filter{Visibility: ingest.Public}, "Tassa 100% rifiuti, Zona_traffico"},
		{Filter{Year: "2022"}, "Zona_traffico"},
		{Filter{Text: "0% RIF"}, "Tassa 100% rifiuti"},
		{Filter{Text: "a_t"}, "Zona_traffico"},
		{Filter{Text: "ATTI/1"}, "IMU"},
		{Filter{State: Repealed}, ""},
		{Filter{Limit: 1, Offset: 1}, "Tassa 100% rifiuti"},
	} {
		var titles []string
		for _, r := range must[[]Record](t)(s.Documents(ctx, "avella", c.filter)) {
			titles = append(titles, r.Title)
		}
		if got := strings.Join(titles, ", "); got != c.want {
			t.Errorf("%+v gives %q, want %q", c.filter, got, c.want)
		}
	}
	r := must[[]Record](t)(s.Documents(ctx, "avella", Filter{Kind: ingest.Modulo}))[0]
	if diff := cmp.Diff(&ingest.Form{Purpose: "rimborso", Attachments: []string{"documento"}}, r.Form); diff != "" {
		t.Errorf("form (-want +got):\n%s", diff)
	}
	if r.Pages != 1 || r.Chunks != 1 || r.Version != 1 || r.Size == 0 || r.AddedAt.IsZero() || r.Approval.Number != "28" {
		t.Errorf("record %+v", r)
	}
	_, err := s.Documents(ctx, "nola", Filter{})
	wantCode(t, err, fault.NotFound)
}

func testSources(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella")
	for _, source := range []string{"atti/a.txt", "atti/più/b.txt", "atti_vecchi/c.txt", "atti", "città/d.txt"} {
		put(t, s, "avella", source, "T", source)
	}
	for prefix, want := range map[string]string{
		"atti": "atti atti/a.txt atti/più/b.txt", "atti/": "atti/a.txt atti/più/b.txt", "città": "città/d.txt", "at": "",
		"atti/a.txt": "atti/a.txt",
	} {
		var got []string
		for _, k := range must[[]ingest.Known](t)(s.Known(ctx, "avella", prefix)) {
			got = append(got, k.Source)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("below %q: %v, want %s", prefix, got, want)
		}
	}
	_, err := s.Known(ctx, "nola", "atti")
	wantCode(t, err, fault.NotFound)
}

func testOriginals(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella")
	d, chunks, original := document("tari.txt", "TARI", "uno")
	r := must[PutResult](t)(s.Put(ctx, "avella", d, chunks, nil))
	_, _, err := s.Original(ctx, "avella", r.ID)
	wantCode(t, err, fault.NotFound)
	d2, chunks2, _ := document("tari.txt", "TARI nuovo", "uno")
	must[PutResult](t)(s.Put(ctx, "avella", d2, chunks2, original))
	loseOriginal(t, s, d.SHA256)
	_, _, err = s.Original(ctx, "avella", r.ID)
	wantCode(t, err, fault.Broken)
	if again := must[PutResult](t)(s.Put(ctx, "avella", d2, chunks2, original)); again.Outcome != ingest.Unchanged {
		t.Errorf("Put = %+v", again)
	}
	f, _, err := s.Original(ctx, "avella", r.ID) // ingesting again puts it back
	ok(t, err)
	ok(t, f.Close())
	_, _, err = s.Original(ctx, "avella", "none")
	wantCode(t, err, fault.NotFound)
	ok(t, fs.WalkDir(os.DirFS(s.dir), filesDir, func(path string, e fs.DirEntry, err error) error {
		if strings.HasPrefix(e.Name(), ".new-") {
			t.Errorf("left behind: %s", path)
		}
		return err
	}))
}

func testCancelled(t *testing.T, s *Store) {
	comune(t, s, "avella")
	put(t, s, "avella", "tari.txt", "TARI", "uno")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	d, chunks, original := document("imu.txt", "IMU", "uno")
	_, err := s.Put(ctx, "avella", d, chunks, original)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Put: %v", err)
	}
	if err := s.EachPoint(ctx, "avella", "", func(assistant.Point) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("EachPoint: %v", err)
	}
	stop := errors.New("enough")
	if err := s.EachPoint(t.Context(), "avella", "", func(assistant.Point) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("EachPoint: %v", err)
	}
}
