package desk

import (
	"context"
	"strings"
	"sync"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// approvedState are the approved answers of each tenant, ready to be compared, as of a sequence number of the store.
type approvedState struct {
	mu   sync.Mutex
	seq  int64
	held map[string][]served
}

type served struct {
	assistant.Approved
	gists []gist
}

// Trouble is why an approved answer is not given; empty when it is.
type Trouble string

// The troubles there are.
const (
	Withdrawn     Trouble = "withdrawn"
	Expired       Trouble = "expired"
	NoSource      Trouble = "no_source"
	SourceGone    Trouble = "source_gone"    // repealed, superseded, retired or no longer public
	SourceChanged Trouble = "source_changed" // in force, and no longer saying what was quoted
)

// Approved gives the answer that an office of the tenant, or of one above it, approved for a question: one that asks the same in the
// same language, has not expired, and whose sources are in force and still say what was quoted. nil when there is none.
func (d *Desk) Approved(ctx context.Context, q assistant.Question) (*assistant.Approved, error) {
	lineage, err := d.cfg.Records.Lineage(ctx, q.Tenant)
	if err != nil {
		return nil, err
	}
	asked := gistOf(q.Text, q.Language)
	for _, tenant := range lineage {
		list, err := d.approvedOf(ctx, tenant)
		if err != nil {
			return nil, err
		}
		for i := range list {
			if list[i].Language != q.Language || !anySame(asked, list[i].gists) {
				continue
			}
			a := list[i].Approved
			trouble, err := d.Check(ctx, q.Tenant, &a)
			if err != nil {
				return nil, err
			}
			if trouble == "" {
				return &a, nil
			}
		}
	}
	return nil, nil
}

func anySame(g gist, list []gist) bool {
	for _, one := range list {
		if g.same(one) {
			return true
		}
	}
	return false
}

// Check says why an approved answer is not given to the public of a tenant, and brings the places of its sources up to date.
func (d *Desk) Check(ctx context.Context, tenant string, a *assistant.Approved) (Trouble, error) {
	switch {
	case a.Withdrawn:
		return Withdrawn, nil
	case a.Expired(d.cfg.Now().Format(time.DateOnly)):
		return Expired, nil
	case len(a.Sources) == 0:
		return NoSource, nil
	case d.cfg.SourceText == nil:
		return "", nil
	}
	sources := make([]assistant.Citation, 0, len(a.Sources))
	for _, s := range a.Sources {
		text, err := d.cfg.SourceText(ctx, tenant, s.DocumentID)
		if fault.CodeOf(err) == fault.NotFound {
			return SourceGone, nil
		}
		if err != nil {
			return "", err
		}
		// Where the same words stand twice, the place that was meant is the nearest to where they stood.
		at := nearest(text, s.Quote, s.Start)
		if at < 0 {
			return SourceChanged, nil
		}
		s.Start, s.End = at, at+len(s.Quote)
		sources = append(sources, s)
	}
	a.Sources = sources
	return "", nil
}

func nearest(text, quote string, start int) int {
	best := -1
	for from := 0; quote != "" && from < len(text); {
		i := strings.Index(text[from:], quote)
		if i < 0 {
			break
		}
		if at := from + i; best < 0 || abs(at-start) < abs(best-start) {
			best = at
		}
		from += i + 1
	}
	return best
}

func abs(n int) int { return max(n, -n) }

func (d *Desk) approvedOf(ctx context.Context, tenant string) ([]served, error) {
	seq, err := d.cfg.Records.ApprovedSeq(ctx)
	if err != nil {
		return nil, err
	}
	c := &d.approved
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == nil || c.seq != seq {
		c.held, c.seq = map[string][]served{}, seq
	}
	if list, ok := c.held[tenant]; ok {
		return list, nil
	}
	all, err := d.cfg.Records.ApprovedList(ctx, tenant)
	if err != nil {
		return nil, err
	}
	list := make([]served, 0, len(all))
	for _, a := range all {
		s := served{Approved: a}
		for _, text := range append([]string{a.Question}, a.Wordings...) {
			s.gists = append(s.gists, gistOf(text, a.Language))
		}
		list = append(list, s)
	}
	c.held[tenant] = list
	return list, nil
}
