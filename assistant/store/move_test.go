package store

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/ingest"
)

// fillAll writes three rows into every table of an SQLite store, whatever its columns: also into those that come later.
func fillAll(t *testing.T, s *Store) []table {
	t.Helper()
	ctx := t.Context()
	m := &mover{from: s, to: s}
	tables := must[[]table](t)(m.schema(ctx))
	value := func(tab table, c column, n int) any {
		switch c.kind {
		case "TEXT":
			return fmt.Sprintf("%s.%s %d — perché? l'“àccento” 🏛 \\ ?1 $1 \n", tab.name, c.name, n)
		case "BLOB":
			return []byte{0, byte(n), 255, '\'', 0, byte(len(tab.name))}
		case "REAL":
			return 0.1 * float64(n)
		}
		return int64(n) + 1<<40
	}
	for _, tab := range tables {
		rows, err := s.reader.QueryContext(ctx, `SELECT "table", "from", "to" FROM pragma_foreign_key_list(?1)`, tab.name)
		ok(t, err)
		refers := map[string][2]string{}
		must[[]int](t)(collect(rows, func(row scanner) (none int, err error) {
			var table, from, to string
			err = row.Scan(&table, &from, &to)
			refers[from] = [2]string{table, to}
			return 0, err
		}))
		b := batch{table: &table{name: tab.name, columns: tab.columns, self: tab.self}}
		tx, err := s.writer.BeginTx(ctx, nil)
		ok(t, err)
		b.target = tx
		for n := range 3 {
			values := make([]any, len(tab.columns))
			for i, c := range tab.columns {
				values[i] = value(tab, c, n)
				if other, is := refers[c.name]; is {
					of := table{name: other[0]}
					at := slices.IndexFunc(tables, func(x table) bool { return x.name == other[0] })
					to := slices.IndexFunc(tables[at].columns, func(x column) bool { return x.name == other[1] })
					values[i] = value(of, tables[at].columns[to], n)
					if tab.self != nil && tab.self.name == c.name { // the first refers to the last, which refers to none
						if values[i] = nil; n == 0 {
							values[i] = value(of, tables[at].columns[to], 2)
						}
					}
				}
			}
			ok(t, b.add(ctx, values, 0))
		}
		ok(t, b.end(ctx))
		ok(t, tx.Commit())
	}
	return tables
}

// dumped gives all rows of a store as text, in order.
func dumped(t *testing.T, s *Store, tables []table) (all []string) {
	t.Helper()
	for _, tab := range tables {
		rows, err := s.reader.QueryContext(t.Context(), tab.query())
		ok(t, err)
		all = append(all, must[[]string](t)(collect(rows, func(row scanner) (string, error) {
			values, _, err := tab.read(row)
			return fmt.Sprintf("%s %q", tab.name, values), err
		}))...)
	}
	slices.Sort(all)
	return all
}

func sqliteIn(t *testing.T, dir string) *Store {
	t.Helper()
	s := must[*Store](t)(Open(t.Context(), Config{Dir: dir, Analyze: words, AnalyzerVersion: 1}))
	t.Cleanup(func() { ok(t, s.Close()) })
	return s
}

// TestMove takes a store in which every table is full to PostgreSQL and back.
func TestMove(t *testing.T) {
	onlyPostgres(t)
	ctx := t.Context()
	from := sqliteIn(t, t.TempDir())
	tables := fillAll(t, from)
	original := []byte(strings.Repeat("il testo di un regolamento\n", 100_000)) // three pieces
	ok(t, from.keep(ctx, digest(original), original))
	ok(t, from.bytes.put(ctx, inboxDir+"/"+strings.Repeat("j", 36)+"/0", bytes.NewReader([]byte("atteso"))))
	ok(t, from.keyring.put("q.avella.2026-11-20", []byte(strings.Repeat("k", 32))))
	before := dumped(t, from, tables)
	if len(before) < 3*40 {
		t.Fatalf("only %d rows: this test sees too little", len(before))
	}

	there := opened(t, Config{Dir: t.TempDir()})
	var done, total int64
	moved := must[*Moved](t)(Move(ctx, from, there, MoveConfig{Progress: func(d, n int64) { done, total = d, n }}))
	if diff := cmp.Diff(before, dumped(t, from, tables)); diff != "" {
		t.Errorf("the source changed:\n%s", diff)
	}
	if diff := cmp.Diff(before, dumped(t, there, tables)); diff != "" {
		t.Errorf("what came:\n%s", diff)
	}
	if moved.Rows != int64(len(before)) || moved.Files != 2 || moved.Keys != 1 || moved.Bytes != int64(len(original))+6 || done != total || done != moved.Rows+2 || moved.Changed != 0 || len(moved.Damaged) != 0 {
		t.Errorf("moved %+v, %d of %d", moved, done, total)
	}
	_, err := Move(ctx, from, there, MoveConfig{})
	wantCode(t, err, fault.Conflict)

	back := sqliteIn(t, t.TempDir())
	again := must[*Moved](t)(Move(ctx, there, back, MoveConfig{}))
	if diff := cmp.Diff(before, dumped(t, back, tables)); diff != "" {
		t.Errorf("what came back:\n%s", diff)
	}
	if diff := cmp.Diff(moved, again); diff != "" {
		t.Errorf("the way back counts otherwise:\n%s", diff)
	}
	f := must[io.ReadCloser](t)(back.bytes.open(ctx, digest(original)))
	if got := must[[]byte](t)(io.ReadAll(f)); !bytes.Equal(got, original) {
		t.Errorf("an original of %d bytes came back with %d", len(original), len(got))
	}
	ok(t, f.Close())
	if key := must[[]byte](t)(back.keyring.read("q.avella.2026-11-20")); string(key) != strings.Repeat("k", 32) {
		t.Errorf("key %q", key)
	}
	// New rows have numbers of their own.
	comune(t, there, "nuovo")
	ok(t, there.AddFeedback(ctx, assistant.Feedback{Tenant: "nuovo", At: noon, Useful: 1}, true))
}

