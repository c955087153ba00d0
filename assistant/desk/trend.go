package desk

import (
	"fmt"
	"sort"
	"time"

	"sportello/assistant"
)

// Trend is how many questions there were of one week, subject, language or office. Every figure was counted when the question was
// answered; none is derived from another.
type Trend struct {
	Key        string `json:"key"` // "2026-W47", a subject, a language, an office
	Asked      int    `json:"asked"`
	Answered   int    `json:"answered"` // in any way, quotes included
	Approved   int    `json:"approved"` // of these: by an approved answer
	Weak       int    `json:"weak"`     // of these: on little evidence
	Unanswered int    `json:"unanswered"`
	Refused    int    `json:"refused"` // for other reasons: personal, unsafe, out of scope, switched off…
}

// By is what trends are made by.
type By string

// The ways there are.
const (
	ByWeek     By = "week"
	BySubject  By = "subject"
	ByLanguage By = "language"
	ByOffice   By = "office"
)

// Trends sums counts, weeks in their order and the rest by how many were asked.
func Trends(counts []assistant.Count, by By) []Trend {
	at := map[string]*Trend{}
	var out []*Trend
	for _, c := range counts {
		key := by.key(c)
		t := at[key]
		if t == nil {
			t = &Trend{Key: key}
			at[key] = t
			out = append(out, t)
		}
		t.Asked += c.N
		switch {
		case c.Status != assistant.Refused:
			t.Answered += c.N
		case c.Reason == assistant.NoSource:
			t.Unanswered += c.N
		default:
			t.Refused += c.N
		}
		if c.Approved {
			t.Approved += c.N
		}
		if c.Weak {
			t.Weak += c.N
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		if by != ByWeek && out[i].Asked != out[j].Asked {
			return out[i].Asked > out[j].Asked
		}
		return out[i].Key < out[j].Key
	})
	list := make([]Trend, 0, len(out))
	for _, t := range out {
		list = append(list, *t)
	}
	return list
}

func (by By) key(c assistant.Count) string {
	switch by {
	case BySubject:
		return c.Subject
	case ByLanguage:
		return c.Language
	case ByOffice:
		return c.Office
	}
	return Week(c.Day)
}

// Week gives the week of a day (ISO 8601 both): "2026-W47".
func Week(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	year, week := t.ISOWeek()
	return fmt.Sprintf("%d-W%02d", year, week)
}
