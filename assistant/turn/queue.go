package turn

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// ErrBusy says that nothing came free in time, or would not: do without.
var ErrBusy = errors.New("too many are waiting")

const (
	defaultMost = 200                    // waiting of one class
	tellAfter   = 500 * time.Millisecond // a shorter wait is nobody's news; then again as often
	enoughHolds = 8                      // before the length of a turn is known well enough to turn somebody away
	holdShare   = 0.1                    // of the last turn in the mean
)

// Grab gives what the one who waits may have now; false: nothing yet. An error ends the wait: there will be nothing. It is called with the
// queue locked, one call at a time, so that what it reads and writes needs no other lock; it must not call the queue.
type Grab[T any] func() (got T, ok bool, err error)

// Queue hands out things of which there are fewer than people. It is safe for concurrent use; make it with New.
type Queue[T any] struct {
	Config[T]

	mu      sync.Mutex
	lines   [classes]map[string][]*waiter[T] // by tenant
	waiting [classes]int
	out     map[string]int    // things that a tenant has
	total   int               // things that are out
	served  map[string]uint64 // when a tenant was last served, in turns
	turns   uint64
	hold    float64 // mean seconds of a turn
	holds   int

	places   map[*waiter[T]]int // as of placesAt
	placesAt time.Time
}

type waiter[T any] struct {
	who    Who
	grab   Grab[T]
	result chan result[T] // of one
}

type result[T any] struct {
	got T
	err error
}

// Config is what a queue is made of.
type Config[T any] struct {
	Put  func(T) // is told what comes back, before it is offered to the next, with the queue locked
	Most int     // people of one class who wait; 0: 200. Work in the background is bounded by who does it
	// Foresee turns away at once who by the length of turns would lose patience, where doing without is better than waiting for nothing.
	Foresee bool
}

// New makes a queue.
func New[T any](c Config[T]) *Queue[T] {
	if c.Most <= 0 {
		c.Most = defaultMost
	}
	q := &Queue[T]{Config: c, out: map[string]int{}, served: map[string]uint64{}}
	for c := range q.lines {
		q.lines[c] = map[string][]*waiter[T]{}
	}
	return q
}

// Lease is a turn. Release it once the work is done.
type Lease[T any] struct {
	Got     T
	Release func() // may be called again, without effect
	Waited  time.Duration
}

// Take waits for a turn, for at most patience; 0: as long as ctx lives. Errors are ErrBusy, that of grab, and ctx's.
func (q *Queue[T]) Take(ctx context.Context, who Who, patience time.Duration, grab Grab[T]) (*Lease[T], error) {
	begun := time.Now()
	w := &waiter[T]{who: who, grab: grab, result: make(chan result[T], 1)}
	q.mu.Lock()
	if who.Class != Background && q.waiting[who.Class] >= q.Most && !q.crowd(who) {
		q.mu.Unlock()
		return nil, ErrBusy
	}
	q.lines[who.Class][who.Tenant] = append(q.lines[who.Class][who.Tenant], w)
	q.waiting[who.Class]++
	q.serve()
	if q.Foresee && patience > 0 && len(w.result) == 0 && q.late(w, patience) {
		q.leave(w)
		q.mu.Unlock()
		return nil, ErrBusy
	}
	q.mu.Unlock()
	return q.wait(ctx, w, begun, patience)
}

// crowd makes room in a full line for somebody of a tenant with fewer who wait than another has: the last of the longest goes. false:
// nobody has more.
func (q *Queue[T]) crowd(who Who) bool {
	lines := q.lines[who.Class]
	longest := who.Tenant
	for tenant := range lines {
		if len(lines[tenant]) > len(lines[longest]) {
			longest = tenant
		}
	}
	if len(lines[longest]) <= len(lines[who.Tenant])+1 {
		return false
	}
	last := lines[longest][len(lines[longest])-1]
	q.leave(last)
	last.result <- result[T]{err: ErrBusy}
	return true
}

