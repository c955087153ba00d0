package model

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sportello/assistant/lexicon"
)

// leaning gives vectors that all share a direction, passages one and questions another, and counts what it is asked.
type leaning struct {
	asked int
	fails error
}

func (l *leaning) Model() string { return "leaning" }

func (l *leaning) vector(text string, common int) []float32 {
	l.asked++
	v := vectorOf(text)
	out := []float32{v[0] * .2, v[1] * .2, 0, 0}
	out[common] = 1
	return unit(out)
}

func (l *leaning) EmbedPassages(_ context.Context, texts []string) ([][]float32, error) {
	var out [][]float32
	for _, t := range texts {
		out = append(out, l.vector(t, 2))
	}
	return out, l.fails
}

func (l *leaning) EmbedQuery(_ context.Context, text string) ([]float32, error) {
	return l.vector(text, 3), l.fails
}

func TestCentredTakesAwayWhatAllShare(t *testing.T) {
	c := NewCentred(&leaning{}, "")
	vs, err := c.EmbedPassages(t.Context(), []string{"prima", "seconda"})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range vs {
		if math.Abs(float64(v[2])) > .1 || math.Abs(cosine(v, v)-1) > 1e-6 {
			t.Errorf("passage %v still leans or is no unit vector", v)
		}
	}
	raw, _ := (&leaning{}).EmbedQuery(t.Context(), "Quanto costa?")
	q, err := c.EmbedQuery(t.Context(), "Quanto costa?")
	if err != nil {
		t.Fatal(err)
	}
	if q[3] >= raw[3] || q[3] <= 0 {
		t.Errorf("question %v, want about half of what it shares left of %v", q, raw)
	}
}

func TestCentredKeepsItsMeans(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "means")
	first := &leaning{}
	a, err := NewCentred(first, dir).EmbedQuery(t.Context(), "Quanto costa?")
	if err != nil {
		t.Fatal(err)
	}
	second := &leaning{}
	b, err := NewCentred(second, dir).EmbedQuery(t.Context(), "Quanto costa?")
	if err != nil || second.asked != 1 || cosine(a, b) < .999999 {
		t.Errorf("asked %d times for %v and %v: %v", second.asked, a, b, err)
	}
	files, _ := os.ReadDir(dir)
	if len(files) != 1 {
		t.Fatalf("%d files", len(files))
	}
	if err := os.WriteFile(filepath.Join(dir, files[0].Name()), []byte(`{"passage":[1`), 0o600); err != nil {
		t.Fatal(err)
	}
	third := &leaning{}
	if c, err := NewCentred(third, dir).EmbedQuery(t.Context(), "Quanto costa?"); err != nil || third.asked != first.asked || cosine(a, c) < .999999 {
		t.Errorf("a broken file was not made anew: %d, %v", third.asked, err)
	}
}

func TestCentredFails(t *testing.T) {
	down := errors.New("down")
	c := NewCentred(&leaning{fails: down}, "")
	if _, err := c.EmbedQuery(t.Context(), "x"); !errors.Is(err, down) {
		t.Error(err)
	}
	if _, err := c.EmbedPassages(t.Context(), []string{"x"}); !errors.Is(err, down) {
		t.Error(err)
	}
	if c.Model() == "leaning" || len(c.Model()) != 64 {
		t.Errorf("identity %q", c.Model())
	}
}

// Every language of the service has its questions, each in its language, and no two are the same.
func TestTypicalTexts(t *testing.T) {
	seen := map[string]bool{}
	questions := typicalQuestions()
	for _, language := range lexicon.Languages {
		if len(questions[language]) != 16 {
			t.Errorf("%s: %d questions", language, len(questions[language]))
		}
		for _, q := range questions[language] {
			if got, _ := lexicon.Detect(q, ""); got != language {
				t.Errorf("%s is taken for %s: %s", language, got, q)
			}
			if seen[q] {
				t.Errorf("twice: %s", q)
			}
			seen[q] = true
		}
	}
	for _, p := range typicalPassages() {
		if strings.HasPrefix(p, "#") || len(p) < 80 || len(p) > 1200 {
			t.Errorf("passage of %d bytes: %.60s", len(p), p)
		}
	}
}
