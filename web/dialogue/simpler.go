package dialogue

import (
	"context"
	"slices"
	"unicode/utf8"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/plain"
	"sportello/ingest"
)

// Stretch is a piece of a public document: bytes of its text.
type Stretch struct {
	Document   string // id
	Start, End int
}

// SimplerRequest asks for quotes in simpler words.
type SimplerRequest struct {
	Tenant   string
	Language string // of whoever reads
	Quotes   []Stretch
}

// Simpler is what quotes are in simpler words.
type Simpler struct {
	Quotes     []SimplerQuote
	Statements []assistant.Statement // of a model, verified; none without a model
}

// SimplerQuote is a quote taken apart: stretches of the same article together.
type SimplerQuote struct {
	assistant.Citation // Quote holds all the words, with […] between stretches
	*plain.Reading
}

const (
	mostStretches = 8
	mostBytes     = 6000 // of a stretch: twice the longest quote that an answer has
	elsewhere     = "\n[…]\n"
)

// Simpler takes quotes apart and lets a model, when there is one, say them in plain words. The words are read from the documents here:
// whoever asks only says where.
//
// Errors: fault.NotFound for what is not public, fault.Invalid for a stretch that is none. A model that fails is no error.
func (s *Service) Simpler(ctx context.Context, r SimplerRequest) (*Simpler, error) {
	if len(r.Quotes) == 0 || len(r.Quotes) > mostStretches {
		return nil, fault.New(fault.Invalid, "name between 1 and %d quotes", mostStretches)
	}
	out := &Simpler{}
	var passages []assistant.Passage
	for i, one := range r.Quotes {
		if slices.Contains(r.Quotes[:i], one) {
			continue
		}
		p, err := s.stretch(ctx, r.Tenant, one)
		if err != nil {
			return nil, err
		}
		passages = append(passages, p)
		out.add(p)
	}
	for i := range out.Quotes {
		out.Quotes[i].Reading = plain.Read(out.Quotes[i].Quote)
	}
	if s.cfg.Reworder == nil {
		return out, nil
	}
	if s.cfg.Desk != nil {
		var titles []string
		for _, p := range passages {
			titles = append(titles, p.Title)
		}
		if s.cfg.Desk.Closed(ctx, r.Tenant, "", r.Language, titles) != nil {
			return out, nil // the words of the documents stay
		}
	}
	entered, leave, err := s.enter(ctx, r.Tenant)
	if fault.CodeOf(err) == fault.Unavailable {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(entered, s.cfg.Timeout)
	defer cancel()
	out.Statements, err = s.cfg.Reworder.Reword(ctx, assistant.Question{Tenant: r.Tenant, Language: r.Language, Audience: ingest.Public}, passages)
	return out, err
}

// add joins a stretch to what stands in the same article already.
func (s *Simpler) add(p assistant.Passage) {
	for i := range s.Quotes {
		q := &s.Quotes[i]
		if q.DocumentID == p.DocumentID && q.Article == p.Article {
			q.Quote += elsewhere + p.Text
			q.Start, q.End = min(q.Start, p.Start), max(q.End, p.End)
			return
		}
	}
	s.Quotes = append(s.Quotes, SimplerQuote{Citation: assistant.Citation{
		Passage: p.ID, DocumentID: p.DocumentID, Document: p.Document, Title: p.Title, Article: p.Article, Rubric: p.Breadcrumb, Page: p.Page, Start: p.Start, End: p.End, Quote: p.Text,
	}})
}

// stretch reads a piece of a document.
func (s *Service) stretch(ctx context.Context, tenant string, one Stretch) (assistant.Passage, error) {
	d, err := s.cfg.Library.Document(ctx, tenant, one.Document)
	if err != nil {
		return assistant.Passage{}, err
	}
	if d.Visibility != ingest.Public {
		return assistant.Passage{}, fault.New(fault.NotFound, "there is no document %q", one.Document)
	}
	content, err := s.cfg.Library.Content(ctx, tenant, one.Document)
	if err != nil {
		return assistant.Passage{}, err
	}
	if one.Start < 0 || one.End <= one.Start || one.End > len(content.Text) || one.End-one.Start > mostBytes || !utf8.ValidString(content.Text[one.Start:one.End]) {
		return assistant.Passage{}, fault.New(fault.Invalid, "a quote is a stretch of a document's text, at most %d bytes long", mostBytes)
	}
	p := assistant.Passage{
		ID: one.Document, DocumentID: one.Document, Document: d.Source, Title: d.Title, Kind: d.Kind, Page: content.Page(one.Start),
		Start: one.Start, End: one.End, Text: content.Text[one.Start:one.End], Tenant: tenant,
	}
	for _, section := range content.Sections {
		if section.Kind == ingest.SecArticle && section.Start <= one.Start && one.Start < section.End {
			p.Article, p.Breadcrumb = section.Number, section.Rubric
		}
	}
	if p.Page > 0 {
		p.Pages = []int{p.Page}
	}
	return p, nil
}
