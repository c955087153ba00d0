package lexicon

import (
	"fmt"
	"strconv"
)

// date reads a date at the current token in any of the usual forms.
func (s *factScan) date() bool {
	i := s.at
	if d, next := s.numericDate(i); next > i {
		s.add(Fact{Kind: DateFact, Norm: d}, i, next)
		return true
	}
	if d, next := s.namedDate(i); next > i {
		s.add(Fact{Kind: DateFact, Norm: d}, i, next)
		return true
	}
	return false
}

// dateAt reads a date at token i, next is i when there is none.
func (s *factScan) dateAt(i int) (iso string, next int) {
	if d, next := s.numericDate(i); next > i {
		return d, next
	}
	return s.namedDate(i)
}

// numericDate reads 31/12/2021, 31-12-2021, 31.12.2021, 31/12/21, 2021-12-31 and 2021年12月31日.
func (s *factScan) numericDate(i int) (iso string, next int) {
	if i >= len(s.toks) || s.toks[i].kind != numTok {
		return "", i
	}
	if d, ok := dotted(s.toks[i].fold); ok {
		return d, i + 1
	}
	a, ok := s.digits(i)
	if !ok {
		return "", i
	}
	if d, next := s.hanDate(i); next > i {
		return d, next
	}
	sep := s.word(i + 1)
	if sep != "/" && sep != "-" || s.word(i+3) != sep || !s.touching(i) {
		return "", i
	}
	b, ok1 := s.digits(i + 2)
	c, ok2 := s.digits(i + 4)
	if !ok1 || !ok2 || !s.touching(i+1) || !s.touching(i+2) {
		return "", i
	}
	if len(a) == 4 {
		a, c = c, a
	}
	if d := isoDate(a, b, c); d != "" {
		return d, i + 5
	}
	return "", i
}

// dotted reads 31.12.2021, which the tokens hold as one number.
func dotted(s string) (string, bool) {
	var d, m, y int
	if n, err := fmt.Sscanf(s, "%d.%d.%d", &d, &m, &y); n != 3 || err != nil || len(s) < 6 {
		return "", false
	}
	iso := isoDate(strconv.Itoa(d), strconv.Itoa(m), strconv.Itoa(y))
	return iso, iso != "" && (y > 31)
}

// hanDate reads 2021年12月31日 and 12月31日.
func (s *factScan) hanDate(i int) (string, int) {
	y, year, next := "", s.toks[i].fold, i
	if s.is(i+1, "年") {
		if _, ok := s.digits(i + 2); !ok || !s.is(i+3, "月") {
			return "", i
		}
		y, next = year, i+2
	}
	m, ok := s.digits(next)
	if !ok || !s.is(next+1, "月") {
		return "", i
	}
	d, ok := s.digits(next + 2)
	if !ok || !s.is(next+3, "日") {
		return "", i
	}
	if y == "" {
		return dayMonth(d, factInt(m)), next + 4
	}
	return isoDate(d, m, y), next + 4
}

// namedDate reads "31 dicembre 2021", "1° gennaio", "primo gennaio", "1er janvier", "December 31, 2021", "dicembre 2021".
func (s *factScan) namedDate(i int) (iso string, next int) {
	if m, ok := monthNames[s.word(i)]; ok && len(s.word(i)) > 3 {
		if d, ok := s.digits(i + 1); ok && len(d) <= 2 && s.is(i+2, ",") {
			if y, ok := s.digits(i + 3); ok && len(y) == 4 { // December 31, 2021
				return isoDate(d, strconv.Itoa(m), y), i + 4
			}
		}
		j := i + 1
		if s.is(j, "de", "del", "dell", "di", "anno", "'", "’") {
			for s.is(j, "de", "del", "dell", "di", "anno", "'", "’") {
				j++
			}
		}
		if y, ok := s.digits(j); ok && len(y) == 4 && factYear(y) {
			return fmt.Sprintf("%s-%02d", y, m), j + 1
		}
		return "", i
	}
	day, j := "", i
	if d, ok := s.digits(i); ok && len(d) <= 2 {
		day, j = d, i+1
		for s.is(j, "°", "º", ".", "er", "re", "st", "nd", "rd", "th") && s.touching(j-1) {
			j++
		}
	} else if s.is(i, "primo", "prime") {
		day, j = "1", i+1
	}
	if day == "" {
		return "", i
	}
	if s.is(j, "de", "of", "di") {
		j++
	}
	m, ok := monthNames[s.word(j)]
	if !ok {
		return "", i
	}
	end := j + 1
	if s.is(end, ".") && len(s.word(j)) == 3 {
		end++
	}
	k := end
	if s.is(k, "de", "del", ",", "dell") {
		k++
	}
	if y, ok := s.digits(k); ok && len(y) == 4 && factYear(y) {
		return isoDate(day, strconv.Itoa(m), y), k + 1
	}
	return dayMonth(day, m), end
}

