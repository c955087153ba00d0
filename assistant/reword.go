package assistant

import (
	"context"
	"errors"
	"time"

	"sportello/assistant/lexicon"
	"sportello/assistant/turn"
)

// Reworder says passages in plain words of the question's language, statement by statement; the contract of emit and of errors is that of
// a Generator. What it writes is verified.
type Reworder interface {
	Reword(ctx context.Context, q Question, passages []Passage, emit func(Draft) error) error
}

// Reword lets a model say quotes in plain words of q.Language and gives what Verify accepts of it. Each quote is a Passage whose text it
// is. No model, one that fails, and one whose tenant has used up its tokens give nothing: the quote stands beside it all the same.
//
// Errors: only those of ctx.
func (a *Asker) Reword(ctx context.Context, q Question, quotes []Passage) ([]Statement, error) {
	if a.Reworder == nil || len(quotes) == 0 {
		return nil, nil
	}
	q.Formal = a.Formal != nil && a.Formal(ctx, q.Tenant)
	quotes = forModel(quotes)
	verify := a.verifiers(q, quotes)
	turn.Yield(ctx) // a model takes seconds: meanwhile others may search
	generating, cancel := context.WithTimeout(ctx, a.GenerateTimeout)
	defer cancel()
	start := time.Now()
	var shown []Statement
	rejected := 0
	err := a.Reworder.Reword(generating, q, quotes, func(d Draft) error {
		statement, verdict := verify(d)
		switch {
		case verdict != Accepted || Guard(statement.Text) != "":
			rejected++
		case !said(shown, statement) && !copied(statement, quotes):
			shown = append(shown, statement)
		}
		return nil
	})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, ErrSpent):
		a.Log.Warn("the chat model failed; quotes stay as they are", "error", err)
	}
	a.Log.Debug("reworded", "tenant", q.Tenant, "shown", len(shown), "rejected", rejected, "ms", Milliseconds(time.Since(start)))
	return shown, nil
}

// copied says whether a statement is a quote as it stands: that is no plainer.
func copied(s Statement, quotes []Passage) bool {
	for _, q := range quotes {
		if lexicon.Fold(s.Text) == lexicon.Fold(q.Text) {
			return true
		}
	}
	return false
}
