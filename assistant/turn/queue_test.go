package turn

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// places is n places to share.
type places struct {
	free int
	*Queue[struct{}]
}

func share(n, most int) *places {
	p := &places{free: n}
	p.Queue = New(Config[struct{}]{Put: func(struct{}) { p.free++ }, Most: most, Foresee: true})
	return p
}

func (p *places) grab() (struct{}, bool, error) {
	if p.free == 0 {
		return struct{}{}, false, nil
	}
	p.free--
	return struct{}{}, true, nil
}

func (p *places) take(ctx context.Context, who Who, patience time.Duration) (*Lease[struct{}], error) {
	return p.Take(ctx, who, patience, p.grab)
}

// served plays people who come in the order given while the only place is taken, each holding it for a second, and gives the order in which they are served.
func served(t *testing.T, people ...Who) []string {
	t.Helper()
	var order []string
	synctest.Test(t, func(t *testing.T) {
		p := share(1, 0)
		first, err := p.take(t.Context(), Who{Tenant: "first"}, 0)
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		var all sync.WaitGroup
		for i, who := range people {
			all.Go(func() {
				l, err := p.take(t.Context(), who, 0)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				order = append(order, fmt.Sprintf("%s%d", who.Tenant, i))
				mu.Unlock()
				time.Sleep(time.Second)
				l.Release()
				l.Release() // without effect
			})
			synctest.Wait() // they come one after the other
		}
		first.Release()
		all.Wait()
		if p.free != 1 {
			t.Errorf("%d places are free at the end", p.free)
		}
	})
	return order
}

func TestWhoIsNext(t *testing.T) {
	a, b, c := Who{Tenant: "a"}, Who{Tenant: "b"}, Who{Tenant: "c"}
	clerk, work := Who{Tenant: "b", Class: Staff}, Who{Tenant: "c", Class: Background}
	for name, tt := range map[string]struct {
		come []Who
		want []string
	}{
		"one tenant, as they came":            {[]Who{a, a, a}, []string{"a0", "a1", "a2"}},
		"an evening in a keeps nobody out":    {[]Who{a, a, a, a, b, c}, []string{"a0", "b4", "c5", "a1", "a2", "a3"}},
		"citizens, then staff, then the rest": {[]Who{work, clerk, a, a}, []string{"a2", "a3", "b1", "c0"}},
	} {
		if got := served(t, tt.come...); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

// Who has more answers under way waits, although nobody was served longer ago.
func TestLongTurnsCount(t *testing.T) {
	p := share(3, 0)
	for range 2 {
		if _, err := p.take(t.Context(), Who{Tenant: "slow"}, 0); err != nil {
			t.Fatal(err)
		}
	}
	last, err := p.take(t.Context(), Who{Tenant: "quick"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan string, 2)
	for _, tenant := range []string{"slow", "quick"} {
		go func() {
			if l, err := p.take(t.Context(), Who{Tenant: tenant}, 0); err == nil {
				got <- tenant
				l.Release()
			}
		}()
	}
	for p.Load().Waiting["citizen"] != 2 {
		time.Sleep(time.Millisecond)
	}
	last.Release()
	if first := <-got; first != "quick" {
		t.Errorf("%s went first", first)
	}
}

func TestPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := share(1, 2)
		held, err := p.take(t.Context(), Who{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		var told []int
		begun := time.Now()
		_, err = p.take(t.Context(), Who{Tenant: "a", Told: func(place int) { told = append(told, place) }}, 5*time.Second)
		if !errors.Is(err, ErrBusy) || time.Since(begun) != 5*time.Second || !slices.Equal(told, []int{1}) {
			t.Errorf("%v after %v, told %v", err, time.Since(begun), told)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := p.take(ctx, Who{}, 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		for range 2 {
			go func() { _, _ = p.take(t.Context(), Who{Tenant: "b"}, time.Minute) }()
		}
		synctest.Wait()
		if _, err := p.take(t.Context(), Who{Tenant: "b"}, time.Minute); !errors.Is(err, ErrBusy) {
			t.Errorf("a third waits where two may: %v", err)
		}
		if p.Load().Waiting["citizen"] != 2 || p.Load().Out != 1 {
			t.Errorf("%+v", p.Load())
		}
		held.Release()
		time.Sleep(2 * time.Minute)
	})
}

// A tenant that fills the line gives a place of it to one that has none there; one of its own that waits longest stays.
func TestAFullLineIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := share(1, 3)
		held, err := p.take(t.Context(), Who{Tenant: "noisy"}, 0)
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		var said []string
		come := func(tenant string, n int) {
			go func() {
				l, err := p.take(t.Context(), Who{Tenant: tenant}, 0)
				mu.Lock()
				said = append(said, fmt.Sprintf("%s%d %t", tenant, n, err == nil))
				mu.Unlock()
				if err == nil {
					l.Release()
				}
			}()
			synctest.Wait()
		}
		for i := range 4 { // the last finds no place
			come("noisy", i)
		}
		come("quiet", 0) // in the place of the third
		come("quiet", 1) // which would take the place of one who has as many
		held.Release()
		synctest.Wait()
		if want := []string{"noisy3 false", "noisy2 false", "quiet1 false", "quiet0 true", "noisy0 true", "noisy1 true"}; !slices.Equal(said, want) {
			t.Errorf("%v", said)
		}
		if p.free != 1 || p.Load().Waiting["citizen"] != 0 {
			t.Errorf("%d free, %+v", p.free, p.Load())
		}
	})
}

// Once the length of a turn is known, nobody is let into a queue in which they would wait for nothing.
func TestAWaitThatCannotEndInTimeIsNotBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := share(1, 0)
		for range enoughHolds {
			l, err := p.take(t.Context(), Who{}, 0)
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Second)
			l.Release()
		}
		held, err := p.take(t.Context(), Who{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer held.Release()
		begun := time.Now()
		if _, err := p.take(t.Context(), Who{}, 9*time.Second); !errors.Is(err, ErrBusy) || time.Since(begun) != 0 {
			t.Errorf("%v after %v", err, time.Since(begun))
		}
		if _, err := p.take(t.Context(), Who{}, 11*time.Second); !errors.Is(err, ErrBusy) || time.Since(begun) != 11*time.Second {
			t.Errorf("%v after %v: it could have been", err, time.Since(begun))
		}
	})
}

