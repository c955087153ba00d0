package citizen

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRowsOfAQuoteAreATable(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []quoteBlock
	}{
		{"words", "1. Il canone è annuale.\na) per i passi", []quoteBlock{{Text: "1. Il canone è annuale.\na) per i passi"}}},
		{"a table between words", "Tariffe\nISEE | Pasto\nfino a 7.000 | € 2,00\nSenza ISEE si paga la tariffa piena.", []quoteBlock{
			{Text: "Tariffe"}, {Rows: [][]string{{"ISEE", "Pasto"}, {"fino a 7.000", "€ 2,00"}}}, {Text: "Senza ISEE si paga la tariffa piena."},
		}},
		{"a header and a row further down", "Sala | Giorno\n[…]\nSala civica | € 80,00", []quoteBlock{{Rows: [][]string{{"Sala", "Giorno"}, {"[…]"}, {"Sala civica", "€ 80,00"}}}}},
		{"one row is words", "Telefono | 02 9469\nAperto il martedì.", []quoteBlock{{Text: "Telefono | 02 9469\nAperto il martedì."}}},
		{"a list after a cut", "Sono esenti:\n[…]\nl) i vasi", []quoteBlock{{Text: "Sono esenti:\n[…]\nl) i vasi"}}},
	} {
		if diff := cmp.Diff(c.want, quoteBlocks(c.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
