package page

import (
	"strconv"
	"time"

	"sportello/assistant"
	"sportello/locales"
	"sportello/web/hours"
)

// Door says whether an office is open, and until when or when again.
type Door struct {
	Open bool
	Text string
}

// DoorOf gives nil when the hours are not understood.
func DoorOf(l *locales.Localizer, c assistant.Contact, now time.Time) *Door {
	week, ok := hours.Parse(c.Hours)
	if !ok {
		return nil
	}
	s := week.At(now, func(day string) bool {
		for _, closed := range c.Closed {
			if closed.On(day) {
				return true
			}
		}
		return false
	})
	at := locales.Data{"Time": s.At.Format("15:04")}
	switch {
	case !s.Known:
		return nil
	case s.Open:
		return &Door{true, l.T("hours_open", at)}
	case s.Days == 0:
		return &Door{false, l.T("hours_today", at)}
	case s.Days == 1:
		return &Door{false, l.T("hours_tomorrow", at)}
	}
	at["Day"] = l.T("weekday_" + strconv.Itoa(int(s.At.Weekday())))
	if s.Days > 6 {
		at["Day"] = l.Date(s.At)
	}
	return &Door{false, l.T("hours_day", at)}
}
