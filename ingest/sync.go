package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"sportello/assistant/fault"
)

// SyncConfig is what a Syncer is made of.
type SyncConfig struct {
	Parser  Parser
	Shelf   Shelf
	Fetcher Fetcher          // nil: addresses are refused
	Count   func(string) int // tokens of a text as the embedding model counts; nil: Tokens
	Window  int              // tokens that the embedding model reads; 0: Window
	InHand  int64            // bytes of files that are being parsed at once; default 256 MiB
}

// Syncer brings a shelf in line with files and folders: what is new is added, what changed is replaced, what vanished is
// reported. It is safe for concurrent use.
type Syncer struct {
	c SyncConfig
}

// NewSyncer makes a Syncer.
func NewSyncer(c SyncConfig) *Syncer {
	if c.InHand <= 0 {
		c.InHand = 256 << 20
	}
	return &Syncer{c: c}
}

// Request says what to bring in.
type Request struct {
	Tenant     string
	Paths      []string   // files, folders, addresses
	Visibility Visibility // empty: as it was, Public for new documents
	Kind       Kind       // empty: as recognised
	Jobs       int        // files parsed at once; 0: one a processor
	Prune      bool       // retire documents whose file vanished from a given folder
	Force      bool       // parse also what did not change, after an update of the parsers
	Progress   func(Step) // called after each file, never twice at once; may be nil
}

// Sync takes in what the request names. A file whose bytes are known is not parsed again. Files that fail are in the
// result; the error says that nothing could be read or stored any more, with the result as far as it went.
//
// Errors: fault.NotFound for an unknown tenant, fault.Invalid for an empty request, those of the Shelf, ctx's.
func (y *Syncer) Sync(ctx context.Context, r Request) (*Result, error) {
	began := time.Now()
	run := y.run(r)
	err := run.all(ctx)
	return run.result.finish(began), err
}

func (y *Syncer) run(r Request) *syncRun {
	return &syncRun{Syncer: y, request: r, result: newResult(), known: map[string]Known{}, room: semaphore.NewWeighted(y.c.InHand)}
}

// Take takes in one document that is in memory: r says how, its Paths and Progress are not looked at. A document that cannot
// be read is in Step.Err; the error says that nothing can be stored any more.
func (y *Syncer) Take(ctx context.Context, r Request, name, source string, b []byte) (step Step, err error) {
	r.Progress = func(s Step) { step = s }
	run := y.run(r)
	known, err := y.c.Shelf.Known(ctx, r.Tenant, source)
	if err != nil {
		return step, err
	}
	for _, k := range known {
		run.known[k.Source] = k
	}
	return step, run.take(ctx, name, source, b)
}

// syncRun is one call of Sync.
type syncRun struct {
	*Syncer
	request Request
	known   map[string]Known // by source; not written once files are being taken in
	room    *semaphore.Weighted

	mu     sync.Mutex // guards what follows
	result *Result
	done   int
	total  int
}

func (y *syncRun) all(ctx context.Context) error {
	if len(y.request.Paths) == 0 {
		return fault.New(fault.Invalid, "nothing to ingest: give files, folders or addresses")
	}
	s, err := walk(ctx, y.request.Paths)
	if err != nil {
		return err
	}
	if err := y.recall(ctx, s); err != nil {
		return err
	}
	y.total = len(s.files) + len(s.failed) + len(s.addresses)
	for name, err := range s.failed {
		y.report(name, Step{Source: name, Err: err})
	}
	jobs := y.request.Jobs
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(jobs)
	for _, f := range s.files {
		if inner.Err() != nil {
			break
		}
		group.Go(func() error { return y.file(inner, f) })
	}
	for _, address := range s.addresses {
		if inner.Err() != nil {
			break
		}
		y.address(inner, group, address)
	}
	if err := errors.Join(group.Wait(), ctx.Err()); err != nil {
		return err
	}
	return y.vanished(ctx, s)
}

// recall reads what the shelf knows of the folders and files given.
func (y *syncRun) recall(ctx context.Context, s *survey) error {
	prefixes := slices.Clone(s.folders)
	for _, f := range s.files {
		if !slices.ContainsFunc(s.folders, func(folder string) bool { return within(folder, f.source) }) {
			prefixes = append(prefixes, f.source)
		}
	}
	prefixes = append(prefixes, s.addresses...)
	if len(prefixes) == 0 {
		prefixes = []string{"-"} // asks at least whether the tenant is there
	}
	for _, prefix := range prefixes {
		all, err := y.c.Shelf.Known(ctx, y.request.Tenant, prefix)
		if err != nil {
			return err
		}
		for _, k := range all {
			y.known[k.Source] = k
		}
	}
	return nil
}

func within(folder, source string) bool {
	return folder == "" || source == folder || len(source) > len(folder) && source[:len(folder)] == folder && source[len(folder)] == '/'
}

