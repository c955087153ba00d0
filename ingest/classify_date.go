package ingest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// datePattern matches the ways Italian acts write a date: 31/03/2021, 31.3.21, 1° gennaio 2021.
const datePattern = `(?:\d{1,2}\s?[°º^]?\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:\d{4}|\d{2})\b|\d{1,2}\s?[°º^]?\s+(?:gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre),?\s+\d{4})`

var (
	numericDateRE = regexp.MustCompile(`^(\d{1,2})\s?[°º^]?\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4}|\d{2})$`)
	wordDateRE    = regexp.MustCompile(`(?i)^(\d{1,2})\s?[°º^]?\s+(\p{L}+),?\s+(\d{4})$`)
	months        = []string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"}
)

// isoDate turns a date as printed into ISO 8601, "" when it is none. Years of two digits are of this century up to 50.
func isoDate(t string) string {
	t = strings.TrimSpace(t)
	var day, month, year int
	if m := numericDateRE.FindStringSubmatch(t); m != nil {
		day, _ = strconv.Atoi(m[1])
		month, _ = strconv.Atoi(m[2])
		year, _ = strconv.Atoi(m[3])
		if len(m[3]) == 2 {
			year += 1900
			if year <= 1950 {
				year += 100
			}
		}
	} else if m := wordDateRE.FindStringSubmatch(t); m != nil {
		day, _ = strconv.Atoi(m[1])
		year, _ = strconv.Atoi(m[3])
		for i, name := range months {
			if strings.EqualFold(name, m[2]) {
				month = i + 1
			}
		}
	}
	iso := fmt.Sprintf("%04d-%02d-%02d", year, month, day)
	if _, err := time.Parse(time.DateOnly, iso); err != nil || year < 1860 || year > 2100 {
		return ""
	}
	return iso
}

var (
	inForceRE = regexp.MustCompile(`(?i)(?:entra(?:no)? in vigore|in vigore|vigente|ha(?:nno)? effetto|effetto|efficacia|decorr(?:e|ono|enza)|si applica(?:no)?)\s*:?\s*(?:a\s+(?:decorrere|partire)\s+|con\s+decorrenza\s+)?(?:dal(?:la\s+data\s+del)?|il|dal\s+giorno|il\s+giorno|da)\s*(?:giorno\s+)?(` + datePattern + `)`)
	untilRE   = regexp.MustCompile(`(?i)(?:in vigore|validità|valid[oaie]|efficacia|vigente)\s+(?:fino|sino)\s+a(?:l|lla data del)\s+(` + datePattern + `)`)
	selfRE    = regexp.MustCompile(`(?i)\b(?:il|del|al) (?:presente|nuovo) (?:regolamento|atto|statuto|disciplinare)|\bpresente (?:regolamento|disciplina|deliberazione|provvedimento|ordinanza|testo|decreto|legge)|\b(?:disposizioni|norme|modifiche|tariffe|aliquote) (?:del|di cui al|contenute nel|della) presente|\ble presenti (?:norme|disposizioni|tariffe|aliquote)`)
	effectRE  = regexp.MustCompile(`(?i)entrata in vigore|decorrenza|efficacia|norm[ae] final|disposizion[ie] (?:final|transitori)|vigenza|validità|norm[ae] transitori`)
	fromDayRE = regexp.MustCompile(`(?i)\b(?:a\s+(?:decorrere|far data|partire)|con\s+(?:decorrenza|effetto|efficacia))\s+(?:dal(?:la\s+data\s+del)?|dal\s+giorno)\s*(` + datePattern + `)`)
)

