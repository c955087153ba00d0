// Package webhook tells other programs what happened: it takes messages from a queue in the store, signs them as the Standard Webhooks
// specification says and sends them, again and again with growing pauses until an answer says that they arrived, for three days.
//
// A message may arrive twice (the process dies between the answer and the note of it): its id is the same each time. Messages may
// arrive in another order than they were written in. The package keeps nothing; the store is given to it as Queue.
package webhook

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/outbound"
)

// Queue is where messages wait; assistant/store is one.
type Queue interface {
	ClaimDelivery(ctx context.Context, until time.Time) (*assistant.Delivery, error)
	Delivered(ctx context.Context, id int64, state string, next time.Time, status int, why string) error
	PruneDeliveries(ctx context.Context, before time.Time) error
}

// Config is what New needs. Queue is required.
type Config struct {
	Queue   Queue
	Private []string // hosts that may lie in the network of the installation and be reached by http; see outbound.Config
	Log     *slog.Logger
	Now     func() time.Time
	Poll    time.Duration // how often the queue is looked at; default 2 s
}

// Sender delivers messages. It is safe for concurrent use.
type Sender struct {
	cfg     Config
	private *outbound.Client // knows which hosts are Private
}

const (
	atOnce    = 4                // messages sent side by side: one slow address does not hold up the others
	sendLimit = 20 * time.Second // for one try
	lease     = time.Minute      // how long one try may take before another process makes it
	keepFor   = 30 * 24 * time.Hour
	mostURL   = 2000
)

// again is when a message that did not arrive is tried again, as the specification recommends; after the last it is given up and the
// console says so. Three days in all: a server that is down over a weekend loses nothing.
var again = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// New makes a Sender. It does nothing by itself before Run.
func New(cfg Config) (*Sender, error) {
	if cfg.Queue == nil {
		return nil, fault.New(fault.Internal, "webhook: a Queue is required")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Poll == 0 {
		cfg.Poll = 2 * time.Second
	}
	private, err := outbound.New(outbound.Config{Allow: cfg.Private})
	if err != nil {
		return nil, err
	}
	return &Sender{cfg, private}, nil
}

// Check says whether an address may be told of events: https, or a host that the configuration says is of its own network. Where its
// name leads is looked at when something is sent.
func (s *Sender) Check(address string) error {
	u, err := url.Parse(address)
	switch {
	case strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return fault.New(fault.Invalid, "%q is written with signs that no address has: write names with accents as xn--…", address)
	case err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" || len(address) > mostURL || u.Scheme != "https" && u.Scheme != "http":
		return fault.New(fault.Invalid, "%q is not an address that messages can be sent to", address)
	case u.Scheme == "http" && s.private.Check(u) != nil:
		return fault.New(fault.Invalid, "%s: only https; http for hosts of webhooks.private alone", u.Host)
	}
	return nil
}

// Run sends what is due until ctx ends.
func (s *Sender) Run(ctx context.Context) {
	var work sync.WaitGroup
	for range atOnce {
		work.Go(func() { s.sendAlways(ctx) })
	}
	work.Go(func() { s.pruneAlways(ctx) })
	work.Wait()
}

func (s *Sender) sendAlways(ctx context.Context) {
	for ctx.Err() == nil {
		if _, err := s.Send(ctx); err != nil && ctx.Err() == nil {
			s.cfg.Log.WarnContext(ctx, "the queue of webhooks could not be read; trying again", "error", err)
		}
		pause(ctx, s.cfg.Poll)
	}
}

func (s *Sender) pruneAlways(ctx context.Context) {
	for ctx.Err() == nil {
		if err := s.cfg.Queue.PruneDeliveries(ctx, s.cfg.Now().Add(-keepFor)); err != nil && ctx.Err() == nil {
			s.cfg.Log.WarnContext(ctx, "old messages of webhooks were not forgotten", "error", err)
		}
		pause(ctx, time.Hour)
	}
}

func pause(ctx context.Context, t time.Duration) {
	timer := time.NewTimer(t)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// Send sends all messages that are due and says how many arrived.
func (s *Sender) Send(ctx context.Context) (int, error) {
	sent := 0
	for ctx.Err() == nil {
		d, err := s.cfg.Queue.ClaimDelivery(ctx, s.cfg.Now().Add(lease))
		if err != nil || d == nil {
			return sent, err
		}
		status, wait, err := s.try(ctx, d)
		if ctx.Err() != nil {
			return sent, ctx.Err() // the lease ends, and the message is tried again
		}
		if err := s.note(ctx, d, status, wait, err); err != nil {
			return sent, err
		}
		if err == nil {
			sent++
		}
	}
	return sent, ctx.Err()
}

// note writes down how a try went.
func (s *Sender) note(ctx context.Context, d *assistant.Delivery, status int, wait time.Duration, err error) error {
	if err == nil {
		return s.cfg.Queue.Delivered(ctx, d.ID, assistant.DeliverySent, time.Time{}, status, "")
	}
	why := fault.MessageOf(err)
	s.cfg.Log.WarnContext(ctx, "a webhook was not delivered", "tenant", d.Tenant, "webhook", d.Webhook, "event", d.Event, "tries", d.Tries, "status", status, "error", why)
	hopeless := fault.CodeOf(err) == fault.Invalid || fault.CodeOf(err) == fault.Broken || status == http.StatusGone
	if hopeless || d.Tries > len(again) {
		return s.cfg.Queue.Delivered(ctx, d.ID, assistant.DeliveryFailed, time.Time{}, status, why)
	}
	return s.cfg.Queue.Delivered(ctx, d.ID, assistant.DeliveryQueued, s.cfg.Now().Add(max(wait, again[d.Tries-1])), status, why)
}

// mostWait bounds what an answer may ask for with Retry-After.
const mostWait = 24 * time.Hour

// try sends a message once. status is that of the answer, 0 without one; wait is what the answer asks for before the next try.
func (s *Sender) try(ctx context.Context, d *assistant.Delivery) (status int, wait time.Duration, err error) {
	if err := s.Check(d.URL); err != nil {
		return 0, 0, err
	}
	if d.Secret == "" {
		return 0, 0, fault.New(fault.Broken, "the secret is not in the backup that was restored: make a new one")
	}
	at, body := s.cfg.Now(), []byte(d.Body)
	signature, err := Sign(d.Secret, d.Message, at, body)
	if err != nil {
		return 0, 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL, bytes.NewReader(body))
	if err != nil {
		return 0, 0, fault.Wrap(fault.Invalid, err, "the address cannot be read")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Webhook-Id", d.Message)
	r.Header.Set("Webhook-Timestamp", strconv.FormatInt(at.Unix(), 10))
	r.Header.Set("Webhook-Signature", signature)
	client, err := outbound.New(outbound.Config{Allow: []string{r.URL.Scheme + "://" + r.URL.Host}, Private: s.cfg.Private, MaxRedirects: -1, MaxBytes: 64 << 10, Logger: s.cfg.Log})
	if err != nil {
		return 0, 0, err
	}
	defer client.Close()
	res, err := client.Do(r)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = res.Body.Close() }()                      // it was only read
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // what it says is of no interest
	if res.StatusCode >= 200 && res.StatusCode < 300 {
		return res.StatusCode, 0, nil
	}
	if seconds, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && seconds > 0 {
		wait = min(time.Duration(seconds)*time.Second, mostWait)
	}
	return res.StatusCode, wait, fault.New(fault.Unavailable, "%s", fmt.Sprintf("%s answers with %d", r.URL.Host, res.StatusCode))
}
