package hours

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	morning := []Span{{540, 720}}
	for text, want := range map[string]Week{
		"lunedì-venerdì 9-12,30; giovedì anche 15-17,30":        {1: {{540, 750}}, 2: {{540, 750}}, 3: {{540, 750}}, 4: {{540, 750}, {900, 1050}}, 5: {{540, 750}}},
		"lunedì, mercoledì e venerdì 8,30-12,30; martedì 15-17": {1: {{510, 750}}, 2: {{900, 1020}}, 3: {{510, 750}}, 5: {{510, 750}}},
		"martedì e giovedì 9-12,30; giovedì 15-17,30":           {2: {{540, 750}}, 4: {{540, 750}, {900, 1050}}},
		"lunedì-sabato 8-9,30 e 18-19":                          {1: {{480, 570}, {1080, 1140}}, 2: {{480, 570}, {1080, 1140}}, 3: {{480, 570}, {1080, 1140}}, 4: {{480, 570}, {1080, 1140}}, 5: {{480, 570}, {1080, 1140}}, 6: {{480, 570}, {1080, 1140}}},
		"dal lunedì al mercoledì dalle ore 9.00 alle ore 12.00": {1: morning, 2: morning, 3: morning},
		"Lun. - Mar.: 9:00 – 12:00":                             {1: morning, 2: morning},
		"tutti i giorni 9-12":                                   {morning, morning, morning, morning, morning, morning, morning},
		"tutti i giorni 9-12; domenica chiuso":                  {1: morning, 2: morning, 3: morning, 4: morning, 5: morning, 6: morning},
		"sabato-lunedì 9-12":                                    {0: morning, 1: morning, 6: morning},
		"lunedì 15-17 e 9-12":                                   {1: {{540, 720}, {900, 1020}}},
		"lunedì e giovedì 9-12":                                 {1: morning, 4: morning},
		"lunedì 9-12\nmartedì 9-12":                             {1: morning, 2: morning},
	} {
		got, ok := Parse(text)
		if d := cmp.Diff(want, got); !ok || d != "" {
			t.Errorf("%q: %v %s", text, ok, d)
		}
	}
	for _, text := range []string{
		"", "su appuntamento", "lunedì 9-12 su appuntamento", "primo sabato del mese 9-12", "9-12", "lunedì", "lunedì 12-9", "lunedì 9", "lunedì 9 12", "lunedì 9-12,15-17",
		"lunedì 9-12 (estate 8-11)", "lunedì 9-25", "lunedì 9.75-12", "da lunedì", "H24", "lunedì-venerdì 9-12, luglio chiuso", "chiuso", "lunedì 9-12 e martedì", "feriali 9-12",
	} {
		if got, ok := Parse(text); ok {
			t.Errorf("%q is understood as %v", text, got)
		}
	}
}

func TestAt(t *testing.T) {
	week, ok := Parse("lunedì-venerdì 9-12,30; giovedì anche 15-17,30")
	if !ok {
		t.Fatal("not understood")
	}
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	never := func(string) bool { return false }
	for _, tc := range []struct {
		now  string
		want string
		open bool
		days int
	}{
		{"2026-11-23 08:59", "2026-11-23 09:00", false, 0}, {"2026-11-23 09:00", "2026-11-23 12:30", true, 0}, {"2026-11-23 12:30", "2026-11-24 09:00", false, 1},
		{"2026-11-26 13:00", "2026-11-26 15:00", false, 0}, {"2026-11-27 18:00", "2026-11-30 09:00", false, 3}, {"2026-12-24 18:00", "2026-12-28 09:00", false, 4},
		{"2026-12-08 10:00", "2026-12-09 09:00", false, 1},
	} {
		now, err := time.ParseInLocation("2006-01-02 15:04", tc.now, rome)
		if err != nil {
			t.Fatal(err)
		}
		got := week.At(now.UTC(), never)
		if !got.Known || got.Open != tc.open || got.At.Format("2006-01-02 15:04") != tc.want || got.Days != tc.days {
			t.Errorf("%s: %+v", tc.now, got)
		}
	}
	monday := time.Date(2026, 11, 23, 10, 0, 0, 0, rome)
	if got := week.At(monday, func(day string) bool { return day == "2026-11-23" }); got.Open || got.Days != 1 {
		t.Errorf("closed today: %+v", got)
	}
	if got := week.At(monday, func(string) bool { return true }); got.Known {
		t.Errorf("closed for long: %+v", got)
	}
}

func TestHoliday(t *testing.T) {
	for day, want := range map[string]bool{
		"2026-04-05": true, "2026-04-06": true, "2026-04-07": false, "2027-03-28": true, "2027-03-29": true, "2024-03-31": true, "2024-04-01": true,
		"2026-10-04": true, "2025-10-04": false, "2026-12-25": true, "2026-11-23": false,
	} {
		d, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if Holiday(d) != want {
			t.Errorf("%s: %v", day, !want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("lunedì-venerdì 9-12,30")
	f.Add("tutti i giorni 8-19")
	f.Fuzz(func(t *testing.T, text string) {
		week, ok := Parse(text)
		if !ok {
			return
		}
		for _, day := range week {
			for _, s := range day {
				if s.From < 0 || s.From >= s.To || s.To > 24*60 {
					t.Errorf("%q: %v", text, s)
				}
			}
		}
	})
}
