package assistant

import (
	"context"

	"sportello/assistant/privacy"
)

// No model is told who asks: what a question holds of personal data is masked before it leaves for one, whichever machine that runs on, and
// put back in what comes from it, which is for the same person's screen. The search by words, which is this program, reads the question
// as it is: the market in via Roma is found by its street.

// DiscreetEmbedder gives an embedder that is not told personal data of questions. Passages are documents and go as they are.
func DiscreetEmbedder(e Embedder) Embedder {
	if e == nil {
		return nil
	}
	return discreetEmbedder{e}
}

type discreetEmbedder struct{ Embedder }

func (d discreetEmbedder) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	return d.Embedder.EmbedQuery(ctx, privacy.Masked(text))
}

// DiscreetReranker gives a reranker that is not told personal data of questions.
func DiscreetReranker(r Reranker) Reranker {
	if r == nil {
		return nil
	}
	return discreetReranker{r}
}

type discreetReranker struct{ Reranker }

func (d discreetReranker) Rerank(ctx context.Context, question string, texts []string) ([]float64, error) {
	return d.Reranker.Rerank(ctx, privacy.Masked(question), texts)
}

// DiscreetGenerator gives a generator that is not told personal data; its drafts have them back, to be verified as any other.
func DiscreetGenerator(g Generator) Generator {
	if g == nil {
		return nil
	}
	return discreetGenerator{g}
}

type discreetGenerator struct{ Generator }

func (d discreetGenerator) Generate(ctx context.Context, q Question, passages []Passage, emit func(Draft) error) error {
	var hidden []privacy.Hidden
	q.Text, hidden = privacy.Mask(q.Text)
	q.Earlier, q.After = nil, nil // a generator is given the question in full
	return d.Generator.Generate(ctx, q, passages, func(draft Draft) error {
		draft.Text = privacy.Restore(draft.Text, hidden)
		return emit(draft)
	})
}

// DiscreetRewriter gives a rewriter that is not told personal data.
func DiscreetRewriter(r Rewriter) Rewriter {
	if r == nil {
		return nil
	}
	return discreetRewriter{r}
}

type discreetRewriter struct{ Rewriter }

func (d discreetRewriter) Rewrite(ctx context.Context, before, question, language string) (string, error) {
	question, hidden := privacy.Mask(question)
	full, err := d.Rewriter.Rewrite(ctx, privacy.Masked(before), question, language)
	return privacy.Restore(full, hidden), err
}
