package assistant

import (
	"strings"

	"sportello/assistant/lexicon"
)

// Near is a place that may be what somebody was looking for when there is no answer: shown by its title only, as "forse cercavi". What
// it says is not given as an answer.
type Near struct {
	DocumentID string
	Document   string // source
	Title      string
	Article    string
	Rubric     string // the last step of the breadcrumb: "Art. 12 Riduzioni"
	Page       int
	Start, End int // bytes of the passage in the document's text
}

const (
	nearShown  = 3
	nearOfOne  = 2  // of the same document
	nearLooked = 10 // passages
)

// nearMisses gives the places that share a good part of what a question is about, best first. What can be asked of anything ("quanto
// costa") and the name of the comune (own) say nothing of that.
func (f *followUps) nearMisses(q Question, own []string, passages []Passage) []Near {
	about := f.about(q.Text, q.Language, own)
	s := newSought(about, q.Language, f.glossary)
	var out []Near
	of, seen := map[string]int{}, map[string]bool{}
	for _, p := range passages[:min(nearLooked, len(passages))] {
		n := Near{DocumentID: p.DocumentID, Document: p.Document, Title: p.Title, Article: p.Article, Rubric: p.rubric(), Page: p.Page, Start: p.Start, End: p.End}
		key := p.Title + "\n" + n.Rubric
		if seen[key] || of[p.DocumentID] == nearOfOne || !s.near(p, len(strings.Fields(about)) > 1) {
			continue
		}
		seen[key] = true
		of[p.DocumentID]++
		if out = append(out, n); len(out) == nearShown {
			break
		}
	}
	return out
}

// within says whether all words of a text are in another: a page that is one article is named like it.
func within(text, other string) bool {
	have := termSet(other)
	for _, t := range lexicon.Analyze(text) {
		if !have[t] {
			return false
		}
	}
	return true
}

// near says whether a passage is worth a look: it holds half of what is sought and its title or rubric some of it, or it holds most
// of several words. One word somewhere in a long text tells nothing.
func (s sought) near(p Passage, several bool) bool {
	share := s.coverage(p.Title + "\n" + p.Breadcrumb + "\n" + p.Lead + "\n" + p.Text)
	return share >= halfOf && s.coverage(p.Title+"\n"+p.Breadcrumb) > 0 || several && share >= mostOf
}

// wordsOfEveryComune are in the names and the documents of all of them.
const wordsOfEveryComune = "comune comuni comunale comunali municipio municipale"

// about gives the words of a question that name its topic; the whole of it in a language without lists.
func (f *followUps) about(question, language string, own []string) string {
	if f.words[language] == nil || language == "ar" || language == "zh" {
		return question
	}
	names := termSet(wordsOfEveryComune + " " + strings.Join(own, " "))
	var out []string
	for _, w := range f.cut(question, language).words {
		if w.class != topicWord && w.class != matterWord {
			continue
		}
		if terms := lexicon.Analyze(w.folded); len(terms) == 0 || names[terms[0]] {
			continue
		}
		out = append(out, w.folded)
	}
	return strings.Join(out, " ")
}
