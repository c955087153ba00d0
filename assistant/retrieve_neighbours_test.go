package assistant

import (
	"testing"

	"sportello/assistant/lexicon"
)

func TestNeighbours(t *testing.T) {
	s := soughtBy(lexicon.Query("Rinnovo della carta d'identità", "it", nil), "", "it")
	passages := []Passage{
		{Text: "La carta d'identità vale dieci anni. Del rinnovo si occupa lo sportello."},
		{Text: "Rinnovo della carta d'identità."},
		{Text: "L'identità di chi firma è accertata; la domanda si scrive su carta bollata."},
		{Text: "Orari dell'anagrafe."},
	}
	_, c := s.readAll(passages)
	n := s.neighbours(c)
	last := 2.0
	for _, i := range []int{1, 0, 2} {
		got := n.in(&passages[i])
		if got >= last {
			t.Errorf("passage %d: %v is not less than the one before, %v", i, got, last)
		}
		last = got
	}
	if got := n.in(&passages[1]); got != 1 {
		t.Errorf("all pairs: %v", got)
	}
	if got := n.in(&passages[3]); got != 0 {
		t.Errorf("none: %v", got)
	}
}
