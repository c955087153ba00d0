package main

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"sportello/assistant/eval"
	"sportello/assistant/fault"
	"sportello/ingest"
)

// corpusBatch is how many files a clerk drops at once.
const corpusBatch = 40

// loadCorpus uploads all files of a folder as a clerk does, some at a time, and asks until they are read. What cannot be read is told in words;
// the memory is that of the server with all it started.
func (a *app) loadCorpus(ctx context.Context, clerk *loadClerk, cmd *evalLoadCmd) (row loaded, err error) {
	files, err := corpusFiles(cmd.Corpus)
	if err != nil {
		return row, err
	}
	began := time.Now()
	asking, stop := context.WithCancel(ctx)
	defer stop()
	peak, failed := 0, error(nil)
	var watch sync.WaitGroup
	watch.Go(func() {
		for asking.Err() == nil {
			peak = max(peak, eval.Resident(os.Getpid()))
			time.Sleep(100 * time.Millisecond)
		}
	})
	reasons := map[string]int{}
	watch.Go(func() {
		defer stop()
		for batch := range slices.Chunk(files, corpusBatch) {
			job, err := clerk.uploadFiles(ctx, batch)
			if err != nil {
				failed = err
				return
			}
			if failed = a.awaitJob(ctx, job, &row, reasons); failed != nil {
				return
			}
			slog.Info("read", "files", row.Documents+row.Failed, "of", len(files), "memory_mb", peak)
		}
	})
	asked, err := clerk.askUntil(ctx, cmd, func(int) bool { return asking.Err() != nil })
	watch.Wait()
	if err = firstOf(err, failed, ctx.Err()); err != nil {
		return row, err
	}
	row.What, row.Questions, row.P50, row.P95 = fmt.Sprintf("%d files", len(files)), asked.Questions, asked.P50, asked.P95
	row.Seconds, row.ReadIn, row.MemoryMB, row.Reasons = time.Since(began).Seconds(), time.Since(began).Seconds(), peak, reasons
	if got := row.Documents + row.Failed; got < len(files) {
		return row, fault.New(fault.Internal, "of %d files %d were told of: some got lost", len(files), got)
	}
	return row, nil
}

// awaitJob waits for the end of a job and counts what became of its files.
func (a *app) awaitJob(ctx context.Context, job string, row *loaded, reasons map[string]int) error {
	for {
		record, err := a.store.Job(ctx, loadTenant, job)
		if err != nil {
			return err
		}
		if record.Ended() {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
	list, err := a.store.JobFiles(ctx, job)
	if err != nil {
		return err
	}
	for _, f := range list {
		if f.State == ingest.FileFailed {
			row.Failed++
			reasons[string(f.Code)]++
			continue
		}
		row.Documents++
	}
	return nil
}

// corpusFile is a file with the name it is uploaded under: all of its path, so that equal names in two folders are two files.
type corpusFile struct {
	name    string
	content []byte
}

func corpusFiles(root string) (out []corpusFile, err error) {
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		out = append(out, corpusFile{filepath.ToSlash(name), b})
		return err
	})
	return out, err
}
