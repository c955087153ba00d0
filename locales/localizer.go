package locales

import (
	"strconv"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// Data fills the placeholders of a message.
type Data = map[string]any

// Localizer speaks one language. It is safe for concurrent use.
type Localizer struct {
	lang    Language
	keys    map[string][]string
	inner   *i18n.Localizer
	numbers *message.Printer
}

func newLocalizer(bundle *i18n.Bundle, l Language, tag language.Tag, keys map[string][]string) *Localizer {
	// European digits in Arabic too: articles, telephone numbers and amounts must match the Italian papers in the person's hand.
	digits, err := tag.SetTypeForKey("nu", "latn")
	if err != nil {
		digits = tag
	}
	return &Localizer{lang: l, keys: keys, inner: i18n.NewLocalizer(bundle, l.Tag), numbers: message.NewPrinter(digits)}
}

// Lang gives the BCP 47 tag.
func (l *Localizer) Lang() string { return l.lang.Tag }

// Name gives the language's name in itself.
func (l *Localizer) Name() string { return l.lang.Name }

// Dir gives "rtl" for Arabic and "ltr" for the others.
func (l *Localizer) Dir() string { return l.lang.Dir }

// Has says whether there is a message with this key.
func (l *Localizer) Has(key string) bool { _, ok := l.keys[key]; return ok }

// T gives the message of key with its placeholders filled. A key that does not exist gives the key itself: an ugly page is better
// than none, and a test finds every key that templates use.
func (l *Localizer) T(key string, data ...Data) string {
	cfg := &i18n.LocalizeConfig{MessageID: key}
	if len(data) > 0 {
		cfg.TemplateData = data[0]
	}
	return l.localize(cfg)
}

// N gives the message of key in the plural form of n. The placeholder {{.Count}} is n written in the language's way.
func (l *Localizer) N(key string, n int, data ...Data) string {
	filled := Data{"Count": l.Number(n)}
	if len(data) > 0 {
		for k, v := range data[0] {
			filled[k] = v
		}
	}
	return l.localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: n, TemplateData: filled})
}

func (l *Localizer) localize(cfg *i18n.LocalizeConfig) string {
	if !l.Has(cfg.MessageID) {
		return cfg.MessageID
	}
	text, err := l.inner.Localize(cfg)
	if err != nil {
		return cfg.MessageID
	}
	return text
}

// Number writes n with the language's separators.
func (l *Localizer) Number(n int) string { return l.numbers.Sprint(number.Decimal(n)) }

// Decimal writes x with the given number of decimals.
func (l *Localizer) Decimal(x float64, decimals int) string {
	return l.numbers.Sprint(number.Decimal(x, number.Scale(decimals)))
}

// Date writes the day in words: "31 marzo 2021".
func (l *Localizer) Date(t time.Time) string {
	return l.T("date_long", Data{"Day": l.day(t), "Month": l.month(t), "Year": t.Year()})
}

// DayOfYear writes the day of every year: "31 marzo".
func (l *Localizer) DayOfYear(t time.Time) string {
	return l.T("date_of_year", Data{"Day": l.day(t), "Month": l.month(t)})
}

func (l *Localizer) day(t time.Time) string {
	if t.Day() == 1 {
		return l.T("date_first_day")
	}
	return strconv.Itoa(t.Day())
}

func (l *Localizer) month(t time.Time) string { return l.T("month_" + strconv.Itoa(int(t.Month()))) }

// ISODate writes an ISO 8601 day in words; what is not one comes back as it is.
func (l *Localizer) ISODate(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return l.Date(t)
}
