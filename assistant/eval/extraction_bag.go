package eval

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// hyphen between two letters or digits, with or without a line end after it.
var hyphen = regexp.MustCompile("([\\p{L}\\p{N}])[-\u2010\u2011\u00AD](?:[ \t]*\r?\n[ \t]*)?([\\p{L}\\p{N}])")

// bag counts the words of a text. See Extraction for what a word is.
func bag(text string) map[string]int {
	text = norm.NFKC.String(text)
	for range 2 { // twice: in "a-b-c" the matches touch
		text = hyphen.ReplaceAllString(text, "$1$2")
	}
	out := map[string]int{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	}) {
		out[w]++
	}
	return out
}

func size(b map[string]int) (n int) {
	for _, k := range b {
		n += k
	}
	return n
}

// overlap counts the words of want that got has too, and lists the others, the most frequent first.
func overlap(want, got map[string]int) (n int, missing []string) {
	lack := map[string]int{}
	for w, k := range want {
		have := min(k, got[w])
		n += have
		if have < k {
			lack[w] = k - have
			missing = append(missing, w)
		}
	}
	slices.SortFunc(missing, func(a, b string) int { return cmp.Or(cmp.Compare(lack[b], lack[a]), cmp.Compare(a, b)) })
	return n, missing
}
