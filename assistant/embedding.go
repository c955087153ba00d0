package assistant

import (
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// Pending is a text that waits for its vector.
type Pending struct {
	Hash string // sha256 of Text, hex
	Text string // breadcrumb, lead and text of a chunk
}

// Texts is where texts wait for their vectors. Several processes may work on the same ones.
type Texts interface {
	// PendingVectors gives up to limit texts without a vector of the model and leases them for a while: nobody else is
	// given the same. None: all is done, or others are at it.
	PendingVectors(ctx context.Context, model string, limit int) ([]Pending, error)
	// PutVectors stores vectors by the hash of their text, in one step.
	PutVectors(ctx context.Context, model string, vectors map[string][]float32) error
	// ReleaseVectors gives leased texts back.
	ReleaseVectors(ctx context.Context, model string, hashes []string) error
	// PendingCount gives how many texts have no vector yet, leased ones included.
	PendingCount(ctx context.Context, model string, tenants ...string) (int, error)
}

const (
	embedFlight = 3               // requests to the model at once: one computes, one is on its way, one is being stored
	embedClaim  = 64              // texts leased by one of them
	embedTokens = 8192            // of one request, as ingest.Tokens counts
	embedPause  = time.Second / 4 // before looking again while others are at work
	embedFinish = 5 * time.Second // to give leases back after a failure
)

// EmbedPending makes the vectors that are missing and returns how many it made. It is done when none is missing, also of
// those that another process had begun. After each request progress, when not nil, is told how many vectors were made
// here and how many texts still wait; it is never called twice at once.
//
// Errors are those of src and of the Embedder; what was made before is kept, what was not is given back.
func EmbedPending(ctx context.Context, src Texts, e Embedder, progress func(done, waiting int)) (int, error) {
	work := &embedding{src: src, embedder: e, model: e.Model(), progress: progress}
	var err error
	if work.waiting, err = src.PendingCount(ctx, work.model); err != nil || work.waiting == 0 {
		return 0, err
	}
	group, inner := errgroup.WithContext(ctx)
	for range embedFlight {
		group.Go(func() error { return work.run(inner) })
	}
	err = group.Wait()
	return work.done, err
}

// embedding is one call of EmbedPending.
type embedding struct {
	src      Texts
	embedder Embedder
	model    string

	mu       sync.Mutex // guards what follows, and the calls of progress
	progress func(done, waiting int)
	done     int
	waiting  int
}

func (w *embedding) run(ctx context.Context) error {
	for {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		pending, err := w.src.PendingVectors(ctx, w.model, embedClaim)
		if err != nil {
			return err
		}
		if len(pending) > 0 {
			if err := w.embed(ctx, pending); err != nil {
				return err
			}
			continue
		}
		n, err := w.src.PendingCount(ctx, w.model)
		if err != nil || n == 0 {
			return err
		}
		select { // leased by others, or by a process that died: until its leases run out
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(embedPause):
		}
	}
}

// embed makes the vectors of leased texts, similar lengths together: a model pads what it reads at once to the longest.
func (w *embedding) embed(ctx context.Context, pending []Pending) error {
	slices.SortStableFunc(pending, func(a, b Pending) int { return len(a.Text) - len(b.Text) })
	for len(pending) > 0 {
		n := request(pending)
		err := ctx.Err()
		if err == nil {
			err = w.store(ctx, pending[:n])
		}
		if err != nil {
			w.release(ctx, pending)
			return err
		}
		pending = pending[n:]
	}
	return nil
}

// request gives how many of the texts fit in one request, at least one.
func request(pending []Pending) int {
	tokens := 0
	for i, p := range pending {
		if tokens += ingest.Tokens(p.Text); tokens > embedTokens && i > 0 {
			return i
		}
	}
	return len(pending)
}

func (w *embedding) store(ctx context.Context, pending []Pending) error {
	texts := make([]string, len(pending))
	for i, p := range pending {
		texts[i] = p.Text
	}
	made, err := w.embedder.EmbedPassages(ctx, texts)
	if err != nil {
		return err
	}
	if len(made) != len(texts) {
		return fault.New(fault.Unavailable, "the embedding model gave %d vectors for %d texts", len(made), len(texts))
	}
	vectors := make(map[string][]float32, len(made))
	for i, p := range pending {
		vectors[p.Hash] = made[i]
	}
	if err := w.src.PutVectors(ctx, w.model, vectors); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done += len(vectors)
	w.waiting = max(w.waiting-len(vectors), 0)
	if w.progress != nil {
		w.progress(w.done, w.waiting)
	}
	return nil
}

// release gives texts back even when ctx has ended. That it may fail too is no matter: leases run out.
func (w *embedding) release(ctx context.Context, pending []Pending) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), embedFinish)
	defer cancel()
	hashes := make([]string, len(pending))
	for i, p := range pending {
		hashes[i] = p.Hash
	}
	_ = w.src.ReleaseVectors(ctx, w.model, hashes)
}
