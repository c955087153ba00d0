package eval

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"sportello/assistant"
	"sportello/assistant/index"
	"sportello/assistant/lexicon"
	"sportello/ingest"
)

// RetrievalConfig says how retrieval is measured. The zero value measures the word leg alone.
type RetrievalConfig struct {
	Embedder assistant.Embedder // nil: words only
	Cache    *VectorCache       // vectors of earlier runs; nil: none
	Progress func(done, total int)
}

// Recall is the share of questions whose passage is among the first 1, 5 and 10, by "1", "5", "10".
type Recall map[string]float64

// RetrievalFigures are those of one way of searching.
type RetrievalFigures struct {
	Recall Recall  `json:"recall"`
	MRR    float64 `json:"mrr"` // mean of 1/rank within the first ten
}

// RetrievalRow is what was measured for one file of questions. Legs holds the figures of each leg alone ("words", "dense"), so that
// fusion can be compared with its better leg. A file of unanswerable questions has no recall; TopScore says how high the best
// passage scores all the same.
type RetrievalRow struct {
	File      string `json:"file"`
	Questions int    `json:"questions"`
	RetrievalFigures
	Legs     map[string]RetrievalFigures `json:"legs,omitempty"`
	TopScore *Spread                     `json:"top_score,omitempty"`
	TopNear  *Spread                     `json:"top_near,omitempty"`
	P50      float64                     `json:"p50_ms"` // of a whole search, the embedding of the question included
	P95      float64                     `json:"p95_ms"`
}

// Spread is the tenth, the middle and the ninetieth of a hundred.
type Spread struct {
	P10 float64 `json:"p10"`
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
}

// retrievalDepth is how many windows are asked for, so that ten passages are left after windows of one passage are taken together.
const retrievalDepth = 30

