package assistant

import (
	"context"
	"sync"
	"time"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// Courtesy lets work that can wait, the vectors of documents, give way to questions: both need the same processor or the same engine,
// which does first what came first. It is safe for concurrent use; the zero value is one on which nobody has asked.
type Courtesy struct {
	mu    sync.Mutex
	under int           // questions being answered
	last  time.Time     // when one last came or went
	idle  chan struct{} // closed when the last of them is answered
}

const (
	courteous     = 10 * time.Second // after a question another one is likely
	courtesyMost  = 2 * time.Second  // that one piece of work waits: documents are to be found some day too
	courtesyAfter = 20 * time.Millisecond
	politeTokens  = 512 // of a request while nobody asks: what the first question has to wait for
	politeFlight  = 2   // requests at once while nobody asks: one computed, one on its way
)

// Question says that a question is being answered, until the function it gives is called.
func (c *Courtesy) Question() (answered func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.under == 0 {
		c.idle = make(chan struct{})
	}
	c.under++
	c.last = time.Now()
	return sync.OnceFunc(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.last = time.Now()
		if c.under--; c.under == 0 {
			close(c.idle)
		}
	})
}

// busy says whether somebody asked of late.
func (c *Courtesy) busy() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.under > 0 || time.Since(c.last) < courteous
}

// Wait waits until no question is being answered, though not for ever.
func (c *Courtesy) Wait(ctx context.Context) error {
	limit := time.NewTimer(courtesyMost)
	defer limit.Stop()
	for {
		c.mu.Lock()
		under, idle := c.under, c.idle
		c.mu.Unlock()
		if under == 0 {
			return ctx.Err()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-limit.C:
			return nil
		case <-idle:
		}
		select { // who has an answer often asks again at once, and another may be waiting
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(courtesyAfter):
		}
	}
}

// Polite gives an embedder whose passages give way to questions: in small requests, and while people ask one text at a time, between
// their questions. Vectors are those of the embedder.
func Polite(e Embedder, c *Courtesy) Embedder {
	return &polite{Embedder: e, courtesy: c, turns: make(chan struct{}, politeFlight)}
}

type polite struct {
	Embedder
	courtesy *Courtesy
	turns    chan struct{}
	single   sync.Mutex // while people ask
}

// EmbedPassages implements Embedder.
func (p *polite) EmbedPassages(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, 0, len(texts))
	for len(texts) > 0 {
		some, err := p.some(ctx, texts)
		if err != nil {
			return nil, err
		}
		out, texts = append(out, some...), texts[len(some):]
	}
	return out, nil
}

// some makes the vectors of the first texts, at least one.
func (p *polite) some(ctx context.Context, texts []string) ([][]float32, error) {
	if p.courtesy.busy() {
		p.single.Lock()
		defer p.single.Unlock()
		if err := p.courtesy.Wait(ctx); err != nil {
			return nil, err
		}
		return p.made(ctx, texts[:1])
	}
	select {
	case p.turns <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-p.turns }()
	n, tokens := 1, ingest.Tokens(texts[0])
	for n < len(texts) {
		if tokens += ingest.Tokens(texts[n]); tokens > politeTokens {
			break
		}
		n++
	}
	return p.made(ctx, texts[:n])
}

func (p *polite) made(ctx context.Context, texts []string) ([][]float32, error) {
	vectors, err := p.Embedder.EmbedPassages(ctx, texts)
	if err == nil && len(vectors) != len(texts) {
		err = fault.New(fault.Unavailable, "the embedding model gave %d vectors for %d texts", len(vectors), len(texts))
	}
	return vectors, err
}
