package store

import (
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/store/pgtest"
	"sportello/ingest"
)

func onlyPostgres(t *testing.T) {
	t.Helper()
	if !onPostgres {
		t.Skip("runs with TestPostgres")
	}
}

// After Forget a shredded key is in no file of the server's tables. What the write-ahead log still holds is said in the guide.
func TestPostgresForgets(t *testing.T) {
	onlyPostgres(t)
	ctx := t.Context()
	s := opened(t, Config{Dir: t.TempDir(), Analyze: words})
	comune(t, s, "avella")
	old := noon.AddDate(0, 0, -7)
	ok(t, s.AddAsked(ctx, asked("a1", old), true))
	ok(t, s.AddAsked(ctx, asked("a2", noon), true))
	day := old.Format(time.DateOnly)
	key := must[[]byte](t)(s.keyring.read(dayKey("avella", day)))
	tables := cluster.Dir + "/base"
	ok(t, cluster.Checkpoint())
	if occurrences(t, tables, key) == 0 {
		t.Fatal("this test would see nothing")
	}
	if n := must[int](t)(s.Expire(ctx, "avella", day)); n != 1 {
		t.Errorf("%d deleted", n)
	}
	if done := must[bool](t)(s.Forget(ctx)); !done {
		t.Error("not done")
	}
	ok(t, cluster.Checkpoint())
	if n := occurrences(t, tables, key); n != 0 {
		t.Errorf("the key is still there %d times", n)
	}
	if _, err := os.Stat(s.dir + "/" + keysDir); err == nil {
		t.Error("keys are in the folder of the node")
	}
	if got := must[*assistant.Asked](t)(s.Asked(ctx, "avella", "a2")); got.Question == "" {
		t.Errorf("the other day went with it: %+v", got)
	}
}

// Two nodes on one database see each other's uploads, originals and keys, with folders of their own.
func TestPostgresNodes(t *testing.T) {
	onlyPostgres(t)
	ctx := t.Context()
	a := opened(t, Config{Dir: t.TempDir()})
	b := must[*Store](t)(Open(ctx, Config{Dir: t.TempDir(), Postgres: databaseOf(t, a.dir), Analyze: words, AnalyzerVersion: 1}))
	t.Cleanup(func() { ok(t, b.Close()) })
	comune(t, a, "avella")
	long := strings.Repeat("riga di un regolamento assai lungo\n", 80_000) // three pieces
	u := must[*Upload](t)(a.NewUpload(ctx, "avella", "rossi", ingest.JobOptions{}))
	ok(t, u.Add("a.txt", "caricati/a.txt", strings.NewReader(long), 10<<20))
	job := must[string](t)(u.Commit(ctx))
	if left, err := os.ReadDir(a.inbox(job)); err == nil && len(left) > 0 {
		t.Errorf("the node that received an upload keeps it: %v", left)
	}
	if worked := must[bool](t)(worker(b).Once(ctx)); !worked {
		t.Fatal("the other node found nothing to do")
	}
	all := must[[]Record](t)(a.Documents(ctx, "avella", Filter{}))
	if len(all) != 1 {
		t.Fatalf("%+v", all)
	}
	f, r, err := a.Original(ctx, "avella", all[0].ID)
	ok(t, err)
	if got := string(must[[]byte](t)(io.ReadAll(f))); got != long || digest([]byte(got)) != r.SHA256 {
		t.Errorf("%d bytes of %d", len(got), len(long))
	}
	if left := waitingBytes(t, a); len(left) != 0 {
		t.Errorf("bytes of the upload are left: %v", left)
	}
	ok(t, a.AddAsked(ctx, asked("q1", noon), true))
	if got := must[*assistant.Asked](t)(b.Asked(ctx, "avella", "q1")); got.Question != asked("q1", noon).Question {
		t.Errorf("the other node reads %q", got.Question)
	}
}

func TestPostgresWrongAddress(t *testing.T) {
	onlyPostgres(t)
	good := databaseOf(t, "wrong address")
	for _, c := range []struct {
		name, dsn string
		code      fault.Code
		message   string
	}{
		{"no address", "postgres://x:segreto@[", fault.Invalid, "postgres://name:password@host"},
		{"nobody there", "postgres://x:segreto@127.0.0.1:1/x?connect_timeout=2", fault.Unavailable, "does not answer"},
		{"no such database", strings.Replace(good, "/"+pgtest.Name(good)+"?", "/nessuno?", 1), fault.Invalid, "createdb"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Open(t.Context(), Config{Dir: t.TempDir(), Postgres: c.dsn})
			if fault.CodeOf(err) != c.code || !strings.Contains(fault.MessageOf(err), c.message) {
				t.Errorf("Open = %v (%s)", err, fault.CodeOf(err))
			}
			if err != nil && strings.Contains(err.Error(), "segreto") {
				t.Errorf("the password is in %v", err)
			}
			if s != nil {
				t.Error("and a store")
			}
		})
	}
}
