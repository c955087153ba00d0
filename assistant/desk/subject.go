package desk

import (
	"context"
	"math"

	"sportello/assistant/lexicon"
)

// Subject gives which subject of the tenant's offices a question is about, empty when none is: the one whose words are most in the
// question (in Italian, or as the glossary says them in Italian) and in the titles of the documents that answer it.
func (d *Desk) Subject(ctx context.Context, tenant, question, language string, titles []string) string {
	offices, err := d.cfg.Records.Contacts(ctx, tenant)
	if err != nil {
		d.cfg.Log.WarnContext(ctx, "the offices' subjects could not be read", "tenant", tenant, "error", err)
		return ""
	}
	asked, titled := d.wordsOf(question, language), wordsOfTitles(titles)
	best, most := "", 0.0
	for _, o := range offices {
		for _, s := range o.Subjects {
			terms := lexicon.Analyze(s)
			score := 0.0
			for _, t := range terms {
				if asked[t] {
					score += 2
				}
				if titled[t] {
					score++
				}
			}
			if score /= math.Sqrt(float64(max(len(terms), 1))); score > most {
				best, most = s, score
			}
		}
	}
	return best
}

// wordsOf gives the roots of a question's words, and those of the Italian words that stand for them.
func (d *Desk) wordsOf(question, language string) map[string]bool {
	out := map[string]bool{}
	for _, t := range lexicon.Query(question, language, d.glossary) {
		if language != "it" || t.Count > lexicon.ExpandedWeight {
			out[t.Text] = true
		}
	}
	return out
}

func wordsOfTitles(titles []string) map[string]bool {
	out := map[string]bool{}
	for _, title := range titles {
		for _, t := range lexicon.Analyze(title) {
			out[t] = true
		}
	}
	return out
}
