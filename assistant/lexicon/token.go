package lexicon

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word or a number of a folded text.
type token struct {
	text   string
	number bool // text is the digits and separators as written: "1.100,00", "28/2021"
	elided bool // an apostrophe follows: dell', l', c'
}

// tokenize cuts a folded text into words and numbers. Apostrophes and hyphens separate; the dots of an abbreviation do not
// ("i.m.u." is "imu", "d.lgs." is "dlgs"); letters followed by digits are one word ("f24"), digits followed by letters are two
// ("120mq"); a run of Chinese or Japanese signs gives its pairs.
func tokenize(s string) []token {
	out := make([]token, 0, len(s)/6+1)
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		switch {
		case isDigit(r):
			j := endOfNumber(s, i)
			out = append(out, token{text: s[i:j], number: true})
			i = j
		case isIdeograph(r):
			j := i
			for j < len(s) {
				c, w := utf8.DecodeRuneInString(s[j:])
				if !isIdeograph(c) {
					break
				}
				j += w
			}
			out = appendPairs(out, s[i:j])
			i = j
		case isWordRune(r):
			if j, joined := abbreviation(s, i); joined != "" {
				out = append(out, token{text: joined})
				i = j
				continue
			}
			j := endOfWord(s, i)
			t := token{text: s[i:j]}
			if c, _ := utf8.DecodeRuneInString(s[j:]); isApostrophe(c) {
				t.elided = true
			}
			out = append(out, t)
			i = j
		default:
			i += n
		}
	}
	return out
}

func endOfWord(s string, i int) int {
	digits := false
	for i < len(s) {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		if isDigit(r) {
			digits = true
		} else if digits || !isWordRune(r) || isIdeograph(r) {
			break
		}
		i += n
	}
	return i
}

// endOfNumber goes over digits and over the separators that stand between two digits.
func endOfNumber(s string, i int) int {
	for i < len(s) {
		c := s[i]
		if c >= '0' && c <= '9' {
			i++
			continue
		}
		between := i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9'
		if between && (c == '.' || c == ',' || c == '/') {
			i++
			continue
		}
		break
	}
	return i
}

// abbreviation reads letters joined by dots without a space, at least two parts, each of three letters at most, or of
// four after a single one ("d.lgs."). It gives the end and the letters joined; joined is empty when there is none.
func abbreviation(s string, i int) (end int, joined string) {
	var parts []string
	single := false
	for i < len(s) {
		j := i
		for j < len(s) && s[j] >= 'a' && s[j] <= 'z' {
			j++
		}
		if j == i || j-i > 4 || (j-i == 4 && !single) {
			break
		}
		if j >= len(s) || s[j] != '.' {
			if len(parts) > 0 && !wordGoesOn(s, j) {
				parts, end = append(parts, s[i:j]), j // the last part may lack its dot: "i.m.u"
			}
			break
		}
		if j-i == 1 {
			single = true
		}
		parts, end = append(parts, s[i:j]), j+1
		i = j + 1
	}
	if len(parts) < 2 || len(parts[0]) > 2 {
		return 0, ""
	}
	return end, strings.Join(parts, "")
}

func wordGoesOn(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return i < len(s) && (isWordRune(r) || isDigit(r))
}

func appendPairs(out []token, run string) []token {
	rs := []rune(run)
	if len(rs) == 1 {
		return append(out, token{text: run})
	}
	for k := 0; k+1 < len(rs); k++ {
		out = append(out, token{text: string(rs[k : k+2])})
	}
	return out
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || isDigit(r)
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

func isIdeograph(r rune) bool {
	return r >= 0x2E80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

func isApostrophe(r rune) bool {
	return r == '\'' || r == '’' || r == 'ʼ' || r == '`' || r == '´' || r == '‘'
}
