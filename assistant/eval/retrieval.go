package eval

import (
	"context"
	"fmt"
	"time"

	"sportello/assistant"
	"sportello/assistant/index"
	"sportello/ingest"
)

// RetrievalConfig says how retrieval is measured. The zero value measures the word leg alone.
type RetrievalConfig struct {
	Embedder assistant.Embedder               // nil: words only
	Cache    *VectorCache                     // vectors of earlier runs; nil: none
	Progress func(what string, done, all int) // may be nil
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
	retriever, err := assistant.NewRetriever(assistant.RetrieverConfig{Index: recorder, Library: corpus, Embedder: embedder, K: retrievalDepth})
	if err != nil {
		return nil, err
	}
	asker, err := assistant.NewAsker(assistant.AskerConfig{Retriever: retriever, Library: corpus})
	if err != nil {
		return nil, err
	}
	m := measuring{corpus: corpus, retriever: retriever, asker: asker, legs: recorder, cache: c.Cache, progress: c.Progress}
	for _, set := range sets {
		m.all += len(set.Questions)
	}
	var rows []RetrievalRow
	for _, set := range sets {
		row, err := m.set(ctx, set)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// measuring is one run over a corpus.
type measuring struct {
	corpus    *corpus
	retriever assistant.Retriever
	asker     *assistant.Asker // for how sure it is
	legs      *legRecorder
	cache     *VectorCache
	progress  func(what string, done, all int)
	done, all int
}

func (m *measuring) set(ctx context.Context, set RetrievalSet) (RetrievalRow, error) {
	row := RetrievalRow{File: set.File, Questions: len(set.Questions)}
	var times []float64
	answered := 0
	for _, q := range set.Questions {
		a, took, err := m.ask(ctx, q)
		if err != nil {
			return RetrievalRow{}, fmt.Errorf("question %s: %w", q.ID, err)
		}
		if q.PassageID != "" {
			answered++
		}
		times = append(times, took)
		row.Asked = append(row.Asked, a)
		if m.done++; m.progress != nil {
			m.progress("questions", m.done, m.all)
		}
	}
	row.P50, row.P95 = percentile(times, 50), percentile(times, 95)
	if answered == 0 {
		row.TopScore, row.TopNear = spread(valuesOf(row.Asked, byScore)), spread(valuesOf(row.Asked, byNear))
		return row, nil
	}
	row.RetrievalFigures = figuresOf(row.Asked, fusedRank)
	row.Legs = map[string]RetrievalFigures{"words": figuresOf(row.Asked, wordsRank)}
	if m.corpus.vectors {
		row.Legs["dense"] = figuresOf(row.Asked, denseRank)
	}
	return row, nil
}

func (m *measuring) ask(ctx context.Context, q RetrievalQuestion) (Asked, float64, error) {
	saved := m.cache.Saved()
	question := assistant.Question{Tenant: corpusTenant, Text: q.Question, Audience: ingest.Public}
	start := time.Now()
	found, _, err := m.retriever.Retrieve(ctx, question)
	if err != nil {
		return Asked{}, 0, err
	}
	took := milliseconds(time.Since(start) + m.cache.Saved() - saved)
	a := Asked{RetrievalQuestion: q, Confidence: m.asker.Confidence(ctx, question, found)}
	ids := make([]string, len(found))
	for i, p := range found {
		ids[i] = p.DocumentID
		a.Near = max(a.Near, p.NearScore)
	}
	if len(found) > 0 {
		a.Score = found[0].Score
	}
	if q.PassageID != "" {
		a.Rank = rank(ids, q.PassageID)
		a.Words, a.Dense = rank(m.corpus.owners(m.legs.words), q.PassageID), rank(m.corpus.owners(m.legs.near), q.PassageID)
	}
	return a, took, nil
}

// legRecorder keeps what each leg found in the last search.
type legRecorder struct {
	*index.Index
	words, near []assistant.Hit
}

func (l *legRecorder) Search(ctx context.Context, q assistant.IndexQuery) (words, near []assistant.Hit, err error) {
	l.words, l.near, err = l.Index.Search(ctx, q)
	return l.words, l.near, err
}
