package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"sportello/ingest"
)

// pruneEvery is how often what is kept for a time only is looked through.
const pruneEvery = time.Hour

// intake takes in what people upload and visits the addresses that are watched, until ctx ends. Several servers on one data
// folder share the work: jobs and addresses are leased.
func (a *app) intake(ctx context.Context, work *sync.WaitGroup) error {
	p, err := a.cfg.parsers()
	if err != nil {
		return err
	}
	sites, err := a.cfg.crawler(nil)
	if err != nil {
		return err
	}
	syncer := ingest.NewSyncer(ingest.SyncConfig{Parser: meteredParser{p, a.answering.meter}, Shelf: a.store})
	worker := ingest.NewWorker(ingest.WorkerConfig{Queue: a.store, Syncer: syncer, MaxBytes: int64(a.cfg.Ingest.MaxMB) << 20, Log: slog.Default(), Yield: a.answering.courtesy.Wait})
	watcher := ingest.NewWatcher(ingest.WatcherConfig{List: a.store, Visitor: sites, Syncer: syncer, Log: slog.Default()})
	var both sync.WaitGroup
	both.Go(func() { _ = worker.Run(ctx) })  // it ends with ctx and logs the rest
	both.Go(func() { _ = watcher.Run(ctx) }) // likewise
	work.Go(func() { both.Wait(); release(p) })
	work.Go(func() { a.pruneAlways(ctx) })
	return nil
}

// pruneAlways lets go of what can no longer be undone, and of the uploads that ended long ago.
func (a *app) pruneAlways(ctx context.Context) {
	for ctx.Err() == nil {
		if _, err := a.store.PruneJournal(ctx); err != nil && ctx.Err() == nil {
			slog.Warn("the journal was not pruned; trying again", "error", err)
		}
		if err := a.store.PruneJobs(ctx); err != nil && ctx.Err() == nil {
			slog.Warn("old uploads were not pruned; trying again", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(pruneEvery):
		}
	}
}
