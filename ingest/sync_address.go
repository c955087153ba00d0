package ingest

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"sportello/assistant/fault"
)

// address takes in what an address gives, on the group's goroutines.
func (y *syncRun) address(ctx context.Context, group *errgroup.Group, address string) {
	if y.c.Fetcher == nil {
		y.report(address, Step{Source: address, Err: fault.New(fault.Unsupported, "%s: addresses are not read: save the page or file and give that", address)})
		return
	}
	group.Go(func() error {
		err := y.c.Fetcher.Fetch(ctx, address, func(f Fetched) error {
			y.mu.Lock()
			y.total++
			y.mu.Unlock()
			return y.take(ctx, f.URL, f.URL, f.Bytes)
		})
		var fatal *shelfError
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &fatal):
			return err
		case err != nil:
			y.report(address, Step{Source: address, Err: err})
			return nil //nolint:nilerr // it is reported; the other addresses go on
		}
		y.mu.Lock()
		y.total-- // the address itself: what it gave was counted
		y.mu.Unlock()
		return nil
	})
}

// shelfError is an error of the Shelf that ends the run, told apart from one of a Fetcher.
type shelfError struct{ error }

func (e *shelfError) Unwrap() error { return e.error }
