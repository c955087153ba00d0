package assistant

import (
	"context"
	"testing"

	"sportello/assistant/lexicon"
)

// spellingIndex holds so many points of each root.
type spellingIndex struct {
	Index
	points map[string]int
}

func (x spellingIndex) Roots(_ context.Context, _ IndexQuery, yield func(string) bool) error {
	for root := range x.points {
		if !yield(root) {
			break
		}
	}
	return nil
}

func (x spellingIndex) Holding(_ context.Context, _ IndexQuery, root string) (int, error) {
	return x.points[root], nil
}

func TestSpell(t *testing.T) {
	glossary, err := lexicon.DefaultGlossary()
	if err != nil {
		t.Fatal(err)
	}
	points := map[string]int{}
	for _, w := range []string{"contrassegno", "disabili", "residenza", "certificato", "canale", "tabella", "tabelle", "pagamento", "occupazione"} {
		points[lexicon.Stem(w)] = 3
	}
	points[lexicon.Stem("rarissimo")] = 1
	x := spellingIndex{points: points}
	for _, c := range []struct{ text, want string }{
		{"il contrasegno dei disabbili?", "il contrassegno dei disabili?"},
		{"Cambio di Residensa", "Cambio di residenza"},
		{"certifcato e ocupazione", "certificato e occupazione"},
		{"dov'è il canile", "dov'è il canile"},            // another word, not a slip
		{"un rarisimo caso", "un rarisimo caso"},          // the documents have it once: who knows which is wrong
		{"la RESIDENSA", "la RESIDENSA"},                  // a name of something
		{"imondizia per strada", "immondizia per strada"}, // the glossary has it
		{"residenza e tabella", "residenza e tabella"},
	} {
		got, err := spell(t.Context(), x, IndexQuery{}, c.text, glossary)
		if err != nil || got != c.want {
			t.Errorf("spell(%q) = %q, %v, want %q", c.text, got, err, c.want)
		}
	}
	if got, err := spell(t.Context(), nil, IndexQuery{}, "disabbili", glossary); err != nil || got != "disabbili" {
		t.Errorf("without a speller: %q, %v", got, err)
	}
}
