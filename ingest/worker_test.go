package ingest_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// desk is a ingest.Queue and a ingest.Watchlist in memory, with one job and one address.
type desk struct {
	mu        sync.Mutex
	job       *ingest.Job
	files     []ingest.JobFile
	cancelled bool
	ended     int
	fail      error // of EndFile
	watched   *ingest.Watched
	report    ingest.WatchReport
	complete  bool
	took      []string
	taking    []string
	forgotten error
}

func (d *desk) LeaseJob(context.Context) (*ingest.Job, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ended > 0 || d.cancelled {
		return nil, nil
	}
	return d.job, nil
}

func (d *desk) RenewJob(context.Context, string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cancelled {
		return fault.New(fault.Conflict, "stopped")
	}
	return nil
}

func (d *desk) NextFile(ctx context.Context, _ string) (*ingest.JobFile, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.files {
		if d.files[i].State == ingest.FileWaiting {
			f := d.files[i]
			return &f, ctx.Err()
		}
	}
	return nil, nil
}

func (d *desk) BeginFile(ctx context.Context, _ *ingest.Job, f *ingest.JobFile) error {
	if strings.HasPrefix(f.Name, "lento") { // until somebody stops it
		d.mu.Lock()
		d.cancelled = true
		d.mu.Unlock()
		<-ctx.Done()
		return ctx.Err()
	}
	return nil
}

func (d *desk) EndFile(_ context.Context, _ *ingest.Job, f *ingest.JobFile) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.files[f.Ordinal] = *f
	return d.fail
}

func (d *desk) Unpack(_ context.Context, _ string, a *ingest.JobFile, files []ingest.JobFile) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.files[a.Ordinal].State, d.files[a.Ordinal].Outcome = ingest.FileDone, ingest.Unpacked
	for _, f := range files {
		f.Ordinal = len(d.files)
		d.files = append(d.files, f)
	}
	return nil
}

func (d *desk) EndJob(context.Context, *ingest.Job) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended++
	return nil
}

func (d *desk) Same(_ context.Context, _, _, source string) (string, string, error) {
	if strings.Contains(source, "doppio") {
		return "id", "Regolamento", nil
	}
	return "", "", nil
}

func (d *desk) Taking(_ context.Context, _ *ingest.Watched, source string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.taking = append(d.taking, source)
	return nil
}

func (d *desk) LeaseAddress(context.Context) (*ingest.Watched, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.watched
	d.watched = nil
	return w, nil
}
func (d *desk) RenewAddress(context.Context, string) error { return errors.New("busy") }
func (d *desk) AddressMemory(string) ingest.Memory         { return nil }
func (d *desk) Took(_ context.Context, _ *ingest.Watched, document string) error {
	d.took = append(d.took, document)
	return d.forgotten
}
func (d *desk) Visited(_ context.Context, _ string, _ time.Time, r ingest.WatchReport, complete bool) error {
	d.report, d.complete = r, complete
	return nil
}

