package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"sportello/assistant"
	"sportello/assistant/fault"
)

func TestOpenAgain(t *testing.T) {
	onlySQLite(t, "it looks for the file")
	dir := filepath.Join(t.TempDir(), "una cartella #1?", "dati")
	s := must[*Store](t)(Open(t.Context(), Config{Dir: dir, Analyze: words, AnalyzerVersion: 1}))
	comune(t, s, "avella")
	put(t, s, "avella", "tari.txt", "TARI", "uno", "due")
	ok(t, s.Close())
	s = opened(t, Config{Dir: dir})
	if s.Dir() != dir || len(points(t, s, "avella", "")) != 2 {
		t.Errorf("the documents are gone from %s", s.Dir())
	}
	if _, err := os.Stat(filepath.Join(dir, fileName)); err != nil {
		t.Error(err)
	}
}

func TestOpenFails(t *testing.T) {
	onlySQLite(t, "it is about folders")
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	ok(t, os.WriteFile(file, nil, 0o600))
	other := filepath.Join(folder, "other")
	ok(t, os.Mkdir(other, 0o750))
	ok(t, os.WriteFile(filepath.Join(other, fileName), []byte(strings.Repeat("not a database ", 1000)), 0o600))
	newer := filepath.Join(folder, "newer")
	s := must[*Store](t)(Open(t.Context(), Config{Dir: newer}))
	_, err := s.writer.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
	ok(t, errors.Join(err, s.Close()))
	for _, c := range []struct {
		name, dir string
		code      fault.Code
		message   string
	}{
		{"nothing", "", fault.Invalid, "--data"},
		{"a file", file, fault.Invalid, "is not a folder"},
		{"below a file", filepath.Join(file, "x"), fault.Invalid, "is not a folder"},
		{"no place", "/proc/sportello", fault.Invalid, "cannot write in /proc/sportello"},
		{"not a database", other, fault.Broken, "is not a database of sportello"},
		{"newer", newer, fault.Unsupported, "newer sportello"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Open(t.Context(), Config{Dir: c.dir})
			if fault.CodeOf(err) != c.code || !strings.Contains(fault.MessageOf(err), c.message) {
				t.Errorf("Open = %v (%s), want %s, %q", err, fault.CodeOf(err), c.code, c.message)
			}
			if s != nil {
				t.Errorf("and a store: %v", s.Close())
			}
		})
	}
}

func TestDamaged(t *testing.T) {
	onlySQLite(t, "it damages the file")
	dir := t.TempDir()
	s := must[*Store](t)(Open(t.Context(), Config{Dir: dir, Analyze: words, AnalyzerVersion: 1}))
	comune(t, s, "avella")
	for i := range 20 {
		put(t, s, "avella", fmt.Sprint(i), "TARI", strings.Repeat("uno ", 500), "due")
	}
	ok(t, s.Close())
	path := filepath.Join(dir, fileName)
	b := must[[]byte](t)(os.ReadFile(path))
	one := slices.Clone(b) // one page of a document that nobody asks for
	for i := len(one) - 8192; i < len(one); i++ {
		one[i] = 0xAA
	}
	ok(t, os.WriteFile(path, one, 0o600))
	sound := must[*Store](t)(Open(t.Context(), Config{Dir: dir}))
	if err := sound.Sound(t.Context()); fault.CodeOf(err) != fault.Broken || !strings.Contains(fault.MessageOf(err), "restore a backup") {
		t.Errorf("one damaged page: %v", err)
	}
	ok(t, errors.Join(sound.Close(), os.WriteFile(path, b, 0o600)))
	sound = must[*Store](t)(Open(t.Context(), Config{Dir: dir}))
	ok(t, errors.Join(sound.Sound(t.Context()), sound.Close()))
	for i := 3 * 8192; i < len(b); i++ {
		b[i] = 0xAA
	}
	ok(t, os.WriteFile(path, b, 0o600))
	s, err := Open(t.Context(), Config{Dir: dir})
	if err == nil {
		err = s.EachPoint(t.Context(), "avella", "", func(assistant.Point) error { return nil })
		ok(t, s.Close())
	}
	if fault.CodeOf(err) != fault.Broken || !strings.Contains(fault.MessageOf(err), "restore a backup") {
		t.Errorf("%v (%s)", err, fault.CodeOf(err))
	}
}

