package assistant

import (
	"math"
	"strings"

	"sportello/assistant/lexicon"
	"sportello/ingest"
)

// signals are what speaks for a passage once its text is read. Each is about 0..1.
type signals struct {
	near     float64 // closeness in meaning
	word     float64 // BM25, as a share of what a full match would get
	answer   float64 // value of the two or three sentences that answer best
	asked    float64 // share of the kinds of fact that the question asks for and it states; half when none is asked for
	form     float64 // a form, when a form is asked for
	short    float64 // how much there is to read: a title and a date answer nothing
	pairs    float64 // share of the question's neighbouring words that stand near each other in it
	document float64 // how much else of its document was found, against the best document
}

// perSignal is what each is worth. The proportions are those of a listwise regression on the development questions, rounded; what is
// lost without any one of them, with the weights fitted on four fifths of the questions and the rest asked, is in ABLATION.md.
// Headings, and the share of the question in all of a passage, brought nothing beside these.
// For a question in another language words count less, and sentences not at all: they see names and what the glossary translates.
var (
	perSignal        = signals{near: 1.2, word: 0.25, answer: 0.08, asked: 0.08, form: 0.17, short: 0.07, document: 0.06, pairs: 0.05}
	perSignalForeign = signals{near: 1.2, word: 0.18, asked: 0.06, form: 0.17, short: 0.12, document: 0.03}
)

func (g signals) sum(w signals) float64 {
	return g.near*w.near + g.word*w.word + g.answer*w.answer + g.asked*w.asked + g.form*w.form + g.short*w.short + g.document*w.document + g.pairs*w.pairs
}

// readAtLeast is how many words a passage has that is not counted as short.
const readAtLeast = 60

// depthOfDocument is how many of the passages found speak for their document.
const depthOfDocument = 20

// rank reads the passages that were found and orders them by what speaks for them. Word search and vectors see a passage as one
// bag; here its sentences count, and what they state. words and near are the hits of the legs, full what the word leg would give
// to a passage with all the words.
func rank(s sought, passages []Passage, words, near []Hit, full float64) {
	read, c := s.readAll(passages)
	documents, top := map[string]float64{}, 0.0
	for i := range passages {
		if i < depthOfDocument {
			documents[passages[i].DocumentID] += max(passages[i].Score, 0)
			top = max(top, documents[passages[i].DocumentID])
		}
	}
	neighbours := s.neighbours(c)
	per := perSignal
	if s.foreign {
		per = perSignalForeign
	}
	for i := range passages {
		p := &passages[i]
		g := signals{near: p.NearScore, answer: s.best(read[i], c).value(), asked: 0.5}
		g.pairs = neighbours.in(p)
		if g.near == 0 && len(near) > 0 {
			g.near = near[len(near)-1].Score // at most as near as the last that was found
		}
		if len(words) > 0 {
			g.word = min(p.WordScore*lexicon.FullWeight/math.Sqrt(words[0].Score*full), sureMost)
		}
		if len(s.asks) > 0 {
			g.asked = s.met(read[i].kinds)
		}
		if s.form && p.Kind == ingest.Modulo {
			g.form = 1
		}
		g.short = min(float64(len(strings.Fields(p.Text))), readAtLeast) / readAtLeast
		if top > 0 {
			g.document = documents[p.DocumentID] / top
		}
		p.Score = g.sum(per)
	}
}
