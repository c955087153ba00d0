package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"sportello/assistant"
	"sportello/assistant/energy"
	"sportello/assistant/fault"
	"sportello/assistant/model"
	"sportello/assistant/turn"
	"sportello/ingest"
)

// generation is what finds and answers with the vectors of one embedding model, or with words alone.
type generation struct {
	kind      string             // of the index
	embedder  assistant.Embedder // nil: words alone
	index     assistant.Index
	follower  *assistant.Follower // keeps the index in line with the store
	retriever assistant.Retriever
	asker     *assistant.Asker
}

// newGeneration wires what answers with an embedder's vectors.
func (a *app) newGeneration(ctx context.Context, embedder assistant.Embedder) (g *generation, err error) {
	kind, err := a.wantedIndex(ctx)
	if err != nil {
		return nil, err
	}
	return a.newGenerationOn(ctx, kind, embedder)
}

// newGenerationOn is newGeneration on an index of a kind.
func (a *app) newGenerationOn(ctx context.Context, kind string, embedder assistant.Embedder) (g *generation, err error) {
	g = &generation{kind: kind, embedder: embedder}
	if g.index, err = a.openIndex(ctx, kind, embedder); err != nil {
		return nil, err
	}
	if err = a.wireGeneration(ctx, g); err != nil {
		return nil, errors.Join(err, g.index.Close())
	}
	return g, nil
}

func (a *app) wireGeneration(ctx context.Context, g *generation) (err error) {
	if g.follower, err = a.newFollower(ctx, g); err != nil {
		return err
	}
	asking := assistant.DiscreetEmbedder(g.embedder)
	hybrid, err := assistant.NewRetriever(assistant.RetrieverConfig{Index: g.index, Library: a.store, Embedder: asking, Glossary: a.words.of, Log: slog.Default()})
	if err != nil {
		return err
	}
	g.retriever = hybrid
	if a.models.Reranker != nil {
		g.retriever = assistant.NewReranked(assistant.RerankConfig{
			Retriever: g.retriever, Reranker: assistant.DiscreetReranker(a.models.Reranker), Passages: a.cfg.Rerank.Passages,
			Deadline: time.Duration(a.cfg.Rerank.Seconds) * time.Second, Log: slog.Default(),
		})
	}
	c := assistant.AskerConfig{
		Approved:  a.desk.Approved,
		Retriever: g.retriever, Library: a.store, Embedder: asking, Generator: assistant.DiscreetGenerator(a.models.Generator), Names: a.names, Above: a.store.Above, Glossary: a.words.of, Formal: a.formal, Log: slog.Default(),
		Spell:           hybrid.Spell,
		GenerateTimeout: time.Duration(a.cfg.Chat.Seconds) * time.Second, KeepDir: a.models.KeepDir(),
	}
	if rewriter, ok := a.models.Generator.(assistant.Rewriter); ok && a.cfg.Conversation.Rewrite {
		c.Rewriter = assistant.DiscreetRewriter(rewriter)
	}
	if reworder, ok := a.models.Generator.(assistant.Reworder); ok {
		c.Reworder = reworder
	}
	g.asker, err = assistant.NewAsker(c)
	return err
}

// model identifies the vectors in use; without an embedding model there are none.
func (g *generation) model() string {
	if g.embedder == nil {
		return ""
	}
	return g.embedder.Model()
}

// earlier is the generation before that of the configuration, which goes on answering until all the new vectors are there.
type earlier struct {
	*generation
	models *model.Set
}

func (e *earlier) Close() error { return errors.Join(e.index.Close(), e.models.Close()) }

const (
	vectorsInUse = "vectors"       // under which name the store remembers how the vectors that answer are made
	changeEvery  = 2 * time.Second // between two looks whether the new ones are all there
	changeGrace  = 3 * time.Minute // longer than an answer takes: those under way end with the vectors they began with
)

// openEarlier gives the generation that answered last, when the configuration names another embedding model whose vectors are not all
// there; nil when there is none or it cannot be had any more: words find alone then what has no new vector yet.
func (a *app) openEarlier(ctx context.Context) (*earlier, error) {
	if a.embedder == nil {
		return nil, nil
	}
	waiting, err := a.store.PendingCount(ctx, a.model())
	if err != nil {
		return nil, err
	}
	kept, err := a.store.Remembered(ctx, vectorsInUse)
	if err != nil {
		return nil, err
	}
	if kept == "" || waiting == 0 {
		return nil, a.rememberVectors(ctx)
	}
	var last model.Vectors
	if err := json.Unmarshal([]byte(kept), &last); err != nil {
		return nil, fault.Wrap(fault.Broken, err, "how vectors are made could not be read")
	}
	if last.Identity == a.model() {
		return nil, nil
	}
	models, err := model.OpenEarlier(ctx, a.cfg.modelConfig(a.store.Dir()), last)
	if err != nil {
		slog.Warn("the embedding model that was in use cannot be used any more: until the new vectors are made, search goes by words", "error", err)
		return nil, nil
	}
	g, err := a.newGeneration(ctx, models.Embedder)
	if err != nil {
		return nil, errors.Join(err, models.Close())
	}
	slog.Info("another embedding model: the earlier one answers until the new vectors are made", "texts", waiting)
	return &earlier{g, models}, nil
}

