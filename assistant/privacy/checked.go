package privacy

import (
	"regexp"
	"strings"
	"unicode"
)

// The patterns come from the standards of their issuers: codice fiscale D.M. 23 December 1976, IBAN ISO 13616, cards ISO/IEC 7812.
var (
	fiscalForm = regexp.MustCompile(`(?i)\b[A-Z]{6}[ ]?[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[ ]?[A-Z][0-9LMNP-V]{3}[A-Z]\b`)
	ibanForm   = regexp.MustCompile(`(?i)\b[A-Z]{2}[ ]?\d{2}(?:[ .-]?[0-9A-Z]){11,30}\b`)
	vatForm    = regexp.MustCompile(`(?i)\b(?:IT[ ]?)?\d{11}\b`)
	cardForm   = regexp.MustCompile(`\b[3-6](?:[ -]?\d){12,18}\b`)
	emailForm  = regexp.MustCompile(`(?i)\b[a-z0-9._%+'-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.[a-z]{2,24}\b`)
	emailSaid  = regexp.MustCompile(`(?i)\b[a-z0-9._-]+\s?(?:\(at\)|\[at\]|\(chiocciola\)|\schiocciola\s)\s?[a-z0-9-]+\s?(?:\.|\spunto\s|\(dot\))\s?[a-z]{2,10}\b`)

	cupForm = regexp.MustCompile(`\b[A-Z]\d{2}[A-Z]\d{11}\b`)
	cigForm = regexp.MustCompile(`\b(?:\d{7}[0-9A-F]{3}|[A-F][0-9A-F]{9})\b`)
)

func all(re *regexp.Regexp, text string, ok func(match string, start, end int) bool) []Span {
	var out []Span
	for _, m := range re.FindAllStringIndex(text, -1) {
		if ok(text[m[0]:m[1]], m[0], m[1]) {
			out = append(out, Span{Start: m[0], End: m[1]})
		}
	}
	return out
}

// public gives the CUP and CIG of a text. A CIG of digits only looks like a telephone number: it needs its name before it.
func public(text string) []Span {
	out := all(cupForm, text, func(string, int, int) bool { return true })
	return append(out, all(cigForm, text, func(match string, start, _ int) bool {
		return strings.ContainsAny(match, "ABCDEF") && !near(text, start, start, 50, 0, licenceWord) || near(text, start, start, 12, 0, cigWord)
	})...)
}

var cigWord = regexp.MustCompile(`(?i)\bcig\b`)

// near says whether the words of re stand within before bytes ahead of start or after bytes behind end.
func near(text string, start, end, before, after int, re *regexp.Regexp) bool {
	return re.MatchString(text[max(0, start-before):start]) || after > 0 && re.MatchString(text[end:min(len(text), end+after)])
}

func findEmail(text string) []Span {
	yes := func(string, int, int) bool { return true }
	return append(all(emailForm, text, yes), all(emailSaid, text, yes)...)
}

func findFiscalCode(text string) []Span {
	return all(fiscalForm, text, func(match string, _, _ int) bool { return FiscalCodeValid(match) })
}

// oddValue are the values of the characters in odd places, digits first (D.M. 23 December 1976, table).
var oddValue = [36]int{
	1, 0, 5, 7, 9, 13, 15, 17, 19, 21,
	1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
}

// FiscalCodeValid says whether a codice fiscale of a person has the form, omocodia included, and the right check character.
func FiscalCodeValid(code string) bool {
	code = strings.ToUpper(strings.ReplaceAll(code, " ", ""))
	if len(code) != 16 || !fiscalForm.MatchString(code) {
		return false
	}
	sum := 0
	for i := range 15 {
		v := alnum(code[i])
		if i%2 == 0 {
			sum += oddValue[v]
		} else if v >= 10 {
			sum += v - 10
		} else {
			sum += v
		}
	}
	return code[15] == byte('A'+sum%26)
}

// alnum gives 0-9 for digits and 10-35 for capital letters.
func alnum(c byte) int {
	if c <= '9' {
		return int(c - '0')
	}
	return int(c-'A') + 10
}

// findIBAN gives IBANs of any country; the longest run that checks wins, since words may follow without a sign between.
func findIBAN(text string) []Span {
	var out []Span
	for from := 0; from < len(text); {
		m := ibanForm.FindStringIndex(text[from:])
		if m == nil {
			break
		}
		start, end := from+m[0], from+m[1]
		from = start + 2
		for ; end > start; end-- {
			if (end == len(text) || !wordByte(text[end])) && wordByte(text[end-1]) && IBANValid(text[start:end]) {
				out = append(out, Span{Start: start, End: end})
				from = end
				break
			}
		}
	}
	return out
}

func wordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= 0x80
}

var (
	anyIBAN     = regexp.MustCompile(`^[A-Z]{2}\d{2}[0-9A-Z]{11,30}$`)
	italianIBAN = regexp.MustCompile(`^IT\d{2}[A-Z]\d{10}[0-9A-Z]{12}$`)
)

// IBANValid says whether an IBAN, spaces and hyphens apart, has the form of its country as far as we know it and 1 as its remainder.
func IBANValid(iban string) bool {
	s := strings.ToUpper(strings.NewReplacer(" ", "", ".", "", "-", "").Replace(iban))
	if !anyIBAN.MatchString(s) || strings.HasPrefix(s, "IT") && !italianIBAN.MatchString(s) {
		return false
	}
	rest := 0
	for _, c := range []byte(s[4:] + s[:4]) {
		if v := alnum(c); v < 10 {
			rest = (rest*10 + v) % 97
		} else {
			rest = (rest*100 + v) % 97
		}
	}
	return rest == 1
}

func findVAT(text string) []Span {
	return all(vatForm, text, func(match string, start, _ int) bool {
		return VATValid(match) && !near(text, start, start, 24, 0, phoneWord)
	})
}

// VATValid says whether a partita IVA (also the numeric codice fiscale of a body) is right: eleven digits, not all zero, Luhn.
func VATValid(number string) bool {
	digits := digitsOf(number)
	return len(digits) == 11 && strings.Trim(digits, "0") != "" && luhn(digits)
}

func findCard(text string) []Span {
	return all(cardForm, text, func(match string, start, _ int) bool {
		digits := digitsOf(match)
		return len(digits) >= 13 && len(digits) <= 19 && luhn(digits) && !near(text, start, start, 30, 0, paperWord)
	})
}

// luhn checks a number by ISO/IEC 7812-1 annex B.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}
