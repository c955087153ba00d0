package pdf

import (
	"slices"
	"unicode"
)

// logical puts words, sorted from left to right, in the order in which they are read: a line that is mostly Arabic or Hebrew
// is read from the right, but for the runs of other words and numbers in it.
func logical(words []word) []word {
	rtl := 0
	for _, w := range words {
		if fromRight(w.text) {
			rtl++
		}
	}
	if rtl*2 <= len(words) {
		return words
	}
	out := slices.Clone(words)
	slices.Reverse(out)
	for i := 0; i < len(out); {
		j := i
		for j < len(out) && !fromRight(out[j].text) {
			j++
		}
		slices.Reverse(out[i:j])
		i = j + 1
	}
	return out
}

// fromRight says whether a word is written from right to left.
func fromRight(s string) bool {
	for _, r := range s {
		if unicode.In(r, unicode.Arabic, unicode.Hebrew) {
			return true
		}
	}
	return false
}
