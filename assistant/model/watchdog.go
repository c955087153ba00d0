package model

import (
	"context"
	"io"
	"sync"
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
	heard *atomic.Bool // something came
	err   func(error) error

	mu     sync.Mutex
	closed bool
	then   func()
}

func (b *guardedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.guard.fed()
	if n > 0 {
		b.heard.Store(true)
	}
	if err == nil || err == io.EOF {
		return n, err
	}
	return n, b.err(err)
}

func (b *guardedBody) Close() error {
	b.guard.stop()
	err := b.ReadCloser.Close()
	b.mu.Lock()
	then := b.then
	b.closed, b.then = true, nil
	b.mu.Unlock()
	if then != nil {
		then()
	}
	return err
}

// whenClosed calls f once the body is closed, now when it is already.
func (b *guardedBody) whenClosed(f func()) {
	b.mu.Lock()
	closed := b.closed
	if !closed {
		b.then = f
	}
	b.mu.Unlock()
	if closed {
		f()
	}
}