func uploaded(t *testing.T, pairs ...string) *desk {
	t.Helper()
	d := &desk{job: &ingest.Job{ID: "1", Tenant: "avella"}}
	dir := t.TempDir()
	for i := 0; i < len(pairs); i += 2 {
		path := filepath.Join(dir, pairs[i])
		if err := os.WriteFile(path, []byte(pairs[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
		d.files = append(d.files, ingest.JobFile{Ordinal: i / 2, Name: pairs[i], Source: "x/" + pairs[i], Path: path, Entry: -1, Size: int64(len(pairs[i+1])), State: ingest.FileWaiting})
	}
	return d
}

func TestWorker(t *testing.T) {
	pack, err := os.ReadFile(archived(t, "dentro.txt", "Testo del regolamento dentro l'archivio").Path)
	if err != nil {
		t.Fatal(err)
	}
	d := uploaded(t, "a.txt", "Testo del regolamento comunale", "vuoto.txt", "", "doppio.txt", "Testo doppio", "atti.zip", string(pack), "grande.txt", strings.Repeat("testo ", 50), "sparito.txt", "x")
	if err := os.Remove(d.files[5].Path); err != nil {
		t.Fatal(err)
	}
	shelf := newShelf()
	w := ingest.NewWorker(ingest.WorkerConfig{Queue: d, Syncer: ingest.NewSyncer(ingest.SyncConfig{Parser: &lineParser{}, Shelf: shelf}), MaxBytes: 200, Pause: time.Millisecond, Renew: time.Millisecond})
	if worked, err := w.Once(t.Context()); !worked || err != nil {
		t.Fatal(worked, err)
	}
	var got []string
	for _, f := range d.files {
		got = append(got, strings.Join([]string{f.Name, string(f.State), string(f.Outcome), string(f.Code)}, " "))
	}
	want := []string{"a.txt done added ", "vuoto.txt failed  no_text", "doppio.txt done duplicate ", "atti.zip done unpacked ", "grande.txt failed  too_large",
		"sparito.txt failed  broken", "atti.zip › dentro.txt done added "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if d.ended != 1 {
		t.Errorf("ended %d times", d.ended)
	}
	if worked, err := w.Once(t.Context()); worked || err != nil {
		t.Error("works at nothing", worked, err)
	}
}

func TestWorkerStops(t *testing.T) {
	d := uploaded(t, "lento.txt", "Testo")
	w := ingest.NewWorker(ingest.WorkerConfig{Queue: d, Syncer: ingest.NewSyncer(ingest.SyncConfig{Parser: &lineParser{}, Shelf: newShelf()}), Renew: time.Millisecond})
	if worked, err := w.Once(t.Context()); !worked || err != nil || d.ended != 0 {
		t.Errorf("cancelled: %v %v", worked, err)
	}
	d = uploaded(t, "a.txt", "Testo")
	d.fail = fault.New(fault.Unavailable, "the disk is full")
	w = ingest.NewWorker(ingest.WorkerConfig{Queue: d, Syncer: ingest.NewSyncer(ingest.SyncConfig{Parser: &lineParser{}, Shelf: newShelf()}), Pause: time.Millisecond})
	if _, err := w.Once(t.Context()); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("full: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := w.Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("run: %v", err)
	}
}

type visits func(yield func(ingest.Fetched) error) (ingest.Visit, error)

func (v visits) Visit(_ context.Context, _ ingest.Address, _ ingest.Memory, yield func(ingest.Fetched) error) (ingest.Visit, error) {
	return v(yield)
}

func TestWatcher(t *testing.T) {
	address := &ingest.Watched{ID: "1", Tenant: "avella", Address: ingest.Address{URL: "https://x.it/", Kind: ingest.AddressSection}}
	d := &desk{watched: address}
	two := visits(func(yield func(ingest.Fetched) error) (ingest.Visit, error) {
		return ingest.Visit{Fetched: 2}, errors.Join(yield(ingest.Fetched{URL: "https://x.it/a", Bytes: []byte("Testo della pagina")}), yield(ingest.Fetched{URL: "https://x.it/b"}))
	})
	shelf := newShelf()
	watcher := func(v ingest.Visitor) *ingest.Watcher {
		return ingest.NewWatcher(ingest.WatcherConfig{List: d, Visitor: v, Syncer: ingest.NewSyncer(ingest.SyncConfig{Parser: &lineParser{}, Shelf: shelf}), Pause: time.Millisecond, Renew: time.Nanosecond})
	}
	w := watcher(two)
	if visited, err := w.Once(t.Context()); !visited || err != nil || d.report.Added != 1 || len(d.report.Failed) != 1 || !d.complete || len(d.took) != 1 {
		t.Errorf("%v %v %+v", visited, err, d)
	}
	if visited, err := w.Once(t.Context()); visited || err != nil {
		t.Error("visits nothing", visited, err)
	}
	d.watched = address
	if _, err := watcher(visits(func(func(ingest.Fetched) error) (ingest.Visit, error) {
		return ingest.Visit{}, fault.New(fault.Unavailable, "the site does not answer")
	})).Once(t.Context()); err != nil || d.report.Code != "unavailable" || d.complete {
		t.Errorf("%v %+v", err, d.report)
	}
	d.watched, d.forgotten = address, errors.New("the store is gone")
	if _, err := w.Once(t.Context()); err == nil {
		t.Error("an error of the list is lost")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := w.Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("run: %v", err)
	}
}
