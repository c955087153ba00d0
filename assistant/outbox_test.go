package assistant_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// fakeOutbox is an outbox in memory: what document d holds is versions[d] points.
type fakeOutbox struct {
	mu       sync.Mutex
	seq      int64
	changes  []assistant.Change
	versions map[string]int
	fail     error
}

func (b *fakeOutbox) change(document string, points int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seq++
	b.changes = slices.DeleteFunc(b.changes, func(c assistant.Change) bool { return c.DocumentID == document })
	b.changes = append(b.changes, assistant.Change{Seq: b.seq, Tenant: "avella", DocumentID: document})
	b.versions[document] = points
}

func (b *fakeOutbox) Seq(context.Context) (int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.seq, b.fail
}

func (b *fakeOutbox) Changes(_ context.Context, after int64, limit int) (some []assistant.Change, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.changes {
		if c.Seq > after && len(some) < limit {
			some = append(some, c)
		}
	}
	return some, b.fail
}

func (b *fakeOutbox) Points(_ context.Context, tenant, documentID, model string) ([]assistant.Point, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	points := make([]assistant.Point, b.versions[documentID])
	for i := range points {
		points[i] = assistant.Point{ID: fmt.Sprint(documentID, i, model), DocumentID: documentID, Tenant: tenant}
	}
	return points, nil
}

// fakeIndex is an index that counts.
type fakeIndex struct {
	assistant.Index
	mu       sync.Mutex
	holds    map[string]int
	replaced int
	fail     []error // of the next calls
}

func (x *fakeIndex) Replace(_ context.Context, _, documentID string, points []assistant.Point) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.fail) > 0 {
		err := x.fail[0]
		x.fail = x.fail[1:]
		return err
	}
	x.replaced++
	x.holds[documentID] = len(points)
	return nil
}

func (x *fakeIndex) held(documentID string) int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.holds[documentID]
}

func TestFollowerCatchUp(t *testing.T) {
	b, x := &fakeOutbox{versions: map[string]int{}}, &fakeIndex{holds: map[string]int{}}
	var saved []int64
	f := assistant.NewFollower(assistant.FollowerConfig{Outbox: b, Index: x, Model: "m", From: 1,
		Save: func(_ context.Context, seq int64) error { saved = append(saved, seq); return nil }})
	b.change("seen before", 1)
	for i := range 600 { // more than one batch
		b.change(fmt.Sprint(i), i%5)
	}
	b.change("3", 9)
	catchUp := func() {
		t.Helper()
		if err := f.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	catchUp()
	if len(x.holds) != 600 || x.holds["3"] != 9 || x.holds["599"] != 4 || x.replaced != 600 {
		t.Errorf("the index holds %d documents after %d calls", len(x.holds), x.replaced)
	}
	if diff := cmp.Diff([]int64{258, 514, 602}, saved); diff != "" {
		t.Errorf("saved (-want +got):\n%s", diff)
	}
	catchUp()
	b.change("3", 0)
	catchUp()
	if x.replaced != 601 || x.holds["3"] != 0 {
		t.Errorf("after a repeal: %d calls, %d points", x.replaced, x.holds["3"])
	}

	b.change("4", 7) // a failure is made good the next time
	x.fail = []error{fault.New(fault.Unavailable, "away")}
	if err := f.CatchUp(t.Context()); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("CatchUp: %v", err)
	}
	catchUp()
	if x.holds["4"] != 7 {
		t.Errorf("the index holds %d points", x.holds["4"])
	}
}

func TestFollowerRun(t *testing.T) {
	b, x := &fakeOutbox{versions: map[string]int{}}, &fakeIndex{holds: map[string]int{}}
	x.fail = []error{fault.New(fault.Unavailable, "away"), fault.New(fault.Timeout, "slow")}
	f := assistant.NewFollower(assistant.FollowerConfig{Outbox: b, Index: x, Every: time.Millisecond, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	b.change("a", 2)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- f.Run(ctx) }()
	for x.held("a") != 2 {
		time.Sleep(time.Millisecond)
	}
	b.change("a", 3)
	for x.held("a") != 3 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Run: %v", err)
	}

	b.fail = fault.New(fault.Broken, "the database is damaged")
	if err := f.Run(t.Context()); fault.CodeOf(err) != fault.Broken {
		t.Errorf("Run: %v", err)
	}
	b.fail = nil
	b.change("a", 4)
	stop := errors.New("the disk is full")
	f = assistant.NewFollower(assistant.FollowerConfig{Outbox: b, Index: x, Save: func(context.Context, int64) error { return stop }})
	if err := f.CatchUp(t.Context()); !errors.Is(err, stop) {
		t.Errorf("CatchUp: %v", err)
	}
}