func TestFullDisk(t *testing.T) {
	onlySQLite(t, "it fills the file")
	s := opened(t, Config{Dir: t.TempDir()})
	comune(t, s, "avella")
	put(t, s, "avella", "tari.txt", "TARI", "uno", "due")
	var pages int
	ok(t, s.writer.QueryRowContext(t.Context(), "PRAGMA page_count").Scan(&pages))
	if _, err := s.writer.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages+10)); err != nil {
		t.Fatal(err)
	}
	d, chunks, original := document("grande.txt", "Grande", strings.Repeat("uno ", 100_000))
	_, err := s.Put(t.Context(), "avella", d, chunks, original)
	if fault.CodeOf(err) != fault.Unavailable || !strings.Contains(fault.MessageOf(err), "is full") {
		t.Errorf("Put = %v (%s)", err, fault.CodeOf(err))
	}
	if all := must[[]Record](t)(s.Documents(t.Context(), "avella", Filter{})); len(all) != 1 {
		t.Errorf("half of it is there: %+v", all)
	}
	put(t, s, "avella", "imu.txt", "IMU", "uno", "due") // there is room for a small one
}

func TestExplain(t *testing.T) {
	for _, c := range []struct {
		err  error
		code fault.Code
	}{
		{nil, ""},
		{&fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, fault.Unavailable},
		{&fs.PathError{Op: "open", Path: "x", Err: syscall.EACCES}, fault.Invalid},
		{&fs.PathError{Op: "open", Path: "x", Err: syscall.EROFS}, fault.Invalid},
		{fault.New(fault.Conflict, "x"), fault.Conflict},
		{errors.New("x"), fault.Internal},
		{t.Context().Err(), ""},
	} {
		if got := fault.CodeOf(explain(c.err, "/dati")); got != c.code {
			t.Errorf("explain(%v) has code %q, want %q", c.err, got, c.code)
		}
	}
}

// Every statement is used, and every one that is used is there.
func TestStatements(t *testing.T) {
	all := must[statements](t)(loadStatements())
	used := map[string]bool{}
	call := regexp.MustCompile(`s\.sql\["([a-z_]+)"\]`)
	for _, file := range must[[]string](t)(filepath.Glob("*.go")) {
		for _, m := range call.FindAllStringSubmatch(string(must[[]byte](t)(os.ReadFile(file))), -1) {
			used[m[1]] = true
			if all[m[1]] == "" {
				t.Errorf("%s: no statement %q", file, m[1])
			}
		}
	}
	for _, file := range must[[]string](t)(filepath.Glob("*.go")) {
		// PostgreSQL has no such thing: a statement says RETURNING id.
		if !strings.HasSuffix(file, "_test.go") && strings.Contains(string(must[[]byte](t)(os.ReadFile(file))), ".LastInsertId(") {
			t.Errorf("%s asks for the last id: let the statement say RETURNING", file)
		}
	}
	for name := range all {
		if !used[name] {
			t.Errorf("statement %q is not used", name)
		}
	}
	for _, bad := range []string{"SELECT 1", "-- name: a\nSELECT 1\n-- name: a\nSELECT 2", "-- name: \nSELECT 1"} {
		if err := (statements{}).add("x.sql", bad); fault.CodeOf(err) != fault.Internal {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestTermsAndVectors(t *testing.T) {
	terms := []assistant.Term{{Text: "tari", Count: 3}, {Text: "città", Count: 1}, {Text: "", Count: 300}}
	b := packTerms(terms)
	if got := must[[]assistant.Term](t)(unpackTerms(b)); !slices.Equal(got, terms) {
		t.Errorf("terms = %v", got)
	}
	for i := 1; i < len(b); i++ {
		if got, err := unpackTerms(b[:i]); err == nil && len(got) >= len(terms) {
			t.Errorf("%d bytes give %v", i, got)
		}
	}
	if _, err := unpackTerms([]byte{0xff}); fault.CodeOf(err) != fault.Broken {
		t.Errorf("terms: %v", err)
	}
	if _, err := unpackVector([]byte{1, 2, 3}); fault.CodeOf(err) != fault.Broken {
		t.Errorf("vector: %v", err)
	}
}
