package assistant

import (
	"math"

	"sportello/assistant/lexicon"
)

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

// Sure is the confidence from which an answer is given.
const Sure = 0.5

// confidence is how likely the passages are to answer, 0..1. Where only words were searched it is the
// share of the question's words in the best passage, which says less.
func confidence(s sought, language string, passages []Passage) float64 {
	if len(passages) == 0 {
		return 0
	}
	best := passages[:min(3, len(passages))]
	near := 0.0
	for _, p := range best {
		near = max(near, p.NearScore)
	}
	if near == 0 { // words only: at least half of them
		most := 0.0
		for _, p := range best {
			most = max(most, s.coverage(p.Breadcrumb+"\n"+p.Lead+"\n"+p.Text))
		}
		return most
	}
	score := passages[0].Score
	if language != "it" {
		near, score = near+foreignNear, score+foreignScore
	}
	evidence := perNear*near + perScore*score + perUnmet*float64(len(s.unmet(passages[0].Text)))
	return 1 / (1 + math.Exp(enoughIt-evidence))
}

// Confidence is how likely passages, as a Retriever gave them, are to answer a question, 0..1: what Ask compares with Sure.
func (a *Asker) Confidence(q Question, passages []Passage) float64 {
	if q.Language == "" || q.Language == "auto" {
		q.Language, _ = lexicon.Detect(q.Text, q.PageLanguage)
	}
	return confidence(newSought(q.Text, q.Language, a.glossary), q.Language, passages)
}
