package eval

import (
	"context"
	"errors"
	"testing"

	"sportello/assistant"
)

// silentAtFirst is a model that does not answer the first questions.
type silentAtFirst struct {
	assistant.Embedder
	silent int
}

func (s *silentAtFirst) Model() string { return "silent" }

func (s *silentAtFirst) EmbedQuery(context.Context, string) ([]float32, error) {
	if s.silent--; s.silent >= 0 {
		return nil, errors.New("nobody answers")
	}
	return []float32{1}, nil
}

func TestAMeasuredQuestionIsAskedAgain(t *testing.T) {
	for silent, want := range map[int]bool{0: true, insistence - 1: true, insistence: false} {
		cache, err := NewVectorCache(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		e := cache.Around(&silentAtFirst{silent: silent}).(*cachedEmbedder)
		e.wait = 0
		if _, err := e.EmbedQuery(t.Context(), "Quanto costa?"); (err == nil) != want {
			t.Errorf("silent %d times: %v", silent, err)
		}
	}
}
