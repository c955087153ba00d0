package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"sportello/assistant"
)

// embedPause is how long the server waits before it looks again for texts without vectors.
const embedPause = 5 * time.Second

// follow keeps the server's index in line with what other processes change, and embeds what waits for it. The channel is
// closed when both have ended, after ctx.
func (a *app) follow(ctx context.Context) <-chan struct{} {
	var work sync.WaitGroup
	seq, err := a.store.Seq(ctx)
	if err != nil {
		slog.Error("the data folder cannot be read; changes are not followed", "error", err)
	}
	follower := assistant.NewFollower(assistant.FollowerConfig{Outbox: a.store, Index: a.index, Model: a.modelName(), From: seq, Log: slog.Default()})
	work.Go(func() { _ = follower.Run(ctx) }) // it ends with ctx and logs the rest
	if a.embedder != nil {
		work.Go(func() { a.warm(ctx) })
		work.Go(func() { a.embedAlways(ctx) })
	}
	done := make(chan struct{})
	go func() { work.Wait(); close(done) }()
	return done
}

// warm starts the engines, so that the first citizen does not wait for it.
func (a *app) warm(ctx context.Context) {
	if err := a.models.Warm(ctx); err != nil && ctx.Err() == nil {
		slog.Warn("a model did not start; answers do without it until it does", "error", err)
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
