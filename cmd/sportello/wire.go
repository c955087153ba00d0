package main

import (
	"context"
	"errors"
	"io"

	"sportello/assistant"
	"sportello/assistant/desk"
	"sportello/assistant/index"
	"sportello/assistant/lexicon"
	"sportello/assistant/mail"
	"sportello/assistant/model"
	"sportello/assistant/qdrant"
	"sportello/assistant/store"
	"sportello/assistant/webhook"
	"sportello/locales"
	"sportello/web/staff"
)

// app is a wired Sportello: what the commands that search and answer work with.
type app struct {
	cfg         *config
	store       *store.Store
	models      *model.Set
	*generation           // of the configuration's embedding model
	answering   answering // the generation that answers what serve is asked: that one, or an earlier one for a while
	desk        *desk.Desk
	sender      *mail.Sender // nil: no e-mail is configured
	words       *words
	hooks       *webhook.Sender
	locales     *locales.Catalogue
	staff       *staff.Console // made by console
}

// openStore opens the store for the commands that need nothing else.
func (s *session) openStore(ctx context.Context) (*store.Store, error) {
	return store.Open(ctx, s.cfg.storeConfig())
}

// terms is the lexicon's analysis in the type that the store and the indexes know.
func terms(text string) []assistant.Term {
	found := lexicon.Terms(text)
	out := make([]assistant.Term, len(found))
	for i, t := range found {
		out[i] = assistant.Term(t)
	}
	return out
}

// open wires everything from the configuration. Models that cannot be had are left out: search goes by words then.
func (s *session) open(ctx context.Context) (*app, error) {
	st, err := s.openStore(ctx)
	if err != nil {
		return nil, err
	}
	a := &app{cfg: s.cfg, store: st}
	if err := a.wire(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// openCurrent is open with the index in line with the store, for a command that asks at once.
func (s *session) openCurrent(ctx context.Context) (*app, error) {
	a, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	if err := a.follower.CatchUp(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *app) wire(ctx context.Context) (err error) {
	if a.locales, err = locales.New(); err != nil {
		return err
	}
	if a.models, err = a.openModels(ctx); err != nil {
		return err
	}
	if a.cfg.tap != nil {
		a.cfg.tap(a.models)
	}
	a.words = newWords(a.store)
	if a.desk, err = a.newDesk(); err != nil {
		return err
	}
	if a.hooks, err = a.webhooks(); err != nil {
		return err
	}
	if a.generation, err = a.newGeneration(ctx, a.models.Embedder); err == nil {
		a.answering.Store(a.generation)
	}
	return err
}

// openModels opens the models of the configuration, with the store as the account of what they take.
func (a *app) openModels(ctx context.Context) (*model.Set, error) {
	c := a.cfg.modelConfig(a.store.Dir())
	c.Ledger = a.store
	return model.Open(ctx, c)
}

// openIndex gives an index of a kind.
func (a *app) openIndex(ctx context.Context, kind string, embedder assistant.Embedder) (assistant.Index, error) {
	if kind == qdrantIndex {
		return a.openQdrant(ctx, embedder)
	}
	name := (&generation{embedder: embedder}).model()
	return index.New(index.Config{Load: func(ctx context.Context, tenant string, yield func(assistant.Point) error) error {
		return a.store.EachPoint(ctx, tenant, name, yield)
	}}), nil
}

// openQdrant connects to the server. A new collection starts empty and is filled by the follower, from the first change on.
func (a *app) openQdrant(ctx context.Context, embedder assistant.Embedder) (assistant.Index, error) {
	c := qdrant.Config{
		Address: a.cfg.Qdrant.Address, APIKey: a.cfg.Qdrant.APIKey, TLS: a.cfg.Qdrant.TLS, Collection: a.cfg.Qdrant.Collection,
		Shards: a.cfg.Qdrant.Shards, Replicas: a.cfg.Qdrant.Replicas, WriteConsistency: a.cfg.Qdrant.WriteConsistency,
		Exact: a.cfg.Qdrant.Exact, Model: (&generation{embedder: embedder}).model(),
	}
	if embedder != nil {
		c.Dims = func(ctx context.Context) (int, error) {
			v, err := embedder.EmbedQuery(ctx, "dimensioni")
			return len(v), err
		}
	}
	x, err := qdrant.New(ctx, c)
	if err != nil {
		return nil, err
	}
	if x.Made() {
		return x, a.store.SetCursor(ctx, x.Collection(), 0)
	}
	return x, nil
}

// formal tells whether a tenant chose to address people formally.
func (a *app) formal(ctx context.Context, tenant string) bool {
	tone, _, err := a.store.Setting(ctx, tenant, store.SettingTone)
	return err == nil && tone.Value == "formal"
}

// names gives what a tenant and its ancestors are called, so that a question that names one of them is not about "another comune".
func (a *app) names(ctx context.Context, tenant string) []string {
	lineage, err := a.store.Lineage(ctx, tenant)
	if err != nil {
		return nil
	}
	var names []string
	for _, slug := range lineage {
		if t, err := a.store.Tenant(ctx, slug); err == nil {
			names = append(names, t.Name)
		}
	}
	return names
}

// release closes what a command no longer needs, on its way out. What it stored is committed by then and an index can be made
// again, so an error here takes nothing back.
func release(c io.Closer) { _ = c.Close() }

// Close lets go of everything, in the order that lets each finish.
func (a *app) Close() error {
	var errs []error
	if a.generation != nil {
		errs = append(errs, a.index.Close())
	}
	if a.models != nil {
		errs = append(errs, a.models.Close())
	}
	return errors.Join(append(errs, a.store.Close())...)
}
