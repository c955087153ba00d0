package questions

import (
	"fmt"
	"strings"
	"time"

	"sportello/assistant"
	"sportello/locales"
	"sportello/web/staff"
)

// funcs are what the templates need besides those of the frame.
func funcs(l *locales.Localizer) map[string]any {
	return map[string]any{
		"what":   func() []string { return []string{"", "unanswered", "weak", "disliked", "answered", "refused"} },
		"groups": func() []string { return []string{"unanswered", "weak", "disliked"} },
		"states": func() []string {
			return []string{assistant.HandOverOpen, assistant.HandOverAnswered, assistant.HandOverClosed}
		},
		"hour": func(t time.Time) string {
			return l.T("questions_hour", locales.Data{"Date": l.Date(t), "Hour": t.Hour()})
		},
		"language": func(tag string) string {
			for _, l := range locales.Languages() {
				if l.Tag == tag {
					return l.Name
				}
			}
			return tag
		},
		"week": func(week string) string { return weekOf(l, week) },
		"moment": func(t time.Time) string {
			return l.T("questions_hour", locales.Data{"Date": t.Format("02/01"), "Hour": t.Hour()})
		},
		"percent": func(x float64) string { return l.Decimal(100*x, 0) + " %" },
		"decimal": func(x float64) string { return l.Decimal(x, 2) },
		"within":  func(v staff.View, body any) staff.View { v.Body = body; return v },
		"cut":     func(text string) string { return short(text, 140) },
	}
}

func short(text string, most int) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) <= most {
		return string(r)
	}
	return string(r[:most]) + "…"
}

// weekOf writes a week by its Monday: nobody knows which days week 47 has.
func weekOf(l *locales.Localizer, week string) string {
	var year, n int
	if _, err := fmt.Sscanf(week, "%d-W%d", &year, &n); err != nil {
		return week
	}
	fourth := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC) // always in the first week (ISO 8601)
	monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7+7*(n-1))
	return l.T("questions_week_of", locales.Data{"Date": l.Date(monday)})
}