// file takes in one file. Its error ends the whole run.
func (y *syncRun) file(ctx context.Context, f found) error {
	weight := min(f.size, y.c.InHand)
	if err := y.room.Acquire(ctx, weight); err != nil {
		return err
	}
	defer y.room.Release(weight)
	b, err := os.ReadFile(f.path)
	if err != nil {
		y.report(f.name, Step{Source: f.source, Err: unreadable(f.name, err)})
		return nil
	}
	return y.take(ctx, f.name, f.source, b)
}

// take parses a document and puts it on the shelf, unless it is there.
func (y *syncRun) take(ctx context.Context, name, source string, b []byte) error {
	sum := sha256.Sum256(b)
	sha := hex.EncodeToString(sum[:])
	known, ok := y.known[source]
	if ok && y.same(known, sha) {
		y.stored(source, Stored{ID: known.ID, Outcome: Unchanged, Standing: known.Standing, Chunks: known.Chunks}, known.Pages, &Document{}, 0)
		return nil
	}
	d, chunks, scanned, err := y.read(ctx, name, source, b)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		y.report(name, Step{Source: source, Err: err})
		return nil
	}
	d.SHA256 = sha
	d.Visibility = y.visibility(known)
	if y.request.Kind != "" {
		d.Kind = y.request.Kind
	}
	s, err := y.c.Shelf.Put(ctx, y.request.Tenant, d, chunks, b)
	switch code := fault.CodeOf(err); {
	case err == nil:
		y.stored(source, s, d.Pages, d, scanned)
		return nil
	case code == fault.Invalid, code == fault.Conflict:
		y.report(name, Step{Source: source, Err: err})
		return nil
	}
	return &shelfError{err}
}

// same says whether a known document is what the request wants, so that its file need not be parsed.
func (y *syncRun) same(k Known, sha string) bool {
	return k.SHA256 == sha && k.Standing != Retired && !y.request.Force && k.Visibility == y.visibility(k) &&
		(y.request.Kind == "" || y.request.Kind == k.Kind)
}

// visibility never makes public, unasked, what was for the staff.
func (y *syncRun) visibility(k Known) Visibility {
	switch {
	case y.request.Visibility != "":
		return y.request.Visibility
	case k.Visibility != "":
		return k.Visibility
	}
	return Public
}

// read makes a document of bytes. A defect of ours that shows as a panic costs this file only.
func (y *syncRun) read(ctx context.Context, name, source string, b []byte) (d *Document, chunks []Chunk, scanned int, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fault.Wrap(fault.Broken, fmt.Errorf("panic: %v", v), "%s: a defect of sportello keeps it from being read: report it with the file", name)
		}
	}()
	p, err := y.c.Parser.Parse(ctx, Input{Name: name, Bytes: b})
	if err != nil {
		return nil, nil, 0, err
	}
	accepted, err := y.accepted(ctx, source, p)
	if err != nil {
		return nil, nil, 0, err
	}
	d = StructureAccepting(source, p, accepted)
	chunks = Split(d, y.c.Count, y.c.Window)
	if len(chunks) == 0 {
		return nil, nil, 0, fault.New(fault.NoText, "%s: it holds no text", name)
	}
	return d, chunks, len(p.OCRPages), nil
}

// accepted asks the shelf what of the hidden texts of a file is to stand.
func (y *syncRun) accepted(ctx context.Context, source string, p *Parsed) (map[string]bool, error) {
	shelf, ok := y.c.Shelf.(Accepter)
	if !ok || len(p.Hidden) == 0 {
		return nil, nil
	}
	keys, err := shelf.Accepted(ctx, y.request.Tenant, source)
	set := map[string]bool{}
	for _, k := range keys {
		set[k] = true
	}
	return set, err
}

func (y *syncRun) stored(source string, s Stored, pages int, d *Document, scanned int) {
	y.mu.Lock()
	y.result.count(s, source, pages)
	y.result.OCRPages += scanned
	y.result.hides(source, d.Findings)
	y.mu.Unlock()
	y.report(source, Step{Source: source, Outcome: s.Outcome, Document: s.ID, Version: s.Version, Chunks: s.Chunks, Warnings: d.Warnings})
}

func (y *syncRun) report(name string, s Step) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.done++
	s.Done, s.Total = y.done, y.total
	if s.Err != nil {
		y.result.fail(name, s.Err)
	}
	if y.request.Progress != nil {
		y.request.Progress(s)
	}
}

// vanished finds live documents of the given folders whose file is gone, and retires them when asked to.
func (y *syncRun) vanished(ctx context.Context, s *survey) error {
	for _, k := range y.known {
		if k.Standing != Live || !slices.ContainsFunc(s.folders, func(folder string) bool { return within(folder, k.Source) }) || !s.vanished(k.Source) {
			continue
		}
		y.result.Vanished = append(y.result.Vanished, k.Source)
		if !y.request.Prune {
			continue
		}
		if err := y.c.Shelf.Retire(ctx, y.request.Tenant, k.ID); err != nil {
			return err
		}
		y.result.Removed++
	}
	return nil
}
