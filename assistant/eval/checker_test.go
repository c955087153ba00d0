package eval

import (
	"slices"
	"testing"
)

const source = `Art. 25 - Compostaggio. 1. È prevista una riduzione del 20% della quota fissa. 2. La richiesta va fatta entro il 31 dicembre 2021,
con le modalità dell'art. 26-bis, comma 3, e vale trenta giorni. L'importo è di € 1.100,50.`

func TestUnsupported(t *testing.T) {
	for _, tt := range []struct {
		statement string
		want      []string
	}{
		{"C'è uno sconto del 20% sulla quota fissa.", nil},
		{"Lo sconto è del 20 per cento.", nil},
		{"Lo sconto è del 30%.", []string{"30%"}}, // thirty days are no thirty per cent
		{"Si chiede entro il 31/12/2021.", nil},
		{"Si chiede entro il 31/10/2021.", []string{"10"}},
		{"Si chiede entro il 31 dicembre 2021.", nil},
		{"Si chiede entro il 29 dicembre.", []string{"29"}},
		{"Vale 30 giorni.", nil},
		{"Vale sessanta giorni.", []string{"60"}},
		{"Costa 1100,50 euro.", nil},
		{"Costa 1.100,05 euro.", []string{"1100.05"}},
		{"Lo dice l'articolo 26 bis, comma 3.", nil},
		{"Lo dice l'art. 25.", nil},
		{"Lo dice l'art. 31.", []string{"art31"}},
		{"Lo dice l'art. 20.", []string{"20", "art20"}},
		{"È scritto «una riduzione del 20%».", nil},
		{"È scritto «una riduzione di tutto».", []string{"«una riduzione di tutto»"}},
		{"Nel ٢٠٢١ c'è il 20%.", nil},
	} {
		got := Unsupported(tt.statement, []string{source}, []string{"25"})
		if !slices.Equal(got, tt.want) && (len(got) > 0 || len(tt.want) > 0) {
			t.Errorf("%s: %v, want %v", tt.statement, got, tt.want)
		}
	}
}

func TestUnsupportedFindsMutations(t *testing.T) {
	found, made := 0, 0
	for _, figure := range []string{"20%", "31", "1.100,50", "2021"} {
		for _, wrong := range []string{"17", "99", "2.468,10", "1987"} {
			made++
			if len(Unsupported("Vale "+wrong+" al posto di "+figure, []string{source}, nil)) == 1 {
				found++
			}
		}
	}
	if found != made {
		t.Errorf("%d of %d wrong figures found", found, made)
	}
}
