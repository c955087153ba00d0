package model

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"sportello/assistant/fault"
)

// watch asks the servers of a fleet every few seconds whether they are well.
type watch struct {
	every   time.Duration
	again   time.Duration // after a check that failed
	timeout time.Duration
	missed  int // checks after which a server is not well
	prove   func(ctx context.Context, m *member) error
	check   func(ctx context.Context, m *member) error

	once sync.Once
	life context.Context
	stop context.CancelFunc
	work sync.WaitGroup
}

func newWatch() *watch {
	w := &watch{every: 10 * time.Second, again: 2 * time.Second, timeout: 3 * time.Second, missed: 2}
	w.life, w.stop = context.WithCancel(context.Background())
	return w
}

// begin starts the watch of a fleet of several with the first request: with one server there is nowhere else to go.
func (f *fleet) begin() {
	if len(f.members) > 1 {
		f.watchAll()
	}
}

func (f *fleet) watchAll() {
	f.watch.once.Do(func() {
		for i, m := range f.members {
			if _, ok := m.server.(remote); ok {
				f.watch.work.Go(func() { f.watchOne(i, m) })
			}
		}
	})
}

func (f *fleet) close() {
	f.watch.stop()
	f.watch.work.Wait()
}

func (f *fleet) watchOne(i int, m *member) {
	for {
		f.look(f.watch.life, i, m)
		var missed bool
		f.queue.Do(func() { missed = m.missed > 0 || m.strange != "" })
		wait := f.watch.every
		if missed {
			wait = f.watch.again
		}
		select {
		case <-time.After(wait):
		case <-f.watch.life.Done():
			return
		}
	}
}

// errStopped ends requests that a server which is not well any more has not begun to answer.
var errStopped = errors.New("the server stopped answering")

// look asks one server once.
func (f *fleet) look(ctx context.Context, i int, m *member) {
	asking, cancel := context.WithTimeout(ctx, f.watch.timeout)
	err := f.watch.check(asking, m)
	cancel()
	if ctx.Err() != nil {
		return
	}
	f.queue.Do(func() { f.noted(m, err) })
	if err != nil || i == 0 || f.watch.prove == nil {
		return
	}
	var strange string
	f.queue.Do(func() { strange = m.strange })
	if strange == "" {
		return
	}
	if err := f.watch.prove(onlyAt(ctx, m), m); err != nil {
		strange = fault.MessageOf(err)
		f.logger.Warn("a server for vectors is not used", "server", m.name, "why", strange)
	} else {
		strange = ""
	}
	f.queue.Do(func() { m.strange = strange })
}

// noted takes in what a check found. A server that is down keeps nobody waiting: what it has not begun to answer goes elsewhere.
func (f *fleet) noted(m *member, err error) {
	if err == nil {
		if m.down != "" {
			f.logger.Info("a model server is well again", "task", f.task, "server", m.name)
		}
		m.missed, m.down = 0, ""
		return
	}
	if m.missed++; m.missed < f.watch.missed {
		return
	}
	if m.down == "" {
		f.logger.Warn("a model server is not well", "task", f.task, "server", m.name, "why", fault.MessageOf(err))
	}
	m.down = fault.MessageOf(err)
	for c := range m.claims {
		if !c.heard.Load() && c.lost != nil {
			c.lost(errStopped)
		}
	}
}

// healthPaths are where servers say that they are well: llama.cpp and vLLM, Ollama and all others.
var healthPaths = []string{"/health", "/v1/models"}

// checker asks a server by its addresses of health.
func (w *wire) checker(ctx context.Context, m *member) error {
	ep, err := m.server.Endpoint(ctx)
	if err != nil {
		return err
	}
	for _, path := range healthPaths {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, ep.URL+path, nil)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "the address of the model server cannot be read")
		}
		if ep.Key != "" {
			req.Header.Set("Authorization", "Bearer "+ep.Key)
		}
		resp, err := w.next.RoundTrip(req)
		if err != nil {
			if ctx.Err() != nil {
				return fault.New(fault.Timeout, "%s does not say that it is well in time", req.URL.Host)
			}
			return fault.Wrap(fault.Unavailable, err, "%s cannot be reached", req.URL.Host)
		}
		_ = resp.Body.Close()
		switch s := resp.StatusCode; {
		case s == http.StatusNotFound || s == http.StatusMethodNotAllowed:
			continue
		case s == http.StatusUnauthorized || s == http.StatusForbidden:
			return fault.New(fault.Invalid, "%s refuses the key: check it in the configuration", req.URL.Host)
		case s >= http.StatusInternalServerError:
			return fault.New(fault.Unavailable, "%s says that it is not ready (status %s)", req.URL.Host, strconv.Itoa(s))
		}
		return nil
	}
	return nil // it answers, in its own way
}
