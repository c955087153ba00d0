package main

import (
	"context"
	"log/slog"

	"sportello/assistant"
	"sportello/assistant/index"
	"sportello/ingest"
)

// try answers a question with the passages of one document and no other: the same way of searching and quoting, over an index
// that holds nothing else. Nothing of it is kept.
func (a *app) try(ctx context.Context, tenant, document, question string) (*assistant.Answer, error) {
	x := index.New(index.Config{Load: func(ctx context.Context, of string, yield func(assistant.Point) error) error {
		if of != tenant {
			return nil
		}
		points, err := a.store.Points(ctx, tenant, document, a.modelName())
		if err != nil {
			return err
		}
		for _, p := range points {
			if err := yield(p); err != nil {
				return err
			}
		}
		return nil
	}})
	defer release(x)
	retriever, err := assistant.NewRetriever(assistant.RetrieverConfig{Index: x, Library: a.store, Embedder: a.embedder, Log: slog.Default()})
	if err != nil {
		return nil, err
	}
	asker, err := assistant.NewAsker(assistant.AskerConfig{
		Retriever: retriever, Library: a.store, Embedder: a.embedder, Generator: a.models.Generator, Names: a.names, Log: slog.Default(),
	})
	if err != nil {
		return nil, err
	}
	return asker.Ask(ctx, assistant.Question{Tenant: tenant, Text: question, Language: "it", Audience: ingest.Staff},
		func(assistant.Statement) error { return nil })
}
