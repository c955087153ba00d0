package model

import (
	"context"
	"io"
	"sync/atomic"
	"time"
)

// watchdog cancels a call whose server has been silent for too long.
type watchdog struct {
	timer    *time.Timer
	patience time.Duration
	cancel   context.CancelFunc
	fired    atomic.Bool
}

func newWatchdog(ctx context.Context, patience time.Duration) (context.Context, *watchdog) {
	ctx, cancel := context.WithCancel(ctx)
	d := &watchdog{patience: patience, cancel: cancel}
	d.timer = time.AfterFunc(patience, func() {
		d.fired.Store(true)
		cancel()
	})
	return ctx, d
}

func (d *watchdog) fed()         { d.timer.Reset(d.patience) }
func (d *watchdog) barked() bool { return d.fired.Load() }

func (d *watchdog) stop() {
	d.timer.Stop()
	d.cancel()
}

// guardedBody feeds the watchdog with every read and names its errors.
type guardedBody struct {
	io.ReadCloser
	guard *watchdog
	err   func(error) error
}

func (b *guardedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.guard.fed()
	if err == nil || err == io.EOF {
		return n, err
	}
	return n, b.err(err)
}

func (b *guardedBody) Close() error {
	b.guard.stop()
	return b.ReadCloser.Close()
}
