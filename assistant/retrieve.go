package assistant

import (
	"context"
	"log/slog"
	"time"

	"sportello/assistant/fault"
	"sportello/assistant/lexicon"
	"sportello/assistant/recent"
)

// RetrieverConfig says what a HybridRetriever works with. Index and Library are needed.
type RetrieverConfig struct {
	Index    Index
	Library  Library
	Embedder Embedder // nil: words only
	// Glossary gives the words to search beside those of the question, as a tenant and its ancestors extend them. Nil: the default ones.
	Glossary func(ctx context.Context, tenant string) *lexicon.Glossary
	// Closeness of the embedder's model; zero: that of centred vectors.
	Closeness Closeness
	Log       *slog.Logger     // nil: slog.Default()
	Now       func() time.Time // nil: time.Now
	K         int              // passages when the question does not say; 0: 10
}

// HybridRetriever implements Retriever: both legs of the index in one search, fused, checked against the library.
type HybridRetriever struct {
	c    RetrieverConfig
	read *recent.Cache[string, *sentences] // passages by id
}

// NewRetriever makes a retriever.
func NewRetriever(c RetrieverConfig) (*HybridRetriever, error) {
	if c.Glossary == nil {
		g, err := lexicon.DefaultGlossary()
		if err != nil {
			return nil, fault.Wrap(fault.Internal, err, "the glossary cannot be read")
		}
		c.Glossary = func(context.Context, string) *lexicon.Glossary { return g }
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Closeness.High <= c.Closeness.Low {
		c.Closeness = Closeness{Low: 0, High: 0.6}
	}
	if c.K <= 0 {
		c.K = 10
	}
	return &HybridRetriever{c: c, read: recent.New[string, *sentences](readKept)}, nil
}

// legDepth is how many hits are asked of each leg for each passage wanted, and at least.
const (
	legDepth    = 5
	legDepthMin = 100
)

// Retrieve implements Retriever. An embedder that fails leaves the words to do it alone and is logged; errors are those of the
// index and of the library.
func (r *HybridRetriever) Retrieve(ctx context.Context, q Question) ([]Passage, Timings, error) {
	start := time.Now()
	k := q.K
	if k <= 0 {
		k = r.c.K
	}
	lineage, err := r.c.Library.Lineage(ctx, q.Tenant)
	if err != nil {
		return nil, Timings{}, err
	}
	if !q.Spelt {
		if q.Text, err = r.spell(ctx, q, lineage); err != nil {
			return nil, Timings{}, err
		}
	}
	w := understand(q, r.c.Glossary(ctx, q.Tenant), r.c.Now())
	iq := IndexQuery{Tenants: lineage, Audience: q.Audience, At: w.at, K: max(k*legDepth, legDepthMin)}
	for _, t := range w.terms {
		iq.Terms = append(iq.Terms, Term(t))
	}
	var embedding time.Duration
	if r.c.Embedder != nil {
		before := time.Now()
		iq.Vector, err = r.c.Embedder.EmbedQuery(ctx, q.Text)
		embedding = time.Since(before)
		if err != nil {
			if ctx.Err() != nil {
				return nil, Timings{}, ctx.Err()
			}
			r.c.Log.Warn("question searched by words only", "error", err)
			iq.Vector = nil
		}
	}
	words, near, err := r.c.Index.Search(ctx, iq)
	if err != nil {
		return nil, Timings{}, err
	}
	hits := fuse(words, near, iq.Terms, w.wordShare, r.c.Closeness)
	hits = hits[:min(len(hits), max(4*k, 40))]
	passages, err := r.hydrate(ctx, iq, hits)
	if err != nil {
		return nil, Timings{}, err
	}
	rank(soughtBy(w.terms, q.Text, w.language), passages, words, near, fullScore(iq.Terms))
	passages = arrange(passages, w, k)
	return passages, Timings{Retrieve: time.Since(start), Embed: embedding}, nil
}

// Spell gives the question with its words as the documents write them; see spelling.go. Retrieve does so by itself unless the
// question says it is done: it is for those who show what was understood.
func (r *HybridRetriever) Spell(ctx context.Context, q Question) (string, error) {
	lineage, err := r.c.Library.Lineage(ctx, q.Tenant)
	if err != nil {
		return "", err
	}
	return r.spell(ctx, q, lineage)
}

func (r *HybridRetriever) spell(ctx context.Context, q Question, lineage []string) (string, error) {
	w := understand(q, nil, r.c.Now())
	if w.language != "it" {
		return q.Text, nil
	}
	return spell(ctx, r.c.Index, IndexQuery{Tenants: lineage, Audience: q.Audience, At: w.at}, q.Text, r.c.Glossary(ctx, q.Tenant))
}

// hydrate turns hits into the passages that the library still holds and the question may see.
func (r *HybridRetriever) hydrate(ctx context.Context, iq IndexQuery, hits []fused) ([]Passage, error) {
	if len(hits) == 0 {
		return nil, nil
	}
	ids := make([]string, len(hits))
	by := make(map[string]fused, len(hits))
	for i, h := range hits {
		ids[i] = h.id
		by[h.id] = h
	}
	passages, err := r.c.Library.Passages(ctx, iq, ids)
	if err != nil {
		return nil, err
	}
	for i := range passages {
		p := &passages[i]
		h := by[p.ID]
		p.Score, p.NearScore, p.WordScore = h.score, h.near, h.word/lexicon.FullWeight
		p.said = readLater(p, r.read)
	}
	return passages, nil
}
