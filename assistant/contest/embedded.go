package contest

import (
	"context"

	"sportello/assistant"
	"sportello/assistant/index"
	"sportello/assistant/lexicon"
)

// tenant is whose passages the embedded index is given.
const tenant = "contest"

// embedded is the product's own index, filled as it is from the store: all points of a tenant in one loading.
type embedded struct {
	x      *index.Index
	points chan assistant.Point
	loaded chan error
}

// Embedded opens the product's index.
func Embedded() Engine {
	e := &embedded{points: make(chan assistant.Point, 256), loaded: make(chan error, 1)}
	e.x = index.New(index.Config{Load: func(_ context.Context, _ string, yield func(assistant.Point) error) error {
		for p := range e.points {
			if err := yield(p); err != nil {
				return err
			}
		}
		return nil
	}})
	go func() {
		_, _, err := e.x.Count(context.Background(), tenant)
		e.loaded <- err
		for range e.points { // a loading that failed reads no more
		}
	}()
	return e
}

func (e *embedded) Add(p *Passage) error {
	point := assistant.Point{ID: p.ID, DocumentID: p.ID[:len(p.ID)-2], Tenant: tenant, Visibility: "public", Vector: p.Vector}
	if p.Text != "" {
		for _, t := range lexicon.Terms(p.Text) {
			point.Terms = append(point.Terms, assistant.Term(t))
		}
	}
	e.points <- point
	return nil
}

func (e *embedded) Finish() error {
	close(e.points)
	return <-e.loaded
}

func (e *embedded) Search(q Question, k int) ([]string, error) {
	query := assistant.IndexQuery{Tenants: []string{tenant}, Audience: "public", Vector: q.Vector, K: k}
	if q.Text != "" {
		for _, t := range lexicon.Query(q.Text, "it", nil) {
			query.Terms = append(query.Terms, assistant.Term(t))
		}
	}
	words, near, err := e.x.Search(context.Background(), query)
	hits := near
	if len(q.Vector) == 0 {
		hits = words
	}
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	return ids, err
}
