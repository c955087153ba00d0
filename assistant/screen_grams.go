package assistant

import (
	"math"
	"slices"
	"unicode"

	"sportello/assistant/lexicon"
)

// A text is seen by its pieces of two to six letters, across its words: endings count ("-temi", "-ereste"), short words are seen with
// their neighbours ("me la d", "a me "), and misspelt ones still share most of their pieces.
const (
	shortestGram = 2
	longestGram  = 6
)

// gramsOf gives the pieces of a text, each with how often it comes. All digits are one; of the punctuation only what tells a question or an
// elision stays.
func gramsOf(text string) map[string]float64 {
	runes := []rune(" ")
	for _, r := range lexicon.Fold(text) {
		switch {
		case unicode.IsDigit(r):
			r = '0'
		case unicode.IsLetter(r), r == '\'', r == '?':
		default:
			r = ' '
		}
		if last := runes[len(runes)-1]; r != last || unicode.IsLetter(r) { // "2024" is one digit, as is any other number
			runes = append(runes, r)
		}
	}
	if runes[len(runes)-1] != ' ' {
		runes = append(runes, ' ')
	}
	grams := map[string]float64{}
	for n := shortestGram; n <= longestGram; n++ {
		for i := 0; i+n <= len(runes); i++ {
			grams[string(runes[i:i+n])]++
		}
	}
	return grams
}

// gramWeight is a piece and what it weighs in a text.
type gramWeight struct {
	gram   int // position in gramTable
	weight float64
}

// gramTable knows the pieces that at least two examples share, and how rare each is.
type gramTable struct {
	Grams  []string
	Rarity []float32
	byName map[string]int
}

func newGramTable(texts []map[string]float64) *gramTable {
	in := map[string]int{}
	for _, grams := range texts {
		for g := range grams {
			in[g]++
		}
	}
	t := &gramTable{}
	for g, n := range in {
		if n > 1 {
			t.Grams = append(t.Grams, g)
		}
	}
	slices.Sort(t.Grams)
	for _, g := range t.Grams {
		t.Rarity = append(t.Rarity, float32(math.Log(float64(1+len(texts))/float64(1+in[g]))+1))
	}
	t.index()
	return t
}

func (t *gramTable) index() {
	t.byName = make(map[string]int, len(t.Grams))
	for i, g := range t.Grams {
		t.byName[g] = i
	}
}

// weigh gives the known pieces of a text as a vector of length one, in the order of the table.
func (t *gramTable) weigh(grams map[string]float64) []gramWeight {
	var out []gramWeight
	sum := 0.0
	for g, n := range grams {
		if i, ok := t.byName[g]; ok {
			w := (1 + math.Log(n)) * float64(t.Rarity[i])
			out = append(out, gramWeight{i, w})
		}
	}
	slices.SortFunc(out, func(a, b gramWeight) int { return a.gram - b.gram })
	for _, w := range out { // summed in order: the same everywhere
		sum += w.weight * w.weight
	}
	for i := range out {
		out[i].weight /= math.Sqrt(sum)
	}
	return out
}

func dotGrams(a, b []gramWeight) float64 {
	sum := 0.0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].gram < b[j].gram:
			i++
		case a[i].gram > b[j].gram:
			j++
		default:
			sum += a[i].weight * b[j].weight
			i++
			j++
		}
	}
	return sum
}