// Retrieval puts the passages into a corpus in memory and asks it the questions of each set, through the same retriever that
// answers citizens.
func Retrieval(ctx context.Context, c RetrievalConfig, passages []RetrievalPassage, sets []RetrievalSet) ([]RetrievalRow, error) {
	if len(passages) == 0 {
		return nil, fmt.Errorf("there are no passages to search")
	}
	embedder := c.Embedder
	if embedder != nil && c.Cache != nil {
		embedder = c.Cache.Around(embedder)
	}
	corpus, err := newCorpus(ctx, embedder, passages, c.Progress)
	if err != nil {
		return nil, err
	}
	recorder := &legRecorder{Index: corpus.index}
	clock := &embedClock{Embedder: embedder}
	rc := assistant.RetrieverConfig{Index: recorder, Library: corpus, K: retrievalDepth}
	if embedder != nil {
		rc.Embedder = clock
	}
	retriever, err := assistant.NewRetriever(rc)
	if err != nil {
		return nil, err
	}
	var rows []RetrievalRow
	for _, set := range sets {
		row, err := measure(ctx, retriever, recorder, clock, corpus, set)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func measure(ctx context.Context, r *assistant.HybridRetriever, rec *legRecorder, clock *embedClock, corpus *corpus, set RetrievalSet) (RetrievalRow, error) {
	var fusedRanks, wordRanks, nearRanks []int
	var times, tops, nears []float64
	for _, q := range set.Questions {
		clock.spent = 0
		start := time.Now()
		found, timings, err := r.Retrieve(ctx, assistant.Question{Tenant: corpusTenant, Text: q.Question, Audience: ingest.Public})
		if err != nil {
			return RetrievalRow{}, fmt.Errorf("question %s: %w", q.ID, err)
		}
		times = append(times, milliseconds(time.Since(start)-timings.Embed+clock.spent))
		top, near := 0.0, 0.0
		ids := make([]string, len(found))
		for i, p := range found {
			ids[i] = p.DocumentID
			near = max(near, p.NearScore)
		}
		if len(found) > 0 {
			top = found[0].Score
		}
		tops, nears = append(tops, top), append(nears, near)
		if q.PassageID != "" {
			fusedRanks = append(fusedRanks, rank(ids, q.PassageID))
			wordRanks = append(wordRanks, rank(corpus.owners(rec.words), q.PassageID))
			nearRanks = append(nearRanks, rank(corpus.owners(rec.near), q.PassageID))
		}
	}
	row := RetrievalRow{File: set.File, Questions: len(set.Questions), P50: percentile(times, 50), P95: percentile(times, 95)}
	if len(fusedRanks) > 0 {
		row.RetrievalFigures = figuresOf(fusedRanks)
		row.Legs = map[string]RetrievalFigures{"words": figuresOf(wordRanks)}
		if corpus.vectors {
			row.Legs["dense"] = figuresOf(nearRanks)
		}
	} else {
		row.TopScore, row.TopNear = spread(tops), spread(nears)
	}
	return row, nil
}

// rank is the place of want among the distinct ids, from 1; 0: not among the first ten.
func rank(ids []string, want string) int {
	var distinct []string
	for _, id := range ids {
		if slices.Contains(distinct, id) {
			continue
		}
		distinct = append(distinct, id)
		if id == want {
			return len(distinct)
		}
		if len(distinct) == 10 {
			return 0
		}
	}
	return 0
}

func figuresOf(ranks []int) RetrievalFigures {
	f := RetrievalFigures{Recall: Recall{}}
	for _, k := range []int{1, 5, 10} {
		n := 0
		for _, r := range ranks {
			if r > 0 && r <= k {
				n++
			}
		}
		f.Recall[strconv.Itoa(k)] = float64(n) / float64(len(ranks))
	}
	for _, r := range ranks {
		if r > 0 {
			f.MRR += 1 / float64(r) / float64(len(ranks))
		}
	}
	return f
}

func spread(values []float64) *Spread {
	return &Spread{P10: percentile(values, 10), P50: percentile(values, 50), P90: percentile(values, 90)}
}

// percentile sorts values and gives the one that p of a hundred do not exceed, 0 when there are none.
func percentile(values []float64, p int) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[min(len(values)*p/100, len(values)-1)]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// legRecorder keeps what each leg found in the last search.
type legRecorder struct {
	assistant.Index
	words, near []assistant.Hit
}

func (l *legRecorder) Search(ctx context.Context, q assistant.IndexQuery) (words, near []assistant.Hit, err error) {
	l.words, l.near, err = l.Index.Search(ctx, q)
	return l.words, l.near, err
}

// corpusTenant owns everything in a corpus.
const corpusTenant = "eval"

// corpus is the passages of a set, as an index and as a library. A long passage lies in it as several windows, each a chunk of
// the document that the passage is.
type corpus struct {
	index   *index.Index
	windows map[string]assistant.Passage
	vectors bool
}

// embedBatch is how many passages are sent to the embedder at once.
const embedBatch = 32

func newCorpus(ctx context.Context, e assistant.Embedder, passages []RetrievalPassage, progress func(done, total int)) (*corpus, error) {
	c := &corpus{windows: map[string]assistant.Passage{}, vectors: e != nil}
	var points []assistant.Point
	var texts []string
	for _, p := range passages {
		for i, text := range Windows(p.Text) {
			id := fmt.Sprintf("%s|%d", p.ID, i)
			c.windows[id] = assistant.Passage{ID: id, DocumentID: p.ID, Document: p.ID, Tenant: corpusTenant, Text: text}
			point := assistant.Point{ID: id, DocumentID: p.ID, Tenant: corpusTenant, Visibility: ingest.Public}
			for _, t := range lexicon.Terms(text) {
				point.Terms = append(point.Terms, assistant.Term(t))
			}
			points, texts = append(points, point), append(texts, text)
		}
	}
	if e != nil {
		for i := 0; i < len(texts); i += embedBatch {
			end := min(i+embedBatch, len(texts))
			vectors, err := e.EmbedPassages(ctx, texts[i:end])
			if err != nil {
				return nil, fmt.Errorf("the passages cannot be embedded: %w", err)
			}
			for k, v := range vectors {
				points[i+k].Vector = v
			}
			if progress != nil {
				progress(end, len(texts))
			}
		}
	}
	c.index = index.New(index.Config{Load: func(_ context.Context, _ string, yield func(assistant.Point) error) error {
		for _, p := range points {
			if err := yield(p); err != nil {
				return err
			}
		}
		return nil
	}})
	return c, nil
}

// owners gives the passages that the hit windows belong to.
func (c *corpus) owners(hits []assistant.Hit) []string {
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = c.windows[h.ID].DocumentID
	}
	return ids
}

// Lineage implements assistant.Library.
func (c *corpus) Lineage(context.Context, string) ([]string, error) {
	return []string{corpusTenant}, nil
}

// Passages implements assistant.Library.
func (c *corpus) Passages(_ context.Context, _ assistant.IndexQuery, ids []string) ([]assistant.Passage, error) {
	out := make([]assistant.Passage, 0, len(ids))
	for _, id := range ids {
		if p, ok := c.windows[id]; ok {
			out = append(out, p)
		}
	}
	return out, nil
}

// Contacts implements assistant.Library.
func (c *corpus) Contacts(context.Context, string) ([]assistant.Contact, error) { return nil, nil }
