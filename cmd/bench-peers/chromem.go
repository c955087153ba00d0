package main

import (
	"context"
	"errors"

	"github.com/philippgille/chromem-go"
)

// chromemEngine is chromem-go in memory, given vectors and no texts.
type chromemEngine struct{ c *chromem.Collection }

func newChromem() (engine, error) {
	c, err := chromem.NewDB().CreateCollection("contest", nil, func(context.Context, string) ([]float32, error) {
		return nil, errors.New("vectors are given, none is to be made")
	})
	return &chromemEngine{c}, err
}

func (e *chromemEngine) add(p *passage) error {
	return e.c.AddDocument(context.Background(), chromem.Document{ID: p.ID, Embedding: p.Vector, Content: "-"})
}

func (e *chromemEngine) finish() error { return nil }

func (e *chromemEngine) search(ctx context.Context, q question, k int) ([]string, error) {
	r, err := e.c.QueryEmbedding(ctx, q.Vector, k, nil, nil)
	var ids []string
	for _, h := range r {
		ids = append(ids, h.ID)
	}
	return ids, err
}

func (e *chromemEngine) close() error { return nil }
