package crawl

import (
	"context"
	"sync"
	"time"
)

// pace lets one request at a time go to a host, with a pause after each.
type pace struct {
	delay time.Duration
	now   func() time.Time
	mu    sync.Mutex
	hosts map[string]*host
}

type host struct {
	turn  chan struct{} // holds one token: who has it may make a request
	after time.Time     // when the next one may be made; owned by who has the token
	delay time.Duration // the site's own wish
}

// maxDelay bounds what a robots.txt may ask for: a site that wants hours between two pages is left to the next visit anyway.
const maxDelay = 30 * time.Second

func newPace(delay time.Duration, now func() time.Time) *pace {
	return &pace{delay: delay, now: now, hosts: map[string]*host{}}
}

func (p *pace) host(name string) *host {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.hosts[name]
	if h == nil {
		h = &host{turn: make(chan struct{}, 1)}
		h.turn <- struct{}{}
		p.hosts[name] = h
	}
	return h
}

// wish notes the pause that a site asks for.
func (p *pace) wish(name string, delay time.Duration) {
	h := p.host(name)
	p.mu.Lock()
	defer p.mu.Unlock()
	h.delay = min(delay, maxDelay)
}

// turn waits for the host; done gives the turn on.
func (p *pace) turn(ctx context.Context, name string) (done func(), err error) {
	h := p.host(name)
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-h.turn:
	}
	select {
	case <-ctx.Done():
		h.turn <- struct{}{}
		return nil, ctx.Err()
	case <-time.After(h.after.Sub(p.now())):
	}
	return func() {
		p.mu.Lock()
		delay := max(p.delay, h.delay)
		p.mu.Unlock()
		h.after = p.now().Add(delay)
		h.turn <- struct{}{}
	}, nil
}
