package desk

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"sportello/assistant/lexicon"
)

// weekdays as they are written without accents; offices shorten them to three letters or two.
var weekdays = map[string]time.Weekday{
	"lunedi": time.Monday, "martedi": time.Tuesday, "mercoledi": time.Wednesday, "giovedi": time.Thursday, "venerdi": time.Friday, "sabato": time.Saturday, "domenica": time.Sunday,
}

var (
	// hourToken is a time of day, a word, or a sign that joins two days or times.
	hourToken = regexp.MustCompile(`[0-9]{1,2}(?:[.:][0-9]{2})?|[a-z]+|[-–—]`)
	wallTime  = regexp.MustCompile(`^([0-9]{1,2})(?:[.:]([0-9]{2}))?$`)
)

// openAt says whether hours, as an office writes them ("lun-ven 9-12", "martedì e giovedì dalle 15.30 alle 17.30"), hold at a moment. known
// is false when they could not be read: hours are for people first.
func openAt(hours string, at time.Time) (open, known bool) {
	var days []time.Weekday
	var times []int // in minutes, two by two
	joined := false // the last sign joins two days or two times
	flush := func() {
		for i := 0; i+1 < len(times) && len(days) > 0; i += 2 {
			known = true
			now := at.Hour()*60 + at.Minute()
			for _, d := range days {
				open = open || d == at.Weekday() && now >= times[i] && now < times[i+1]
			}
		}
	}
	for _, token := range hourToken.FindAllString(lexicon.Fold(hours), -1) {
		day, isDay := weekday(token)
		minutes, isTime := minuteOf(token)
		switch {
		case isDay:
			if len(times) > 0 { // what follows are the hours of other days
				flush()
				days, times = nil, nil
			}
			if joined && len(days) > 0 {
				for d := days[len(days)-1]; d != day; {
					d = (d + 1) % 7
					days = append(days, d)
				}
			} else {
				days = append(days, day)
			}
			joined = false
		case isTime:
			times = append(times, minutes)
			joined = false
		default: // "e" and other words join nothing
			joined = token == "-" || token == "–" || token == "—" || token == "al" || token == "a"
		}
	}
	if len(times)%2 != 0 {
		return false, false // a time without its end: something else was meant
	}
	flush()
	return open, known
}

func weekday(token string) (time.Weekday, bool) {
	for name, day := range weekdays {
		if len(token) >= 2 && strings.HasPrefix(name, token) {
			return day, true
		}
	}
	return 0, false
}

func minuteOf(token string) (int, bool) {
	m := wallTime.FindStringSubmatch(token)
	if m == nil {
		return 0, false
	}
	hour, _ := strconv.Atoi(m[1])
	minute := 0
	if m[2] != "" {
		minute, _ = strconv.Atoi(m[2])
	}
	return hour*60 + minute, hour <= 24 && minute < 60
}
