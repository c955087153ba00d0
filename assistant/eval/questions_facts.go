package eval

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func factsIn(facts []string, text string) bool {
	for _, f := range facts {
		if !factIn(f, text) {
			return false
		}
	}
	return true
}

// factIn: one of the alternatives of a fact stands in the text, not as part of a longer word or figure.
func factIn(fact, text string) bool {
	text = loose(text)
	for _, alternative := range strings.Split(fact, "|") {
		f := strings.TrimSpace(loose(alternative))
		if f != "" && standsIn(f, text) {
			return true
		}
	}
	return false
}

// staleIn: an outdated value is given and the right facts are not all there.
func staleIn(row Row, text string) bool {
	return !factsIn(row.Facts, text) && slices.ContainsFunc(row.Stale, func(s string) bool { return factIn(s, text) })
}

// standsIn: not inside a longer word when it begins with a letter of the Latin alphabet, nor inside a longer figure.
func standsIn(f, text string) bool {
	first, _ := utf8.DecodeRuneInString(f)
	last, _ := utf8.DecodeLastRuneInString(f)
	for from := 0; ; {
		i := strings.Index(text[from:], f)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(f)
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		after, _ := utf8.DecodeRuneInString(text[end:])
		ok := true
		switch {
		case start == 0:
		case unicode.IsDigit(first):
			ok = !unicode.IsDigit(before) && before != '.'
		case first >= 'a' && first <= 'z':
			ok = !unicode.IsLetter(before) && !unicode.IsNumber(before) && before != '_'
		}
		if ok && unicode.IsDigit(last) {
			ok = !unicode.IsDigit(after) && !decimalsFollow(text[end:])
		}
		if ok {
			return true
		}
		from = start + utf8.RuneLen(first)
	}
}

var decimals = regexp.MustCompile(`^\.(\d+)`)

// decimalsFollow: "20" does not stand in "20.5", but does in "20.00".
func decimalsFollow(rest string) bool {
	m := decimals.FindStringSubmatch(rest)
	return m != nil && strings.Trim(m[1], "0") != ""
}

var (
	figureMarks = regexp.MustCompile(`\d+(?:[.,']\d+)+`)
	percentWord = regexp.MustCompile(`(\d)\s*(?:%|per cento|percento|percent|per cent|pour cent|la suta|la sută|për qind|відсотків|відсотка|بالمئة|في المئة|في المائة)`)
)

// loose writes case, quotes, dashes, digits, decimal marks and per cent words in one way.
func loose(s string) string {
	s = strings.ToLower(norm.NFKC.String(s))
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return '0' + (r - '٠')
		case r >= '۰' && r <= '۹':
			return '0' + (r - '۰')
		case strings.ContainsRune("’‘ʼ`´", r):
			return '\''
		case strings.ContainsRune("“”", r):
			return '"'
		case strings.ContainsRune("–—", r):
			return '-'
		case r == '٫':
			return '.'
		case r == '٪':
			return '%'
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	s = figureMarks.ReplaceAllStringFunc(s, plainFigure)
	return percentWord.ReplaceAllString(s, "$1%")
}

// plainFigure drops the marks of thousands and writes decimals after a full stop: 1.100 and 1,100 are 1100, 2,50 is 2.50.
func plainFigure(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			b.WriteByte(s[i])
			continue
		}
		run := 0
		for run < len(s)-i-1 && s[i+1+run] >= '0' && s[i+1+run] <= '9' {
			run++
		}
		switch {
		case run == 3:
		case s[i] == ',':
			b.WriteByte('.')
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
