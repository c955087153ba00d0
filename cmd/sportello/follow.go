package main

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"sportello/assistant"
	"sportello/assistant/model"
	"sportello/assistant/qdrant"
)

// embedPause is how long the server waits before it looks again for texts without vectors.
const embedPause = 5 * time.Second

// newFollower makes what applies the store's changes to the index. The embedded index reads the store when it is first
// asked, so only later changes are news to it; a Qdrant collection outlives the process, and the store remembers how far it is.
func (a *app) newFollower(ctx context.Context, g *generation) (*assistant.Follower, error) {
	c := assistant.FollowerConfig{Outbox: a.store, Index: g.index, Model: g.model(), Log: slog.Default()}
	x, shared := g.index.(*qdrant.Index)
	if !shared {
		var err error
		c.From, err = a.store.Seq(ctx)
		return assistant.NewFollower(c), err
	}
	var err error
	c.From, err = a.store.Cursor(ctx, x.Collection())
	c.Save = func(ctx context.Context, seq int64) error { return a.store.SetCursor(ctx, x.Collection(), seq) }
	return assistant.NewFollower(c), err
}

// follow keeps the server's index in line with what other processes change, embeds what waits for it and takes in what people
// upload. The channel is closed when all have ended, after ctx.
func (a *app) follow(ctx context.Context) (<-chan struct{}, error) {
	var work sync.WaitGroup
	before, err := a.openEarlier(ctx)
	if err != nil {
		return nil, err
	}
	if before != nil {
		a.answering.Store(before.generation)
		a.followEarlier(ctx, before, &work)
	}
	if err := a.intake(ctx, &work); err != nil {
		return nil, err
	}
	work.Go(func() { _ = a.follower.Run(ctx) }) // it ends with ctx and logs the rest
	work.Go(func() { a.followMoves(ctx, &work) })
	work.Go(func() { a.desk.Run(ctx) })
	work.Go(func() { a.hooks.Run(ctx) })
	work.Go(func() { a.keepBackups(ctx) })
	work.Go(func() { a.answering.meter.Run(ctx) })
	work.Go(func() { warm(ctx, a.models, a.asker) })
	if a.embedder != nil {
		work.Go(func() { a.embedAlways(ctx, a.embedder) })
	}
	done := make(chan struct{})
	go func() { work.Wait(); close(done) }()
	return done, nil
}

// warm starts the engines and learns what the screen needs, so that the first citizen does not wait for it.
func warm(ctx context.Context, models *model.Set, asker *assistant.Asker) {
	if err := models.Warm(ctx); err != nil && ctx.Err() == nil {
		slog.Warn("a model did not start; answers do without it until it does", "error", err)
	}
	learn(ctx, asker)
	debug.FreeOSMemory() // starting takes more than running does, and a small machine wants it back
}

// learn makes ready what the screen knows from examples.
func learn(ctx context.Context, asker *assistant.Asker) {
	if err := asker.Learn(ctx); err != nil && ctx.Err() == nil {
		slog.Warn("the examples of the screen could not be learned; questions are screened by rules alone", "error", err)
	}
}

func (a *app) embedAlways(ctx context.Context, embedder assistant.Embedder) {
	embedder = assistant.Polite(meteredEmbedder{embedder, a.answering.meter}, &a.answering.courtesy)
	for ctx.Err() == nil {
		n, err := assistant.EmbedPending(ctx, a.store, embedder, nil)
		if err != nil && ctx.Err() == nil {
			slog.Warn("vectors could not be made; trying again", "error", err)
		}
		if n > 0 {
			slog.Info("vectors made", "texts", n)
		}
		select {
		case <-ctx.Done():
		case <-time.After(embedPause):
		}
	}
}
