package assistant

import "sort"

// citations gives, for each passage that a statement rests on, the smallest run of its sentences that holds what the
// statement takes from it. Start and End are bytes of the document's text, Quote is the span between them.
func (e *evidence) citations(toks []claimToken, at []placed) []Citation {
	type run struct{ first, last int }
	runs := map[int]*run{}
	grow := func(u int) {
		p := e.units[u].passage
		if r := runs[p]; r == nil {
			runs[p] = &run{u, u}
		} else {
			r.first, r.last = min(r.first, u), max(r.last, u)
		}
	}
	weights := supportOf(toks, at)
	heaviest, most := -1, 0.0
	for u, w := range weights {
		if w > most || w == most && u < heaviest {
			heaviest, most = u, w
		}
		if w >= 1 {
			grow(u)
		}
	}
	if heaviest >= 0 {
		grow(heaviest)
	}
	for i := range at {
		if toks[i].fact != nil && at[i].where == inUnit && at[i].pos >= 0 {
			grow(at[i].unit)
		}
	}
	var order []int
	for p := range runs {
		order = append(order, p)
	}
	sort.Ints(order)
	var out []Citation
	for _, n := range order {
		p := &e.passages[n]
		start, end := e.units[runs[n].first].start, e.units[runs[n].last].end
		out = append(out, Citation{
			Passage: p.ID, DocumentID: p.DocumentID, Document: p.Document, Title: p.Title, Article: p.Article, EID: p.EID, Page: p.Page,
			Start: p.Start + start, End: p.Start + end, Quote: p.Text[start:end],
		})
	}
	return out
}
