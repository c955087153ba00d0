package assistant

import (
	"context"
	"strings"
	"testing"
)

// told is every kind of model, and keeps what it was told.
type told struct{ heard []string }

func (m *told) EmbedPassages(context.Context, []string) ([][]float32, error) { return nil, nil }
func (m *told) EmbedQuery(_ context.Context, text string) ([]float32, error) {
	m.heard = append(m.heard, text)
	return nil, nil
}
func (m *told) Model() string { return "told" }
func (m *told) Name() string  { return "told" }
func (m *told) Rerank(_ context.Context, question string, _ []string) ([]float64, error) {
	m.heard = append(m.heard, question)
	return nil, nil
}
func (m *told) Generate(_ context.Context, q Question, _ []Passage, emit func(Draft) error) error {
	m.heard = append(m.heard, q.Text)
	return emit(Draft{Text: "Il codice " + q.Text[strings.Index(q.Text, "["):strings.Index(q.Text, "]")+1] + " va bene."})
}
func (m *told) Rewrite(_ context.Context, before, question, _ string) (string, error) {
	m.heard = append(m.heard, before, question)
	return question, nil
}

// No model hears who asks; what comes back has it again.
func TestNoModelIsToldWhoAsks(t *testing.T) {
	const code, question = "RSSMRA85T10A562S", "Il mio codice RSSMRA85T10A562S va bene? Scrivete a mario.rossi@example.it"
	m := &told{}
	ctx := context.Background()
	if _, err := DiscreetEmbedder(m).EmbedQuery(ctx, question); err != nil {
		t.Fatal(err)
	}
	if _, err := DiscreetReranker(m).Rerank(ctx, question, nil); err != nil {
		t.Fatal(err)
	}
	full, err := DiscreetRewriter(m).Rewrite(ctx, question, question, "it")
	if err != nil || full != question {
		t.Errorf("rewritten: %q %v", full, err)
	}
	err = DiscreetGenerator(m).Generate(ctx, Question{Text: question, Earlier: []string{question}}, nil, func(d Draft) error {
		if d.Text != "Il codice "+code+" va bene." {
			t.Errorf("draft: %q", d.Text)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.heard) != 5 {
		t.Errorf("heard %d", len(m.heard))
	}
	for _, h := range m.heard {
		if strings.Contains(h, code) || strings.Contains(h, "example.it") {
			t.Errorf("a model heard %q", h)
		}
	}
	if DiscreetEmbedder(nil) != nil || DiscreetGenerator(nil) != nil || DiscreetReranker(nil) != nil || DiscreetRewriter(nil) != nil {
		t.Error("no model became one")
	}
}
