package assistant

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"sportello/assistant/lexicon"
)

// wanted is what a question asks of a search, understood without a model.
type wanted struct {
	language  string
	terms     []lexicon.Term
	wordShare float64  // what the word leg can add to closeness
	at        string   // ISO date whose rules are searched, empty: of any day
	articles  []string // "26-bis"
	acts      []string // "28/2021"
	years     []string // years asked about, those of acts left out
}

// What the word leg adds to closeness, by language of the question. Documents are Italian: for a question in another language the
// word leg sees names, numbers and what the glossary translates. The figures are in ABLATION.md; they lie in the middle of a wide range in
// which none of the sets changes by more than a hundredth.
const (
	shareItalian = 0.40
	shareLatin   = 0.25
	shareOther   = 0.25 // no word of the question itself is in an Italian document: what is found is found by a name or the glossary
)

// understand reads a question. The rules of today are searched unless it names a day or a year that is over.
func understand(q Question, g *lexicon.Glossary, now time.Time) wanted {
	prior := q.PageLanguage
	if q.Language != "" && q.Language != "auto" {
		prior = q.Language
	}
	w := wanted{at: q.At}
	w.language, _ = lexicon.Detect(q.Text, prior)
	w.terms = lexicon.Query(q.Text, w.language, g)
	switch {
	case w.language == "it":
		w.wordShare = shareItalian
	case lexicon.Latin(q.Text):
		w.wordShare = shareLatin
	default:
		w.wordShare = shareOther
	}
	w.years, w.acts = yearsAndActs(w.terms)
	for _, t := range w.terms {
		if n, ok := strings.CutPrefix(t.Text, "art:"); ok {
			w.articles = append(w.articles, n)
		}
	}
	if w.at == "" {
		w.at = now.Format(time.DateOnly)
		if thisYear := strconv.Itoa(now.Year()); slices.ContainsFunc(w.years, func(y string) bool { return y < thisYear }) {
			w.at = "" // what was in force then is wanted, although it is over
		}
	}
	return w
}

// yearsAndActs gives the years a question asks about, those of the acts it names left out, and these acts by number and year.
func yearsAndActs(terms []lexicon.Term) (years, acts []string) {
	ofActs := map[string]bool{}
	for _, t := range terms {
		if n, ok := strings.CutPrefix(t.Text, "act:"); ok {
			if _, year, ok := strings.Cut(n, "/"); ok {
				ofActs[year] = true
				acts = append(acts, n)
			}
		}
	}
	for _, t := range terms {
		if isYear(t.Text) && !ofActs[t.Text] {
			years = append(years, t.Text)
		}
	}
	return years, acts
}

func isYear(s string) bool {
	return len(s) == 4 && (strings.HasPrefix(s, "19") || strings.HasPrefix(s, "20")) && strings.Trim(s, "0123456789") == ""
}
