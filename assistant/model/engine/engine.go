// Package engine runs llama.cpp as a child process: one process a model, on loopback, on a free port, behind a random key.
//
// The program is llama-server (configured, or found on PATH) or the installed Python package xllamacpp with the launcher of
// this package, which takes the same flags. An engine is started when it is first asked for, restarted with back-off when it
// dies, and stopped with the process that started it. A run-file in the data folder lets other processes on the same folder
// use a running engine instead of starting their own; a run-file whose process is gone, or that serves another model, is
// noticed and replaced.
//
// What lies on disk: run/engine-TASK.json (pid, port, key, model, start) and run/engine-TASK.lock, logs/engine-TASK.log.
// It does not download models and does not speak to them beyond asking whether they are well.
package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"sportello/assistant/fault"
)

// Task is what a model is run for.
type Task string

// The tasks, one engine each.
const (
	Embedding Task = "embedding"
	Chat      Task = "chat"
	Rerank    Task = "rerank"
)

// Config describes one engine.
type Config struct {
	Task    Task
	Program Program
	Model   string // path of the GGUF file
	SHA256  string // of that file, hex; identifies what a running engine serves
	DataDir string

	Context   int  // tokens of one request
	Parallel  int  // requests at once; 0: 1
	Batch     int  // tokens computed together; 0: the engine's default
	Threads   int  // 0: one a core
	GPULayers *int // layers computed on a GPU; nil leaves it to the engine

	StartTimeout time.Duration // 0: 5 minutes, enough to read 20 GB from a slow disk
	Logger       *slog.Logger
}

// Endpoint is where an engine listens.
type Endpoint struct {
	URL string // "http://127.0.0.1:PORT", without /v1
	Key string // bearer token
}

// Status is an engine as doctor shows it.
type Status struct {
	Task    Task      `json:"task"`
	Program string    `json:"program"`
	Model   string    `json:"model"`
	Running bool      `json:"running"`
	Shared  bool      `json:"shared"` // started by another process on the same data folder
	PID     int       `json:"pid,omitempty"`
	URL     string    `json:"url,omitempty"`
	Started time.Time `json:"started,omitzero"`
	Log     string    `json:"log"`
	Error   string    `json:"error,omitempty"` // why the last start failed
}

// Engine keeps one model served. It is safe for concurrent use.
type Engine struct {
	cfg Config

	mu       sync.Mutex
	current  *instance
	starting chan struct{} // closed when the start under way ends; nil when there is none
	closed   bool
	failures int
	retryAt  time.Time
	lastErr  error
	stop     context.CancelFunc
	life     context.Context // ends with Close
	watchers sync.WaitGroup
}

const (
	defaultStartTimeout = 5 * time.Minute
	stableAfter         = time.Minute // a run this long forgives earlier failures
	firstBackoff        = time.Second
	maxBackoff          = 30 * time.Second
	stopGrace           = 3 * time.Second
)

