package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// visitor is an ingest.Visitor by script.
type visitor func(ctx context.Context, a ingest.Address, m ingest.Memory, yield func(ingest.Fetched) error) (ingest.Visit, error)

func (v visitor) Visit(ctx context.Context, a ingest.Address, m ingest.Memory, yield func(ingest.Fetched) error) (ingest.Visit, error) {
	return v(ctx, a, m, yield)
}

func watcher(s *Store, v visitor) *ingest.Watcher {
	return ingest.NewWatcher(ingest.WatcherConfig{List: s, Visitor: v, Renew: time.Millisecond, Now: s.now, Syncer: ingest.NewSyncer(ingest.SyncConfig{Parser: plain{}, Shelf: s})})
}

func testAddresses(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella")
	ok(t, s.PutSetting(ctx, "rossi", "avella", SettingHosts, "www.comune.it\n*.avella.example.it"))
	page := ingest.Address{URL: "https://www.comune.it/tari", Kind: ingest.AddressSection, Depth: 2}
	for _, wrong := range []Address{{Hours: -1, Watched: ingest.Watched{Address: page}}, {Watched: ingest.Watched{Address: ingest.Address{URL: "x"}}}} {
		_, err := s.PutAddress(ctx, "avella", "rossi", wrong)
		wantCode(t, err, fault.Invalid)
	}
	id := must[string](t)(s.PutAddress(ctx, "avella", "rossi", Address{Hours: 24, Watched: ingest.Watched{Address: page,
		Options: ingest.JobOptions{Office: "Tributi", Visibility: ingest.Public}}}))
	pages := []string{"https://www.comune.it/tari", "https://www.comune.it/tari/tariffe"}
	page.Hosts = []string{"www.comune.it", "*.avella.example.it"} // of the settings, when it is visited
	visits := 0
	v := visitor(func(ctx context.Context, a ingest.Address, m ingest.Memory, yield func(ingest.Fetched) error) (ingest.Visit, error) {
		visits++
		if diff := cmp.Diff(page, a); diff != "" {
			t.Error(diff)
		}
		if again, err := s.LeaseAddress(ctx); again != nil || err != nil {
			t.Errorf("leased twice: %+v, %v", again, err)
		}
		var visit ingest.Visit
		for _, p := range pages {
			known, err := m.Recall(ctx, p)
			ok(t, err)
			if known.ETag != "" {
				visit.Unchanged++
				if diff := cmp.Diff([]string{"x"}, known.Links); diff != "" {
					t.Error(diff)
				}
				ok(t, m.Seen(ctx, p))
				continue
			}
			visit.Fetched++
			ok(t, yield(ingest.Fetched{URL: p, Bytes: fmt.Appendf(nil, article, p, p)}))
			ok(t, m.Remember(ctx, p, ingest.Validators{ETag: "1", Links: []string{"x"}}))
		}
		return visit, nil
	})
	if !must[bool](t)(watcher(s, v).Once(ctx)) {
		t.Fatal("nothing to visit")
	}
	if must[bool](t)(watcher(s, v).Once(ctx)) {
		t.Error("visited before its time")
	}
	a := must[[]Address](t)(s.Addresses(ctx, "avella"))[0]
	if a.Report.Added != 2 || a.Report.Fetched != 2 || a.VisitedAt.IsZero() || a.Visiting || a.NextAt.Sub(a.VisitedAt) < 23*time.Hour {
		t.Errorf("address %+v", a)
	}
	for _, r := range must[[]Record](t)(s.Documents(ctx, "avella", Filter{})) {
		if r.Office != "Tributi" {
			t.Errorf("office of %s: %q", r.Source, r.Office)
		}
	}
	// A page that is no longer there is reported, and its document stays.
	pages = pages[:1]
	ok(t, s.VisitNow(ctx, "avella", "rossi", id))
	must[bool](t)(watcher(s, v).Once(ctx))
	gone, err := s.Gone(ctx, "avella", id)
	ok(t, err)
	if len(gone) != 1 || gone["https://www.comune.it/tari/tariffe"].IsZero() {
		t.Errorf("gone %v", gone)
	}
	if all := must[[]Record](t)(s.Documents(ctx, "avella", Filter{State: Live})); len(all) != 2 {
		t.Errorf("%d documents", len(all))
	}
	// A visit that failed comes again soon.
	ok(t, s.VisitNow(ctx, "avella", "rossi", id))
	must[bool](t)(watcher(s, func(context.Context, ingest.Address, ingest.Memory, func(ingest.Fetched) error) (ingest.Visit, error) {
		return ingest.Visit{}, fault.New(fault.Unavailable, "the site does not answer")
	}).Once(ctx))
	a = must[[]Address](t)(s.Addresses(ctx, "avella"))[0]
	if a.Report.Error == "" || a.Report.Code != "unavailable" || a.NextAt.Sub(a.VisitedAt) > time.Hour+time.Second {
		t.Errorf("after a failure: %+v", a)
	}
	// Changed, dropped and undone.
	must[string](t)(s.PutAddress(ctx, "avella", "rossi", Address{Hours: 0, Watched: ingest.Watched{Address: page}}))
	ok(t, s.DropAddress(ctx, "avella", "rossi", id))
	if all := must[[]Address](t)(s.Addresses(ctx, "avella")); len(all) != 0 {
		t.Errorf("dropped: %+v", all)
	}
	entries := slices.DeleteFunc(must[[]Entry](t)(s.Journal(ctx, "avella", 10, 0)), func(e Entry) bool { return e.Action == "visit" })
	for i, want := range []int{0, 24, -1} {
		ok(t, s.Undo(ctx, "avella", "rossi", entries[i].ID))
		all := must[[]Address](t)(s.Addresses(ctx, "avella"))
		if want < 0 && len(all) != 0 || want >= 0 && (len(all) != 1 || all[0].Hours != want) {
			t.Errorf("undone %d: %+v", i, all)
		}
	}
	for _, err := range []error{s.VisitNow(ctx, "avella", "rossi", "nessuno"), s.DropAddress(ctx, "avella", "rossi", "nessuno")} {
		wantCode(t, err, fault.NotFound)
	}
	_, err = s.Gone(ctx, "avella", "nessuno")
	wantCode(t, err, fault.NotFound)
}

