package store

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sportello/assistant"
	"sportello/ingest"
)

func TestProcessesOpenAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data")
	var all []*process
	for range 4 {
		all = append(all, start(t, "open", dir))
	}
	for _, p := range all {
		if got := p.lines(-1); len(got) != 1 {
			t.Errorf("a process did not open the folder: %v", got)
		}
		ok(t, p.Wait())
	}
}

func TestProcessesTogether(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, Config{Dir: dir})
	comune(t, s, "avella")
	var all []*process
	for _, role := range []string{"put", "put", "embed", "ask"} {
		all = append(all, start(t, role, dir))
	}
	var group sync.WaitGroup
	for i := range 3 { // and this process too
		group.Go(func() {
			for j := range 20 {
				d, chunks, original := document(fmt.Sprintf("qui/%d.txt", i), "Qui", fmt.Sprint(j), "due", "tre")
				if _, err := s.Put(t.Context(), "avella", d, chunks, original); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	for _, p := range all {
		p.lines(-1)
		if err := p.Wait(); err != nil {
			t.Error(err)
		}
	}
	late := start(t, "embed", dir)
	late.lines(-1)
	ok(t, late.Wait())
	if n := must[int](t)(s.PendingCount(t.Context(), "m")); n != 0 {
		t.Errorf("%d texts without vector", n)
	}
	if n := len(must[[]Record](t)(s.Documents(t.Context(), "avella", Filter{}))); n != 43 {
		t.Errorf("%d documents", n)
	}
	whole(t, s)
}

func TestKilledWhileWriting(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, Config{Dir: dir})
	comune(t, s, "avella")
	type told struct {
		version int
		sha     string
	}
	acknowledged := map[string]told{} // the last of each document
	for _, after := range []int{1, 7, 25, 26, 43} {
		p := start(t, "put", dir)
		lines := p.lines(after)
		ok(t, p.Process.Kill())
		for _, line := range append(lines, p.lines(-1)...) {
			var id string
			var a told
			if _, err := fmt.Sscan(line, &id, &a.version, &a.sha); err == nil && len(a.sha) == 64 {
				acknowledged[id] = a
			}
		}
	}
	if len(acknowledged) < 5 {
		t.Errorf("only %d documents were acknowledged", len(acknowledged))
	}
	for id, a := range acknowledged {
		r := must[*Record](t)(s.Document(t.Context(), "avella", id))
		// One version more may be there: stored, and killed before it was told.
		if r.Version != a.version+1 && (r.Version != a.version || r.SHA256 != a.sha) {
			t.Errorf("%s: version %d, acknowledged was %+v", r.Source, r.Version, a)
		}
	}
	whole(t, s)
}

func TestKilledWhileEmbedding(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, Config{Dir: dir, Lease: time.Second})
	comune(t, s, "avella")
	put(t, s, "avella", "tari.txt", "TARI", "uno", "due", "tre")
	p := start(t, "lease", dir)
	if got := p.lines(1); len(got) != 1 || got[0] != "3" {
		t.Fatalf("leased %v", got)
	}
	if n := must[int](t)(s.PendingCount(t.Context(), "m")); n != 3 {
		t.Errorf("leased texts are not counted: %d", n)
	}
	ok(t, p.Process.Kill())
	s.now = func() time.Time { return time.Now().Add(time.Minute) }
	if got := must[[]assistant.Pending](t)(s.PendingVectors(t.Context(), "m", 10)); len(got) != 3 {
		t.Errorf("%d texts after the lease", len(got))
	}
}

// whole checks that nothing is half there: every document has its text, its original, its chunks and its change.
func whole(t *testing.T, s *Store) {
	t.Helper()
	ctx := t.Context()
	if !onPostgres {
		var verdict string
		ok(t, s.reader.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&verdict))
		if verdict != "ok" {
			t.Errorf("integrity: %s", verdict)
		}
		var dangling int
		ok(t, s.reader.QueryRowContext(ctx, "SELECT count(*) FROM pragma_foreign_key_check").Scan(&dangling))
		if dangling != 0 {
			t.Errorf("%d rows refer to one that is not there", dangling)
		}
	}
	changed := map[string]bool{}
	for _, c := range must[[]assistant.Change](t)(s.Changes(ctx, 0, 10000)) {
		changed[c.DocumentID] = true
	}
	for _, r := range must[[]Record](t)(s.Documents(ctx, "avella", Filter{})) {
		if got := len(must[[]assistant.Point](t)(s.Points(ctx, "avella", r.ID, ""))); got != r.Chunks || got != 3 {
			t.Errorf("%s has %d chunks of %d", r.Source, got, r.Chunks)
		}
		d := must[*ingest.Document](t)(s.Content(ctx, "avella", r.ID))
		if len(d.Sections) != 3 || d.Text == "" || !changed[r.ID] {
			t.Errorf("%s is not whole: %+v", r.Source, d)
		}
		f, _, err := s.Original(ctx, "avella", r.ID)
		ok(t, err)
		if b := must[[]byte](t)(io.ReadAll(f)); digest(b) != r.SHA256 {
			t.Errorf("the original of %s is not whole", r.Source)
		}
		ok(t, f.Close())
	}
	err := filepath.WalkDir(filepath.Join(s.dir, filesDir), func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), ".new-") {
			return err
		}
		b, err := os.ReadFile(path)
		if digest(b) != e.Name() {
			t.Errorf("%s is not what its name says", path)
		}
		return err
	})
	ok(t, err)
}
