package assistant

import (
	"cmp"
	"math"
	"slices"

	"sportello/assistant/lexicon"
)

// fused is a hit of one leg or of both.
type fused struct {
	id         string
	word, near float64 // scores of the legs, 0 when a leg did not find it
	score      float64 // 0..1 for most; more for a near passage with all the words
}

// Fusion. Closeness (the cosine, brought to 0..1 for the model) is the measure of everything: word search adds to it, up to about a
// share that depends on the language of the question (wanted.wordShare). A difference of cosine means the same in every question,
// which neither ranks nor scores stretched between the best and the worst hit do: where all passages are about equally near, those
// make much of little, and where the word leg saw only noise (a question in another language) they let it decide.
const (
	// shareAlone is the share of words when there are no vectors.
	shareAlone = 0.7
	// rareWord is the inverse document frequency of a word that a question is about, in a corpus of a thousand chunks (ln 1000 = 6.9
	// for a word that occurs once); a passage that has all words of a question once scores about as many times it.
	rareWord = 4.0
	// sureMost bounds what a passage can gain that repeats every word.
	sureMost = 1.5
)

// Closeness says how the cosines of an embedding model spread. Vectors that are measured from their mean (model.Centred) have about 0 for texts that
// have nothing to do with each other, and seldom more than .4 for a question and its answer.
type Closeness struct{ Low, High float64 }

// of brings a cosine to 0..1.
func (c Closeness) of(cosine float64) float64 { return (cosine - c.Low) / (c.High - c.Low) }

// fuse puts the two legs together, best first.
//
// The score of a word hit is divided by the geometric mean of the best hit's and of what a passage with all the words would get: when
// the best hit has few of the words of the question, the word leg is not sure, and counts less.
func fuse(words, near []Hit, terms []Term, share float64, c Closeness) []fused {
	at := make(map[string]int, len(words)+len(near))
	out := make([]fused, 0, len(words)+len(near))
	floor := 0.0
	if len(near) > 0 {
		floor = c.of(near[len(near)-1].Score) // what the vectors did not find is at most as near as the last they found
	} else {
		share = shareAlone
	}
	get := func(id string) *fused {
		i, ok := at[id]
		if !ok {
			i = len(out)
			at[id] = i
			out = append(out, fused{id: id, score: floor})
		}
		return &out[i]
	}
	for _, h := range near {
		f := get(h.ID)
		f.near, f.score = h.Score, c.of(h.Score)
	}
	if len(words) > 0 {
		unit := math.Sqrt(words[0].Score * fullScore(terms))
		for _, h := range words {
			f := get(h.ID)
			f.word = h.Score
			f.score += share * min(h.Score/unit, sureMost)
		}
	}
	slices.SortFunc(out, func(a, b fused) int {
		if c := cmp.Compare(b.score, a.score); c != 0 {
			return c
		}
		return cmp.Compare(a.id, b.id)
	})
	return out
}

// fullScore is about what BM25 gives a passage that has each term once.
func fullScore(terms []Term) float64 {
	weight := 0
	for _, t := range terms {
		weight += t.Count
	}
	return rareWord * float64(max(weight, lexicon.FullWeight))
}