// A backup leaves the keys out; what PostgreSQL cannot hold comes as the sign for it; a target with anything in it is left alone.
func TestMoveParts(t *testing.T) {
	onlyPostgres(t)
	ctx := t.Context()
	from := sqliteIn(t, t.TempDir())
	comune(t, from, "avella")
	ok(t, from.AddAsked(ctx, asked("a1", noon), true))
	put(t, from, "avella", "atti/tari\xff.txt", "Titolo con \x00 dentro", "uno", "due")
	u := must[*Upload](t)(from.NewUpload(ctx, "avella", "rossi", ingest.JobOptions{}))
	ok(t, u.Add("a.txt", "caricati/a.txt", strings.NewReader("# Atto\n\nTesto.\n"), 1<<20))
	must[string](t)(u.Commit(ctx))

	folder := sqliteIn(t, t.TempDir())
	copied := must[*Moved](t)(Move(ctx, from, folder, MoveConfig{Copy: true}))
	if copied.Keys != 0 || copied.Files != 2 {
		t.Errorf("%+v", copied)
	}
	if _, err := folder.Asked(ctx, "avella", "a1"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("a backup tells what citizens wrote: %v", err)
	}
	there := opened(t, Config{Dir: from.dir}) // the folder of the source: its inbox has to stay
	moved := must[*Moved](t)(Move(ctx, from, there, MoveConfig{}))
	if moved.Changed < 2 {
		t.Errorf("%d texts changed", moved.Changed)
	}
	if all := must[[]Record](t)(there.Documents(ctx, "avella", Filter{})); len(all) != 1 || all[0].Title != "Titolo con \uFFFD dentro" {
		t.Errorf("%+v", all)
	}
	if got := must[*assistant.Asked](t)(there.Asked(ctx, "avella", "a1")); got.Question == "" {
		t.Error("the question cannot be read")
	}
	for _, s := range []*Store{there, from} { // both can take the upload in
		if worked := must[bool](t)(worker(s).Once(ctx)); !worked {
			t.Errorf("%s: nothing waits", s.where)
		}
		if jobs := must[[]JobRecord](t)(s.Jobs(ctx, "avella", 9)); len(jobs) != 1 || jobs[0].Done != 1 {
			t.Errorf("%s: %+v", s.where, jobs)
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := Move(cancelled, from, sqliteIn(t, t.TempDir()), MoveConfig{}); err == nil {
		t.Error("moved without time")
	}
}

// A move waits for who writes, and who writes waits for a move: nothing that was acknowledged is left behind.
func TestMoveHoldsTheSource(t *testing.T) {
	onlyPostgres(t)
	from := sqliteIn(t, t.TempDir())
	comune(t, from, "avella")
	impatient := must[*Store](t)(Open(t.Context(), Config{Dir: from.dir, Wait: 50 * time.Millisecond}))
	t.Cleanup(func() { ok(t, impatient.Close()) })
	tried := false
	must[*Moved](t)(Move(t.Context(), from, opened(t, Config{Dir: t.TempDir()}), MoveConfig{Say: func(string) {
		if tried {
			return
		}
		tried = true
		if err := impatient.AddTenant(t.Context(), Tenant{Slug: "baiano", Name: "Baiano"}); fault.CodeOf(err) != fault.Unavailable {
			t.Errorf("somebody wrote during a move: %v", err)
		}
	}}))
	if !tried {
		t.Error("not tried")
	}
}
