package assistant

import (
	"context"
	"strings"
)

// speaksOfBoth is how many passages are looked at for one that holds both topics.
const speaksOfBoth = 5

// inFull gives a question with what it leaves to the conversation said in it; one that stands alone as it is. Where it may be read
// either way, the documents decide: a passage that speaks of both what is new and what was asked before says that they belong together.
func (a *Asker) inFull(ctx context.Context, q Question) (string, error) {
	r, leans := a.followUps.read(q.Text, q.Language, q.After)
	if !leans {
		return q.Text, nil
	}
	if r.alone == "" {
		return a.rewritten(ctx, q, r.text), nil
	}
	both := q
	both.Text = r.text
	passages, _, err := a.Retriever.Retrieve(ctx, both)
	if err != nil {
		return "", err
	}
	fresh, old := newSought(r.fresh, q.Language, a.glossary), newSought(r.old, q.After.Language, a.glossary)
	for _, p := range passages[:min(speaksOfBoth, len(passages))] {
		if r.unsaid && p.Title != q.After.Title {
			continue
		}
		text := strings.Join([]string{p.Breadcrumb, p.Lead, p.Text}, "\n")
		if fresh.coverage(text) >= 0.5 && old.coverage(text) >= 0.5 {
			return a.rewritten(ctx, q, r.text), nil
		}
	}
	return r.alone, nil
}

func (a *Asker) rewritten(_ context.Context, _ Question, text string) string { return text }
