package model

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
)

// account is a Ledger of one tenant.
type account struct {
	limit, used int
	entries     []entry
	fail        error
}

type entry struct {
	Tenant        string
	Read, Written int
	Guessed       bool
}

func (a *account) Spent(context.Context, string) (bool, error) { return a.used >= a.limit, a.fail }

func (a *account) Spend(_ context.Context, tenant string, read, written int, guessed bool) error {
	a.used += read + written
	a.entries = append(a.entries, entry{tenant, read, written, guessed})
	return nil
}

// What a chat takes is on the account of its tenant, also when the server does not say; once the day's tokens are used up, the model is
// not asked.
func TestLedger(t *testing.T) {
	const counted = `data: {"choices":[],"usage":{"prompt_tokens":400,"completion_tokens":9}}`
	answer := delta("Il 16 giugno [1].")
	s := serve(t, events(answer, stop, counted, done), events(answer, stop, done), events(answer, stop, counted, done))
	g := generatorAt(t, s, nil, nil)
	a := &account{limit: 1000}
	g.ledger = a
	ask := func(ctx context.Context) error {
		return g.Generate(ctx, assistant.Question{Text: "Quando?", Language: "it"}, two, func(assistant.Draft) error { return nil })
	}
	ctx := ForTenant(t.Context(), "montelieto")
	for range 2 {
		if err := ask(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if len(a.entries) != 2 || a.entries[1].Read < 100 || a.entries[1].Written < 5 || a.entries[1].Written > 20 {
		t.Fatalf("%+v", a.entries)
	}
	if diff := cmp.Diff([]entry{{"montelieto", 400, 9, false}, {"montelieto", a.entries[1].Read, a.entries[1].Written, true}}, a.entries); diff != "" {
		t.Error(diff)
	}
	a.limit = 0
	if err := ask(ctx); !errors.Is(err, assistant.ErrSpent) {
		t.Errorf("spent: %v", err)
	}
	if _, err := g.Rewrite(ctx, "Quando?", "E dove?", "it"); !errors.Is(err, assistant.ErrSpent) {
		t.Errorf("spent: %v", err)
	}
	if err := ask(t.Context()); err != nil || len(a.entries) != 2 {
		t.Errorf("on nobody's account: %v", err)
	}
	a.fail = errors.New("the disk is full")
	if err := ask(ctx); !errors.Is(err, a.fail) {
		t.Errorf("unknown whether: %v", err)
	}
}
