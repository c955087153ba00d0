package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/ingest"
)

var _ assistant.Library = (*Store)(nil)

// Lineage gives the tenant's slug and then its ancestors', the nearest first. It is part of assistant.Library.
func (s *Store) Lineage(ctx context.Context, tenant string) ([]string, error) {
	line, err := s.lineage(ctx, s.reader, tenant)
	return line, s.fail(err)
}

func (s *Store) lineage(ctx context.Context, q querier, tenant string) ([]string, error) {
	rows, err := q.QueryContext(ctx, s.sql["tenant_lineage"], tenant)
	if err != nil {
		return nil, err
	}
	line, err := collect(rows, func(row scanner) (slug string, err error) { return slug, row.Scan(&slug) })
	if err != nil {
		return nil, err
	}
	if len(line) == 0 {
		return nil, fault.New(fault.NotFound, "there is no tenant %q: add it with sportello tenant add", tenant)
	}
	return line, nil
}

// passageBatch is how many passages one statement gives. The statement is always the same, and so is prepared once.
const passageBatch = 64

// Passages gives the passages among ids that q may see, in the order of ids. It is part of assistant.Library, whose
// comment is the rule; of the documents of q.Tenants after the first, only those are given that their owner shares and whose place no
// nearer one takes.
func (s *Store) Passages(ctx context.Context, q assistant.IndexQuery, ids []string) ([]assistant.Passage, error) {
	found := make(map[string]*assistant.Passage, len(ids))
	for batch := range slices.Chunk(ids, passageBatch) {
		if err := s.passages(ctx, q, batch, found); err != nil {
			return nil, s.fail(err)
		}
	}
	passages := make([]assistant.Passage, 0, len(found))
	for _, id := range ids {
		if p, ok := found[id]; ok {
			passages = append(passages, *p)
			delete(found, id) // an id given twice is one passage
		}
	}
	return passages, nil
}

// passages puts a batch of them in found. Chunks are read before the documents that decide whether they are live, so
// that what is repealed in between is not given.
func (s *Store) passages(ctx context.Context, q assistant.IndexQuery, ids []string, found map[string]*assistant.Passage) error {
	rows, err := s.chunksBy.QueryContext(ctx, padded(ids)...)
	if err != nil {
		return err
	}
	hits, err := collect(rows, scanHit)
	if err != nil || len(hits) == 0 {
		return err
	}
	versions := make([]int64, len(hits))
	for i, h := range hits {
		versions[i] = h.version
	}
	slices.Sort(versions)
	rows, err = s.ownersBy.QueryContext(ctx, padded(slices.Compact(versions))...)
	if err != nil {
		return err
	}
	owners, err := collect(rows, scanOwner)
	if err != nil {
		return err
	}
	taken, err := s.overrides(ctx, q.Tenants)
	if err != nil {
		return err
	}
	seen := make(map[int64]*owner, len(owners))
	for i := range owners {
		if owners[i].seenBy(q) && !taken.in(owners[i].passage.DocumentID, q.At) {
			seen[owners[i].version] = &owners[i]
		}
	}
	for i := range hits {
		if o := seen[hits[i].version]; o != nil {
			found[hits[i].passage.ID] = o.fill(&hits[i].passage)
		}
	}
	return nil
}

// Above finds where the Lead of a passage stands in its document, and on which page; found is false when the document has it in other
// words, or is no longer the one that the passage was read from.
func (s *Store) Above(ctx context.Context, p assistant.Passage) (start, page int, found bool, err error) {
	d, err := s.Content(ctx, p.Tenant, p.DocumentID)
	if fault.CodeOf(err) == fault.NotFound {
		return 0, 0, false, nil
	}
	if err != nil {
		return 0, 0, false, err
	}
	if p.Lead == "" || p.End > len(d.Text) || d.Text[p.Start:p.End] != p.Text {
		return 0, 0, false, nil
	}
	start = strings.LastIndex(d.Text[:p.Start], p.Lead)
	return start, d.Page(start), start >= 0, nil
}

// padded makes the arguments of a statement for passageBatch values; those that are wanting match nothing.
func padded[T any](values []T) []any {
	args := make([]any, passageBatch)
	for i, v := range values {
		args[i] = v
	}
	return args
}

// hit is a passage as its chunk knows it.
type hit struct {
	passage assistant.Passage
	version int64
}

func scanHit(row scanner) (h hit, err error) {
	var body sql.RawBytes
	var last int
	p := &h.passage
	if err := row.Scan(&p.ID, &h.version, &p.Article, &p.EID, &p.Breadcrumb, &p.Lead, &p.Page, &last, &p.Start, &p.End, &body); err != nil {
		return h, err
	}
	if p.End < p.Start || p.End-p.Start > len(body) {
		return h, damaged("passage")
	}
	p.Text = string(body[len(body)-(p.End-p.Start):]) // the end of what is indexed, see ingest.Document.Indexed
	for page := p.Page; page > 0 && page <= last; page++ {
		p.Pages = append(p.Pages, page)
	}
	return h, nil
}

// owner is what the passages of a live document have in common, with what decides who sees them.
type owner struct {
	version    int64
	passage    assistant.Passage
	shared     bool
	visibility ingest.Visibility
}

func scanOwner(row scanner) (o owner, err error) {
	var approval, form []byte
	p := &o.passage
	if err := row.Scan(&o.version, &p.DocumentID, &p.Document, &p.Title, &p.Kind, &p.Format, &approval, &p.ValidFrom, &p.ValidTo,
		&p.Year, &p.Tenant, &form, &o.shared, &o.visibility); err != nil {
		return o, err
	}
	if err := json.Unmarshal(approval, &p.Approval); err != nil {
		return o, err
	}
	p.Form, err = readForm(form)
	return o, err
}

// seenBy says whether a query may see the document. Days are compared as text, which ISO 8601 is made for.
func (o *owner) seenBy(q assistant.IndexQuery) bool {
	p := &o.passage
	at := slices.Index(q.Tenants, p.Tenant)
	switch {
	case at < 0, at > 0 && !o.shared:
		return false
	case o.visibility != ingest.Public && q.Audience != ingest.Staff:
		return false
	case q.At == "":
		return true
	}
	return (p.ValidFrom == "" || p.ValidFrom <= q.At) && (p.ValidTo == "" || q.At <= p.ValidTo)
}

// fill completes a passage with what its document knows.
func (o *owner) fill(p *assistant.Passage) *assistant.Passage {
	d := &o.passage
	p.DocumentID, p.Document, p.Title, p.Kind, p.Format = d.DocumentID, d.Document, d.Title, d.Kind, d.Format
	p.Approval, p.ValidFrom, p.ValidTo, p.Year, p.Tenant, p.Form = d.Approval, d.ValidFrom, d.ValidTo, d.Year, d.Tenant, d.Form
	return p
}
