package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"sportello/assistant"
	"sportello/ingest"
)

// plain is a Parser of lines.
type plain struct{}

func (plain) Parse(_ context.Context, in ingest.Input) (*ingest.Parsed, error) {
	p := &ingest.Parsed{Format: "text"}
	for line := range strings.Lines(string(in.Bytes)) {
		p.Blocks = append(p.Blocks, ingest.Block{Text: strings.TrimSpace(line)})
	}
	return p, nil
}

// holding is an index that remembers what it was given.
type holding struct {
	assistant.Index
	mu        sync.Mutex
	documents map[string][]assistant.Point
}

func (h *holding) Replace(_ context.Context, _, documentID string, points []assistant.Point) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.documents[documentID] = points; len(points) == 0 {
		delete(h.documents, documentID)
	}
	return nil
}

// count gives the points held and how many of them have a vector.
func (h *holding) count() string {
	points, vectors := 0, 0
	for _, d := range h.documents {
		for _, p := range d {
			points++
			if p.Vector != nil {
				vectors++
			}
		}
	}
	return fmt.Sprint(len(h.documents), points, vectors)
}

// hashing is an Embedder without a model.
type hashing struct{}

func (hashing) EmbedPassages(_ context.Context, texts []string) ([][]float32, error) {
	var vectors [][]float32
	for _, text := range texts {
		vectors = append(vectors, unit(text, 16))
	}
	return vectors, nil
}

func (hashing) EmbedQuery(context.Context, string) ([]float32, error) { return nil, nil }
func (hashing) Model() string                                         { return "m" }

// From files to an index that holds words and vectors, through every change that files can have.
func TestFilesToIndex(t *testing.T) {
	ctx := t.Context()
	s := opened(t, Config{Dir: t.TempDir()})
	comune(t, s, "avella")
	root := filepath.Join(t.TempDir(), "atti")
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(root, name)
		ok(t, os.MkdirAll(filepath.Dir(path), 0o750))
		ok(t, os.WriteFile(path, []byte(text), 0o600))
	}
	index := &holding{documents: map[string][]assistant.Point{}}
	follower := assistant.NewFollower(assistant.FollowerConfig{Outbox: s, Index: index, Model: "m",
		Save: func(ctx context.Context, seq int64) error { return s.SetCursor(ctx, "test", seq) }})
	syncer := ingest.NewSyncer(ingest.SyncConfig{Parser: plain{}, Shelf: s})
	step := func(what string, request ingest.Request, embedded int, want string) *ingest.Result {
		t.Helper()
		request.Tenant, request.Paths = "avella", []string{root}
		result := must[*ingest.Result](t)(syncer.Sync(ctx, request))
		if n := must[int](t)(assistant.EmbedPending(ctx, s, hashing{}, nil)); n != embedded {
			t.Errorf("%s: %d vectors made, want %d", what, n, embedded)
		}
		ok(t, follower.CatchUp(ctx))
		if got := index.count(); got != want {
			t.Errorf("%s: documents, points, vectors in the index: %s, want %s", what, got, want)
		}
		return result
	}
	const tari, imu = "La tassa sui rifiuti è ridotta del 30 per cento per chi composta.\n", "L'imposta municipale è dovuta entro il 16 giugno.\n"
	write("tari.txt", tari)
	write("imu.txt", imu)
	step("new", ingest.Request{}, 2, "2 2 2")
	step("again", ingest.Request{}, 0, "2 2 2")
	step("by force", ingest.Request{Force: true}, 0, "2 2 2")
	write("copia/imu.txt", imu)
	step("the same bytes elsewhere", ingest.Request{}, 0, "3 3 3")
	write("imu.txt", strings.Replace(imu, "municipale", "municipale propria", 1))
	step("changed", ingest.Request{}, 1, "3 3 3")
	ok(t, os.Remove(filepath.Join(root, "tari.txt")))
	if r := step("vanished", ingest.Request{}, 0, "3 3 3"); strings.Join(r.Vanished, " ") != "atti/tari.txt" {
		t.Errorf("result %+v", r)
	}
	step("pruned", ingest.Request{Prune: true}, 0, "2 2 2")
	write("tari.txt", tari)
	step("back", ingest.Request{}, 0, "3 3 3")
	known := must[[]ingest.Known](t)(s.Known(ctx, "avella", "atti/tari.txt"))
	ok(t, s.Repeal(ctx, "avella", known[0].ID, ""))
	if r := step("repealed", ingest.Request{}, 0, "2 2 2"); len(r.Repealed) != 1 {
		t.Errorf("result %+v", r)
	}
	if cursor := must[int64](t)(s.Cursor(ctx, "test")); cursor != must[int64](t)(s.Seq(ctx)) {
		t.Errorf("cursor %d", cursor)
	}
}
