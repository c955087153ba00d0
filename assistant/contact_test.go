package assistant

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCompetentOfficeIsOneThatTheDocumentsName(t *testing.T) {
	for _, tt := range []struct {
		question string
		texts    []string
		want     []Contact
	}{
		{"Mi annullate questo verbale?", []string{"La domanda si presenta al Comando di Polizia Locale di via Roma.", "Il Comando di Polizia Locale decide."}, []Contact{{Office: "Comando di Polizia Locale"}}},
		{"Mi togliete la TARI?", []string{"Rivolgersi all'ufficio tributi nei giorni di apertura. Lo comunica la Polizia Locale."}, []Contact{{Office: "Ufficio tributi"}}},
		{"Il mio muro è regolare?", []string{"Si consegna all'Ufficio Protocollo.", "Lo Sportello Unico Edilizia rilascia il titolo."}, []Contact{{Office: "Sportello Unico Edilizia"}}},
		{"Mi annullate questo verbale?", []string{"Nessuno è nominato."}, nil},
		{"Mi fate uno sconto?", []string{"Lo dice l'Ufficio Tributi."}, nil},
	} {
		var passages []Passage
		for _, text := range tt.texts {
			passages = append(passages, Passage{Text: text})
		}
		a := asker(t, &fakeRetriever{passages: passages}, nil)
		got := a.competent(context.Background(), Question{Tenant: "montelieto", Text: tt.question}, passages)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.question, diff)
		}
	}
}
