package index

import (
	"context"

	"sportello/assistant"
	"sportello/ingest"
)

// Roots implements assistant.Speller. A root may come more than once.
func (x *Index) Roots(ctx context.Context, q assistant.IndexQuery, yield func(root string) bool) error {
	for _, name := range q.Tenants {
		sn, err := x.snapshot(ctx, name)
		if err != nil {
			return err
		}
		for _, p := range sn.parts {
			for root := range p.terms {
				if !yield(root) {
					return nil
				}
			}
		}
	}
	return ctx.Err()
}

// Holding implements assistant.Speller.
func (x *Index) Holding(ctx context.Context, q assistant.IndexQuery, root string) (int, error) {
	f := filter{staff: q.Audience == ingest.Staff, at: day(q.At)}
	n := 0
	for _, name := range q.Tenants {
		sn, err := x.snapshot(ctx, name)
		if err != nil {
			return 0, err
		}
		for i := range sn.parts {
			p := &sn.parts[i]
			for _, post := range p.list(root) {
				if f.admits(p, int(post>>8)) {
					n++
				}
			}
		}
	}
	return n, nil
}
