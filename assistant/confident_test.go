package assistant

import (
	"testing"

	"sportello/ingest"
)

func TestConfidenceInAnotherYear(t *testing.T) {
	act := passageOf("Il costo di costruzione è aggiornato a € 491,64 al metro quadro.")
	act.Kind, act.Year, act.Score, act.NearScore, act.WordScore = ingest.Determina, "2024", 1, 0.4, 6
	rule := act
	rule.Kind, rule.Year = ingest.Regolamento, ""
	named := act
	named.Text += " Vale fino al 31 dicembre 2026."
	for _, c := range []struct {
		name, question string
		passages       []Passage
		answers        bool
	}{
		{"the year of the act", "quanto è il costo di costruzione nel 2024?", []Passage{act}, true},
		{"another year", "quanto è il costo di costruzione nel 2026?", []Passage{act}, false},
		{"another year, named further down", "quanto è il costo di costruzione nel 2026?", []Passage{act, named}, true},
		{"a regulation holds in any year", "quanto è il costo di costruzione nel 2026?", []Passage{rule}, true},
		{"no year", "quanto è il costo di costruzione?", []Passage{act}, true},
	} {
		if got := confidence(newSought(c.question, "it", nil), "it", c.passages); got >= Sure != c.answers {
			t.Errorf("%s: confidence %.2f, want an answer: %v", c.name, got, c.answers)
		}
	}
}
