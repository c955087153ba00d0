package page

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"sportello/assistant/lexicon"
	"sportello/locales"
)

// workingDays follow a number of days that is not one of the calendar: "5 giorni lavorativi" is left as it is.
var workingDays = regexp.MustCompile(`^\s*(lavorativ|feriali|festiv|utili|di scuola)`)

// When gives the dates and periods of an Italian text in the reader's language, each once, in order: "entro trenta giorni" says nothing to
// who reads Arabic. They are read and written by rule, not translated by a model. Nothing for who reads Italian.
func When(l *locales.Localizer, text string) []Term {
	if l.Lang() == "it" {
		return nil
	}
	var out []Term
	for _, f := range lexicon.Facts(text) {
		said := strings.Join(strings.Fields(text[f.Start:f.End]), " ")
		one := Term{Word: said, Name: said, Language: l.Lang()}
		switch f.Kind {
		case lexicon.DateFact:
			one.Meaning = date(l, f.Norm)
		case lexicon.DurationFact:
			if n := int(f.Value); float64(n) == f.Value && n > 0 && l.Has("span_"+f.Unit) && !workingDays.MatchString(text[f.End:]) {
				one.Meaning = l.N("span_"+f.Unit, n)
			}
		}
		if one.Meaning != "" && one.Meaning != said && !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}

// date writes the norm of a date, with or without a year; empty for a month alone.
func date(l *locales.Localizer, norm string) string {
	if t, err := time.Parse(time.DateOnly, norm); err == nil {
		return l.Date(t)
	}
	if t, err := time.Parse("--01-02", norm); err == nil {
		return l.DayOfYear(t)
	}
	return ""
}

// Meaning gives the dates and periods of an Italian text in the reader's language, one after the other; empty when there are none.
func Meaning(l *locales.Localizer, text string) string {
	var out []string
	for _, t := range When(l, text) {
		out = append(out, t.Meaning)
	}
	return strings.Join(out, l.T("place_separator"))
}
