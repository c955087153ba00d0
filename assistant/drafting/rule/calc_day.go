package rule

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"sportello/assistant/drafting/reference"
)

const (
	monthNames = `gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre`
	dayForm    = `(?:(\d{1,2})\s*[°º]?\s+(` + monthNames + `)\s+(\d{4})|(\d{1,2})[/.](\d{1,2})[/.](\d{4}))`
)

var anyDay = regexp.MustCompile(`(?i)\b` + dayForm + `\b`)

// readDay gives the day of a match of dayForm whose first group is i; false for what is no day.
func readDay(text string, m []int, i int) (time.Time, bool) {
	part := func(k int) string {
		if m[2*k] < 0 {
			return ""
		}
		return text[m[2*k]:m[2*k+1]]
	}
	day, month, year := part(i), 0, part(i+2)
	if day != "" {
		for k, name := range strings.Split(monthNames, "|") {
			if strings.EqualFold(name, part(i+1)) {
				month = k + 1
			}
		}
	} else {
		day, year = part(i+3), part(i+5)
		n, err := strconv.Atoi(part(i + 4))
		if err != nil {
			return time.Time{}, false
		}
		month = n
	}
	d, err1 := strconv.Atoi(day)
	y, err2 := strconv.Atoi(year)
	if err1 != nil || err2 != nil {
		return time.Time{}, false
	}
	t := time.Date(y, time.Month(month), d, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == d && int(t.Month()) == month
}

func impossibleDays(a *Act) (out []hit) {
	for _, m := range anyDay.FindAllStringSubmatchIndex(a.Text, -1) {
		if _, ok := readDay(a.Text, m, 1); !ok {
			out = append(out, hit{start: m[0], end: m[1]})
		}
	}
	return out
}

// laterActs finds acts that are cited and were adopted after this one.
func laterActs(a *Act) (out []hit) {
	if len(a.Day) != 10 {
		return nil
	}
	seen := map[string]bool{}
	for _, r := range a.References {
		if len(r.Date) == 10 && r.Date > a.Day && !seen[citedAs(r)] {
			seen[citedAs(r)] = true
			out = append(out, hit{r.Start, r.End, "questo atto è del " + reference.Day(a.Day)})
		}
	}
	for _, m := range papers.FindAllStringSubmatchIndex(a.Text, -1) {
		if d, ok := readDay(a.Text, m, 1); ok && d.Format(time.DateOnly) > a.Day {
			out = append(out, hit{m[0], m[1], "questo atto è del " + reference.Day(a.Day)})
		}
	}
	return out
}

// papers are what an act rests on and names with a day: it was there before.
var papers = regexp.MustCompile(`(?i)\b(?:preventivo|fattura|istanza|richiesta|nota|relazione|verbale|preavviso|dichiarazione|parere)\b[^;\n]{0,80}?\b(?:prot(?:ocollo|\.)?\s*)?n\.\s*[\w/.-]+\s+del\s+` + dayForm)

// ordered are pairs of things in the order in which they have to happen.
var ordered = []struct {
	first, then *regexp.Regexp
	message     string
}{
	{regexp.MustCompile(`(?i)determinazione\s+n\.\s*\S+\s+del\s+` + dayForm + `,?\s+(?:che\s+ha\s+impegnato|di\s+impegno)`), regexp.MustCompile(`(?i)fattura\s+(?:elettronica\s+)?n\.\s*\S+\s+del\s+` + dayForm), "la fattura è precedente all'impegno"},
	{regexp.MustCompile(`(?i)istanza[^;\n]{0,100}?n\.\s*\S+\s+del\s+` + dayForm), regexp.MustCompile(`(?i)10-bis[^;\n]{0,120}?n\.\s*\S+\s+del\s+` + dayForm), "il preavviso è precedente all'istanza"},
	{regexp.MustCompile(`(?i)parere\s+favorevole\s+di\s+regolarità\s+(?:tecnica|contabile)\s+espresso\s+il\s+` + dayForm), regexp.MustCompile(`(?i)il\s+giorno\s+` + dayForm), "il parere è successivo alla seduta"},
	{regexp.MustCompile(`(?i)\bdal\s+` + dayForm), regexp.MustCompile(`(?i)(?:\be\s+dura\s+fino\s+al|\bfino\s+al|\bal)\s+` + dayForm), "la fine è precedente all'inizio"},
}

func dayOrder(a *Act) (out []hit) {
	for _, o := range ordered {
		then := o.then.FindStringSubmatchIndex(a.Text)
		if then == nil {
			continue
		}
		for _, first := range o.first.FindAllStringSubmatchIndex(a.Text, -1) {
			if strings.Contains(o.message, "inizio") { // "dal … al …" is one phrase
				if then = nextMatch(o.then, a.Text, first[1]); then == nil || then[0]-first[1] > 60 {
					continue
				}
			}
			x, ok1 := readDay(a.Text, first, 1)
			y, ok2 := readDay(a.Text, then, 1)
			if ok1 && ok2 && y.Before(x) {
				out = append(out, hit{first[0], first[1], o.message + ": " + reference.Day(x.Format(time.DateOnly)) + " e " + reference.Day(y.Format(time.DateOnly))})
			}
		}
	}
	return out
}

func nextMatch(re *regexp.Regexp, text string, from int) []int {
	m := re.FindStringSubmatchIndex(text[from:])
	for i := range m {
		if m[i] >= 0 {
			m[i] += from
		}
	}
	return m
}

var durcForm = regexp.MustCompile(`(?i)DURC[^;\n]{0,100}?(?:scadenza|valid\w+|scade)[^;\n\d]{0,30}` + dayForm)

func durcOver(a *Act) (out []hit) {
	if len(a.Day) != 10 {
		return nil
	}
	for _, m := range durcForm.FindAllStringSubmatchIndex(a.Text, -1) {
		if d, ok := readDay(a.Text, m, 1); ok && d.Format(time.DateOnly) < a.Day {
			out = append(out, hit{start: m[0], end: m[1]})
		}
	}
	return out
}

var termForm = regexp.MustCompile(`(?i)\bentro\s+(?:e\s+non\s+oltre\s+)?(?:le\s+ore\s+[\d.:,]+\s+)?(?:il\s+(?:giorno\s+)?|del(?:\s+giorno)?\s+|del\s+)` + dayForm)

// termOnHoliday finds a term that ends on a Sunday or a holiday of the place.
func termOnHoliday(a *Act) (out []hit) {
	for _, m := range termForm.FindAllStringSubmatchIndex(a.Text, -1) {
		d, ok := readDay(a.Text, m, 1)
		if !ok || !a.Calendar.Holiday(d) {
			continue
		}
		next := d
		for a.Calendar.Holiday(next) {
			next = next.AddDate(0, 0, 1)
		}
		what := "festivo"
		if d.Weekday() == time.Sunday {
			what = "domenica"
		}
		out = append(out, hit{m[0], m[1], fmt.Sprintf("è %s: il primo giorno non festivo è il %s", what, reference.Day(next.Format(time.DateOnly)))})
	}
	return out
}
