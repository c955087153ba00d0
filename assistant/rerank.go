package assistant

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// RerankConfig is what a RerankedRetriever is made of. Retriever and Reranker are needed.
type RerankConfig struct {
	Retriever Retriever
	Reranker  Reranker
	Passages  int           // read by the model for each question; 0: 25
	Deadline  time.Duration // after which the order of the search stands; 0: 5 s
	Log       *slog.Logger  // nil: slog.Default()
	Now       func() time.Time
}

// RerankedRetriever implements Retriever: it lets a model read the first passages of another Retriever beside the question and put them
// in order. A model that fails or is too slow changes nothing but the time: the passages stay in the order of the search, and for a
// while the model is not asked again.
//
// The scores stay those of the search, given out anew from the best down: what decides whether an answer is likely was measured on
// them, and every rerank model has a scale of its own.
type RerankedRetriever struct {
	c RerankConfig

	mu     sync.Mutex
	asleep time.Time // not asked before then
}

const (
	defaultPassages  = 10 // as RetrieverConfig.K
	rerankedPassages = 25
	rerankDeadline   = 5 * time.Second
	rerankPause      = 30 * time.Second
	rerankedLength   = 2000 // characters of a passage: what rerank models read beside a question
)

// NewReranked makes a RerankedRetriever.
func NewReranked(c RerankConfig) *RerankedRetriever {
	if c.Passages <= 0 {
		c.Passages = rerankedPassages
	}
	if c.Deadline <= 0 {
		c.Deadline = rerankDeadline
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &RerankedRetriever{c: c}
}

// Retrieve implements Retriever.
func (r *RerankedRetriever) Retrieve(ctx context.Context, q Question) ([]Passage, Timings, error) {
	wanted := q.K
	if wanted <= 0 {
		wanted = defaultPassages
	}
	q.K = max(wanted, r.c.Passages)
	passages, timings, err := r.c.Retriever.Retrieve(ctx, q)
	if err != nil {
		return nil, timings, err
	}
	start := r.c.Now()
	if err := r.rerank(ctx, q.Text, passages[:min(r.c.Passages, len(passages))]); err != nil {
		return nil, timings, err
	}
	timings.Retrieve += r.c.Now().Sub(start)
	return passages[:min(wanted, len(passages))], timings, nil
}

// rerank puts passages in the order of the model. Its only error is that the question was given up.
func (r *RerankedRetriever) rerank(ctx context.Context, question string, passages []Passage) error {
	if len(passages) < 2 || r.sleeps() {
		return nil
	}
	texts := make([]string, len(passages))
	for i, p := range passages {
		texts[i] = rerankText(p)
	}
	asking, cancel := context.WithTimeout(ctx, r.c.Deadline)
	defer cancel()
	relevance, err := r.c.Reranker.Rerank(asking, question, texts)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil || len(relevance) != len(passages):
		r.c.Log.Warn("passages stay in the order of the search", "error", err, "again_in", rerankPause)
		r.mu.Lock()
		r.asleep = r.c.Now().Add(rerankPause)
		r.mu.Unlock()
		return nil
	}
	scores := make([]float64, len(passages))
	order := make([]int, len(passages))
	for i, p := range passages {
		scores[i], order[i] = p.Score, i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(relevance[b], relevance[a]) })
	slices.SortFunc(scores, func(a, b float64) int { return cmp.Compare(b, a) })
	before := slices.Clone(passages)
	for i, from := range order {
		passages[i] = before[from]
		passages[i].Score = scores[i]
	}
	return nil
}

func (r *RerankedRetriever) sleeps() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.c.Now().Before(r.asleep)
}

// rerankText is what the model reads of a passage: where it stands, and its text.
func rerankText(p Passage) string {
	text := p.Breadcrumb + "\n"
	if p.Lead != "" {
		text += p.Lead + "\n"
	}
	text += p.Text
	if runes := []rune(text); len(runes) > rerankedLength {
		text = string(runes[:rerankedLength])
	}
	return text
}
