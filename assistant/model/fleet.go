package model

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"

	"sportello/assistant/fault"
	"sportello/assistant/turn"
)

// fleet is the servers of one task and the queue before them. A request goes to the server that has the least to do for its weight and
// that is well: a circuit breaker takes out for a while the one that fails again and again, the watch (fleet_watch.go) the one that does
// not say it is well. Nobody waits for a fleet of which nobody is well.
type fleet struct {
	task     string
	members  []*member
	queue    *turn.Queue[*claim]
	patience time.Duration // of people, in the queue
	logger   *slog.Logger
	watch    *watch
}

// member is one server of a fleet. What follows breaker is guarded by the lock of the fleet's queue.
type member struct {
	name    string // host and port, or "engine"
	server  server
	model   string // the model's name there; empty: as requests say it
	weight  float64
	atOnce  int
	breaker *gobreaker.TwoStepCircuitBreaker[any] // nil: of an engine that Sportello watches itself

	claims  map[*claim]bool
	down    string // why it is not well; empty: it is, for all we know
	strange string // why its vectors cannot be used; empty: they can
	missed  int    // checks that failed, one after the other
	asked   int
	failed  int
	seconds float64 // spent on requests, in all
}

// claim is a place at a member for one request.
type claim struct {
	*member
	done  func(error) // tells the breaker
	since time.Time
	heard atomic.Bool             // the server has begun to answer
	lost  context.CancelCauseFunc // ends the request, when it has begun
	ended bool
	err   error
}

const (
	trips      = 5                // failures one after the other
	tripped    = 10 * time.Second // before one request may try again
	atOnceFew  = 4
	atOnceMany = 16
)

func (o *opener) newFleet(task string, members []*member, ep Endpoint) *fleet {
	f := &fleet{task: task, members: members, patience: ep.Patience, logger: o.cfg.Logger, watch: newWatch()}
	if f.patience <= 0 {
		f.patience = defaultPatience
	}
	f.queue = turn.New(turn.Config[*claim]{Put: f.put, Most: ep.Waiting, Foresee: true})
	for i, m := range members {
		m.claims = map[*claim]bool{}
		m.weight = max(m.weight, 0.01)
		if _, ok := m.server.(remote); ok {
			m.breaker = gobreaker.NewTwoStepCircuitBreaker[any](gobreaker.Settings{
				Name: m.name, Timeout: tripped,
				ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= trips },
				IsExcluded:  func(err error) bool { return err != nil && !blamed(err) },
				OnStateChange: func(name string, _, to gobreaker.State) {
					f.logger.Warn("a model server fails again and again, or does no longer", "task", task, "server", name, "breaker", to.String())
				},
			})
		}
		if i > 0 && task == "embedding" {
			m.strange = "not compared with the first server yet"
		}
	}
	return f
}

// defaultPatience is how long a person waits for a model before the quote is shown.
const defaultPatience = 20 * time.Second

// blamed says whether an error is the server's fault, and not that of the request or of somebody who left.
func blamed(err error) bool {
	var s *StatusError
	switch {
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errStopped):
		return false
	case fault.CodeOf(err) == fault.Unavailable || fault.CodeOf(err) == fault.Timeout:
		return !errors.As(err, &s) || s.Status != 429 // it is well and has much to do
	case errors.As(err, &s):
		return s.Status == 401 || s.Status == 403 || s.Status == 404
	}
	return false
}

// elsewhere says whether another server may do better.
func elsewhere(err error) bool {
	var s *StatusError
	return blamed(err) || errors.As(err, &s) && s.Status == 429
}

// tried are the servers that failed one question, so that it is not put to them again while there are others.
type tried struct {
	mu      sync.Mutex
	members map[*member]bool
}

type triedKey struct{}

// withTried gives a context whose requests remember together which servers failed them.
func withTried(ctx context.Context) (context.Context, *tried) {
	t := &tried{members: map[*member]bool{}}
	return context.WithValue(ctx, triedKey{}, t), t
}

func triedOf(ctx context.Context) *tried {
	if t, ok := ctx.Value(triedKey{}).(*tried); ok {
		return t
	}
	return &tried{members: map[*member]bool{}}
}

