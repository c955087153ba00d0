package assistant

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"sportello/assistant/lexicon"
)

// The weights of evidence: how well the best passage was found, how much of the question's words the best one holds in
// all (the logarithm of its BM25: many rare words are more to go by than one), and whether the sentences that answer best
// state what was asked for (an amount, a date, an hour…), which is what a near miss lacks. A logistic regression chose them on the
// Italian development questions; what it reaches on others is in ABLATION.md.
//
// The length of the question counts as much as it takes for a short one to be refused no more and no less often than a long one when there
// is an answer. It would tell more, because whoever writes such sets writes long questions about what they have read; but those who ask
// with two words would get no answer.
//
// For a question in another language the line lies lower, its length does not count, and its words count as those of an average one at
// least: that they are not in an Italian document says nothing.
const (
	perScore  = 7.0
	perWords  = 1.6
	perMet    = 1.4
	perLength = 0.5
	enough    = 13.7

	enoughForeign = 9.8
	foreignWords  = 4.2
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
	near, words := 0.0, 0.0
	for _, p := range passages {
		near, words = max(near, p.NearScore), max(words, p.WordScore)
	}
	if near == 0 { // words only: at least half of them
		most := 0.0
		for _, p := range best {
			most = max(most, s.coverage(p.Breadcrumb+"\n"+p.Lead+"\n"+p.Text))
		}
		return most
	}
	sure := s.weighed(language, passages, words)
	if s.ofAnotherYear(passages) {
		return sure / 2
	}
	return sure
}

// weighed is the confidence by the evidence that passages found by meaning give; words is the best score of the word leg.
func (s sought) weighed(language string, passages []Passage, words float64) float64 {
	evidence := perScore*passages[0].Score + perMet*s.stated(passages)
	held := math.Log1p(lexicon.FullWeight * words)
	if language == "it" {
		evidence += perWords*held + perLength*math.Log(float64(max(s.length, 1)))
		return 1 / (1 + math.Exp(enough-evidence))
	}
	evidence += perWords * max(held, foreignWords)
	return 1 / (1 + math.Exp(enoughForeign-evidence))
}

// ofAnotherYear tells whether a figure or a date of a certain year is asked for, the best passage is of an act that settles another one, and
// none of the first passages names the year: what was fixed for 2024 does not say what holds in 2026.
func (s sought) ofAnotherYear(passages []Passage) bool {
	if len(s.years) == 0 || len(s.asks) == 0 {
		return false
	}
	year := actYear(&passages[0])
	if year == 0 || slices.Contains(s.years, strconv.Itoa(year)) {
		return false
	}
	for _, p := range passages[:min(3, len(passages))] {
		for _, asked := range s.years {
			if p.Year == asked || strings.Contains(p.Breadcrumb+p.Lead+p.Text, asked) {
				return false
			}
		}
	}
	return true
}

// stated is the share of what is asked for in the sentences of the first passage that answer best.
func (s sought) stated(passages []Passage) float64 {
	read, c := s.readAll(passages)
	return s.best(read[0], c).met
}

// Confidence is how likely passages, as a Retriever gave them, are to answer a question, 0..1: what Ask compares with Sure.
func (a *Asker) Confidence(ctx context.Context, q Question, passages []Passage) float64 {
	if q.Language == "" || q.Language == "auto" {
		q.Language, _ = lexicon.Detect(q.Text, q.PageLanguage)
	}
	return confidence(newSought(q.Text, q.Language, a.Glossary(ctx, q.Tenant)), q.Language, passages)
}
