package lexicon

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type factTokenKind uint8

const (
	wordTok factTokenKind = iota // letters; one Han character is a word
	numTok                       // digits with inner separators: 1.100,00
	signTok                      // anything else, one rune
)

// factToken is a piece of a text as the recognisers of facts see it.
type factToken struct {
	kind       factTokenKind
	fold       string // lower case, without diacritics, digits in ASCII
	start, end int
}

// factTokens cuts a text into words, numbers and signs; spaces are dropped. Every token is a span of the text.
func factTokens(text string) []factToken {
	toks := make([]factToken, 0, len(text)/5+1)
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsSpace(r) || r == '\u200e' || r == '\u200f' || r == '\u00ad':
			i += n
		case unicode.IsDigit(r):
			end := numberEnd(text, i)
			toks = append(toks, factToken{numTok, foldNumber(text[i:end]), i, end})
			i = end
		case unicode.Is(unicode.Han, r):
			toks = append(toks, factToken{wordTok, text[i : i+n], i, i + n})
			i += n
		case unicode.IsLetter(r):
			end := wordEnd(text, i)
			toks = append(toks, factToken{wordTok, foldWord(text[i:end]), i, end})
			i = end
		default:
			toks = append(toks, factToken{signTok, text[i : i+n], i, i + n})
			i += n
		}
	}
	return toks
}

// numberEnd gives the end of the number that starts at i. A separator belongs to it only between digits; a thin or hard
// space only before exactly three of them.
func numberEnd(text string, i int) int {
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if unicode.IsDigit(r) {
			i += n
			continue
		}
		next, m := utf8.DecodeRuneInString(text[i+n:])
		switch r {
		case '.', ',', '\'', '’', '٫', '٬':
			if unicode.IsDigit(next) {
				i += n + m
				continue
			}
		case '\u00a0', '\u202f', '\u2009':
			if threeDigits(text[i+n:]) {
				i += n + m
				continue
			}
		}
		return i
	}
	return i
}

func threeDigits(s string) bool {
	n := 0
	for _, r := range s {
		if !unicode.IsDigit(r) {
			break
		}
		n++
	}
	return n == 3
}

// foldNumber writes digits in ASCII, Arabic separators as "," and "." and drops spaces inside.
func foldNumber(s string) string {
	ascii := true
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9' || r == '.' || r == ',' || r == '\'':
			b.WriteRune(r)
		case r == '’':
			b.WriteByte('\'')
		case r == '٫':
			b.WriteByte(',')
		case r == '٬':
			b.WriteByte('.')
		case unicode.IsDigit(r):
			b.WriteByte('0' + digitValue(r))
		}
	}
	return b.String()
}

// digitValue gives the value of a decimal digit of any script: the digits of a script are consecutive and start at a
// code point whose digit is 0.
func digitValue(r rune) byte {
	v := byte(0)
	for unicode.IsDigit(r-1) && v < 9 {
		r--
		v++
	}
	return v
}

func wordEnd(text string, i int) int {
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !(unicode.IsLetter(r) || unicode.IsMark(r)) || unicode.Is(unicode.Han, r) {
			return i
		}
		i += n
	}
	return i
}

// foldWord lowers a word and takes the diacritics off: accents carry no difference that a fact depends on, and real
// documents write "e'" for "è" and "Gennaiò" for "gennaio".
func foldWord(w string) string {
	plain := true
	for i := 0; i < len(w); i++ {
		if c := w[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return w
	}
	var b strings.Builder
	b.Grow(len(w))
	for _, r := range w {
		r = unicode.ToLower(r)
		if unicode.IsMark(r) || r == 'ـ' {
			continue
		}
		if f, ok := unaccented[r]; ok {
			r = f
		}
		b.WriteRune(r)
	}
	return b.String()
}

var unaccented = func() map[rune]rune {
	m := map[rune]rune{}
	for base, accented := range map[rune]string{
		'a': "àáâãäåăā", 'e': "èéêëēĕě", 'i': "ìíîïīĭ", 'o': "òóôõöōŏő", 'u': "ùúûüūŭű", 'c': "çćč", 'n': "ñń",
		's': "șşšś", 't': "țţť", 'y': "ýÿ", 'z': "žźż", 'ا': "أإآٱ", 'ي': "ى",
	} {
		for _, r := range accented {
			m[r] = base
		}
	}
	return m
}()
