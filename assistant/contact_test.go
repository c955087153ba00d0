package assistant

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestWhereNoOfficeFits(t *testing.T) {
	tributi, urp, comune := Contact{Office: "Tributi", Subjects: []string{"TARI"}}, Contact{Office: "URP"}, Contact{Office: "Comune di Montelieto", Phone: "0824 1", General: true}
	named := []Passage{{Text: "Si rivolge all'Ufficio Tecnico."}}
	for name, tt := range map[string]struct {
		offices  []Contact
		question string
		passages []Passage
		want     []Contact
	}{
		"one fits":               {[]Contact{urp, tributi, comune}, "Quanto pago di TARI?", named, []Contact{tributi}},
		"documents name one":     {[]Contact{urp, comune}, "Quanto è alto un muro?", named, []Contact{{Office: "Ufficio Tecnico"}, comune}},
		"nobody":                 {[]Contact{urp, comune}, "Quanto è alto un muro?", nil, []Contact{comune}},
		"no general contact":     {[]Contact{urp, tributi}, "Quanto è alto un muro?", nil, []Contact{urp}},
		"only the comune itself": {[]Contact{comune}, "Il comune di Montelieto?", nil, []Contact{comune}},
		"nobody at all":          {nil, "Quanto è alto un muro?", nil, nil},
	} {
		got := contactsFor(tt.offices, newSought(tt.question, "it", asker(t, &fakeRetriever{}, nil).Glossary(t.Context(), "x")), tt.passages)
		if diff := cmp.Diff(tt.want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

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
