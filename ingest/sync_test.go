package ingest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// lineParser makes a block of each line. Words in the bytes make it fail.
type lineParser struct {
	parsed         atomic.Int64
	now, mostAtOne atomic.Int64
}

func (p *lineParser) Parse(ctx context.Context, in ingest.Input) (*ingest.Parsed, error) {
	p.parsed.Add(1)
	p.mostAtOne.Store(max(p.mostAtOne.Load(), p.now.Add(1)))
	defer p.now.Add(-1)
	switch {
	case bytes.Contains(in.Bytes, []byte("panic")):
		panic("a slice out of range")
	case bytes.Contains(in.Bytes, []byte("broken")):
		return nil, fault.New(fault.Broken, "%s: cannot be opened", in.Name)
	}
	parsed := &ingest.Parsed{Format: "text", Pages: 1, OCRPages: []int{1}}
	for line := range strings.Lines(string(in.Bytes)) {
		parsed.Blocks = append(parsed.Blocks, ingest.Block{Text: strings.TrimSpace(line), Page: 1})
	}
	return parsed, ctx.Err()
}

// memoryShelf keeps documents in a map.
type memoryShelf struct {
	mu   sync.Mutex
	docs map[string]ingest.Known
	text map[string]string
	fail error
}

func newShelf() *memoryShelf {
	return &memoryShelf{docs: map[string]ingest.Known{}, text: map[string]string{}}
}

func (m *memoryShelf) Known(_ context.Context, tenant, prefix string) (known []ingest.Known, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if tenant != "avella" {
		return nil, fault.New(fault.NotFound, "there is no tenant %q", tenant)
	}
	for source, k := range m.docs {
		if source == prefix || strings.HasPrefix(source, prefix+"/") {
			known = append(known, k)
		}
	}
	return known, nil
}

func (m *memoryShelf) Put(_ context.Context, _ string, d *ingest.Document, chunks []ingest.Chunk, _ []byte) (ingest.Stored, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return ingest.Stored{}, m.fail
	}
	outcome, standing := ingest.Added, ingest.Live
	if k, ok := m.docs[d.Source]; ok && k.Standing != ingest.Retired {
		outcome, standing = ingest.Replaced, k.Standing
	}
	m.docs[d.Source] = ingest.Known{ID: "id of " + d.Source, Source: d.Source, SHA256: d.SHA256, Kind: d.Kind, Visibility: d.Visibility,
		Standing: standing, Chunks: len(chunks), Pages: d.Pages}
	m.text[d.Source] = d.Text
	return ingest.Stored{ID: "id of " + d.Source, Outcome: outcome, Standing: standing, Chunks: len(chunks)}, nil
}

func (m *memoryShelf) Retire(_ context.Context, _, id string) error {
	return m.stand(strings.TrimPrefix(id, "id of "), ingest.Retired)
}

func (m *memoryShelf) stand(source string, s ingest.Standing) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.docs[source]
	k.Standing = s
	m.docs[source] = k
	return nil
}

func (m *memoryShelf) sources() (all []string) {
	for source := range m.docs {
		all = append(all, source)
	}
	slices.Sort(all)
	return all
}

// folder makes files below a new folder called atti.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "atti")
	for name, text := range files {
		write(t, filepath.Join(root, name), text)
	}
	return root
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o750), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

const regulation = "Art. 1 Oggetto\nIl presente regolamento disciplina la tassa sui rifiuti.\n"

func run(t *testing.T, y *ingest.Syncer, r ingest.Request) *ingest.Result {
	t.Helper()
	r.Tenant = "avella"
	result, err := y.Sync(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// same compares results but for the time they took and the counts of chunks, which are Split's.
func same(t *testing.T, want, got *ingest.Result) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(ingest.Result{}, "Seconds", "Chunks"), cmpopts.IgnoreFields(ingest.Failure{}, "Error")); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
}

