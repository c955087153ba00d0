package desk

import (
	"testing"
	"time"
)

func TestOpenAt(t *testing.T) {
	at := func(day int, clock string) time.Time { // 23 November 2026 is a Monday
		when, err := time.Parse("2006-01-02 15.04", "2026-11-23 "+clock)
		if err != nil {
			t.Fatal(err)
		}
		return when.AddDate(0, 0, day)
	}
	for _, tt := range []struct {
		hours       string
		at          time.Time
		open, known bool
	}{
		{"lun-ven 9-12", at(0, "09.00"), true, true}, {"lun-ven 9-12", at(4, "11.59"), true, true}, {"lun-ven 9-12", at(4, "12.00"), false, true}, {"lun-ven 9-12", at(5, "10.00"), false, true},
		{"Dal lunedì al venerdì dalle 9:00 alle 12:30", at(2, "12.15"), true, true}, {"Dal lunedì al venerdì dalle 9:00 alle 12:30", at(6, "10.00"), false, true},
		{"martedì e giovedì 15.30-17.30", at(1, "16.00"), true, true}, {"martedì e giovedì 15.30-17.30", at(2, "16.00"), false, true},
		{"lun mer 9.00-12.00; gio 15-17", at(3, "16.00"), true, true}, {"lun mer 9.00-12.00; gio 15-17", at(2, "16.00"), false, true}, {"lun mer 9.00-12.00; gio 15-17", at(2, "11.00"), true, true},
		{"Lunedì 8.30 – 12.30 / 15.00 – 17.00, sabato 9-12", at(0, "15.30"), true, true}, {"Lunedì 8.30 – 12.30 / 15.00 – 17.00, sabato 9-12", at(5, "15.30"), false, true},
		{"lunedì, mercoledì e venerdì: 10-13", at(4, "12.59"), true, true}, {"sab-dom 9-12", at(6, "10.00"), true, true}, {"ven-lun 9-12", at(0, "10.00"), true, true}, {"ven-lun 9-12", at(1, "10.00"), false, true},
		{"su appuntamento", at(0, "10.00"), false, false}, {"", at(0, "10.00"), false, false}, {"tutti i giorni 9-12", at(0, "10.00"), false, false}, {"lun dalle 9", at(0, "10.00"), false, false},
	} {
		if open, known := openAt(tt.hours, tt.at); open != tt.open || known != tt.known {
			t.Errorf("%q at %s: open %v, known %v", tt.hours, tt.at.Format("Mon 15.04"), open, known)
		}
	}
}
