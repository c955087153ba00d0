package assistant

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"sportello/assistant/fault"
)

// Change says that a document changed: a new version, new vectors, repealed, back again.
type Change struct {
	Seq        int64
	Tenant     string
	DocumentID string
}

// Outbox is where an index learns what changed in the store, whichever process changed it.
type Outbox interface {
	// Seq is the number of the last change; asking is cheap.
	Seq(ctx context.Context) (int64, error)
	// Changes gives up to limit changes after a number, in order, each document once with its last change.
	Changes(ctx context.Context, after int64, limit int) ([]Change, error)
	// Points gives what an index is to hold of a document: nothing when it is not live.
	Points(ctx context.Context, tenant, documentID, model string) ([]Point, error)
}

// FollowerConfig is what a Follower is made of.
type FollowerConfig struct {
	Outbox Outbox
	Index  Index
	Model  string // whose vectors the index holds; empty: words only

	// From is the last change that the index has already seen: what was saved by Save for an index that outlives the
	// process, Outbox.Seq at the start for one that is read from the store, 0 for an empty one.
	From int64
	// Save, when not nil, is called with each number reached.
	Save func(ctx context.Context, seq int64) error

	Every time.Duration // between two looks of Run; default half a second
	Log   *slog.Logger  // of what Run could not do and tries again; default slog.Default
}

// Follower keeps an index in line with the store. It is safe for concurrent use.
type Follower struct {
	c   FollowerConfig
	mu  sync.Mutex // one CatchUp at a time: an older state must not overwrite a newer one
	seq int64

	reachedSeq atomic.Int64 // seq, for those who only look
}

// NewFollower makes a Follower; nothing happens before CatchUp or Run.
func NewFollower(c FollowerConfig) *Follower {
	if c.Every <= 0 {
		c.Every = 500 * time.Millisecond
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	f := &Follower{c: c, seq: c.From}
	f.reachedSeq.Store(c.From)
	return f
}

const (
	followBatch  = 256 // changes read at once
	followFlight = 4   // documents put into the index at once
)

// CatchUp applies the changes up to now. When it returns without error the index holds all that was committed before the
// call. Without changes it costs one Outbox.Seq, so a search may well begin with it. After an error the same changes are
// applied again the next time, which does no harm.
func (f *Follower) CatchUp(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	now, err := f.c.Outbox.Seq(ctx)
	if err != nil {
		return err
	}
	for f.seq < now {
		changes, err := f.c.Outbox.Changes(ctx, f.seq, followBatch)
		if err != nil {
			return err
		}
		if len(changes) == 0 { // the last change of each document lies before: nothing more to see
			break
		}
		if err := f.apply(ctx, changes); err != nil {
			return err
		}
		if err := f.reached(ctx, changes[len(changes)-1].Seq); err != nil {
			return err
		}
	}
	return nil
}

// Lag gives how many changes the index is behind the store.
func (f *Follower) Lag(ctx context.Context) (int64, error) {
	now, err := f.c.Outbox.Seq(ctx)
	return max(now-f.reachedSeq.Load(), 0), err
}

func (f *Follower) apply(ctx context.Context, changes []Change) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(followFlight)
	for _, c := range changes {
		group.Go(func() error {
			points, err := f.c.Outbox.Points(ctx, c.Tenant, c.DocumentID, f.c.Model)
			if err != nil {
				return err
			}
			return f.c.Index.Replace(ctx, c.Tenant, c.DocumentID, points)
		})
	}
	return group.Wait()
}

func (f *Follower) reached(ctx context.Context, seq int64) error {
	if f.c.Save != nil {
		if err := f.c.Save(ctx, seq); err != nil {
			return err
		}
	}
	f.seq = seq
	f.reachedSeq.Store(seq)
	return nil
}

// followPatience bounds how long Run waits after failures: an index that comes back is caught up with within that time.
const followPatience = 30 * time.Second

// Run catches up again and again until ctx ends, and returns nil then. An index or store that does not answer is tried
// again, after longer and longer pauses; only an error that trying again cannot cure is returned.
func (f *Follower) Run(ctx context.Context) error {
	pause := f.c.Every
	for {
		err := f.CatchUp(ctx)
		switch code := fault.CodeOf(err); {
		case ctx.Err() != nil:
			return nil //nolint:nilerr // the end of ctx is how Run ends, whatever it interrupted
		case err == nil:
			pause = f.c.Every
		case code == fault.Unavailable, code == fault.Timeout, errors.Is(err, context.DeadlineExceeded):
			pause = min(2*pause, followPatience)
			f.c.Log.WarnContext(ctx, "the index lags behind the store", "error", err, "again_in", pause)
		default:
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}