func TestSync(t *testing.T) {
	root := folder(t, map[string]string{
		"a.txt": regulation, "più/b.txt": regulation, "più/c.txt": regulation + "due", "rotto.bin": "broken", "difetto.bin": "panic", "vuoto.txt": " ",
		".hidden": "x", ".git/config": "x", "~$a.docx": "x",
	})
	parser, shelf := &lineParser{}, newShelf()
	y := ingest.NewSyncer(ingest.SyncConfig{Parser: parser, Shelf: shelf})
	var steps []ingest.Step
	got := run(t, y, ingest.Request{Paths: []string{root, root + "/a.txt"}, Jobs: 3, Progress: func(s ingest.Step) { steps = append(steps, s) }})
	same(t, &ingest.Result{Documents: 3, Pages: 3, OCRPages: 3, Failed: []ingest.Failure{
		{File: root + "/difetto.bin", Code: fault.Broken}, {File: root + "/rotto.bin", Code: fault.Broken}, {File: root + "/vuoto.txt", Code: fault.NoText}}}, got)
	if want := []string{"atti/a.txt", "atti/più/b.txt", "atti/più/c.txt"}; !slices.Equal(shelf.sources(), want) || got.Chunks < 3 {
		t.Errorf("sources %v, %d chunks", shelf.sources(), got.Chunks)
	}
	if len(steps) != 6 || steps[5].Done != 6 || steps[5].Total != 6 {
		t.Errorf("steps %+v", steps)
	}
	if most := parser.mostAtOne.Load(); most > 3 {
		t.Errorf("%d files parsed at once", most)
	}

	parser.parsed.Store(0)
	again := run(t, y, ingest.Request{Paths: []string{root}})
	if again.Unchanged != 3 || again.Documents != 3 || again.Chunks != got.Chunks || again.Pages != 3 || parser.parsed.Load() != 3 {
		t.Errorf("again: %+v, %d parsed", again, parser.parsed.Load()) // only those that failed
	}

	for _, name := range []string{"difetto.bin", "rotto.bin", "vuoto.txt", "più/b.txt"} {
		if err := os.Remove(filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(root, "a.txt"), regulation+"nuovo\n")
	same(t, &ingest.Result{Documents: 2, Unchanged: 1, Replaced: 1, Pages: 2, OCRPages: 1, Vanished: []string{"atti/più/b.txt"}}, run(t, y, ingest.Request{Paths: []string{root}}))
	if shelf.docs["atti/più/b.txt"].Standing != ingest.Live || !strings.Contains(shelf.text["atti/a.txt"], "nuovo") {
		t.Errorf("shelf %+v", shelf.docs)
	}
	same(t, &ingest.Result{Documents: 2, Unchanged: 2, Removed: 1, Pages: 2, Vanished: []string{"atti/più/b.txt"}}, run(t, y, ingest.Request{Paths: []string{root}, Prune: true}))
	same(t, &ingest.Result{Documents: 2, Unchanged: 2, Pages: 2}, run(t, y, ingest.Request{Paths: []string{root}, Prune: true}))
	write(t, filepath.Join(root, "più/b.txt"), regulation) // the same bytes are back
	same(t, &ingest.Result{Documents: 3, Unchanged: 2, Pages: 3, OCRPages: 1}, run(t, y, ingest.Request{Paths: []string{root}}))
	if shelf.docs["atti/più/b.txt"].Standing != ingest.Live {
		t.Error("a file that is back is still retired")
	}
}

func TestSyncKeepsRepealed(t *testing.T) {
	root := folder(t, map[string]string{"a.txt": regulation})
	shelf := newShelf()
	y := ingest.NewSyncer(ingest.SyncConfig{Parser: &lineParser{}, Shelf: shelf})
	run(t, y, ingest.Request{Paths: []string{root}})
	if err := shelf.stand("atti/a.txt", ingest.Repealed); err != nil {
		t.Fatal(err)
	}
	same(t, &ingest.Result{Documents: 1, Unchanged: 1, Pages: 1, Repealed: []string{"atti/a.txt"}}, run(t, y, ingest.Request{Paths: []string{root}}))
	write(t, filepath.Join(root, "a.txt"), regulation+"nuovo")
	same(t, &ingest.Result{Documents: 1, Replaced: 1, Pages: 1, OCRPages: 1, Repealed: []string{"atti/a.txt"}}, run(t, y, ingest.Request{Paths: []string{root}}))
}

func TestSyncVisibilityAndKind(t *testing.T) {
	root := folder(t, map[string]string{"a.txt": regulation})
	shelf := newShelf()
	y := ingest.NewSyncer(ingest.SyncConfig{Parser: &lineParser{}, Shelf: shelf})
	for _, step := range []struct {
		request    ingest.Request
		replaced   int
		visibility ingest.Visibility
		kind       ingest.Kind
	}{
		{ingest.Request{Visibility: ingest.Staff}, 0, ingest.Staff, ""},
		{ingest.Request{}, 0, ingest.Staff, ""}, // not asked: it stays with the staff
		{ingest.Request{Force: true}, 1, ingest.Staff, ""},
		{ingest.Request{Visibility: ingest.Public}, 1, ingest.Public, ""},
		{ingest.Request{Kind: ingest.Bando}, 1, ingest.Public, ingest.Bando},
		{ingest.Request{Kind: ingest.Bando}, 0, ingest.Public, ingest.Bando},
	} {
		step.request.Paths = []string{root}
		result := run(t, y, step.request)
		k := shelf.docs["atti/a.txt"]
		if result.Replaced != step.replaced || k.Visibility != step.visibility || step.kind != "" && k.Kind != step.kind {
			t.Errorf("%+v: %+v, %+v", step.request, result, k)
		}
	}
}

func TestSyncPaths(t *testing.T) {
	root := folder(t, map[string]string{"a.txt": regulation})
	other := folder(t, map[string]string{"a.txt": regulation, "b.txt": regulation})
	if err := errors.Join(os.Symlink(other, filepath.Join(root, "altrove")), os.Symlink("nowhere", filepath.Join(root, "perso.txt")),
		os.Symlink(filepath.Join(other, "b.txt"), filepath.Join(root, "link.txt"))); err != nil {
		t.Fatal(err)
	}
	shelf := newShelf()
	y := ingest.NewSyncer(ingest.SyncConfig{Parser: &lineParser{}, Shelf: shelf})
	shelf.docs["atti/altrove/x.txt"] = ingest.Known{ID: "x", Source: "atti/altrove/x.txt", Standing: ingest.Live} // below what is not walked: not vanished
	missing, site := filepath.Join(root, "manca.txt"), "https://www.comune.example/atti"
	got := run(t, y, ingest.Request{Paths: []string{root, other, missing, site, root + "/a.txt"}})
	var failed []string
	for _, f := range got.Failed {
		failed = append(failed, filepath.Base(f.File)+" "+string(f.Code))
	}
	slices.Sort(failed)
	if want := []string{"a.txt conflict", "altrove unsupported", "atti unsupported", "manca.txt not_found", "perso.txt not_found"}; !slices.Equal(failed, want) {
		t.Errorf("failed %q", failed)
	}
	got.Failed = nil
	same(t, &ingest.Result{Documents: 3, Pages: 3, OCRPages: 3}, got)
	if want := []string{"atti/a.txt", "atti/altrove/x.txt", "atti/b.txt", "atti/link.txt"}; !slices.Equal(shelf.sources(), want) {
		t.Errorf("sources %v", shelf.sources())
	}
	t.Chdir(root)
	same(t, &ingest.Result{Documents: 1, Unchanged: 1, Pages: 1}, run(t, y, ingest.Request{Paths: []string{"a.txt"}}))
	if got := run(t, y, ingest.Request{Paths: []string{"."}}); got.Unchanged != 2 {
		t.Errorf("the folder one is in: %+v", got)
	}
}

func TestSyncFails(t *testing.T) {
	root := folder(t, map[string]string{"a.txt": regulation, "b.txt": regulation, "c.txt": regulation})
	shelf := newShelf()
	y := ingest.NewSyncer(ingest.SyncConfig{Parser: &lineParser{}, Shelf: shelf})
	_, err := y.Sync(t.Context(), ingest.Request{Tenant: "avella"})
	if fault.CodeOf(err) != fault.Invalid {
		t.Errorf("nothing to do: %v", err)
	}
	_, err = y.Sync(t.Context(), ingest.Request{Tenant: "nola", Paths: []string{"https://x.example"}})
	if fault.CodeOf(err) != fault.NotFound {
		t.Errorf("unknown tenant: %v", err)
	}
	shelf.fail = fault.New(fault.Unavailable, "the disk is full")
	result, err := y.Sync(t.Context(), ingest.Request{Tenant: "avella", Paths: []string{root}, Jobs: 1})
	if fault.CodeOf(err) != fault.Unavailable || result.Documents != 0 || len(result.Vanished) != 0 {
		t.Errorf("full disk: %v, %+v", err, result)
	}
	shelf.fail = fault.New(fault.Invalid, "this one is not right")
	if got := run(t, y, ingest.Request{Paths: []string{root}}); len(got.Failed) != 3 || got.Failed[0].Error != "this one is not right" {
		t.Errorf("refused: %+v", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := y.Sync(ctx, ingest.Request{Tenant: "avella", Paths: []string{root}}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// site is a Fetcher that gives pages by address.
type site map[string]string

func (s site) Fetch(_ context.Context, address string, yield func(ingest.Fetched) error) error {
	text, ok := s[address]
	if !ok {
		return fault.New(fault.Unavailable, "%s does not answer", address)
	}
	for i, page := range strings.Split(text, "|") {
		if err := yield(ingest.Fetched{URL: fmt.Sprint(address, "/", i), Bytes: []byte(page)}); err != nil {
			return err
		}
	}
	return nil
}

func TestSyncAddresses(t *testing.T) {
	shelf := newShelf()
	y := ingest.NewSyncer(ingest.SyncConfig{Parser: &lineParser{}, Shelf: shelf, Fetcher: site{"https://a.example": regulation + "|" + regulation + "|broken"}})
	var last ingest.Step
	got := run(t, y, ingest.Request{Paths: []string{"https://a.example", "https://b.example"}, Progress: func(s ingest.Step) { last = s }})
	same(t, &ingest.Result{Documents: 2, Pages: 2, OCRPages: 2, Failed: []ingest.Failure{{File: "https://a.example/2", Code: fault.Broken}, {File: "https://b.example", Code: fault.Unavailable}}}, got)
	if last.Done != 4 {
		t.Errorf("last step %+v", last)
	}
	if again := run(t, y, ingest.Request{Paths: []string{"https://a.example"}}); again.Unchanged != 2 {
		t.Errorf("again %+v", again)
	}
	shelf.fail = fault.New(fault.Unavailable, "the disk is full")
	_, err := y.Sync(t.Context(), ingest.Request{Tenant: "avella", Paths: []string{"https://a.example"}, Force: true})
	if fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("full disk: %v", err)
	}
}
