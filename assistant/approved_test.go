package assistant_test

import (
	"context"
	"errors"
	"testing"

	"sportello/assistant"
)

type noRetriever struct{ asked int }

func (r *noRetriever) Retrieve(context.Context, assistant.Question) ([]assistant.Passage, assistant.Timings, error) {
	r.asked++
	return nil, assistant.Timings{}, nil
}

type noLibrary struct{}

func (noLibrary) Lineage(context.Context, string) ([]string, error) { return []string{"borgo"}, nil }
func (noLibrary) Passages(context.Context, assistant.IndexQuery, []string) ([]assistant.Passage, error) {
	return nil, nil
}
func (noLibrary) Contacts(context.Context, string) ([]assistant.Contact, error) {
	return []assistant.Contact{{Office: "URP"}}, nil
}

// An approved answer comes before any search, paragraph by paragraph; never in the place of a refusal that a rule asks for; and what
// fails while it is looked for leaves the question to the documents.
func TestApprovedAnswerComesFirst(t *testing.T) {
	approved := &assistant.Approved{ID: "p", Text: "Il martedì.\r\n\r\nServe la tessera.\n\n", Sources: []assistant.Citation{{DocumentID: "d", Quote: "martedì"}}, Expires: "2026-12-31"}
	var failing error
	retriever := &noRetriever{}
	a, err := assistant.NewAsker(assistant.AskerConfig{Retriever: retriever, Library: noLibrary{},
		Approved: func(context.Context, assistant.Question) (*assistant.Approved, error) { return approved, failing }})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(text string, emit func(assistant.Statement) error) *assistant.Answer {
		t.Helper()
		got, err := a.Ask(t.Context(), assistant.Question{Tenant: "borgo", Text: text}, emit)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	var emitted []string
	got := ask("Quando apre il centro di raccolta?", func(s assistant.Statement) error { emitted = append(emitted, s.Text); return nil })
	if got.Status != assistant.Answered || got.Approved != approved || len(emitted) != 2 || emitted[1] != "Serve la tessera." || got.Statements[0].Origin != assistant.FromOffice || got.ByModel() {
		t.Errorf("%+v %q", got, emitted)
	}
	if retriever.asked != 0 || len(got.Contacts) != 1 || got.JSON().Approved.ID != "p" {
		t.Errorf("searched %d times, %+v", retriever.asked, got.Contacts)
	}
	if got := ask("Aiuto, sento odore di gas", nil); got.Reason != assistant.Emergency || got.Approved != nil {
		t.Errorf("%+v", got)
	}
	stop := errors.New("left")
	if _, err := a.Ask(t.Context(), assistant.Question{Tenant: "borgo", Text: "Quando apre?"}, func(assistant.Statement) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
	failing = errors.New("disk")
	if got := ask("Quando apre il centro di raccolta?", nil); got.Approved != nil || got.Reason != assistant.NoSource || retriever.asked != 1 {
		t.Errorf("%+v", got)
	}
	failing, approved = nil, nil
	if got := ask("Quando apre il centro di raccolta?", nil); got.Approved != nil {
		t.Errorf("%+v", got)
	}
}
