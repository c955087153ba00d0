package questions

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/ingest"
)

// errNotThere says that words do not stand in a document.
var errNotThere = errors.New("these words are not in the document")

// locate finds words in a public document that is in force and gives their place. Line ends and spaces may differ, since words are copied
// from a page; the quote is then what literally stands in the document.
func (p *pages) locate(ctx context.Context, tenant, id, words string) (assistant.Citation, error) {
	d, err := p.Library.Document(ctx, tenant, id)
	if err != nil {
		return assistant.Citation{}, err
	}
	if !d.InForce(p.Now().Format(time.DateOnly)) {
		return assistant.Citation{}, fault.New(fault.NotFound, "%s is not in force", d.Title)
	}
	content, err := p.Library.Content(ctx, tenant, id)
	if err != nil {
		return assistant.Citation{}, err
	}
	from, to := spanOf(content.Text, words)
	if from < 0 {
		return assistant.Citation{}, errNotThere
	}
	c := assistant.Citation{DocumentID: id, Document: d.Source, Title: d.Title, Start: from, End: to, Quote: content.Text[from:to]}
	for _, s := range content.Sections {
		if from < s.Start || from >= s.End {
			continue
		}
		c.EID = s.EID
		switch s.Kind {
		case ingest.SecArticle:
			c.Article = s.Number
		case ingest.SecAllegato:
			c.Article = strings.TrimSpace("Allegato " + s.Number)
		}
	}
	for _, start := range content.PageStarts {
		if start <= from {
			c.Page++
		}
	}
	return c, nil
}

func spanOf(text, words string) (from, to int) {
	if at := strings.Index(text, words); at >= 0 {
		return at, at + len(words)
	}
	fields := strings.Fields(strings.Trim(words, "«»“”\"…"))
	if len(fields) == 0 {
		return -1, -1
	}
	for i := range fields {
		fields[i] = regexp.QuoteMeta(fields[i])
	}
	re, err := regexp.Compile(strings.Join(fields, `\s+`))
	if err != nil {
		return -1, -1
	}
	if at := re.FindStringIndex(text); at != nil {
		return at[0], at[1]
	}
	return -1, -1
}
