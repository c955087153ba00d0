package pdf

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// leastOverlaps is how many words must lie on other words for a page to be two texts in one place.
const leastOverlaps = 12

// layers takes apart a page that was pasted over: a form whose old text is covered by a white box with the new one still
// holds both, in the same place, sometimes three. They can be told apart by the order of the content, in which the cover comes later.
func layers(words []word) [][]word {
	byY := slices.Clone(words)
	slices.SortStableFunc(byY, func(a, b word) int { return cmp.Compare(a.midY(), b.midY()) })
	type pair struct{ first, second int }
	var pairs []pair
	for i, a := range byY {
		if !hasLetters(a.text) {
			continue
		}
		for _, b := range byY[i+1:] {
			if b.midY()-a.midY() > 0.5*min(a.size, b.size) {
				break
			}
			if min(a.x1, b.x1)-max(a.x0, b.x0) > 0.5*min(a.width(), b.width()) && hasLetters(b.text) {
				pairs = append(pairs, pair{min(a.seq, b.seq), max(a.seq, b.seq)})
			}
		}
		if len(pairs) > 100_000 {
			break
		}
	}
	if len(pairs) < leastOverlaps {
		return [][]word{words}
	}
	// The place in the content that separates the most pairs.
	ends := make([]int, 0, 2*len(pairs))
	for _, p := range pairs {
		ends = append(ends, p.second)
	}
	slices.Sort(ends)
	best, at := 0, 0
	for _, e := range slices.Compact(ends) {
		n := 0
		for _, p := range pairs {
			if p.first < e && e <= p.second {
				n++
			}
		}
		if n > best {
			best, at = n, e
		}
		if len(pairs) > 2000 {
			break
		}
	}
	if best*10 < len(pairs)*6 { // of three texts the best cut separates two pairs in three
		return [][]word{words}
	}
	var under, over []word
	for _, w := range words {
		if w.seq < at {
			under = append(under, w)
		} else {
			over = append(over, w)
		}
	}
	return append(layers(under), layers(over)...)
}

func hasLetters(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }
