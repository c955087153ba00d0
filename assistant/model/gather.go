package model

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"sportello/assistant/fault"
	"sportello/assistant/turn"
)

// gather lets questions that are asked at the same time go to the engine together. A question that comes alone goes at once; while
// requests are under way the next ones wait and go in one, so that a full evening costs fewer requests and an empty one no wait.
// The same question of several people is embedded once.
type gather struct {
	embed  func(ctx context.Context, texts []string) ([][]float32, error)
	flight int // requests at once

	mu      sync.Mutex
	under   int
	waiting []*gathered
	byText  map[string]*gathered // waiting or under way
}

// gathered is a question on its way.
type gathered struct {
	text   string
	class  turn.Class
	ctx    context.Context // of who asked first: on whose behalf it is
	wanted int             // people who wait for it
	done   chan struct{}
	vector []float32
	err    error
}

// together is how many questions go in one request: in more of them the first would wait long for the last.
const together = 4

func newGather(flight int, embed func(context.Context, []string) ([][]float32, error)) *gather {
	return &gather{embed: embed, flight: flight, byText: map[string]*gathered{}}
}

// vector gives the vector of a text, which is shared: who changes it clones it.
func (g *gather) vector(ctx context.Context, text string) ([]float32, error) {
	q := g.join(ctx, text)
	select {
	case <-q.done:
		return q.vector, q.err
	case <-ctx.Done():
		g.leave(q)
		return nil, cancelled(ctx)
	}
}

func (g *gather) join(ctx context.Context, text string) *gathered {
	class := turn.Of(ctx).Class
	g.mu.Lock()
	defer g.mu.Unlock()
	if q, ok := g.byText[text]; ok {
		q.wanted++
		q.class = min(q.class, class)
		return q
	}
	q := &gathered{text: text, class: class, ctx: ctx, wanted: 1, done: make(chan struct{})}
	g.byText[text] = q
	g.waiting = append(g.waiting, q)
	if g.under < g.flight {
		g.under++
		go g.work()
	}
	return q
}

// leave takes a question out that nobody waits for any more, unless it is under way.
func (g *gather) leave(q *gathered) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if q.wanted--; q.wanted > 0 {
		return
	}
	if i := slices.Index(g.waiting, q); i >= 0 {
		g.waiting = slices.Delete(g.waiting, i, i+1)
		delete(g.byText, q.text)
	}
}

// work makes requests until nobody waits.
func (g *gather) work() {
	for {
		batch := g.next()
		if len(batch) == 0 {
			return
		}
		g.request(batch)
		g.mu.Lock()
		for _, q := range batch {
			delete(g.byText, q.text)
			close(q.done)
		}
		g.mu.Unlock()
	}
}

// next takes the questions of a request: citizens' before those of the house, in the order in which they came.
func (g *gather) next() []*gathered {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		g.under--
		return nil
	}
	slices.SortStableFunc(g.waiting, func(a, b *gathered) int { return cmp.Compare(a.class, b.class) })
	n := min(together, len(g.waiting))
	batch := slices.Clone(g.waiting[:n])
	g.waiting = slices.Delete(g.waiting, 0, n)
	return batch
}

// request embeds a batch. When the server refuses it as wrong, each is asked for alone: the fault of one is not that of the others.
func (g *gather) request(batch []*gathered) {
	texts := make([]string, len(batch))
	for i, q := range batch {
		texts[i] = q.text
	}
	vectors, err := g.embed(batch[0].onBehalf(), texts)
	if err == nil && len(vectors) != len(batch) {
		err = fault.New(fault.Unavailable, "the embedding model gave %d vectors for %d texts", len(vectors), len(batch))
	}
	if err != nil && len(batch) > 1 && fault.CodeOf(err) == fault.Invalid {
		for _, q := range batch {
			g.request([]*gathered{q})
		}
		return
	}
	for i, q := range batch {
		if q.err = err; err == nil {
			q.vector = vectors[i]
		}
	}
}

// onBehalf is the context of a request: on the account of who asked first, and not ended when they leave, since others may wait for it.
// Nobody is told a place by it: the one who asked may be gone.
func (q *gathered) onBehalf() context.Context {
	who := turn.Of(q.ctx)
	who.Class, who.Told = q.class, nil
	return turn.With(context.WithoutCancel(q.ctx), who)
}