func factInt(s string) int { n, _ := strconv.Atoi(s); return n }

func factYear(y string) bool { n := factInt(y); return n >= 1800 && n < 2200 }

func dayMonth(day string, m int) string {
	d := factInt(day)
	if d < 1 || d > 31 || m < 1 || m > 12 {
		return ""
	}
	return fmt.Sprintf("--%02d-%02d", m, d)
}

// isoDate gives yyyy-mm-dd, "" for what is no date. Two digits of a year above 60 are of the last century: the oldest
// laws that municipal acts quote are of the sixties.
func isoDate(day, month, year string) string {
	d, m, y := factInt(day), factInt(month), factInt(year)
	if len(year) == 2 {
		y += 2000
		if y > 2060 {
			y -= 100
		}
	}
	if d < 1 || d > 31 || m < 1 || m > 12 || y < 1800 || y > 2199 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}

// clock reads "ore 13", "ore 8,30", "13:30", "dalle 13 alle 16", "h. 24".
func (s *factScan) clock() bool {
	i := s.at
	if norm, next := s.timeAt(i); next > i {
		s.add(Fact{Kind: TimeFact, Norm: norm}, i, next)
		return true
	}
	if s.is(i, "ore", "dalle", "alle", "delle", "h") {
		j := i + 1
		if s.is(j, "ore", ".") {
			j++
		}
		if s.is(j, "ore") {
			j++
		}
		if norm, next := s.bareHour(j); next > j {
			if s.is(i, "ore") || s.is(i+1, "ore") || s.hourRange(next) || s.afterHours() {
				s.add(Fact{Kind: TimeFact, Norm: norm}, j, next)
				return true
			}
		}
	}
	return false
}

// hourRange reports whether "alle" or "e" with another hour follows: "dalle 13 alle 16" is about hours, "alle 16 famiglie" is not.
func (s *factScan) hourRange(i int) bool {
	if !s.is(i, "alle", "-") {
		return false
	}
	_, next := s.bareHour(i + 1)
	return next > i+1
}

// afterHours reports whether the fact just before is an hour.
func (s *factScan) afterHours() bool {
	return len(s.facts) > 0 && s.facts[len(s.facts)-1].Kind == TimeFact && s.at > 0 && s.facts[len(s.facts)-1].End == s.toks[s.at-1].end
}

// timeAt reads 13:30.
func (s *factScan) timeAt(i int) (string, int) {
	h, ok := s.digits(i)
	if !ok || len(h) > 2 || !s.is(i+1, ":") || !s.touching(i) || !s.touching(i+1) {
		return "", i
	}
	m, ok := s.digits(i + 2)
	if !ok || len(m) != 2 || factInt(h) > 24 || factInt(m) > 59 {
		return "", i
	}
	return fmt.Sprintf("%02d:%s", factInt(h), m), i + 3
}

// bareHour reads the hour after "ore": 13, 13.30, 8,30, 13:30.
func (s *factScan) bareHour(i int) (string, int) {
	if norm, next := s.timeAt(i); next > i {
		return norm, next
	}
	if i >= len(s.toks) || s.toks[i].kind != numTok {
		return "", i
	}
	var h, m int
	f := s.toks[i].fold
	if n, _ := fmt.Sscanf(f, "%d.%d", &h, &m); n < 1 {
		return "", i
	}
	if n, _ := fmt.Sscanf(f, "%d,%d", &h, &m); n < 1 || h > 24 || m > 59 {
		return "", i
	}
	return fmt.Sprintf("%02d:%02d", h, m), i + 1
}
