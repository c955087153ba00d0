package lexicon

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// letters that Unicode does not decompose into a base letter and a mark.
var plainLetters = map[rune]string{
	'đ': "d", 'ð': "d", 'ø': "o", 'ł': "l", 'ı': "i", 'ß': "ss", 'æ': "ae", 'œ': "oe", 'þ': "th",
	// Arabic letters that people write one for the other, as in Lucene's ArabicNormalizer.
	'أ': "ا", 'إ': "ا", 'آ': "ا", 'ٱ': "ا", 'ى': "ي", 'ة': "ه",
}

// Fold gives the text in lower case, in compatibility form and without the marks on its letters: "Città" and "CITTA" are one
// word, and so are the full-width and the plain form of a digit. Marks that are vowels (Hindi, Thai) stay.
func Fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKC.String(s) {
		r = unicode.ToLower(r)
		if r < utf8.RuneSelf {
			b.WriteByte(byte(r))
			continue
		}
		if to, ok := plainLetters[r]; ok {
			b.WriteString(to)
			continue
		}
		if droppedMark(r) {
			continue
		}
		// The first rune of a decomposition is the base letter, except in Hangul and Indic scripts, which keep theirs.
		if unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic) {
			d := norm.NFD.String(string(r))
			base, _ := utf8.DecodeRuneInString(d)
			r = base
		}
		b.WriteRune(r)
	}
	return b.String()
}

// droppedMark says whether r is an accent of Latin, Greek or Cyrillic, a short vowel or the stretching line of Arabic, or an
// invisible character that web pages and word processors leave inside words.
func droppedMark(r rune) bool {
	switch {
	case r >= 0x0300 && r <= 0x036F, r >= 0x064B && r <= 0x0652, r == 0x0670, r == 0x0640:
		return true
	case r == 0x00AD, r >= 0x200B && r <= 0x200F, r == 0xFEFF, r == 0x2060:
		return true
	}
	return false
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