func (t *tried) add(m *member) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.members[m] = true
}

func (t *tried) has(m *member) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.members[m]
}

type onlyKey struct{}

// onlyAt gives a context whose requests go to one server, well or not.
func onlyAt(ctx context.Context, m *member) context.Context {
	return context.WithValue(ctx, onlyKey{}, m)
}

// take waits for a place at a server. Errors are fault.Unavailable: no server is well, or none came free in time (turn.ErrBusy).
func (f *fleet) take(ctx context.Context, t *tried) (*turn.Lease[*claim], error) {
	f.begin()
	who := turn.Of(ctx)
	if tenant, ok := ctx.Value(tenantKey{}).(string); ok {
		who.Tenant = tenant
	}
	patience := f.patience
	if who.Class == turn.Background {
		patience = 0
	}
	only, _ := ctx.Value(onlyKey{}).(*member)
	lease, err := f.queue.Take(ctx, who, patience, func() (*claim, bool, error) { return f.grab(t, only) })
	switch {
	case errors.Is(err, turn.ErrBusy):
		return nil, fault.Wrap(fault.Unavailable, err, "all servers for %s have too much to do", f.task)
	case ctx.Err() != nil && err != nil:
		return nil, cancelled(ctx)
	}
	return lease, err
}

// grab gives a place at the server with the least to do for its weight, those that failed this question last.
func (f *fleet) grab(t *tried, only *member) (*claim, bool, error) {
	if only != nil {
		return only.claim(func(error) {}), true, nil
	}
	open := slices.DeleteFunc(slices.Clone(f.members), func(m *member) bool { return m.why() != "" })
	if len(open) == 0 {
		return nil, false, f.nobody()
	}
	slices.SortStableFunc(open, func(a, b *member) int {
		return cmp.Or(cmp.Compare(rank(t.has(a)), rank(t.has(b))), cmp.Compare(a.load(), b.load()))
	})
	for _, m := range open {
		if len(m.claims) >= m.atOnce {
			continue
		}
		if m.breaker == nil {
			return m.claim(func(error) {}), true, nil
		}
		if done, err := m.breaker.Allow(); err == nil {
			return m.claim(done), true, nil
		}
	}
	return nil, false, nil
}

// rank puts false before true.
func rank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// load is what a member would have to do with one more, for its weight.
func (m *member) load() float64 { return float64(len(m.claims)+1) / m.weight }

// why says why a member is not asked; empty: it is, as soon as it has a place.
func (m *member) why() string {
	switch {
	case m.down != "":
		return m.down
	case m.strange != "":
		return m.strange
	case m.breaker != nil && m.breaker.State() == gobreaker.StateOpen:
		return "it failed several times and is left alone for a while"
	case m.breaker != nil && m.breaker.State() == gobreaker.StateHalfOpen && len(m.claims) > 0:
		return "it failed several times and is being tried again"
	}
	return ""
}

func (m *member) claim(done func(error)) *claim {
	c := &claim{member: m, done: done, since: time.Now()}
	m.claims[c] = true
	m.asked++
	return c
}

// nobody is the error of a fleet of which no server can be asked.
func (f *fleet) nobody() error {
	var why []string
	for _, m := range f.members {
		why = append(why, m.name+": "+m.why())
	}
	return fault.New(fault.Unavailable, "no server for %s can be asked at the moment (%s)", f.task, strings.Join(why, "; "))
}

// end says how a request went; the first word counts. Release of the claim's lease comes after it.
func (c *claim) end(err error) {
	if !c.ended {
		c.ended, c.err = true, err
	}
}

// put takes a claim back.
func (f *fleet) put(c *claim) {
	delete(c.claims, c)
	c.seconds += time.Since(c.since).Seconds()
	if c.err != nil && blamed(c.err) {
		c.failed++
	}
	c.done(c.err)
}

// other says whether a server that was not tried could be asked.
func (f *fleet) other(t *tried) (found bool) {
	f.queue.Do(func() {
		found = slices.ContainsFunc(f.members, func(m *member) bool { return !t.has(m) && m.why() == "" })
	})
	return found
}
