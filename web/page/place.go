package page

import (
	"strings"

	"sportello/locales"
)

// Place says where in a document: "art. 12, pag. 3". What is no number is the name of a part ("allegato A"); page 0 is none.
func Place(l *locales.Localizer, article string, number int) string {
	var parts []string
	if article != "" {
		if article[0] >= '0' && article[0] <= '9' {
			article = l.T("place_article", locales.Data{"Number": article})
		}
		parts = append(parts, article)
	}
	if number > 0 {
		parts = append(parts, l.T("place_page", locales.Data{"Number": number}))
	}
	return strings.Join(parts, l.T("place_separator"))
}

// Rubric gives what a section is called without its number, which Place has: "Riduzioni" of "Art. 12 Riduzioni".
func Rubric(rubric, article string) string {
	for _, numbered := range []string{"Art. " + article, article} {
		if rest, ok := strings.CutPrefix(rubric, numbered); ok && article != "" {
			return strings.TrimSpace(rest)
		}
	}
	return rubric
}
