package ingest

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"sportello/assistant/fault"
)

// Watched is an address that a tenant has visited again and again.
type Watched struct {
	ID      string
	Tenant  string
	Address Address
	Options JobOptions
}

// WatchReport says what a visit to a watched address did.
type WatchReport struct {
	Visit
	Added    int       `json:"added"`
	Replaced int       `json:"replaced"`
	Failed   []Failure `json:"failed,omitempty"` // documents that were got and could not be read
	Error    string    `json:"error,omitempty"`  // the address could not be visited
	Code     string    `json:"code,omitempty"`   // of Error
}

// Watchlist holds the addresses to watch so that they outlive the process. Several processes may look: an address is leased.
type Watchlist interface {
	// LeaseAddress gives an address whose time has come and that nobody visits, nil when there is none.
	LeaseAddress(ctx context.Context) (*Watched, error)
	// RenewAddress keeps the lease.
	RenewAddress(ctx context.Context, id string) error
	// AddressMemory gives what is remembered of an address.
	AddressMemory(id string) Memory
	// Taking notes what is to be taken in from an address, before it is: what a visit did can be undone.
	Taking(ctx context.Context, a *Watched, source string) error
	// Took notes that a document was taken in from an address.
	Took(ctx context.Context, a *Watched, document string) error
	// Visited notes what a visit that began at a moment did, and when the next is due. complete: what was not seen since began is gone.
	Visited(ctx context.Context, id string, began time.Time, r WatchReport, complete bool) error
}

// WatcherConfig is what NewWatcher needs.
type WatcherConfig struct {
	List    Watchlist
	Visitor Visitor
	Syncer  *Syncer
	Pause   time.Duration // between two looks at the list; default 5 s
	Renew   time.Duration // between two renewals of a lease; default 20 s
	Now     func() time.Time
	Log     *slog.Logger
}

// Watcher visits watched addresses when their time comes, one at a time.
type Watcher struct{ c WatcherConfig }

// NewWatcher makes a Watcher.
func NewWatcher(c WatcherConfig) *Watcher {
	if c.Pause <= 0 {
		c.Pause = 5 * time.Second
	}
	if c.Renew <= 0 {
		c.Renew = 20 * time.Second
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Watcher{c}
}

// Run watches until ctx ends.
func (w *Watcher) Run(ctx context.Context) error {
	for {
		visited, err := w.Once(ctx)
		if err != nil && ctx.Err() == nil {
			w.c.Log.Error("an address could not be visited; it is tried again", "error", err)
		}
		if visited && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(w.c.Pause):
		}
	}
}

// Once visits one address whose time has come, and says whether there was one.
func (w *Watcher) Once(ctx context.Context) (bool, error) {
	a, err := w.c.List.LeaseAddress(ctx)
	if err != nil || a == nil {
		return false, err
	}
	work, stop := context.WithCancel(ctx)
	defer stop()
	go w.renew(work, a.ID)
	began := w.c.Now()
	report := WatchReport{}
	report.Visit, err = w.c.Visitor.Visit(work, a.Address, w.c.List.AddressMemory(a.ID), func(f Fetched) error {
		return w.take(work, a, f, &report)
	})
	var fatal *shelfError
	switch {
	case ctx.Err() != nil:
		return true, ctx.Err()
	case asFatal(err, &fatal):
		return true, err
	case err != nil:
		report.Error, report.Code = fault.MessageOf(err), string(fault.CodeOf(err))
	}
	return true, w.c.List.Visited(ctx, a.ID, began, report, err == nil && !report.Partial && a.Address.Kind != AddressFeed)
}

func (w *Watcher) renew(ctx context.Context, id string) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(w.c.Renew):
		}
		if err := w.c.List.RenewAddress(ctx, id); err != nil && ctx.Err() == nil {
			w.c.Log.Warn("the lease of an address was not renewed", "error", err)
		}
	}
}

func (w *Watcher) take(ctx context.Context, a *Watched, f Fetched, report *WatchReport) error {
	if err := w.c.List.Taking(ctx, a, f.URL); err != nil {
		return &shelfError{err}
	}
	step, err := w.c.Syncer.Take(ctx, Request{Tenant: a.Tenant, Visibility: a.Options.Visibility, Kind: a.Options.Kind}, f.URL, f.URL, f.Bytes)
	switch {
	case err != nil:
		return &shelfError{err}
	case step.Err != nil:
		report.Failed = append(report.Failed, Failure{File: f.URL, Error: fault.MessageOf(step.Err), Code: fault.CodeOf(step.Err)})
		return nil //nolint:nilerr // it is reported; the other pages go on
	case step.Outcome == Added:
		report.Added++
	case step.Outcome == Replaced:
		report.Replaced++
	}
	if err := w.c.List.Took(ctx, a, step.Document); err != nil {
		return &shelfError{err}
	}
	return nil
}

// asFatal finds an error of the shelf or queue, after which nothing can be stored.
func asFatal(err error, to **shelfError) bool { return errors.As(err, to) }
