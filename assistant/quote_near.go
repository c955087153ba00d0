package assistant

import (
	"context"

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
	vectors, err := a.Embedder.EmbedPassages(ctx, texts)
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
