package assistant

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"sportello/assistant/lexicon"
)

// A text is seen by its pieces of two to six letters, across its words: endings count ("-temi", "-ereste"), short words are seen with
// their neighbours ("me la d", "a me "), and misspelt ones still share most of their pieces.
const (
	shortestGram = 2
	longestGram  = 6
)

// eachGram calls use with each piece of a text, as often as it comes. All digits are one; of the punctuation only what tells a question or
// an elision stays.
func eachGram(text string, use func(gram string)) {
	last := ' '
	var b strings.Builder
	starts := []int{0} // of the characters
	add := func(r rune) {
		b.WriteRune(r)
		starts = append(starts, b.Len())
		last = r
	}
	add(' ')
	for _, r := range lexicon.Fold(text) {
		switch {
		case unicode.IsDigit(r):
			r = '0'
		case unicode.IsLetter(r), r == '\'', r == '?':
		default:
			r = ' '
		}
		if r != last || unicode.IsLetter(r) { // "2024" is one digit, as is any other number
			add(r)
		}
	}
	if last != ' ' {
		add(' ')
	}
	plain := b.String()
	for n := shortestGram; n <= longestGram; n++ {
		for i := 0; i+n < len(starts); i++ {
			use(plain[starts[i]:starts[i+n]])
		}
	}
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

func newGramTable(texts []string) *gramTable {
	in, lastIn := map[string]int{}, map[string]int{}
	for i, text := range texts {
		eachGram(text, func(g string) {
			if lastIn[g] != i+1 {
				lastIn[g] = i + 1
				in[g]++
			}
		})
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
func (t *gramTable) weigh(text string) []gramWeight {
	var known []int
	eachGram(text, func(g string) {
		if i, ok := t.byName[g]; ok {
			known = append(known, i)
		}
	})
	slices.Sort(known)
	var out []gramWeight
	sum := 0.0
	for i := 0; i < len(known); {
		n := 1
		for i+n < len(known) && known[i+n] == known[i] {
			n++
		}
		w := (1 + math.Log(float64(n))) * float64(t.Rarity[known[i]])
		out = append(out, gramWeight{known[i], w})
		sum += w * w
		i += n
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
