package assistant

import (
	"context"
	"slices"
	"strings"
)

// putUnder puts what a quote is read under before it when that stands in another passage: "l) le occupazioni con vasi…" says nothing to who has
// not read "Sono esenti dal canone:", a row of figures nothing without the header of its table.
func (a *Asker) putUnder(ctx context.Context, answer *Answer) error {
	if a.Above == nil {
		return nil
	}
	for i := range answer.Statements {
		s := &answer.Statements[i]
		first := s.Citations[0]
		at := slices.IndexFunc(answer.Passages, func(p Passage) bool { return p.ID == first.Passage })
		if at < 0 {
			continue
		}
		p := answer.Passages[at]
		opening, _, _ := strings.Cut(first.Quote, "\n")
		if p.Lead == "" || !isPoint(opening) && !isRow(opening) {
			continue
		}
		start, page, found, err := a.Above(ctx, p)
		if err != nil {
			return err
		}
		if !found || Guard(p.Lead) != "" {
			continue
		}
		lead := first
		lead.Start, lead.End, lead.Page, lead.Quote = start, start+len(p.Lead), page, p.Lead
		s.Text = lead.Quote + "\n[…]\n" + s.Text
		s.Citations = slices.Insert(s.Citations, 0, lead)
	}
	return nil
}
