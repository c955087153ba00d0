package count

import (
	"time"
)

// Calendar knows the holidays of a place: Sundays, the holidays of the State and the day of the patron saint.
type Calendar struct {
	PatronMonth time.Month // 0: no patron saint is known
	PatronDay   int
	Saturday    bool // Saturdays are no working days
}

// Easter gives the day of Easter of a year in the Gregorian calendar (the algorithm of Meeus, Jones and Butcher).
func Easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	month, day := (h+l-7*m+114)/31, (h+l-7*m+114)%31+1
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}

// national are the holidays of law 260/1949 as it is today, except Easter Monday; 4 October is one again from 2026 (law 151/2025).
var national = map[[2]int]bool{
	{1, 1}: true, {1, 6}: true, {4, 25}: true, {5, 1}: true, {6, 2}: true, {8, 15}: true, {11, 1}: true, {12, 8}: true, {12, 25}: true, {12, 26}: true,
}

// Holiday says whether a day is a Sunday or a holiday.
func (c Calendar) Holiday(d time.Time) bool {
	year, month, day := d.Date()
	switch {
	case d.Weekday() == time.Sunday, national[[2]int{int(month), day}]:
		return true
	case year >= 2026 && month == time.October && day == 4:
		return true
	case c.PatronMonth == month && c.PatronDay == day:
		return true
	}
	monday := Easter(year).AddDate(0, 0, 1)
	return monday.Month() == month && monday.Day() == day
}

// Working says whether offices work on a day.
func (c Calendar) Working(d time.Time) bool {
	return !c.Holiday(d) && (!c.Saturday || d.Weekday() != time.Saturday)
}

// Term gives the last day of a term of days from a day, which does not count (art. 2963 of the civil code); one that ends on a holiday
// goes on to the next working day.
func (c Calendar) Term(from time.Time, days int) time.Time {
	last := from.AddDate(0, 0, days)
	for c.Holiday(last) {
		last = last.AddDate(0, 0, 1)
	}
	return last
}

// WorkingTerm gives the last day of a term of working days.
func (c Calendar) WorkingTerm(from time.Time, days int) time.Time {
	last := from
	for days > 0 {
		last = last.AddDate(0, 0, 1)
		if c.Working(last) {
			days--
		}
	}
	return last
}

// ParseDay reads an ISO date; false for what is none, "2026-02-30" among it.
func ParseDay(iso string) (time.Time, bool) {
	d, err := time.Parse(time.DateOnly, iso)
	return d, err == nil
}
