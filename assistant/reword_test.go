package assistant

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// scriptedReworder emits its drafts and then fails with err, if there is one.
type scriptedReworder struct {
	drafts []Draft
	err    error
}

func (r scriptedReworder) Reword(_ context.Context, _ Question, _ []Passage, emit func(Draft) error) error {
	for _, d := range r.drafts {
		if err := emit(d); err != nil {
			return err
		}
	}
	return r.err
}

func TestReword(t *testing.T) {
	one := func(s string) Draft { return Draft{Text: s, Sources: []int{1}} }
	drafts := []Draft{
		one("La domanda si presenta all'Ufficio Tributi entro il 31 gennaio."), one("La riduzione è del 15% della quota variabile."),
		one("La riduzione è del 50%."), one("La domanda si presenta entro il 28 febbraio."), one("Si può telefonare allo 02 1234567."),
		one("La riduzione è del 15% della quota variabile."), one("<b>La riduzione è del 15% della quota variabile.</b>"),
	}
	want := []string{"La domanda si presenta all'Ufficio Tributi entro il 31 gennaio.", "La riduzione è del 15% della quota variabile."}
	for name, err := range map[string]error{"a model that ends": nil, "a model that fails after some sentences": errors.New("gone"), "no tokens left": ErrSpent} {
		a, e := NewAsker(AskerConfig{Retriever: &fakeRetriever{}, Library: fakeLibrary{offices}, Reworder: scriptedReworder{drafts, err}, Log: slog.New(slog.DiscardHandler)})
		if e != nil {
			t.Fatal(e)
		}
		shown, e := a.Reword(context.Background(), Question{Tenant: "montelieto", Language: "it"}, []Passage{tari()})
		if e != nil {
			t.Errorf("%s: %v", name, e)
		}
		var got []string
		for _, s := range shown {
			got = append(got, s.Text)
			if s.Origin != FromModel || len(s.Citations) == 0 || s.Citations[0].DocumentID != "d1" {
				t.Errorf("%s: %+v", name, s)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	none, err := asker(t, &fakeRetriever{}, nil).Reword(context.Background(), Question{}, []Passage{tari()})
	if len(none) != 0 || err != nil {
		t.Errorf("without a model: %v, %v", none, err)
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	a, _ := NewAsker(AskerConfig{Retriever: &fakeRetriever{}, Library: fakeLibrary{offices}, Reworder: scriptedReworder{nil, context.Canceled}, Log: slog.New(slog.DiscardHandler)})
	if _, err := a.Reword(gone, Question{Language: "it"}, []Passage{tari()}); !errors.Is(err, context.Canceled) {
		t.Errorf("somebody who left: %v", err)
	}
}
