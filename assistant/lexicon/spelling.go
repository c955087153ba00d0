package lexicon

import (
	"strings"
	"unicode"
)

// What a slip costs. People write by ear (one consonant for two, z for s, k or q for c, n for m, an h too many or too few) and in haste
// (two letters exchanged, then one left out or too many). One letter for another is seldom a slip: more often it is another word, as
// chiudere is not chiedere.
const (
	SlipOfEar     = 0.5
	SlipOfHaste   = 0.75
	slipOfMeaning = 1.25
)

// Slip is how far a written root is from a right one, the sum of the slips between them; 0 when they are equal. It is more than most
// when the cost is above it, and when the first letters differ by more than sound: nobody gets those wrong.
func Slip(written, right string, most float64) float64 {
	beyond := most + 1
	if written == "" || right == "" || alike(rune(written[0]), rune(right[0])) > SlipOfEar || // roots are folded: nearly always plain letters
		float64(max(len(written)-len(right), len(right)-len(written)))*SlipOfEar > most {
		return beyond
	}
	a, b := []rune(written), []rune(right)
	rows := make([][]float64, len(a)+1) // optimal string alignment: Damerau's four slips, no letter touched twice
	for i := range rows {
		rows[i] = make([]float64, len(b)+1)
		for j := range rows[i] {
			switch {
			case i == 0 && j == 0:
			case i == 0:
				rows[i][j] = rows[i][j-1] + dropped(b, j-1)
			case j == 0:
				rows[i][j] = rows[i-1][j] + dropped(a, i-1)
			default:
				rows[i][j] = min(rows[i-1][j-1]+alike(a[i-1], b[j-1]), rows[i-1][j]+dropped(a, i-1), rows[i][j-1]+dropped(b, j-1))
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					rows[i][j] = min(rows[i][j], rows[i-2][j-2]+SlipOfEar)
				}
			}
		}
	}
	if cost := rows[len(a)][len(b)]; cost <= most {
		return cost
	}
	return beyond
}

// sounds are letters that are taken one for another.
var sounds = []string{"sz", "ckq", "mn", "gj", "iy", "vw"}

// alike is the cost of writing one letter for another.
func alike(x, y rune) float64 {
	if x == y {
		return 0
	}
	for _, s := range sounds {
		if strings.ContainsRune(s, x) && strings.ContainsRune(s, y) {
			return SlipOfEar
		}
	}
	return slipOfMeaning
}

// dropped is the cost of leaving out the letter at i.
func dropped(word []rune, i int) float64 {
	twin := i > 0 && word[i] == word[i-1] || i+1 < len(word) && word[i] == word[i+1]
	if word[i] == 'h' || twin && !isVowel(byte(word[i])) {
		return SlipOfEar
	}
	return SlipOfHaste
}

// Word is a word of a text as it is written, with its root.
type Word struct {
	Start, End int
	Root       string
}

// Words gives the words of an Italian text that say something: no stop words, no numbers, nothing that is written in capitals, which
// are names of things (TARI, SCIA).
func Words(text string) []Word {
	var out []Word
	start := -1
	flush := func(end int) {
		if start < 0 {
			return
		}
		word := text[start:end]
		folded := Fold(word)
		if root := termOf(token{text: folded}); root != "" && strings.ToUpper(word) != word {
			out = append(out, Word{Start: start, End: end, Root: root})
		}
		start = -1
	}
	for i, r := range text {
		switch {
		case !unicode.IsLetter(r):
			flush(i)
		case start < 0:
			start = i
		}
	}
	flush(len(text))
	return out
}
