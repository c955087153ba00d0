package assistant_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/ingest"
)

// fakeTexts holds texts that wait; leased ones are taken off waiting.
type fakeTexts struct {
	mu      sync.Mutex
	waiting []assistant.Pending
	leased  map[string]assistant.Pending
	vectors map[string][]float32
	looks   int
	onLook  func(q *fakeTexts) // called when nothing is left to lease, with the lock held
}

func newTexts(n, size int) *fakeTexts {
	q := &fakeTexts{leased: map[string]assistant.Pending{}, vectors: map[string][]float32{}}
	for i := range n {
		q.waiting = append(q.waiting, assistant.Pending{Hash: fmt.Sprint(i), Text: strings.Repeat("parola ", 1+(i*37)%size)})
	}
	return q
}

func (q *fakeTexts) PendingVectors(_ context.Context, _ string, limit int) ([]assistant.Pending, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(limit, len(q.waiting))
	some := append([]assistant.Pending(nil), q.waiting[:n]...)
	q.waiting = q.waiting[n:]
	for _, p := range some {
		q.leased[p.Hash] = p
	}
	return some, nil
}

func (q *fakeTexts) PutVectors(_ context.Context, _ string, vectors map[string][]float32) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	for hash, v := range vectors {
		q.vectors[hash] = v
		delete(q.leased, hash)
	}
	return nil
}

func (q *fakeTexts) ReleaseVectors(ctx context.Context, _ string, hashes []string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, hash := range hashes {
		if p, ok := q.leased[hash]; ok {
			q.waiting = append(q.waiting, p)
			delete(q.leased, hash)
		}
	}
	return ctx.Err()
}

func (q *fakeTexts) PendingCount(context.Context, string, ...string) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.looks++
	if q.onLook != nil && q.looks > 1 {
		q.onLook(q)
	}
	return len(q.waiting) + len(q.leased), nil
}

// fakeModel is an Embedder whose vector is the length of the text.
type fakeModel struct {
	mu       sync.Mutex
	requests int
	inFlight int
	most     int
	largest  int // tokens of a request of more than one text
	fail     func(texts []string) error
}

func (c *fakeModel) EmbedPassages(_ context.Context, texts []string) ([][]float32, error) {
	c.mu.Lock()
	c.requests++
	c.inFlight++
	c.most = max(c.most, c.inFlight)
	tokens := 0
	for _, t := range texts {
		tokens += ingest.Tokens(t)
	}
	if len(texts) > 1 {
		c.largest = max(c.largest, tokens)
	}
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		c.inFlight--
		c.mu.Unlock()
	}()
	if c.fail != nil {
		if err := c.fail(texts); err != nil {
			return nil, err
		}
	}
	var vectors [][]float32
	for _, t := range texts {
		vectors = append(vectors, []float32{float32(len(t))})
	}
	return vectors, nil
}

func (c *fakeModel) EmbedQuery(context.Context, string) ([]float32, error) { return nil, nil }
func (c *fakeModel) Model() string                                         { return "m" }

func TestEmbedPending(t *testing.T) {
	q, c := newTexts(150, 400), &fakeModel{}
	var last [2]int
	n, err := assistant.EmbedPending(t.Context(), q, c, func(done, waiting int) { last = [2]int{done, waiting} })
	if err != nil || n != 150 || last != [2]int{150, 0} {
		t.Errorf("EmbedPending = %d, %v; last progress %v", n, err, last)
	}
	for i := range 150 {
		if v := q.vectors[fmt.Sprint(i)]; len(v) != 1 || v[0] != float32(len("parola ")*(1+(i*37)%400)) {
			t.Fatalf("text %d has vector %v", i, v)
		}
	}
	if c.most > 3 || c.largest > 8192 {
		t.Errorf("%d requests, %d at once, up to %d tokens", c.requests, c.most, c.largest)
	}
	if n, err := assistant.EmbedPending(t.Context(), q, c, nil); n != 0 || err != nil {
		t.Errorf("again: %d, %v", n, err)
	}
}

// What another process had leased and left is done too.
func TestEmbedPendingWaitsForOthers(t *testing.T) {
	q, c := newTexts(10, 5), &fakeModel{}
	if _, err := q.PendingVectors(t.Context(), "m", 4); err != nil {
		t.Fatal(err)
	}
	q.onLook = func(q *fakeTexts) {
		if q.looks < 5 {
			return
		}
		for hash, p := range q.leased { // the lease runs out
			q.waiting = append(q.waiting, p)
			delete(q.leased, hash)
		}
		q.onLook = nil
	}
	if n, err := assistant.EmbedPending(t.Context(), q, c, nil); n != 10 || err != nil || len(q.vectors) != 10 {
		t.Errorf("EmbedPending = %d, %v", n, err)
	}
}

func TestEmbedPendingFails(t *testing.T) {
	q := newTexts(300, 90)
	var once sync.Once
	away := fault.New(fault.Unavailable, "the engine does not answer")
	c := &fakeModel{fail: func([]string) error {
		err := error(nil)
		once.Do(func() { err = away })
		return err
	}}
	n, err := assistant.EmbedPending(t.Context(), q, c, nil)
	if !errors.Is(err, away) || n != len(q.vectors) || len(q.leased) != 0 || n+len(q.waiting) != 300 {
		t.Errorf("EmbedPending = %d, %v; %d vectors, %d leased, %d waiting", n, err, len(q.vectors), len(q.leased), len(q.waiting))
	}
	short := &fakeModel{}
	if _, err := assistant.EmbedPending(t.Context(), q, lossyModel{short}, nil); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("too few vectors: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	c = &fakeModel{fail: func([]string) error { cancel(); return ctx.Err() }}
	if _, err := assistant.EmbedPending(ctx, q, c, nil); !errors.Is(err, context.Canceled) || len(q.leased) != 0 {
		t.Errorf("cancelled: %v, %d leased", err, len(q.leased))
	}
}

// lossyModel is an Embedder that loses a vector.
type lossyModel struct{ assistant.Embedder }

func (s lossyModel) EmbedPassages(ctx context.Context, texts []string) ([][]float32, error) {
	v, err := s.Embedder.EmbedPassages(ctx, texts)
	return v[1:], err
}
