package page

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/locales"
)

func TestDatesAndPeriodsAreSaidInTheReadersLanguage(t *testing.T) {
	book, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	text := "La domanda si presenta entro il 31 dicembre di ogni anno, o entro trenta giorni; dal 1° gennaio 2021 si risponde in 5 giorni lavorativi, al massimo in un anno, entro il 31 dicembre."
	for language, want := range map[string][]string{
		"it": nil,
		"en": {"31 December", "30 days", "1 January 2021", "1 year"},
		"de": {"31. Dezember", "30 Tage", "1. Januar 2021", "1 Jahr"},
		"uk": {"31 грудня", "30 днів", "1 січня 2021 р.", "1 рік"},
		"zh": {"12月31日", "30 天", "2021年1月1日", "1 年"},
		"ar": {"31 ديسمبر", "30 يومًا", "1 يناير 2021", "سنة واحدة"},
		"ro": {"31 decembrie", "30 de zile", "1 ianuarie 2021", "1 an"},
	} {
		var got []string
		for _, one := range When(book.For(language), text) {
			got = append(got, one.Meaning)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", language, diff)
		}
	}
}
