package assistant

import (
	"context"
	"strings"
	"time"

	"sportello/assistant/lexicon"
)

// Rewriter says a question in full that leans on the one before it, on one line, in the question's language. What it writes is checked.
type Rewriter interface {
	Rewrite(ctx context.Context, before, question, language string) (string, error)
}

const (
	// speaksOfBoth is how many passages are looked at for one that holds both topics.
	speaksOfBoth = 5
	// rewriteDeadline is how long a model may take to complete a question before the rules do it.
	rewriteDeadline = 8 * time.Second
)

// inFull gives a question with what it leaves to the conversation said in it; one that stands alone as it is. Where it may be read
// either way, the documents decide: a passage that speaks of both what is new and what was asked before says that they belong together.
func (a *Asker) inFull(ctx context.Context, q Question) (string, error) {
	r, leans := a.followUps.read(q.Text, q.Language, q.After)
	if !leans {
		return q.Text, nil
	}
	if r.alone == "" {
		return a.completed(ctx, q, r.text), nil
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
			return a.completed(ctx, q, r.text), nil
		}
	}
	return r.alone, nil
}

// completed lets a model say the question better than the rules did; anything wrong with what it writes, and theirs stands.
func (a *Asker) completed(ctx context.Context, q Question, byRule string) string {
	if a.Rewriter == nil {
		return byRule
	}
	asking, cancel := context.WithTimeout(ctx, rewriteDeadline)
	defer cancel()
	written, err := a.Rewriter.Rewrite(asking, q.After.Question, q.Text, q.Language)
	if err != nil {
		a.Log.Warn("a question was completed by rule: the chat model failed", "error", err)
		return byRule
	}
	if !completes(written, q) {
		return byRule
	}
	return written
}

// mostNew is the share of a rewritten question's words that may be in neither question: articles and verbs change their form.
const mostNew = 0.25

// completes checks what a model made of a question: no figure, date, reference or name that is in neither question, hardly a word that
// is, and not less than what was asked.
func completes(written string, q Question) bool {
	if written == "" || len(written) > 2*(len(q.Text)+len(q.After.Question)) || strings.ContainsAny(written, "\n<>[]{}") {
		return false
	}
	sources := q.After.Question + "\n" + q.Text + "\n" + q.After.Title
	if q.After.Article != "" {
		sources += "\nart. " + q.After.Article
	}
	if q.Language != "zh" && q.Language != "ar" && spoken(written, q.Language) != q.Language {
		return false
	}
	facts := map[string]bool{}
	for _, f := range lexicon.FactsIn(sources, q.Language) {
		facts[f.Norm] = true
	}
	for _, f := range lexicon.FactsIn(written, q.Language) {
		if !facts[f.Norm] {
			return false
		}
	}
	folded := lexicon.Fold(sources)
	for _, n := range lexicon.Names(written) {
		for _, word := range strings.Fields(n.Norm) {
			if !strings.Contains(folded, word) {
				return false
			}
		}
	}
	have, words := termSet(sources), lexicon.Analyze(written)
	unknown := 0
	for _, w := range words {
		if !have[w] {
			unknown++
		}
	}
	return len(words) > 0 && float64(unknown) <= mostNew*float64(len(words)) && keeps(written, q.Text)
}

// keeps says whether a rewritten question still holds at least half of the words of the one that was asked.
func keeps(written, asked string) bool {
	words, have := lexicon.Analyze(asked), termSet(written)
	kept := 0
	for _, w := range words {
		if have[w] {
			kept++
		}
	}
	return 2*kept >= len(words)
}

func spoken(text, prior string) string {
	l, _ := lexicon.Detect(text, prior)
	return l
}
