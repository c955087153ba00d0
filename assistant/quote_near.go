package assistant

import (
	"context"

	"sportello/assistant/fault"
	"sportello/assistant/lexicon"
)

// nearness embeds the sentences of the first passages and gives their closeness to the question, 0..1. Only for questions in
// another language, where words cannot tell the sentences apart: it costs the engine as much as a short document.
func (a *Asker) nearness(ctx context.Context, q Question, s sought, passages []Passage) [][]float64 {
	if a.Embedder == nil || q.Language == "it" {
		return nil
	}
	var texts []string
	var where [][2]int
	near := make([][]float64, min(2, len(passages)))
	for p := range near {
		spans := lexicon.Sentences(passages[p].Text)
		near[p] = make([]float64, len(spans))
		for i, span := range spans {
			if len(texts) < nearTexts && span.End-span.Start > 20 {
				texts = append(texts, passages[p].Breadcrumb+"\n"+passages[p].Text[span.Start:span.End])
				where = append(where, [2]int{p, i})
			}
		}
	}
	question, err := a.Embedder.EmbedQuery(ctx, q.Text)
	if err != nil {
		return nil
	}
	vectors, err := a.meaningOf(ctx, texts)
	if err != nil {
		a.Log.Warn("sentences could not be embedded; quoting by words", "error", err)
		return nil
	}
	low, high := 1.0, 0.0
	for i, v := range vectors {
		dot := 0.0
		for j := range v {
			dot += float64(v[j]) * float64(question[j])
		}
		near[where[i][0]][where[i][1]] = dot
		low, high = min(low, dot), max(high, dot)
	}
	for _, w := range where { // e5 keeps all cosines close together: what counts is the order among these sentences
		near[w[0]][w[1]] = (near[w[0]][w[1]] - low) / max(high-low, 1e-6)
	}
	return near
}

// meaningsKept is how many sentences of documents keep their vector, 7 MB at 384 dimensions: what people ask about in one language is
// asked about in the next, and twenty sentences cost the engine as much as twenty questions.
const meaningsKept = 4096

// meaningOf gives the vectors of sentences of documents, those that were made before from memory.
func (a *Asker) meaningOf(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	var missing []string
	var at []int
	for i, t := range texts {
		if v, ok := a.meanings.Get(t); ok {
			out[i] = v
			continue
		}
		missing, at = append(missing, t), append(at, i)
	}
	if len(missing) == 0 {
		return out, nil
	}
	vectors, err := a.Embedder.EmbedPassages(ctx, missing)
	if err == nil && len(vectors) != len(missing) {
		err = fault.New(fault.Unavailable, "the embedding model gave %d vectors for %d texts", len(vectors), len(missing))
	}
	if err != nil {
		return nil, err
	}
	for i, v := range vectors {
		out[at[i]] = v
		a.meanings.Put(missing[i], v)
	}
	return out, nil
}
