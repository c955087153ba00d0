package model

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"net/http"

	"sportello/assistant/fault"
)

type embeddingsAnswer struct {
	Data []embeddingsItem `json:"data"`
}

type embeddingsItem struct {
	Index     *int      `json:"index"`
	Embedding []float32 `json:"embedding"`
}

// orderEmbeddings reads the whole answer and puts the vectors in the order of their index: langchaingo ignores it, and a
// server that answers out of order would give texts each other's vectors.
func orderEmbeddings(resp *http.Response) (*http.Response, error) {
	b, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		return nil, err
	}
	host := resp.Request.URL.Host
	var a embeddingsAnswer
	if err := json.Unmarshal(b, &a); err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "the model server %s sent embeddings that cannot be read", host)
	}
	sorted := make([]embeddingsItem, len(a.Data))
	seen := make([]bool, len(a.Data))
	inOrder := true
	for i, d := range a.Data {
		at := i
		if d.Index != nil {
			at = *d.Index
		}
		if at < 0 || at >= len(a.Data) || seen[at] {
			return nil, fault.New(fault.Unavailable, "the model server %s sent embeddings whose index is wrong", host)
		}
		if !finite(d.Embedding) {
			return nil, fault.New(fault.Unavailable, "the model server %s sent an embedding that is empty or not a number", host)
		}
		seen[at], sorted[at] = true, d
		inOrder = inOrder && at == i
	}
	if !inOrder {
		if b, err = json.Marshal(embeddingsAnswer{Data: sorted}); err != nil {
			return nil, fault.Wrap(fault.Internal, err, "embeddings could not be reordered")
		}
	}
	resp.Body = io.NopCloser(bytes.NewReader(b))
	resp.ContentLength = int64(len(b))
	return resp, nil
}

func finite(v []float32) bool {
	for _, x := range v {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return false
		}
	}
	return len(v) > 0
}
