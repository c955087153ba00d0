package assistant

import (
	"context"
	"slices"
	"testing"

	"sportello/assistant/recent"
)

// What was read of a passage serves the next question, and never a text that has changed meanwhile.
func TestAPassageIsReadAgainWhenItChanged(t *testing.T) {
	before := recent.New[string, *sentences](10)
	first := &Passage{ID: "a", Text: "La rata si paga entro il 16 giugno."}
	first.said = readLater(first, before)
	read := first.sentences()
	same := &Passage{ID: "a", Text: "La rata si paga entro il 16 giugno."}
	if same.said = readLater(same, before); same.sentences() != read {
		t.Error("the same text is read twice")
	}
	changed := &Passage{ID: "a", Text: "La rata si paga entro il 16 luglio."}
	changed.said = readLater(changed, before)
	if words := changed.sentences().words[0]; !slices.Contains(words, "lugl") || slices.Contains(words, "giugn") {
		t.Errorf("words of another text: %v", words)
	}
	first.Text = "La rata si paga entro il 16 luglio."
	if words := first.sentences().words[0]; !slices.Contains(words, "lugl") {
		t.Errorf("a passage that changes keeps what it said: %v", words)
	}
}

// lengths embeds a text as its length, and counts texts.
type lengths struct {
	Embedder
	texts int
}

func (l *lengths) EmbedPassages(_ context.Context, texts []string) (out [][]float32, err error) {
	l.texts += len(texts)
	for _, t := range texts {
		out = append(out, []float32{float32(len(t))})
	}
	return out, nil
}

func TestSentencesOfDocumentsAreEmbeddedOnce(t *testing.T) {
	l := &lengths{}
	a := &Asker{AskerConfig: AskerConfig{Embedder: l}, meanings: recent.New[string, []float32](10)}
	for _, texts := range [][]string{{"uno", "quattro"}, {"tredici", "uno"}, {"quattro"}} {
		vectors, err := a.meaningOf(t.Context(), texts)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range vectors {
			if int(v[0]) != len(texts[i]) {
				t.Errorf("%s has the vector of another: %v", texts[i], v)
			}
		}
	}
	if l.texts != 3 {
		t.Errorf("%d texts were embedded, want 3", l.texts)
	}
}
