package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"sportello/assistant/fault"
	"sportello/assistant/qdrant"
)

const (
	embeddedIndex = "embedded"
	qdrantIndex   = "qdrant"

	indexInUse = "index" // under which name the store remembers that the index was moved
)

// movedIndex is what sportello index move leaves for every process on the store. It holds until somebody writes another index in the
// configuration than was there when it was moved.
type movedIndex struct {
	Configured string `json:"configured"`
	Use        string `json:"use"`
}

// wantedIndex says which index is to answer: that of the configuration, or the one it was moved to since.
func (a *app) wantedIndex(ctx context.Context) (string, error) {
	kept, err := a.store.Remembered(ctx, indexInUse)
	if err != nil || kept == "" {
		return a.cfg.Index, err
	}
	var moved movedIndex
	if err := json.Unmarshal([]byte(kept), &moved); err != nil {
		return "", fault.Wrap(fault.Broken, err, "which index is in use could not be read")
	}
	if moved.Configured != a.cfg.Index {
		return a.cfg.Index, nil
	}
	return moved.Use, nil
}

func (a *app) rememberIndex(ctx context.Context, kind string) error {
	b, err := json.Marshal(movedIndex{a.cfg.Index, kind})
	if err != nil {
		return err
	}
	return a.store.Remember(ctx, indexInUse, string(b))
}

// followMoves lets the index answer to which sportello index move has moved the installation, within seconds and without a question that
// finds nothing: the new one answers once it holds all that the old one does.
func (a *app) followMoves(ctx context.Context, work *sync.WaitGroup) {
	now := a.generation
	for pause(ctx, changeEvery) {
		kind, err := a.wantedIndex(ctx)
		if err != nil || kind == now.kind || a.answering.Load() != now { // or another embedding model is about to come: that first
			continue
		}
		next, err := a.takeOver(ctx, kind)
		if err != nil {
			if ctx.Err() == nil {
				slog.Warn("the index was moved and the other one cannot answer yet; trying again", "index", kind, "error", err)
			}
			continue
		}
		before := now
		now = next
		a.answering.Store(now)
		slog.Info("another index answers", "index", kind)
		work.Go(func() { _ = next.follower.Run(ctx) }) // it ends with ctx and logs the rest
		if before != a.generation {                    // that one is closed with the rest
			work.Go(func() {
				pause(ctx, changeGrace) // answers under way end with the index they began with
				_ = before.index.Close()
			})
		}
	}
	if now != a.generation {
		_ = now.index.Close()
	}
}

// takeOver makes a generation of the same vectors on another index that is able to answer.
func (a *app) takeOver(ctx context.Context, kind string) (*generation, error) {
	g, err := a.newGenerationOn(ctx, kind, a.embedder)
	if err != nil {
		return nil, err
	}
	if err := a.readyOf(ctx, g); err != nil {
		_ = g.index.Close()
		return nil, err
	}
	return g, nil
}

// indexHealth says how the index that answers is, and how many changes it is behind the store.
func (a *app) indexHealth(ctx context.Context) (kind string, health qdrant.Health, lag int64, err error) {
	g := a.answering.Load()
	asking, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	if x, ok := g.index.(*qdrant.Index); ok {
		if health, err = x.Health(asking); err != nil {
			return g.kind, health, 0, err
		}
	}
	lag, err = g.follower.Lag(asking)
	return g.kind, health, lag, err
}
