// Package hours reads the opening hours of an office as clerks write them ("lunedì-venerdì 9-12,30; giovedì anche 15-17,30") and says
// whether it is open at a moment. It is pure and careful: a text with a word that it does not know ("su appuntamento", "prima domenica del
// mese") is not understood at all, since a wrong "open now" sends somebody to a closed door.
package hours

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the hours are those of Italy, wherever the server stands
)

// Week holds the spans of each day, Sunday first as in time.Weekday, in minutes since midnight.
type Week [7][]Span

// Span is from From up to To.
type Span struct{ From, To int }

var (
	token    = regexp.MustCompile(`[a-zàèéìòù]+|\d{1,2}[.,:]\d{2}|\d{1,2}|\n|\S`)
	weekdays = map[string]time.Weekday{
		"domenica": 0, "dom": 0, "lunedì": 1, "lunedi": 1, "lun": 1, "martedì": 2, "martedi": 2, "mar": 2, "mercoledì": 3, "mercoledi": 3, "mer": 3,
		"giovedì": 4, "giovedi": 4, "gio": 4, "venerdì": 5, "venerdi": 5, "ven": 5, "sabato": 6, "sab": 6,
	}
	// joins stand between days, between times, or between both and say nothing more.
	joins = map[string]bool{"e": true, ",": true, ";": true, "/": true, ".": true, ":": true, "\n": true, "anche": true, "ore": true, "h": true, "dalle": true, "dal": true, "dalla": true, "il": true, "ogni": true, "i": true, "giorni": true, "di": true, "mattina": true, "pomeriggio": true, "mattino": true, "orario": true, "continuato": true, "aperto": true}
	until = map[string]bool{"-": true, "–": true, "—": true, "al": true, "alle": true, "a": true, "fino": true}
)

// Parse reads a text; false: it is not understood.
func Parse(text string) (Week, bool) {
	var (
		week   Week
		days   []time.Weekday // that the times are of
		timed  bool           // times came since: the next day begins anew
		times  []int          // of a span that is being read
		to     bool           // "-" or "al" came
		closed []time.Weekday
		any    bool
	)
	text = strings.ReplaceAll(strings.ToLower(text), "'", "")
	for _, t := range token.FindAllString(text, -1) {
		if n, ok := minutes(t); ok {
			if len(days) == 0 || len(times) == 1 && !to {
				return Week{}, false
			}
			times = append(times, n)
			if len(times) == 2 {
				if times[0] >= times[1] {
					return Week{}, false
				}
				for _, d := range days {
					week[d] = append(week[d], Span{times[0], times[1]})
				}
				times, any = nil, true
			}
			timed, to = true, false
			continue
		}
		if len(times) == 1 && !until[t] && t != "ore" {
			return Week{}, false // a time by itself
		}
		d, isDay := weekdays[t]
		switch {
		case isDay && to && !timed && len(days) > 0:
			for at := days[len(days)-1]; at != d; {
				at = (at + 1) % 7
				days = append(days, at)
			}
			to = false
		case isDay:
			if timed {
				days, timed = nil, false
			}
			days, to = append(days, d), false
		case t == "tutti":
			days, timed = []time.Weekday{0, 1, 2, 3, 4, 5, 6}, false
		case t == "chiuso":
			if timed || len(days) == 0 {
				return Week{}, false
			}
			closed, timed = append(closed, days...), true
		case until[t]:
			to = true
		case !joins[t]:
			return Week{}, false
		}
	}
	if !any || len(times) > 0 || !timed { // the last days have no times
		return Week{}, false
	}
	for d := range week {
		if slices.Contains(closed, time.Weekday(d)) {
			week[d] = nil
		}
		slices.SortFunc(week[d], func(a, b Span) int { return a.From - b.From })
	}
	return week, true
}

// minutes reads "9", "9.30" and "12,30".
func minutes(t string) (int, bool) {
	h, m, _ := strings.Cut(strings.NewReplacer(",", ".", ":", ".").Replace(t), ".")
	hour, err := strconv.Atoi(h)
	if err != nil || hour > 24 || hour == 24 && m != "" && m != "00" {
		return 0, false
	}
	minute := 0
	if m != "" {
		if minute, err = strconv.Atoi(m); err != nil || minute > 59 {
			return 0, false
		}
	}
	return hour*60 + minute, true
}

// State is what a door says.
type State struct {
	Known bool
	Open  bool
	At    time.Time // open: when it closes; closed: when it opens again
	Days  int       // from today to the day of At
}

// horizon is how far ahead an office that is closed is looked for.
const horizon = 21

// At gives the state at a moment. closed says of a day (ISO 8601) that the office is closed besides its hours; national holidays are closed.
func (w Week) At(now time.Time, closed func(day string) bool) State {
	if rome, err := time.LoadLocation("Europe/Rome"); err == nil {
		now = now.In(rome)
	}
	minute := now.Hour()*60 + now.Minute()
	for i := range horizon {
		day := time.Date(now.Year(), now.Month(), now.Day()+i, 0, 0, 0, 0, now.Location())
		if closed(day.Format(time.DateOnly)) || Holiday(day) {
			continue
		}
		for _, s := range w[day.Weekday()] {
			at := func(m int) time.Time {
				return time.Date(day.Year(), day.Month(), day.Day(), m/60, m%60, 0, 0, day.Location())
			}
			switch {
			case i == 0 && minute >= s.To:
			case i == 0 && minute >= s.From:
				return State{Known: true, Open: true, At: at(s.To)}
			default:
				return State{Known: true, At: at(s.From), Days: i}
			}
		}
	}
	return State{}
}

// Holiday says whether a day is a national holiday (legge 27 maggio 1949, n. 260, as it holds today; San Francesco since 2026, legge 8
// ottobre 2025, n. 151).
func Holiday(day time.Time) bool {
	switch day.Format("01-02") {
	case "01-01", "01-06", "04-25", "05-01", "06-02", "08-15", "11-01", "12-08", "12-25", "12-26":
		return true
	case "10-04":
		return day.Year() >= 2026
	}
	easter := easterSunday(day.Year())
	return day.Month() == easter.Month() && day.Day() == easter.Day() || day.AddDate(0, 0, -1).Format("01-02") == easter.Format("01-02")
}

// easterSunday is by the Gregorian computus (Meeus, Jones, Butcher).
func easterSunday(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return time.Date(year, time.Month(n/31), n%31+1, 0, 0, 0, 0, time.UTC)
}
