package model

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math"
	"net/http"

	"sportello/assistant/fault"
	"sportello/assistant/outbound"
)

// Reranker scores texts by how well they answer a question, with a server that has /v1/rerank in the shape of llama.cpp, vLLM and Jina;
// see assistant.Reranker for the contract. langchaingo has no such call. It is safe for concurrent use.
type Reranker struct {
	client *http.Client
	model  string
	logits bool // the server gives logits, always: llama.cpp
}

type rerankRequest struct {
	Model     string   `json:"model"`
	Query     string   `json:"query"`
	Documents []string `json:"documents"`
	TopN      int      `json:"top_n"`
}

type rerankAnswer struct {
	Results []struct {
		Index int      `json:"index"`
		Score *float64 `json:"relevance_score"`
		Plain *float64 `json:"score"` // of older servers
	} `json:"results"`
}

// Rerank gives a score between 0 and 1 a text, in the order of texts.
func (r *Reranker) Rerank(ctx context.Context, question string, texts []string) ([]float64, error) {
	if len(texts) == 0 {
		return nil, nil
	}
	body, err := json.Marshal(rerankRequest{Model: r.model, Query: question, Documents: texts, TopN: len(texts)})
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "a request to a model could not be built")
	}
	ctx, c := withCall(ctx)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/v1/rerank", bytes.NewReader(body))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "a request to a model could not be built")
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, callError(ctx, c, err, "the rerank model gave no scores")
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, outbound.Classify(err, resp.Request.URL)
	}
	return scores(b, len(texts), r.logits)
}

// scores reads the answer. Every text must have one score, in whatever order they come. Logits are passed through the logistic function; a
// score outside 0..1 says that a server whose kind is not known gives logits.
func scores(b []byte, n int, logits bool) ([]float64, error) {
	var a rerankAnswer
	if err := json.Unmarshal(b, &a); err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "the rerank model sent an answer that cannot be read")
	}
	out, seen := make([]float64, n), make([]bool, n)
	for _, r := range a.Results {
		s := r.Score
		if s == nil {
			s = r.Plain
		}
		if r.Index < 0 || r.Index >= n || seen[r.Index] || s == nil || math.IsNaN(*s) || math.IsInf(*s, 0) {
			return nil, fault.New(fault.Unavailable, "the rerank model sent scores whose index or value is wrong")
		}
		seen[r.Index], out[r.Index] = true, *s
		logits = logits || *s < 0 || *s > 1
	}
	if len(a.Results) != n {
		return nil, fault.New(fault.Unavailable, "the rerank model sent %d scores for %d texts", len(a.Results), n)
	}
	if logits {
		for i, s := range out {
			out[i] = 1 / (1 + math.Exp(-s))
		}
	}
	return out, nil
}
