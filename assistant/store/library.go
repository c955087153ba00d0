package store

import (
	"context"
	"encoding/json"
	"slices"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/ingest"
)

var _ assistant.Library = (*Store)(nil)

// Lineage gives the tenant's slug and then its ancestors', the nearest first. It is part of assistant.Library.
func (s *Store) Lineage(ctx context.Context, tenant string) ([]string, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["tenant_lineage"], tenant)
	if err != nil {
		return nil, s.fail(err)
	}
	line, err := collect(rows, func(row scanner) (slug string, err error) { return slug, row.Scan(&slug) })
	if err != nil {
		return nil, s.fail(err)
	}
	if len(line) == 0 {
		return nil, fault.New(fault.NotFound, "there is no tenant %q: add it with sportello tenant add", tenant)
	}
	return line, nil
}

// passageBatch bounds the parameters of one statement.
const passageBatch = 500

// Passages gives the passages among ids that q may see, in the order of ids. It is part of assistant.Library, whose
// comment is the rule; of the documents of q.Tenants after the first, only those are given that their owner shares.
func (s *Store) Passages(ctx context.Context, q assistant.IndexQuery, ids []string) ([]assistant.Passage, error) {
	found := make(map[string]assistant.Passage, len(ids))
	for batch := range slices.Chunk(ids, passageBatch) {
		args := make([]any, len(batch))
		for i, id := range batch {
			args[i] = id
		}
		rows, err := s.reader.QueryContext(ctx, list(s.sql["passages"], 1, len(batch)), args...)
		if err != nil {
			return nil, s.fail(err)
		}
		hits, err := collect(rows, scanHit)
		if err != nil {
			return nil, s.fail(err)
		}
		for _, h := range hits {
			if h.seenBy(q) {
				found[h.passage.ID] = h.passage
			}
		}
	}
	passages := make([]assistant.Passage, 0, len(found))
	for _, id := range ids {
		if p, ok := found[id]; ok {
			passages = append(passages, p)
			delete(found, id) // an id given twice is one passage
		}
	}
	return passages, nil
}

// hit is a live passage with what decides who sees it.
type hit struct {
	passage    assistant.Passage
	shared     bool
	visibility ingest.Visibility
}

// seenBy says whether a query may see the passage. Days are compared as text, which ISO 8601 is made for.
func (h *hit) seenBy(q assistant.IndexQuery) bool {
	p := &h.passage
	owner := slices.Index(q.Tenants, p.Tenant)
	switch {
	case owner < 0, owner > 0 && !h.shared:
		return false
	case h.visibility != ingest.Public && q.Audience != ingest.Staff:
		return false
	case q.At == "":
		return true
	}
	return (p.ValidFrom == "" || p.ValidFrom <= q.At) && (p.ValidTo == "" || q.At <= p.ValidTo)
}

func scanHit(row scanner) (h hit, err error) {
	var approval, form, body []byte
	var last int
	p := &h.passage
	if err := row.Scan(&p.ID, &p.DocumentID, &p.Document, &p.Title, &p.Kind, &p.Format, &p.Article, &p.EID, &p.Breadcrumb,
		&p.Lead, &p.Page, &last, &p.Start, &p.End, &approval, &p.ValidFrom, &p.ValidTo, &p.Year, &p.Tenant, &form, &body,
		&h.shared, &h.visibility); err != nil {
		return h, err
	}
	if p.End < p.Start || p.End-p.Start > len(body) {
		return h, damaged("passage")
	}
	p.Text = string(body[len(body)-(p.End-p.Start):]) // the end of what is indexed, see ingest.Document.Indexed
	for page := p.Page; page > 0 && page <= last; page++ {
		p.Pages = append(p.Pages, page)
	}
	if err := json.Unmarshal(approval, &p.Approval); err != nil {
		return h, err
	}
	p.Form, err = readForm(form)
	return h, err
}
