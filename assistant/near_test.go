package assistant

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNearMisses(t *testing.T) {
	p := tari()
	p.NearScore, p.Score = 0.5, 0.1 // found, and not close enough to answer
	other := p
	other.ID, other.DocumentID, other.Title, other.Breadcrumb, other.Text = "p2", "d2", "Regolamento del cimitero", "Regolamento del cimitero", "Il cimitero apre alle 8."
	a := asker(t, &fakeRetriever{passages: []Passage{p, p, other}}, nil)
	answer, err := a.Ask(context.Background(), Question{Tenant: "montelieto", Text: "Il compostaggio domestico collettivo in condominio?"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if answer.Status != Refused || answer.Reason != NoSource || len(answer.Statements) != 0 {
		t.Fatalf("%s %s %v, want refused for want of a source", answer.Status, answer.Reason, answer.Statements)
	}
	want := []NearJSON{{Document: "regolamenti/tari.pdf", DocumentID: "d1", Title: "Regolamento TARI", Article: "8", Rubric: "Art. 8 Compostaggio domestico", Page: 4}}
	if d := cmp.Diff(want, answer.JSON().Near); d != "" {
		t.Error(d)
	}
	for question, passages := range map[string][]Passage{
		"Mi racconti una barzelletta?":      {p},
		"Quanto costa il gelato al chiosco": {p},
	} {
		answer, err := asker(t, &fakeRetriever{passages: passages}, nil).Ask(context.Background(), Question{Tenant: "montelieto", Text: question}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(answer.Near) != 0 || answer.JSON().Near == nil {
			t.Errorf("%s: near %v", question, answer.JSON().Near)
		}
	}
}
