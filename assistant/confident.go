package assistant

import "slices"

// The weights of evidence: how close in meaning the best passage is, how well it was found on both legs together, and what
// was asked for (an amount, a date…) but is not in it. A logistic regression chose them on the Italian development
// questions; in five folds, five times over, they refused .64 of the unanswerable ones at .10 of the answerable ones refused,
// .71 at .15 (closeness alone .57 and .67). How many of the question's words a passage holds told nothing: near misses hold
// as many. For questions in another language the same line is shifted by how much lower both scores are for the same content.
const (
	perNear  = 18.0
	perScore = 6.3
	perUnmet = -0.8
	enoughIt = 19.0

	foreignNear  = 0.035
	foreignScore = 0.33
)

// confident tells whether the passages are likely to answer.
func confident(s sought, language string, passages []Passage) bool {
	if len(passages) == 0 {
		return false
	}
	best := passages[:min(3, len(passages))]
	near := 0.0
	for _, p := range best {
		near = max(near, p.NearScore)
	}
	if near == 0 { // words only: at least half of them
		return slices.ContainsFunc(best, func(p Passage) bool { return s.coverage(p.Breadcrumb+"\n"+p.Lead+"\n"+p.Text) >= 0.5 })
	}
	score := passages[0].Score
	if language != "it" {
		near, score = near+foreignNear, score+foreignScore
	}
	return perNear*near+perScore*score+perUnmet*float64(len(s.unmet(passages[0].Text))) >= enoughIt
}
