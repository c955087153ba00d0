package assistant

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"sportello/assistant/lexicon"
)

// Rewriter says a question in full that leans on the one before it, on one line, in the question's language. What it writes is checked.
type Rewriter interface {
	Rewrite(ctx context.Context, before, question, language string) (string, error)
}

const (
	// speaksOfBoth and namesIt are how many passages are looked at for one that holds both topics, and for one named after the new.
	speaksOfBoth = 5
	namesIt      = 3
	// rewriteDeadline is how long a model may take to complete a question before the rules do it.
	rewriteDeadline = 8 * time.Second
)

// inFull gives a question with what it leaves to the conversation said in it; one that stands alone as it is. Where it may be read
// either way, the documents decide.
func (a *Asker) inFull(ctx context.Context, q Question) (string, error) {
	r, leans := a.followUps.read(q.Text, q.Language, q.After)
	if !leans {
		return q.Text, nil
	}
	if r.alone != "" {
		carried, err := a.carries(ctx, q, r)
		if err != nil {
			return "", err
		}
		if !carried {
			return r.alone, nil
		}
	}
	return a.completed(ctx, q, r.text), nil
}

// carries decides for a question that may go on or begin something new. A passage that speaks of both what is new and what was asked
// before says that they belong together; a document or an article named after what is new says that it is a topic of its own. A
// question that asks nothing by itself goes on, unless only the second is there; any other begins anew, unless only the first is. Without
// a word that says so, a question goes on only in the article that was answered from.
func (a *Asker) carries(ctx context.Context, q Question, r reading) (bool, error) {
	fresh, old := newSought(r.fresh, q.Language, a.Glossary(ctx, q.Tenant)), newSought(r.old, q.After.Language, a.Glossary(ctx, q.Tenant))
	share := halfOf
	if r.signs == unsaid {
		share = mostOf
	}
	together, err := a.finds(ctx, q, r.text, speaksOfBoth, func(p Passage) bool {
		text := strings.Join([]string{p.Breadcrumb, p.Lead, p.Text}, "\n")
		return (r.signs != unsaid || p.Title == q.After.Title && p.Article == q.After.Article) && fresh.coverage(text) >= share && old.coverage(text) >= halfOf
	})
	if err != nil || together && r.signs == asksNothing || !together && r.signs != asksNothing {
		return together, err
	}
	apart, err := a.finds(ctx, q, r.alone, namesIt, func(p Passage) bool {
		return (r.signs != asksNothing || p.Title != q.After.Title) && fresh.coverage(p.Title+"\n"+p.rubric()) >= mostOf
	})
	return !apart, err
}

// halfOf and mostOf are shares of words.
const (
	halfOf = 0.5
	mostOf = 0.75
)

// finds says whether a search finds, among its first n passages, one that is meant.
func (a *Asker) finds(ctx context.Context, q Question, text string, n int, meant func(Passage) bool) (bool, error) {
	q.Text = text
	search := a.Retriever
	if reranked, ok := search.(*RerankedRetriever); ok {
		search = reranked.c.Retriever // which way a question is meant is not worth the seconds of a second model
	}
	passages, _, err := search.Retrieve(ctx, q)
	return err == nil && slices.ContainsFunc(passages[:min(n, len(passages))], meant), err
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
		if !errors.Is(err, ErrSpent) {
			a.Log.Warn("a question was completed by rule: the chat model failed", "error", err)
		}
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