// New makes an engine that is not running yet. It opens nothing.
func New(cfg Config) *Engine {
	if cfg.Parallel <= 0 {
		cfg.Parallel = 1
	}
	if cfg.Threads <= 0 {
		cfg.Threads = runtime.NumCPU()
	}
	if cfg.StartTimeout <= 0 {
		cfg.StartTimeout = defaultStartTimeout
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	e := &Engine{cfg: cfg}
	e.life, e.stop = context.WithCancel(context.Background())
	return e
}

// Endpoint gives where the engine listens, starting it or joining a running one first. It returns when the model is loaded, or
// with fault.Unavailable when it cannot be; after a failure it fails at once until the back-off is over.
func (e *Engine) Endpoint(ctx context.Context) (Endpoint, error) {
	for {
		e.mu.Lock()
		switch {
		case e.closed:
			e.mu.Unlock()
			return Endpoint{}, fault.New(fault.Unavailable, "the %s engine was stopped", e.cfg.Task)
		case e.current != nil:
			ep := e.current.endpoint
			e.mu.Unlock()
			return ep, nil
		case e.starting == nil && time.Now().Before(e.retryAt):
			err := e.lastErr
			e.mu.Unlock()
			return Endpoint{}, err
		case e.starting == nil:
			e.begin()
		}
		wait := e.starting
		e.mu.Unlock()
		select {
		case <-wait:
		case <-ctx.Done():
			return Endpoint{}, fault.Wrap(fault.Timeout, ctx.Err(), "the %s engine is still starting", e.cfg.Task)
		}
	}
}

// begin starts in the background, so that a caller who gives up does not stop it for the others. e.mu is held.
func (e *Engine) begin() {
	done := make(chan struct{})
	e.starting = done
	e.watchers.Add(1)
	go func() {
		defer e.watchers.Done()
		ctx, cancel := context.WithTimeout(e.life, e.cfg.StartTimeout)
		defer cancel()
		in, err := e.start(ctx)
		e.mu.Lock()
		e.starting = nil
		if err != nil {
			e.failed(err)
		} else {
			e.current, e.lastErr = in, nil
			if in.owned() {
				e.watchers.Add(1)
				go e.watch(in)
			}
		}
		e.mu.Unlock()
		close(done)
	}()
}

// failed notes a failure and when to try again. e.mu is held.
func (e *Engine) failed(err error) {
	e.failures++
	wait := min(firstBackoff<<min(e.failures-1, 10), maxBackoff)
	e.retryAt = time.Now().Add(wait)
	e.lastErr = err
	if !e.closed {
		e.cfg.Logger.Warn("model engine failed", "task", e.cfg.Task, "error", err, "retry_in", wait.String())
	}
}

// watch waits for the child to end and, unless it was told to, starts another after the back-off.
func (e *Engine) watch(in *instance) {
	defer e.watchers.Done()
	<-in.exited
	e.mu.Lock()
	if e.current == in {
		e.current = nil
	}
	if e.closed {
		e.mu.Unlock()
		return
	}
	if time.Since(in.started) > stableAfter {
		e.failures = 0
	}
	e.failed(fault.Wrap(fault.Unavailable, in.exitErr, "the %s engine ended unexpectedly; see %s", e.cfg.Task, e.logPath()))
	wait := time.Until(e.retryAt)
	e.mu.Unlock()
	select {
	case <-time.After(wait):
	case <-e.life.Done():
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.current == nil && e.starting == nil && !e.closed {
		e.begin()
	}
}

// Failed tells that a call to ep did not get through. An engine of another process is let go, so that the next Endpoint
// looks again; a child of ours is left to its watcher.
func (e *Engine) Failed(ep Endpoint) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.current != nil && e.current.endpoint == ep && !e.current.owned() {
		e.current = nil
	}
}

// Status says how the engine is, without starting it.
func (e *Engine) Status() Status {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := Status{Task: e.cfg.Task, Program: e.cfg.Program.String(), Model: e.cfg.Model, Log: e.logPath()}
	if e.lastErr != nil {
		s.Error = fault.MessageOf(e.lastErr)
	}
	if in := e.current; in != nil {
		s.Running, s.Shared, s.PID, s.URL, s.Started = true, !in.owned(), in.pid, in.endpoint.URL, in.started
	}
	return s
}

// Close stops a child of ours and waits for it. An engine of another process goes on.
func (e *Engine) Close() error {
	e.mu.Lock()
	e.closed = true
	in := e.current
	e.current = nil
	e.mu.Unlock()
	e.stop()
	var err error
	if in != nil && in.owned() {
		err = in.terminate(stopGrace)
		e.forget(in)
	}
	e.watchers.Wait()
	return err
}

// start joins a running engine or runs one. The lock keeps two processes from starting the same.
func (e *Engine) start(ctx context.Context) (*instance, error) {
	for _, dir := range []string{filepath.Dir(e.runPath()), filepath.Dir(e.logPath())} {
		if err := os.MkdirAll(dir, 0o750); err != nil {
			return nil, fault.Wrap(fault.Unavailable, err, "the data folder cannot be written")
		}
	}
	unlock, err := lock(ctx, e.path("run", "lock"))
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "another process is starting the %s engine and does not finish", e.cfg.Task)
	}
	defer unlock()
	if in := e.join(ctx); in != nil {
		return in, nil
	}
	in, err := e.spawn(ctx)
	if err != nil {
		return nil, err
	}
	if err := writeRunFile(e.runPath(), e.runFile(in)); err != nil {
		return nil, errors.Join(fault.Wrap(fault.Unavailable, err, "the data folder cannot be written"), in.terminate(stopGrace))
	}
	e.cfg.Logger.Info("model engine started", "task", e.cfg.Task, "pid", in.pid, "url", in.endpoint.URL, "ms", time.Since(in.started).Milliseconds())
	return in, nil
}

func (e *Engine) path(dir, ext string) string {
	return filepath.Join(e.cfg.DataDir, dir, fmt.Sprintf("engine-%s.%s", e.cfg.Task, ext))
}

func (e *Engine) runPath() string { return e.path("run", "json") }
func (e *Engine) logPath() string { return e.path("logs", "log") }