// What a visit brought can be undone, and the next one does not bring it again; another text of the page it does, and a person may.
func testVisitUndone(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella")
	page, other := "https://www.comune.it/tari", "https://www.comune.it/mensa"
	text := map[string]string{page: "uno", other: "uno"}
	visit := func() {
		t.Helper()
		must[bool](t)(watcher(s, func(_ context.Context, _ ingest.Address, _ ingest.Memory, yield func(ingest.Fetched) error) (ingest.Visit, error) {
			for _, p := range []string{page, other} {
				ok(t, yield(ingest.Fetched{URL: p, Bytes: fmt.Appendf(nil, article, p, text[p])}))
			}
			return ingest.Visit{Fetched: 2}, nil
		}).Once(ctx))
	}
	id := must[string](t)(s.PutAddress(ctx, "avella", "rossi", Address{Watched: ingest.Watched{Address: ingest.Address{URL: page, Kind: ingest.AddressSection}}}))
	again := func() { t.Helper(); ok(t, s.VisitNow(ctx, "avella", "rossi", id)); visit() }
	newest := func(action, label string, items int) Entry {
		t.Helper()
		e := must[[]Entry](t)(s.Journal(ctx, "avella", 1, 0))[0]
		if e.Action != action || e.Label != label || e.Items != items {
			t.Fatalf("entry %+v, want %s of %s, %d", e, action, label, items)
		}
		return e
	}
	is := func(source string, state State, version int, text string) {
		t.Helper()
		r := must[[]Record](t)(s.Sources(ctx, "avella", source))[0]
		c := must[*ingest.Document](t)(s.Content(ctx, "avella", r.ID))
		if r.State != state || r.Version != version || !strings.Contains(c.Text, text) {
			t.Errorf("%s: %s, version %d, %q", source, r.State, r.Version, c.Text)
		}
	}
	visit()
	first := newest("visit", page, 2)
	again() // nothing changed
	if newest("visit", page, 2).ID != first.ID {
		t.Error("a visit that found nothing is in the journal")
	}
	text[page] = "due"
	again()
	e := newest("visit", must[[]Record](t)(s.Sources(ctx, "avella", page))[0].Title, 1)
	if e.Author != ActorSystem {
		t.Errorf("by %s", e.Author)
	}
	is(page, Live, 2, "due")
	ok(t, s.Undo(ctx, "avella", "rossi", e.ID))
	is(page, Live, 3, "uno")
	again()
	is(page, Live, 3, "uno")
	text[page] = "tre"
	again()
	is(page, Live, 4, "tre")
	text[page] = "due" // what was taken back, once more
	again()
	is(page, Live, 4, "tre")

	// All of the first visit, which something was done to since: that first.
	wantCode(t, s.Undo(ctx, "avella", "rossi", first.ID), fault.Conflict)
	ok(t, s.Undo(ctx, "avella", "rossi", newest("visit", must[[]Record](t)(s.Sources(ctx, "avella", page))[0].Title, 1).ID))
	ok(t, s.Undo(ctx, "avella", "rossi", first.ID))
	is(page, Retired, 5, "uno")
	is(other, Retired, 1, "uno")
	again()
	is(other, Retired, 1, "uno")
	// A person brings it.
	u := must[*Upload](t)(s.NewUpload(ctx, "avella", "rossi", ingest.JobOptions{}))
	ok(t, u.Add("mensa.txt", other, strings.NewReader(fmt.Sprintf(article, other, "uno")), 1<<20))
	must[string](t)(u.Commit(ctx))
	must[bool](t)(worker(s).Once(ctx))
	is(other, Live, 1, "uno")
}
