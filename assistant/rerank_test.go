package assistant

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// fakeReranker scores a text by the number after "word ".
type fakeReranker struct {
	err   error
	slow  bool
	asked int
	texts []string
}

func (r *fakeReranker) Rerank(ctx context.Context, _ string, texts []string) ([]float64, error) {
	r.asked++
	r.texts = texts
	if r.slow {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	scores := make([]float64, len(texts))
	for i := range texts {
		scores[i] = float64(i) / 100
	}
	return scores, r.err
}

func found(n int) []Passage {
	out := make([]Passage, n)
	for i := range out {
		out[i] = Passage{ID: fmt.Sprint(i), Breadcrumb: "Regolamento", Text: strings.Repeat("è", 3000), Score: 1 - float64(i)/100}
	}
	return out
}

func TestRerank(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	model := &fakeReranker{}
	below := &fakeRetriever{passages: found(30)}
	r := NewReranked(RerankConfig{Retriever: below, Reranker: model, Passages: 20, Deadline: time.Millisecond, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return now }})
	retrieve := func() (ids []string, scores []float64) {
		t.Helper()
		below.passages = found(30)
		passages, _, err := r.Retrieve(t.Context(), Question{Text: "domanda", K: 3})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range passages {
			ids, scores = append(ids, p.ID), append(scores, p.Score)
		}
		return ids, scores
	}
	ids, scores := retrieve()
	if d := cmp.Diff([]string{"19", "18", "17"}, ids); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]float64{1, .99, .98}, scores); d != "" {
		t.Errorf("scores are not those of the search: %s", d)
	}
	if below.asked.K != 20 || len(model.texts) != 20 || len([]rune(model.texts[0])) != rerankedLength {
		t.Errorf("asked for %d, gave the model %d of %d characters", below.asked.K, len(model.texts), len([]rune(model.texts[0])))
	}
	searched := []string{"0", "1", "2"}
	for name, broken := range map[string]*fakeReranker{"fails": {err: errors.New("down")}, "too slow": {slow: true}} {
		r.c.Reranker = broken
		now = now.Add(time.Hour)
		for range 2 {
			if ids, _ := retrieve(); !cmp.Equal(searched, ids) {
				t.Errorf("%s: %v, want the order of the search", name, ids)
			}
		}
		if broken.asked != 1 {
			t.Errorf("%s: asked %d times, want a pause after the first", name, broken.asked)
		}
	}
	now = now.Add(time.Hour)
	r.c.Reranker = model
	if ids, _ := retrieve(); ids[0] != "19" {
		t.Error("it is never asked again")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	r.c.Reranker = &fakeReranker{slow: true}
	if _, _, err := r.Retrieve(gone, Question{Text: "domanda"}); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	below.err = errors.New("no index")
	if _, _, err := r.Retrieve(t.Context(), Question{Text: "domanda"}); err == nil {
		t.Error("the error of the search is lost")
	}
}