// dates finds from when, and until when, the document says that it is in force.
//
// A regulation says it on its cover ("vigente dal…") or in a final article about itself; a resolution in its operative
// part, and only when it names a single day. Tariffs of a year stay in force until they are replaced, so no end is made up.
func (c *classifier) dates() {
	d := c.d
	switch d.Kind {
	case Delibera, Determina, Ordinanza:
		d.Date = d.Approval.Date
		c.actDates()
		return
	case Regolamento, Norma, Bando, Altro:
	default:
		return
	}
	if d.Kind != Altro {
		c.coverDates()
	}
	for i := range c.s.lines {
		m := c.s.lines[i].mark
		if m.kind != SecArticle || !effectRE.MatchString(m.rubric) {
			continue
		}
		j := i + 1
		for j < len(c.s.lines) && (c.s.lines[j].mark.kind == "" || c.s.lines[j].mark.kind == SecComma) {
			j++
		}
		for _, s := range sentences(d.Text, c.s.lines[i].start, c.s.lines[j-1].end) {
			t := d.Text[s.from:s.to]
			if !selfRE.MatchString(t) {
				continue
			}
			if x := inForceRE.FindStringSubmatch(t); x != nil && d.ValidFrom == "" {
				d.ValidFrom = isoDate(x[1])
			}
			if x := untilRE.FindStringSubmatch(t); x != nil {
				d.ValidTo = isoDate(x[1])
			}
		}
	}
}

// coverDates reads the lines above the first article.
func (c *classifier) coverDates() {
	first := c.firstArticle()
	for i := 0; i < first && i < 60; i++ {
		l := &c.s.lines[i]
		if l.index || len(l.text) > 200 {
			continue
		}
		if x := inForceRE.FindStringSubmatch(l.text); x != nil {
			c.d.ValidFrom = isoDate(x[1])
		}
		if amendedRE.MatchString(l.text) {
			for _, day := range dateRE.FindAllString(l.text, -1) {
				if iso := isoDate(day); iso > c.d.Date {
					c.d.Date = iso
				}
			}
		}
	}
	if c.d.Date < c.d.Approval.Date {
		c.d.Date = c.d.Approval.Date
	}
}

var (
	dateRE    = regexp.MustCompile(`(?i)` + datePattern)
	amendedRE = regexp.MustCompile(`(?i)^\W*(?:(?:da ultimo |successivamente )?(?:modificat|integrat|aggiornat|emendat)[oa]|(?:ultima )?modifica|testo coordinato|approvat[oa])\b`)
)

// actDates reads the operative part.
func (c *classifier) actDates() {
	a := c.s.acts[0]
	if a.operative < 0 {
		return
	}
	text := c.d.Text[c.s.lines[a.operative].start:c.s.lines[a.to-1].end]
	days := map[string]bool{}
	for _, re := range []*regexp.Regexp{fromDayRE, inForceRE} {
		for _, x := range re.FindAllStringSubmatch(text, -1) {
			if iso := isoDate(x[1]); iso != "" {
				days[iso] = true
			}
		}
	}
	if len(days) == 1 && c.d.Date != "" {
		for day := range days {
			if day[:4] >= c.d.Date[:4] {
				c.d.ValidFrom = day
			}
		}
	}
}

var (
	yearRE      = regexp.MustCompile(`\b20[0-4]\d\b`)
	yearSpanRE  = regexp.MustCompile(`\b20[0-4]\d\s?[-–/]\s?(?:(?:20)?\d{2}\b|\d{3})`)
	referenceRE = regexp.MustCompile(`(?i)(?:legge|l\.|d\.?\s?lgs\.?|d\.?\s?l\.?|d\.?\s?p\.?\s?r\.?|decreto|regolamento|direttiva|delibera\w*|deliberazione|determina\w*|ordinanza|c\.c\.|g\.c\.|atto|n\.|n°|nr\.?)(?:\s+(?:legislativo|regionale|ue|ce|n\.?|n°|nr\.?|\([a-z]+\)))*\s*\d+\s*(?:/|del\s+|in data\s+)\s*(?:` + datePattern + `|\d{4}|\d{2}\b)`)
)

// yearOf gives the one year that a title is about ("aliquote IMU 2023"), leaving out dates and years of norms; "" when there is none or several.
func yearOf(title string) string {
	t := referenceRE.ReplaceAllString(title, " ")
	t = dateRE.ReplaceAllString(t, " ")
	t = yearSpanRE.ReplaceAllString(t, " ")
	found := ""
	for _, y := range yearRE.FindAllStringIndex(t, -1) {
		if y[0] > 0 && t[y[0]-1] == '/' {
			continue
		}
		switch year := t[y[0]:y[1]]; {
		case found == "":
			found = year
		case found != year:
			return ""
		}
	}
	return found
}
