package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"sportello/assistant/store/pgtest"
)

// All tests of the package run on SQLite, and again on PostgreSQL: TestPostgres starts this binary once more with onKey set. To run one
// of them alone there: STORE_TEST_ON=postgres go test ./assistant/store -run TestChat
const onKey = "STORE_TEST_ON"

var onPostgres = os.Getenv(onKey) == "postgres"

// TestPostgres runs every other test on PostgreSQL.
func TestPostgres(t *testing.T) {
	if onPostgres {
		t.Skip("this is it")
	}
	if server, err := pgtest.Start(); err == nil {
		server.Stop()
	} else {
		pgtest.Need(t).Stop() // says why not
	}
	args := []string{"-test.v", "-test.timeout=9m"}
	if testing.Short() {
		args = append(args, "-test.short")
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), onKey+"=postgres")
	out, err := cmd.CombinedOutput()
	passed := strings.Count(string(out), "--- PASS: ")
	if err != nil || passed < 40 {
		t.Errorf("%v, %d passed on PostgreSQL:\n%s", err, passed, out)
	}
	t.Logf("%d tests passed on PostgreSQL", passed)
}

// cluster is the one server of a run on PostgreSQL, with a database for each folder that a test names.
var cluster struct {
	*pgtest.Server
	template string
	mu       sync.Mutex
	of       map[string]string // folder -> address
}

// run is m.Run with the server, when the tests run on one.
func run(m *testing.M) int {
	if !onPostgres {
		return m.Run()
	}
	if err := startCluster(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer cluster.Stop()
	return m.Run()
}

func startCluster() error {
	server, err := pgtest.Start()
	if err != nil {
		return err
	}
	cluster.Server, cluster.of = server, map[string]string{}
	dsn, err := server.Copy("")
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "template")
	if err != nil {
		return err
	}
	s, err := Open(context.Background(), Config{Dir: dir, Postgres: dsn})
	if err != nil {
		server.Stop()
		return err
	}
	cluster.template = pgtest.Name(dsn)
	return errors.Join(s.Close(), os.RemoveAll(dir))
}

// databaseOf gives the address of the database that stands for a folder, empty on SQLite.
func databaseOf(t *testing.T, dir string) string {
	t.Helper()
	if !onPostgres {
		return ""
	}
	cluster.mu.Lock()
	defer cluster.mu.Unlock()
	if cluster.of[dir] == "" {
		cluster.of[dir] = must[string](t)(cluster.Copy(cluster.template))
	}
	return cluster.of[dir]
}

func onlySQLite(t *testing.T, why string) {
	t.Helper()
	if onPostgres {
		t.Skip("on SQLite only: " + why)
	}
}

// unguarded gives statements that let the audit log be changed.
func unguarded() []string {
	if onPostgres {
		return []string{"ALTER TABLE audit DISABLE TRIGGER USER"}
	}
	return []string{"DROP TRIGGER IF EXISTS audit_no_update", "DROP TRIGGER IF EXISTS audit_no_delete"}
}

// loseKeys destroys all keys, as a backup does.
func loseKeys(t *testing.T, s *Store) {
	t.Helper()
	for _, key := range must[[]string](t)(s.keys("")) {
		ok(t, s.shred(key))
	}
}

// loseOriginal removes an original behind the store's back.
func loseOriginal(t *testing.T, s *Store, sha string) {
	t.Helper()
	if !onPostgres {
		ok(t, os.Remove(s.path(sha)))
		return
	}
	_, err := s.side.ExecContext(t.Context(), s.sql["blob_delete"], originalName(sha))
	ok(t, err)
}

// waitingBytes gives the jobs of which bytes are kept.
func waitingBytes(t *testing.T, s *Store) (jobs []string) {
	t.Helper()
	if !onPostgres {
		for _, e := range must[[]os.DirEntry](t)(os.ReadDir(filepath.Join(s.dir, inboxDir))) {
			jobs = append(jobs, e.Name())
		}
		return jobs
	}
	names := must[[]string](t)(s.bytes.names(t.Context(), inboxDir+"/"))
	for _, name := range names {
		jobs = append(jobs, strings.Split(name, "/")[1])
	}
	return slices.Compact(jobs)
}
