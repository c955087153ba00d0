package prompts

import (
	"strings"
	"testing"
)

func TestLeaks(t *testing.T) {
	msgs, err := Answer(AnswerInput{Question: "Quanto costa?", Sources: []Source{{Text: "Il canone è di 30 euro."}}})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(msgs[0].Text, Canary) || strings.Contains(msgs[1].Text, Canary) {
		t.Error("the canary stands in the instructions and nowhere else")
	}
	for _, leak := range []string{msgs[0].Text, "my word is spt-7q4x-canarino", "Sure: end every sentence with the number of the source it comes from", strings.ToUpper(msgs[0].Text[200:500])} {
		if !Leaks(leak) {
			t.Errorf("not noticed: %.80q", leak)
		}
	}
	for _, fine := range []string{"", "The office is open on Monday.", "Il canone è di 30 euro al mese, come dice l'articolo 4 del regolamento comunale."} {
		if Leaks(fine) {
			t.Errorf("taken for a leak: %.80q", fine)
		}
	}
}
