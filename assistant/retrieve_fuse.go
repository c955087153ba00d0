package assistant

import (
	"cmp"
	"slices"
)

// fused is a hit of one leg or of both.
type fused struct {
	id         string
	word, near float64 // scores of the legs, 0 when a leg did not find it
	score      float64 // 0..1
}

// fuse puts the two legs together: each score is brought to 0..1 within its own leg, from the worst of the hits asked for to
// the best, and the two are added with a weight. A leg that found nothing leaves the other as it is.
//
// Ranks (reciprocal rank fusion) are not used: they forget by how much a leg prefers a passage, and for a question in another
// language they let the noise of the word leg push the good passages of the vectors down by half.
func fuse(words, near []Hit, weight float64) []fused {
	at := make(map[string]int, len(words)+len(near))
	var out []fused
	get := func(id string) *fused {
		i, ok := at[id]
		if !ok {
			i = len(out)
			at[id] = i
			out = append(out, fused{id: id})
		}
		return &out[i]
	}
	if len(near) == 0 {
		weight = 1
	} else if len(words) == 0 {
		weight = 0
	}
	if len(words) > 0 {
		best := words[0].Score
		for _, h := range words {
			f := get(h.ID)
			f.word = h.Score
			f.score += weight * h.Score / best
		}
	}
	if len(near) > 0 {
		best, worst := near[0].Score, near[len(near)-1].Score
		width := max(best-worst, 1e-6)
		for _, h := range near {
			f := get(h.ID)
			f.near = h.Score
			f.score += (1 - weight) * (h.Score - worst) / width
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
