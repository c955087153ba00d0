package lexicon

import (
	"strconv"
	"strings"
)

// parseNumber reads digits with separators. "1.100,00" and "1,100.00" are 1100, "48.73" is 48.73, "1.100" is 1100;
// "2,789" is 2.789 unless english. ok is false for what is no number ("1.2.3").
func parseNumber(s string, english bool) (v float64, ok bool) {
	s = strings.ReplaceAll(s, "'", "")
	dot, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
	var decimal byte
	switch {
	case dot >= 0 && comma >= 0:
		decimal = ','
		if dot > comma {
			decimal = '.'
		}
	case comma >= 0:
		if !english || strings.Count(s, ",") == 1 && len(s)-comma != 4 {
			decimal = ','
		}
	case dot >= 0:
		if strings.Count(s, ".") == 1 && (len(s)-dot != 4 || english || strings.HasPrefix(s, "0")) {
			decimal = '.'
		}
	}
	group := byte('.')
	if decimal == '.' || decimal == 0 && comma >= 0 {
		group = ','
	}
	whole, frac := s, ""
	if decimal != 0 {
		i := strings.LastIndexByte(s, decimal)
		whole, frac = s[:i], s[i+1:]
	}
	if strings.IndexByte(whole, group) >= 0 {
		parts := strings.Split(whole, string(group))
		for i, p := range parts {
			if i > 0 && len(p) != 3 {
				return 0, false
			}
		}
		whole = strings.Join(parts, "")
	}
	if frac != "" {
		whole += "." + frac
	}
	v, err := strconv.ParseFloat(whole, 64)
	return v, err == nil
}

// formatNumber writes a value in its shortest form.
func formatNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// number reads a number in digits or in words at token i. next is the token after it, i when there is none. norm is the
// value, or "n/d" for a fraction.
func (s *factScan) number(i int) (v float64, norm string, next int) {
	if i >= len(s.toks) || i < 0 {
		return 0, "", i
	}
	t := s.toks[i]
	switch t.kind {
	case numTok:
		v, ok := parseNumber(t.fold, s.english)
		if !ok {
			return 0, t.fold, i + 1 // "1.2.3": a numbering, compared as written
		}
		if n, ok := s.digits(i); ok && s.is(i+1, "/") && s.touching(i) && s.touching(i+1) {
			if d, ok := s.digits(i + 2); ok && len(n) == 4 && factYear(n) && factYear(d) {
				return v, n, i + 1 // "2024/2025": two years
			} else if ok && d != "00" { // "euro 30/00" is the cents of an amount in words
				den, _ := strconv.ParseFloat(d, 64)
				if den > 0 {
					return v / den, strings.TrimLeft(n, "0") + "/" + strings.TrimLeft(d, "0"), i + 3
				}
			} else if ok {
				return v, formatNumber(v), i + 3
			}
		}
		if s.is(i+1, "milioni", "milione", "million", "millions", "millones") {
			return v * 1e6, formatNumber(v * 1e6), i + 2
		}
		if s.is(i+1, "mila") {
			return v * 1e3, formatNumber(v * 1e3), i + 2
		}
		return v, formatNumber(v), i + 1
	case wordTok:
		return s.numberWord(i)
	}
	return 0, "", i
}

// numberWord reads a number in words: "trenta", "due terzi", "metà", "quattrocentonovantatre/45".
func (s *factScan) numberWord(i int) (v float64, norm string, next int) {
	w := s.word(i)
	if w == "meta" && s.text[s.toks[i].start:s.toks[i].end] != "meta" { // "metà", not "meta"
		return .5, "1/2", i + 1
	}
	n, ok := s.words[w]
	if !ok {
		if n := ordinalYears(w); n > 0 && s.is(i+1, "anno") { // "il diciottesimo anno di età" is 18 years
			return float64(n), strconv.Itoa(n), i + 1
		}
		return 0, "", i
	}
	if den, ok := fractionWords[s.word(i+1)]; ok && (n > 1 || s.is(i, "un")) {
		return float64(n) / float64(den), strconv.Itoa(n) + "/" + strconv.Itoa(den), i + 2
	}
	v = float64(n)
	next = i + 1
	if w == "un" && s.is(next, "'", "’") && s.touching(i) { // "un'ora"
		next++
	}
	if s.is(next, "/") && s.touching(i) { // cents after an amount in words
		if c, ok := s.digits(next + 1); ok && len(c) == 2 {
			cents, _ := strconv.ParseFloat(c, 64)
			return v + cents/100, formatNumber(v + cents/100), next + 2
		}
	}
	for !s.english && next < len(s.toks) { // "due milioni", "forty five" stays two numbers in Italian, one elsewhere
		m, ok := map[string]float64{"mila": 1e3, "milioni": 1e6, "milione": 1e6}[s.word(next)]
		if !ok {
			break
		}
		v *= m
		next++
	}
	if s.english && n >= 20 && n%10 == 0 && n < 100 {
		j := next
		if s.is(j, "-") {
			j++
		}
		if u, ok := s.words[s.word(j)]; ok && u > 0 && u < 10 {
			v += float64(u)
			next = j + 1
		}
	}
	return v, formatNumber(v), next
}

// ordinalYears reads an Italian ordinal above ten: "diciottesimo" is 18.
func ordinalYears(w string) int {
	stem, ok := strings.CutSuffix(w, "esimo")
	if !ok {
		return 0
	}
	for _, end := range [...]string{"o", "i", "e", "a", ""} {
		if n := numberWords["it"][stem+end]; n > 10 {
			return n
		}
	}
	return 0
}

var fractionWords = map[string]int{
	"terzo": 3, "terzi": 3, "quarto": 4, "quarti": 4, "quinto": 5, "quinti": 5, "sesto": 6, "sesti": 6, "settimi": 7,
	"ottavo": 8, "ottavi": 8, "noni": 9, "decimo": 10, "decimi": 10, "dodicesimo": 12, "dodicesimi": 12,
	"centesimi": 100, "thirds": 3, "third": 3, "quarters": 4, "tiers": 3, "quarts": 4,
}
