package lexicon

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSlip(t *testing.T) {
	for _, c := range []struct {
		written, right string
		want           float64
	}{
		{"disabil", "disabil", 0},
		{"disabbil", "disabil", 0.5},
		{"cassoneto", "cassonetto", 0.5},
		{"residens", "residenz", 0.5},
		{"certifciat", "certificat", 0.5},
		{"riciesta", "richiesta", 0.5},
		{"kontenitor", "contenitor", 0.5},
		{"certifcat", "certificat", 0.75},
		{"pagamemto", "pagamento", 0.5},
		{"canil", "canal", 1.25},
		{"cassoneti", "cassonetto", 1.75},
	} {
		if got := Slip(c.written, c.right, 2); got != c.want {
			t.Errorf("Slip(%q, %q) = %v, want %v", c.written, c.right, got, c.want)
		}
		if back := Slip(c.right, c.written, 2); back != c.want {
			t.Errorf("Slip(%q, %q) = %v, want %v", c.right, c.written, back, c.want)
		}
	}
	for _, c := range [][2]string{{"tension", "pension"}, {"imposta", "imposizione"}, {"a", "abitazione"}, {"", "x"}} {
		if got := Slip(c[0], c[1], 1); got != 2 {
			t.Errorf("Slip(%q, %q, 1) = %v, want more than 1", c[0], c[1], got)
		}
	}
}

func TestWords(t *testing.T) {
	text := "Perché la TARI è più càra, dall'ufficio?"
	var got []string
	for _, w := range Words(text) {
		got = append(got, text[w.Start:w.End]+"="+w.Root)
	}
	if diff := cmp.Diff([]string{"càra=car", "ufficio=uffic"}, got); diff != "" {
		t.Error(diff)
	}
}
