package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"sportello/assistant/fault"
)

// WorkerConfig is what NewWorker needs.
type WorkerConfig struct {
	Queue    Queue
	Syncer   *Syncer
	MaxBytes int64         // of one file; default 100 MiB
	Archive  ArchiveLimits // zero fields take their defaults
	Pause    time.Duration // between two looks at an empty queue; default 1 s
	Renew    time.Duration // between two renewals of a lease; default 10 s
	Log      *slog.Logger
	// Yield is called before each file and comes back when it may be read; nil: at once.
	Yield func(ctx context.Context) error
}

// Worker takes in the files of jobs, one at a time: questions that are answered meanwhile want the processor more. What a
// killed process leaves behind goes on where it was.
type Worker struct{ c WorkerConfig }

// NewWorker makes a Worker.
func NewWorker(c WorkerConfig) *Worker {
	if c.MaxBytes <= 0 {
		c.MaxBytes = 100 << 20
	}
	if c.Pause <= 0 {
		c.Pause = time.Second
	}
	if c.Renew <= 0 {
		c.Renew = 10 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Archive = c.Archive.withDefaults()
	return &Worker{c}
}

// Run works until ctx ends.
func (w *Worker) Run(ctx context.Context) error {
	for {
		worked, err := w.Once(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			w.c.Log.Error("an upload cannot go on; it is tried again", "error", err)
		}
		if worked && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(w.c.Pause):
		}
	}
}

// Once works at one job until it is done, and says whether there was one.
func (w *Worker) Once(ctx context.Context) (bool, error) {
	job, err := w.c.Queue.LeaseJob(ctx)
	if err != nil || job == nil {
		return false, err
	}
	work, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go w.renew(work, stop, job.ID)
	for {
		f, err := w.c.Queue.NextFile(work, job.ID)
		if err == nil && f == nil {
			stop(nil) // nothing is renewed that has ended
			return true, w.c.Queue.EndJob(ctx, job)
		}
		if err == nil && w.c.Yield != nil {
			err = w.c.Yield(work)
		}
		if err == nil {
			err = w.one(work, job, f)
		}
		if err != nil {
			if cause := context.Cause(work); ctx.Err() == nil && fault.CodeOf(cause) == fault.Conflict { // cancelled: nothing is wrong
				return true, nil
			}
			return true, err
		}
	}
}

// renew keeps the lease while a file is being read, and ends the work when the job is no longer ours.
func (w *Worker) renew(ctx context.Context, stop context.CancelCauseFunc, job string) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(w.c.Renew):
		}
		if err := w.c.Queue.RenewJob(ctx, job); fault.CodeOf(err) == fault.Conflict {
			stop(err)
			return
		}
	}
}

// one takes in one file. What is wrong with it is noted with it; the error says that the queue or the shelf fails.
func (w *Worker) one(ctx context.Context, job *Job, f *JobFile) error {
	f.State, f.Code, f.Message = FileDone, "", ""
	b, archive, err := w.bytes(ctx, f)
	switch {
	case err != nil:
	case archive != nil:
		return w.c.Queue.Unpack(ctx, job.ID, f, archive)
	default:
		err = w.take(ctx, job, f, b)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var fatal *shelfError
	if asFatal(err, &fatal) {
		return err
	}
	if err != nil {
		f.State, f.Outcome, f.Code, f.Message = FileFailed, "", fault.CodeOf(err), fault.MessageOf(err)
	}
	return w.c.Queue.EndFile(ctx, job, f)
}

// bytes reads a file, or the list of the files in it when it is an archive of files.
func (w *Worker) bytes(ctx context.Context, f *JobFile) (b []byte, inside []JobFile, err error) {
	if f.Entry >= 0 {
		b, err = ReadEntry(f.Path, f.Entry, f.Name, w.c.MaxBytes)
		return b, nil, err
	}
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, nil, fault.Wrap(fault.Broken, err, "%s: its bytes are gone from the data folder: upload it again", f.Name)
	}
	defer func() { _ = file.Close() }() // it was only read
	head := make([]byte, 4)
	if n, _ := io.ReadFull(file, head); isZip(head[:n]) {
		if inside, err = ListArchive(ctx, f, w.c.Archive); err != nil || inside != nil {
			return nil, inside, err
		}
	}
	if f.Size > w.c.MaxBytes {
		return nil, nil, fault.New(fault.TooLarge, "%s: %d MB, more than the limit of %d MB: split it", f.Name, f.Size>>20, w.c.MaxBytes>>20)
	}
	b, err = os.ReadFile(f.Path)
	if err != nil {
		return nil, nil, fault.Wrap(fault.Broken, err, "%s: the disk does not give it: upload it again", f.Name)
	}
	return b, nil, nil
}

func (w *Worker) take(ctx context.Context, job *Job, f *JobFile, b []byte) error {
	sum := sha256.Sum256(b)
	sha := hex.EncodeToString(sum[:])
	if !job.Options.Again {
		id, title, err := w.c.Queue.Same(ctx, job.Tenant, sha, f.Source)
		if err != nil {
			return &shelfError{err}
		}
		if id != "" {
			f.Outcome, f.Document, f.Message = Duplicate, id, title
			return nil
		}
	}
	if err := w.c.Queue.BeginFile(ctx, job, f); err != nil {
		return &shelfError{err}
	}
	step, err := w.c.Syncer.Take(ctx, Request{Tenant: job.Tenant, Visibility: job.Options.Visibility, Kind: job.Options.Kind, Force: job.Options.Reread}, f.Name, f.Source, b)
	if err != nil {
		return &shelfError{fmt.Errorf("%s: %w", f.Name, err)}
	}
	f.Outcome, f.Document, f.Warnings = step.Outcome, step.Document, step.Warnings
	return step.Err
}
