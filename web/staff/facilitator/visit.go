package facilitator

import (
	"crypto/rand"
	"regexp"
	"sync"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// Limits of what is kept in memory.
const (
	visitFor   = 3 * time.Hour // after it was last touched
	mostVisits = 300
	mostTurns  = 30
)

// turn is a question of the visit with its answer.
type turn struct {
	Number   int // from 1
	Question string
	Answer   *assistant.Answer
	key      string // of the form that asked it: one that a poor line sends twice is asked once
}

// visit is a person at the desk. There is no field for who it is.
type visit struct {
	ID       string
	Tenant   string
	Helper   string // id of the facilitator, who alone sees it
	Language string
	Point    string
	Started  time.Time
	Turns    []turn

	conversation string
	touched      time.Time
}

// visits are the open visits. They are in memory only.
type visits struct {
	mu  sync.Mutex
	all map[string]*visit
	now func() time.Time
}

func newVisits(now func() time.Time) *visits {
	return &visits{all: map[string]*visit{}, now: now}
}

// forget drops visits that nobody touched for long. The caller holds the lock.
func (s *visits) forget() {
	for id, v := range s.all {
		if s.now().Sub(v.touched) > visitFor {
			delete(s.all, id)
		}
	}
}

func (s *visits) start(tenant, helper, language, point string) (*visit, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget()
	if len(s.all) >= mostVisits {
		return nil, fault.New(fault.Unavailable, "there are %d open visits: end some first", len(s.all))
	}
	v := &visit{ID: rand.Text(), Tenant: tenant, Helper: helper, Language: language, Point: point, Started: s.now(), touched: s.now()}
	s.all[v.ID] = v
	return v, nil
}

// wellFormed is how an id looks: an opened visit comes back under the one it had, so that its addresses go on working.
var wellFormed = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// resume opens a visit again under its id after the server has forgotten it, for the tab that still has its answers. One that is open
// stays as it is. fault.NotFound: it is somebody else's, or no id.
func (s *visits) resume(tenant, helper, id, language, point string) error {
	if !wellFormed.MatchString(id) {
		return fault.New(fault.NotFound, "there is no visit %q", id)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget()
	if v := s.all[id]; v != nil {
		if v.Tenant != tenant || v.Helper != helper {
			return fault.New(fault.NotFound, "there is no visit %q", id)
		}
		return nil
	}
	if len(s.all) >= mostVisits {
		return fault.New(fault.Unavailable, "there are %d open visits: end some first", len(s.all))
	}
	s.all[id] = &visit{ID: id, Tenant: tenant, Helper: helper, Language: language, Point: point, Started: s.now(), touched: s.now()}
	return nil
}

// get gives a copy of the facilitator's own visit, or fault.NotFound.
func (s *visits) get(tenant, helper, id string) (visit, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget()
	v := s.all[id]
	if v == nil || v.Tenant != tenant || v.Helper != helper {
		return visit{}, fault.New(fault.NotFound, "there is no open visit %q", id)
	}
	v.touched = s.now()
	out := *v
	out.Turns = append([]turn(nil), v.Turns...)
	return out, nil
}

// change changes a visit that is still open.
func (s *visits) change(id string, f func(*visit)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.all[id]; v != nil {
		f(v)
		if len(v.Turns) > mostTurns {
			v.Turns = v.Turns[len(v.Turns)-mostTurns:]
		}
	}
}

// end forgets a visit with all that was said in it. It says whether it was still open: of two that end it at once, one counts.
func (s *visits) end(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, open := s.all[id]
	delete(s.all, id)
	return open
}

// of gives the facilitator's open visits in a tenant.
func (s *visits) of(tenant, helper string) (out []visit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget()
	for _, v := range s.all {
		if v.Tenant == tenant && v.Helper == helper {
			out = append(out, *v)
		}
	}
	return out
}