func (q *Queue[T]) wait(ctx context.Context, w *waiter[T], begun time.Time, patience time.Duration) (*Lease[T], error) {
	select { // most do not wait at all, and need no clocks
	case r := <-w.result:
		return q.lease(w, r, begun)
	default:
	}
	var over <-chan time.Time
	if patience > 0 {
		limit := time.NewTimer(patience)
		defer limit.Stop()
		over = limit.C
	}
	look := time.NewTicker(tellAfter)
	defer look.Stop()
	told := 0
	for {
		err := ErrBusy
		select {
		case r := <-w.result:
			return q.lease(w, r, begun)
		case <-look.C:
			if w.who.Told != nil {
				if place := q.Place(w); place != told && place > 0 {
					told = place
					w.who.Told(place)
				}
			}
			continue
		case <-over:
		case <-ctx.Done():
			err = ctx.Err()
		}
		q.mu.Lock()
		left := q.leave(w)
		q.mu.Unlock()
		if !left { // it was served at this very moment
			if r := <-w.result; r.err == nil {
				q.release(w.who.Tenant, r.got, time.Time{})
			}
		}
		return nil, err
	}
}

func (q *Queue[T]) lease(w *waiter[T], r result[T], begun time.Time) (*Lease[T], error) {
	if r.err != nil {
		return nil, r.err
	}
	now := time.Now()
	return &Lease[T]{Got: r.got, Waited: now.Sub(begun), Release: sync.OnceFunc(func() { q.release(w.who.Tenant, r.got, now) })}, nil
}

// release takes a thing back; since: when the turn began, zero for one that was not used.
func (q *Queue[T]) release(tenant string, got T, since time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.out[tenant]--; q.out[tenant] == 0 {
		delete(q.out, tenant)
	}
	q.total--
	if !since.IsZero() {
		held := time.Since(since).Seconds()
		if q.holds++; q.holds == 1 {
			q.hold = held
		}
		q.hold += holdShare * (held - q.hold)
	}
	q.Put(got)
	q.serve()
}

// Do calls f with the queue locked and then serves who can be: what Grab looks at has changed.
func (q *Queue[T]) Do(f func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	f()
	q.serve()
}

// serve gives to the first as long as there is something.
func (q *Queue[T]) serve() {
	for {
		w := q.first()
		if w == nil {
			return
		}
		got, ok, err := w.grab()
		if err == nil && !ok {
			return
		}
		q.leave(w)
		if err == nil {
			q.out[w.who.Tenant]++
			q.total++
			q.turns++
			q.served[w.who.Tenant] = q.turns
		}
		w.result <- result[T]{got, err}
	}
}

// first is who is next; nil: nobody waits.
func (q *Queue[T]) first() *waiter[T] {
	for c := range q.lines {
		tenant, found := next(q.lines[c], q.out, q.served)
		if found {
			return q.lines[c][tenant][0]
		}
	}
	return nil
}

// next is the tenant with the fewest under way, of those the one that was served longest ago.
func next[W any](lines map[string][]W, out map[string]int, served map[string]uint64) (tenant string, found bool) {
	for t := range lines {
		if !found || out[t] < out[tenant] || out[t] == out[tenant] && (served[t] < served[tenant] || served[t] == served[tenant] && t < tenant) {
			tenant, found = t, true
		}
	}
	return tenant, found
}

// leave takes a waiter out; false: it is no longer there.
func (q *Queue[T]) leave(w *waiter[T]) bool {
	line := q.lines[w.who.Class][w.who.Tenant]
	i := slices.Index(line, w)
	if i < 0 {
		return false
	}
	q.waiting[w.who.Class]--
	if line = slices.Delete(line, i, i+1); len(line) == 0 {
		delete(q.lines[w.who.Class], w.who.Tenant)
	} else {
		q.lines[w.who.Class][w.who.Tenant] = line
	}
	return true
}
