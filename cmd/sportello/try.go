package main

import (
	"context"
	"log/slog"

	"sportello/assistant"
	"sportello/assistant/turn"
	"sportello/ingest"
)

// oneDocument is a Retriever that gives the passages of one document and no other, as they are found among all: what is said of how
// well they fit the question stays what it is for everybody.
type oneDocument struct {
	assistant.Retriever
	document string
	most     int // passages looked at
	k        int // passages given
}

// Retrieve implements assistant.Retriever.
func (o oneDocument) Retrieve(ctx context.Context, q assistant.Question) ([]assistant.Passage, assistant.Timings, error) {
	q.K = o.most
	all, timings, err := o.Retriever.Retrieve(ctx, q)
	var own []assistant.Passage
	for _, p := range all {
		if p.DocumentID == o.document && len(own) < o.k {
			own = append(own, p)
		}
	}
	return own, timings, err
}

// try answers a question with one document, for a person who looks how it was read. Nothing of it is kept.
func (a *app) try(ctx context.Context, tenant, document, question string) (*assistant.Answer, error) {
	now := a.answering.Load()
	asker, err := assistant.NewAsker(assistant.AskerConfig{
		Retriever: oneDocument{now.retriever, document, 100, 10}, Library: a.store, Embedder: now.embedder, Generator: a.models.Generator, Names: a.names, Above: a.store.Above, Glossary: a.words.of,
		Log: slog.Default(),
	})
	if err != nil {
		return nil, err
	}
	return asker.Ask(turn.With(ctx, turn.Who{Tenant: tenant, Class: turn.Staff}), assistant.Question{Tenant: tenant, Text: question, Language: "it", Audience: ingest.Staff},
		func(assistant.Statement) error { return nil })
}
