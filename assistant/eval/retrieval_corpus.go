package eval

import (
	"context"
	"fmt"

	"sportello/assistant"
	"sportello/assistant/index"
	"sportello/assistant/lexicon"
	"sportello/ingest"
)

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

func newCorpus(ctx context.Context, e assistant.Embedder, passages []RetrievalPassage, progress func(what string, done, all int)) (*corpus, error) {
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
				progress("passages", end, len(texts))
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