// rememberVectors tells later processes how the vectors that answer from now on are made.
func (a *app) rememberVectors(ctx context.Context) error {
	b, err := json.Marshal(a.models.Vectors())
	if err != nil {
		return err
	}
	return a.store.Remember(ctx, vectorsInUse, string(b))
}

// changeOver waits until every text has a vector of the configuration's model, reads the new index, and lets it answer. Nothing that was
// found before is missing at any moment, and no question waits for it.
func (a *app) changeOver(ctx context.Context, e *earlier) {
	for {
		err := a.ready(ctx)
		if err == nil {
			break
		}
		if ctx.Err() == nil && !errors.Is(err, errWaiting) {
			slog.Warn("the new vectors could not be taken into use; trying again", "error", err)
		}
		if !pause(ctx, changeEvery) {
			return
		}
	}
	a.answering.Store(a.generation)
	slog.Info("the new vectors are in use")
	if err := a.rememberVectors(ctx); err != nil {
		slog.Warn("which vectors are in use could not be noted: the next start looks again", "error", err)
	}
	pause(ctx, changeGrace)
}

var errWaiting = errors.New("not all vectors are there")

// ready makes the generation of the configuration able to answer all that the earlier one does; errWaiting while vectors are missing.
func (a *app) ready(ctx context.Context) error {
	n, err := a.store.PendingCount(ctx, a.model())
	if err != nil {
		return err
	}
	if n > 0 {
		return errWaiting
	}
	return a.readyOf(ctx, a.generation)
}

// readyOf lets a generation read all that it needs to answer at once.
func (a *app) readyOf(ctx context.Context, g *generation) error {
	if err := g.follower.CatchUp(ctx); err != nil {
		return err
	}
	tenants, err := a.store.Tenants(ctx)
	if err != nil {
		return err
	}
	if err := g.asker.Learn(ctx); err != nil {
		return err
	}
	for _, t := range tenants {
		if _, _, err := g.index.Search(ctx, assistant.IndexQuery{Tenants: []string{t.Slug}, K: 1, Terms: terms("comune")}); err != nil {
			return err
		}
	}
	return nil
}

// pause waits, and says false when ctx ended meanwhile.
func pause(ctx context.Context, t time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(t):
		return true
	}
}

// answering is a site.Asker and an assistant.Retriever by the generation that answers at the moment, on the account of the question's tenant.
type answering struct {
	atomic.Pointer[generation]
	courtesy assistant.Courtesy // of what can wait, towards questions
	meter    *energy.Meter      // of what answers take; nil: nobody measures
}

func (a *answering) Ask(ctx context.Context, q assistant.Question, emit func(assistant.Statement) error) (*assistant.Answer, error) {
	defer a.courtesy.Question()()
	defer a.meter.Work(q.Tenant)()
	return a.Load().asker.Ask(model.ForTenant(onBehalf(ctx, q), q.Tenant), q, emit)
}

// Reword says quotes in plain words, with the same model.
func (a *answering) Reword(ctx context.Context, q assistant.Question, quotes []assistant.Passage) ([]assistant.Statement, error) {
	defer a.courtesy.Question()()
	defer a.meter.Work(q.Tenant)()
	return a.Load().asker.Reword(model.ForTenant(ctx, q.Tenant), q, quotes)
}

// Retrieve finds by the same generation.
func (a *answering) Retrieve(ctx context.Context, q assistant.Question) ([]assistant.Passage, assistant.Timings, error) {
	defer a.courtesy.Question()()
	defer a.meter.Work(q.Tenant)()
	return a.Load().retriever.Retrieve(onBehalf(ctx, q), q)
}

// onBehalf says whose a question is: citizens go before people of the house.
func onBehalf(ctx context.Context, q assistant.Question) context.Context {
	who := turn.Of(ctx)
	who.Tenant, who.Class = q.Tenant, turn.Citizen
	if q.Audience == ingest.Staff {
		who.Class = turn.Staff
	}
	return turn.With(ctx, who)
}

// followEarlier does for the earlier generation what follow does for that of the configuration, until the change is over.
func (a *app) followEarlier(ctx context.Context, e *earlier, work *sync.WaitGroup) {
	work.Go(func() {
		defer func() {
			if err := e.Close(); err != nil {
				slog.Warn("the earlier embedding model did not end well", "error", err)
			}
		}()
		inner, stop := context.WithCancel(ctx)
		var both sync.WaitGroup
		both.Go(func() { _ = e.follower.Run(inner) })        // it ends with inner and logs the rest
		both.Go(func() { a.embedAlways(inner, e.embedder) }) // what comes in meanwhile is found by its meaning at once too
		both.Go(func() { warm(inner, e.models, e.asker) })
		a.changeOver(inner, e)
		stop()
		both.Wait()
	})
}
