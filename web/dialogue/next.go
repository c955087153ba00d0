package dialogue

import (
	"context"
	"strings"

	"sportello/assistant"
	"sportello/ingest"
)

const (
	maxNext   = 3
	nearest   = 5 // passages of other documents that still are about the question
	neighbour = 2 // articles looked at on either side of the cited one
)

// next gives what may be asked after an answer, and is answered by a document that is there: other articles of the cited document that
// the search found, a form, the articles next to the cited one, and last what the search found elsewhere. A refusal gets none: what was
// found did not answer.
func (s *Service) next(ctx context.Context, tenant string, a *assistant.Answer) []Topic {
	if a.Status == assistant.Refused || len(a.Statements) == 0 {
		return nil
	}
	p := picker{taken: map[string]bool{}}
	for _, st := range a.Statements {
		for _, c := range st.Citations {
			p.taken[c.DocumentID+"#"+c.Article] = true
		}
	}
	first := a.Statements[0].Citations[0]
	for _, one := range a.Passages {
		if one.DocumentID == first.DocumentID && one.Form == nil {
			p.passage(one)
		}
	}
	for _, one := range a.Passages[:min(nearest, len(a.Passages))] {
		if one.Form != nil {
			p.passage(one)
			break
		}
	}
	if len(p.out) < maxNext && first.Article != "" {
		if d, err := s.cfg.Library.Content(ctx, tenant, first.DocumentID); err == nil {
			p.around(first, d)
		}
	}
	for _, one := range a.Passages[:min(nearest, len(a.Passages))] {
		p.passage(one)
	}
	return p.out
}

// picker collects topics, each once.
type picker struct {
	out   []Topic
	taken map[string]bool
}

func (p *picker) add(key string, t Topic) {
	words := strings.ToLower(t.Rubric + t.Purpose)
	if len(p.out) == maxNext || p.taken[key] || p.taken[words] || general[strings.ToLower(t.Rubric)] {
		return
	}
	p.taken[key], p.taken[words] = true, true
	p.out = append(p.out, t)
}

func (p *picker) passage(one assistant.Passage) {
	if t, ok := passageTopic(one); ok {
		p.add(one.DocumentID+"#"+one.Article, t)
	}
}

// around adds the articles after the cited one, then those before it.
func (p *picker) around(c assistant.Citation, d *ingest.Document) {
	var articles []ingest.Section
	at := -1
	for _, s := range d.Sections {
		if s.Kind != ingest.SecArticle {
			continue
		}
		if s.Number == c.Article && (at < 0 || c.Start >= s.Start && c.Start < s.End) {
			at = len(articles)
		}
		articles = append(articles, s)
	}
	if at < 0 {
		return
	}
	for _, step := range []int{1, -1} {
		for i := 1; i <= neighbour; i++ {
			if k := at + i*step; k >= 0 && k < len(articles) {
				if rubric := tidy(articles[k].Rubric); short(rubric) {
					p.add(c.DocumentID+"#"+articles[k].Number, Topic{Title: c.Title, Article: articles[k].Number, Rubric: rubric})
				}
			}
		}
	}
}
