package lexicon

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSentences(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"abbreviations", "Ai sensi dell'art. 7, c. 2, lett. a) del D.Lgs. n. 267/2000. Il dott. Rossi, sig.ra Verdi ecc. firmano a pag. 3. Fine.",
			[]string{"Ai sensi dell'art. 7, c. 2, lett. a) del D.Lgs. n. 267/2000.", "Il dott. Rossi, sig.ra Verdi ecc. firmano a pag. 3.", "Fine."}},
		{"list", "Sono esenti:\na) i vasi;\nb) le fioriere, purché\ncurate;\nc) altro.", []string{"Sono esenti:", "a) i vasi;", "b) le fioriere, purché\ncurate;", "c) altro."}},
		{"inline list", "Sono esenti: a) i vasi; b) le fioriere.", []string{"Sono esenti:", "a) i vasi;", "b) le fioriere."}},
		{"numbered commi", "1. Il canone è dovuto. Si paga.\n2. Non è dovuto.", []string{"1. Il canone è dovuto.", "Si paga.", "2. Non è dovuto."}},
		{"heading and wrapped lines", "Art. 25 Riduzioni\nPer le utenze che\nprovvedono da sé, il Comune di\nAvella riduce.", []string{"Art. 25 Riduzioni", "Per le utenze che\nprovvedono da sé, il Comune di\nAvella riduce."}},
		{"table rows", "Zona 1 | € 2,98\nZona 2 | € 2,24", []string{"Zona 1 | € 2,98", "Zona 2 | € 2,24"}},
		{"paragraphs", "uno\n\ndue", []string{"uno", "due"}},
		{"questions and quotes", "«Si può?» chiede. No! Sì.", []string{"«Si può?»", "chiede.", "No!", "Sì."}},
		{"amount after a dotted sign", "un guadagno pari ad €. 20,00 per utente.", []string{"un guadagno pari ad €. 20,00 per utente."}},
		{"nothing", " \n ", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, s := range Sentences(tt.text) {
				got = append(got, tt.text[s.Start:s.End])
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Sentences (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCues(t *testing.T) {
	got := []string{}
	for _, c := range Cues("Il canone non è dovuto, salvo che per i passi; solo se richiesto può essere ridotto. È vietato.") {
		got = append(got, string(c.Kind)+" "+c.Text)
	}
	want := []string{"negation non", "obligation e dovuto", "exception salvo che", "condition solo se", "permission puo", "prohibition vietato"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Cues (-want +got):\n%s", diff)
	}
}

func TestNames(t *testing.T) {
	got := []string{}
	for _, n := range Names("La domanda va alla Camera di Commercio di Milano, in via Legnano, con ISEE. Il Comune decide.") {
		got = append(got, n.Norm)
	}
	if diff := cmp.Diff([]string{"camera di commercio di milano", "legnano", "isee", "comune"}, got); diff != "" {
		t.Errorf("Names (-want +got):\n%s", diff)
	}
	if n := Names("REGOLAMENTO COMUNALE PER LE ENTRATE"); n != nil {
		t.Errorf("Names of a heading in capitals = %v", n)
	}
}

func FuzzSentences(f *testing.F) {
	for _, s := range []string{"Uno. Due.", "a) b) c)", "art. 5\n\n1. x", "…»)", "\xff.\n", "x | y\nz"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, s := range Sentences(text) {
			if s.Start < end || s.End <= s.Start || s.End > len(text) {
				t.Fatalf("span %+v out of place after byte %d of %d", s, end, len(text))
			}
			if gap := text[end:s.Start]; strings.TrimSpace(gap) != "" {
				t.Fatalf("text left out between sentences: %q", gap)
			}
			end = s.End
		}
		if rest := text[end:]; strings.TrimSpace(rest) != "" {
			t.Fatalf("text left out at the end: %q", rest)
		}
		Cues(text)
		Names(text)
	})
}