// Places are told again when they change.
func TestPlacesAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := share(1, 0)
		work := func() {
			l, err := p.take(t.Context(), Who{Tenant: "a"}, 0)
			if err == nil {
				time.Sleep(2 * time.Second)
				l.Release()
			}
		}
		for range 4 {
			go work()
			synctest.Wait()
		}
		var told []int
		if _, err := p.take(t.Context(), Who{Tenant: "a", Told: func(n int) { told = append(told, n) }}, 0); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(told, []int{4, 3, 2, 1}) {
			t.Errorf("told %v", told)
		}
	})
}

func TestAnErrorEndsTheWait(t *testing.T) {
	p := share(0, 0)
	down := errors.New("nothing is up")
	failed := make(chan error)
	var gone bool
	go func() {
		_, err := p.Take(t.Context(), Who{}, 0, func() (struct{}, bool, error) {
			if gone {
				return struct{}{}, false, down
			}
			return struct{}{}, false, nil
		})
		failed <- err
	}()
	for p.Load().Waiting["citizen"] != 1 {
		time.Sleep(time.Millisecond)
	}
	p.Do(func() { gone = true })
	if err := <-failed; !errors.Is(err, down) {
		t.Error(err)
	}
}

func TestYield(t *testing.T) {
	n := 0
	ctx := Held(t.Context(), func() { n++ })
	Yield(t.Context())
	Yield(ctx)
	Yield(As(ctx, Staff))
	if n != 1 {
		t.Errorf("released %d times", n)
	}
	if w := Of(t.Context()); w.Class != Background || Of(As(t.Context(), Staff)).Class != Staff {
		t.Errorf("%+v", w)
	}
}

// Many who come, wait, lose patience and leave at once: nothing is lost and nothing is given twice.
func TestNothingIsLost(t *testing.T) {
	p := share(4, 1000)
	var mu sync.Mutex
	held, most := 0, 0
	var all sync.WaitGroup
	for i := range 400 {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i%20)*time.Millisecond)
			defer cancel()
			l, err := p.take(ctx, Who{Tenant: string(rune('a' + i%5)), Class: Class(i % 3)}, 0)
			if err != nil {
				return
			}
			mu.Lock()
			held++
			most = max(most, held)
			mu.Unlock()
			time.Sleep(time.Millisecond)
			mu.Lock()
			held--
			mu.Unlock()
			l.Release()
		})
	}
	all.Wait()
	if load := p.Load(); most > 4 || p.free != 4 || load.Out != 0 || load.Waiting["citizen"]+load.Waiting["staff"]+load.Waiting["background"] != 0 {
		t.Errorf("most %d, free %d, %+v", most, p.free, load)
	}
}
