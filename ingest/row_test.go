package ingest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/ingest"
)

func TestSqueeze(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                      "plain",
		"":                           "",
		" a  b\t\nc ":                "a b c",
		"a\u00a0b\u202fc":            "a b c",
		"comu\u00adne\u200b \ufeffx": "comune x",
		"\uf0b7 voce \uf06f sì":      "• voce ☐ sì",
		"a\uf0ffb":                   "a b",
		"\uf0ff":                     "",
		"città  è":                   "città è",
	} {
		if got := ingest.Squeeze(in); got != want {
			t.Errorf("Squeeze(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestRowText(t *testing.T) {
	for _, tt := range []struct {
		cells []string
		want  string
	}{
		{[]string{"a", " b ", ""}, "a | b"},
		{[]string{"a", "", "c"}, "a |  | c"},
		{[]string{"", "b"}, "| b"},
		{[]string{"", ""}, ""},
		{nil, ""},
	} {
		if got := ingest.RowText(tt.cells); got != tt.want {
			t.Errorf("RowText(%q) = %q, want %q", tt.cells, got, tt.want)
		}
	}
}

func TestLooksLikeHeader(t *testing.T) {
	for _, tt := range []struct {
		name string
		rows [][]string
		want bool
	}{
		{"figures below", [][]string{{"Zona", "Tariffa"}, {"A", "12,50"}}, true},
		{"words throughout, three rows", [][]string{{"Ufficio", "Dove"}, {"Anagrafe", "Terra"}, {"Tributi", "Primo"}}, true},
		{"words throughout, two rows", [][]string{{"Cognome", "Nome"}, {"Rossi", "Anna"}}, false},
		{"a form", [][]string{{"Cognome:", "Nome:"}, {"", ""}, {"", ""}}, false},
		{"figures on top", [][]string{{"2023", "2024"}, {"1", "2"}, {"3", "4"}}, false},
		{"a gap", [][]string{{"Zona", ""}, {"A", "1"}}, false},
		{"one column", [][]string{{"Zona"}, {"1"}}, false},
		{"one row", [][]string{{"Zona", "Tariffa"}}, false},
	} {
		if got := ingest.LooksLikeHeader(tt.rows); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

func TestLines(t *testing.T) {
	for in, want := range map[string][]string{
		"una sola  riga":                       {"una sola riga"},
		"":                                     nil,
		" \n ":                                 nil,
		"Spett.le\nComune di X\nPiazza Y 1":    {"Spett.le", "Comune di X", "Piazza Y 1"},
		"Corridoi, bagni,\nripostigli: 2,40 m": {"Corridoi, bagni, ripostigli: 2,40 m"},
		"Allega:\n- copia\n- ricevuta":         {"Allega:", "- copia", "- ricevuta"},
		"i seguenti\na) primo;\nb) secondo;\nfine.":  {"i seguenti", "a) primo;", "b) secondo;", "fine."},
		"il Comune\n\nprovvede entro\n30 giorni":     {"il Comune provvede entro", "30 giorni"},
		"Art. 1\nOggetto\ndel regolamento comunale.": {"Art. 1", "Oggetto del regolamento comunale."},
	} {
		if d := cmp.Diff(want, ingest.Lines(in)); d != "" {
			t.Errorf("Lines(%q): %s", in, d)
		}
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int]string{1: "I", 4: "IV", 9: "IX", 14: "XIV", 40: "XL", 1990: "MCMXC", 0: "", 4000: ""} {
		if got := ingest.Roman(n); got != want {
			t.Errorf("Roman(%d) = %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int]string{1: "A", 26: "Z", 27: "AA", 28: "BB", 53: "AAA", 0: "", 2000: ""} {
		if got := ingest.Letters(n); got != want {
			t.Errorf("Letters(%d) = %q, want %q", n, got, want)
		}
	}
}
