package store

import (
	"context"
	"fmt"
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
	entries := must[[]Entry](t)(s.Journal(ctx, "avella", 10, 0))
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
