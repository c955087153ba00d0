package model

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sportello/assistant/fault"
	"sportello/assistant/model/engine"
)

func rerankerAt(t *testing.T, s *scripted) *Reranker {
	t.Helper()
	set := open(t, Config{Embedding: Endpoint{Model: None}, Rerank: Endpoint{Address: s.URL + "/v1", Model: "bge", Key: "k"}})
	quick(set.wires[engine.Rerank])
	return set.Reranker.(*Reranker)
}

func TestRerank(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want []float64
	}{
		"out of order": {`{"results":[{"index":1,"relevance_score":0.9},{"index":0,"relevance_score":0.2}]}`, []float64{.2, .9}},
		"logits":       {`{"results":[{"index":0,"relevance_score":0},{"index":1,"relevance_score":4}]}`, []float64{.5, .982}},
		"older":        {`{"results":[{"index":0,"score":0.1},{"index":1,"score":0.2}]}`, []float64{.1, .2}},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, status(200, c.body))
			got, err := rerankerAt(t, s).Rerank(t.Context(), "domanda", []string{"a", "b"})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, got, cmpopts.EquateApprox(0, .001)); d != "" {
				t.Error(d)
			}
			r := s.seen()[0]
			if r.path != "/v1/rerank" || r.auth != "Bearer k" || r.body["query"] != "domanda" || r.body["top_n"] != 2.0 {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestRerankErrors(t *testing.T) {
	for name, c := range map[string]struct {
		code int
		body string
		want fault.Code
	}{
		"too few":     {200, `{"results":[{"index":0,"relevance_score":1}]}`, fault.Unavailable},
		"twice":       {200, `{"results":[{"index":0,"relevance_score":1},{"index":0,"relevance_score":1}]}`, fault.Unavailable},
		"outside":     {200, `{"results":[{"index":5,"relevance_score":1}]}`, fault.Unavailable},
		"no score":    {200, `{"results":[{"index":0}]}`, fault.Unavailable},
		"not JSON":    {200, `<`, fault.Unavailable},
		"not found":   {404, ``, fault.Invalid},
		"server fell": {500, ``, fault.Unavailable},
	} {
		if _, err := rerankerAt(t, serve(t, status(c.code, c.body))).Rerank(t.Context(), "q", []string{"a", "b"}); fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := serve(t, status(200, ``))
	if got, err := rerankerAt(t, s).Rerank(t.Context(), "q", nil); got != nil || err != nil || len(s.seen()) != 0 {
		t.Errorf("no texts: %v %v", got, err)
	}
}
