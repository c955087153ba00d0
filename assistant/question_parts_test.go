package assistant

import (
	"slices"
	"testing"
)

func TestQuestionParts(t *testing.T) {
	for _, c := range []struct {
		question string
		want     []string
	}{
		{"Quanto costa il passo carrabile?", nil},
		{"Chi abita nella via dove il camion non passa paga meno?", nil},
		{"Ho un bar in piazza con sei tavolini. Quanto pago?", nil}, // what is only told is no part
		{"Quanto mi tolgono dalla retta e entro quando va chiesto?", []string{"Quanto mi tolgono dalla retta e", "entro quando va chiesto?"}},
		{"Ho un bar. Serve la SCIA? E quanti giorni prima la presento?", []string{"Serve la SCIA?", "E quanti giorni prima la presento?"}},
		{"In quanti giorni lo comunico, e se ho pagato troppo in quanto tempo mi rimborsano?",
			[]string{"In quanti giorni lo comunico, e", "se ho pagato troppo in quanto tempo mi rimborsano?"}},
	} {
		if got := questionParts(c.question); !slices.Equal(got, c.want) {
			t.Errorf("questionParts(%q) = %q, want %q", c.question, got, c.want)
		}
	}
}
