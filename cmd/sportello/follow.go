package main

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"sportello/assistant"
	"sportello/assistant/qdrant"
)

// embedPause is how long the server waits before it looks again for texts without vectors.
const embedPause = 5 * time.Second

// newFollower makes what applies the store's changes to the index. The embedded index reads the store when it is first
// asked, so only later changes are news to it; a Qdrant collection outlives the process, and the store remembers how far it is.
func (a *app) newFollower(ctx context.Context) (*assistant.Follower, error) {
	c := assistant.FollowerConfig{Outbox: a.store, Index: a.index, Model: a.modelName(), Log: slog.Default()}
	x, shared := a.index.(*qdrant.Index)
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
	if err := a.intake(ctx, &work); err != nil {
		return nil, err
	}
	work.Go(func() { _ = a.follower.Run(ctx) }) // it ends with ctx and logs the rest
	work.Go(func() { a.desk.Run(ctx) })
	if a.embedder != nil {
		work.Go(func() { a.warm(ctx) })
		work.Go(func() { a.embedAlways(ctx) })
	}
	done := make(chan struct{})
	go func() { work.Wait(); close(done) }()
	return done, nil
}

// warm starts the engines and learns what the screen needs, so that the first citizen does not wait for it.
func (a *app) warm(ctx context.Context) {
	if err := a.models.Warm(ctx); err != nil && ctx.Err() == nil {
		slog.Warn("a model did not start; answers do without it until it does", "error", err)
	}
	a.learn(ctx)
	debug.FreeOSMemory() // starting takes more than running does, and a small machine wants it back
}

// learn makes ready what the screen knows from examples.
func (a *app) learn(ctx context.Context) {
	if err := a.asker.Learn(ctx); err != nil && ctx.Err() == nil {
		slog.Warn("the examples of the screen could not be learned; questions are screened by rules alone", "error", err)
	}
}

func (a *app) embedAlways(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := assistant.EmbedPending(ctx, a.store, a.embedder, nil)
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
