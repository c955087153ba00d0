package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sportello/assistant/release/releasetest"
)

const (
	testVersion = "SPORTELLO_TEST_VERSION" // what this program says that it is
	testSpoil   = "SPORTELLO_TEST_SPOIL"   // a server that upgrades the data to a form of its own and then ends
)

// asRelease makes the program of the tests one of a release.
func asRelease() {
	if v := os.Getenv(testVersion); v != "" {
		version = v
	}
	if os.Getenv(testSpoil) != "" && slices.Contains(os.Args, "serve") {
		db, err := sql.Open("sqlite", filepath.Join(os.Getenv(testSpoil), "sportello.db"))
		if err == nil {
			_, err = db.ExecContext(context.Background(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)")
		}
		fmt.Println("spoiled", err)
		os.Exit(1)
	}
}

// installed is a service on this machine: a program, its data, and how it is stopped and started.
type installed struct {
	t                          *testing.T
	dir, data, addr            string
	program, stop, start, link string
	maker                      *releasetest.Maker
}

func install(t *testing.T) *installed {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
	addr, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	i := &installed{t: t, dir: dir, data: filepath.Join(dir, "data"), addr: addr, program: filepath.Join(dir, "bin", "sportello"), link: filepath.Join(dir, "real", "sportello"), maker: releasetest.New(t)}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"bin", "real"} {
		if err := os.Mkdir(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(self, i.link); err != nil {
		t.Fatal(err)
	}
	i.write(i.program, i.wrap("v1.0.0", ""))
	pid, log := filepath.Join(dir, "pid"), filepath.Join(dir, "log")
	i.stop = fmt.Sprintf(`p=$(cat %[1]s 2>/dev/null) && kill -INT $p 2>/dev/null; while [ -n "$p" ] && kill -0 $p 2>/dev/null; do sleep 0.1; done; rm -f %[1]s`, pid)
	i.start = fmt.Sprintf(`setsid %s --data %s --set embedding.address=none --set chat.address=none serve --addr %s >>%s 2>&1 </dev/null & echo $! >%s`, i.program, i.data, addr, log, pid)
	t.Cleanup(func() { _ = exec.Command("sh", "-c", i.stop).Run() })
	return i
}

// wrap is a program of a version: a script that becomes this test's binary. before is what it does first.
func (i *installed) wrap(version, before string) string {
	return fmt.Sprintf("#!/bin/sh\nexport %s=%s\n%s\nexec %s \"$@\"\n", testVersion, version, before, i.link)
}

func (i *installed) write(path, text string) {
	i.t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		i.t.Fatal(err)
	}
}

func (i *installed) make(version, program string) string {
	i.t.Helper()
	return i.maker.Release(i.t, i.dir, version, program)
}

// update runs the command as the program of before and gives what it printed.
func (i *installed) update(file string, more ...string) (int, string) {
	i.t.Helper()
	args := append([]string{"--data", i.data, "--set", "serve.addr=" + i.addr, "update", "--from", file, "--key", i.maker.Public, "--stop", i.stop, "--start", i.start, "--program", i.program}, more...)
	cmd := exec.Command(i.program, args...)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		i.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

func (i *installed) run(args ...string) string {
	i.t.Helper()
	out, err := exec.Command(i.program, append([]string{"--data", i.data}, args...)...).CombinedOutput()
	if err != nil {
		i.t.Fatalf("%v: %v %s", args, err, out)
	}
	return string(out)
}

// answers waits until the service is well as a version.
func (i *installed) answers(version string) {
	i.t.Helper()
	var err error
	for began := time.Now(); time.Since(began) < 2*time.Minute; time.Sleep(100 * time.Millisecond) {
		if err = well(i.t.Context(), i.addr, version); err == nil {
			return
		}
	}
	log, _ := os.ReadFile(filepath.Join(i.dir, "log"))
	i.t.Fatalf("%s does not answer: %v\n%s", version, err, log)
}

// A release takes the place of the program while its service goes on; what is not signed, not newer, not whole, does not start or does not read the data changes
// nothing; and what turns out not to be well goes away again, with what it made of the data.
func TestUpdate(t *testing.T) {
	i := install(t)
	i.run("tenant", "add", "--slug", "avella", "--name", "Comune di Avella")
	if out, err := exec.Command("sh", "-c", i.start).CombinedOutput(); err != nil {
		t.Fatal(err, string(out))
	}
	i.answers("v1.0.0")
	good := i.wrap("v1.1.0", "")
	for _, refused := range []struct {
		name, file string
		more       []string
		says       string
		spoil      func(folder string)
	}{
		{"older", i.make("v0.9.0", good), nil, "non si torna a una versione di prima", nil},
		{"the same", i.make("v1.0.0", good), nil, "non si torna a una versione di prima", nil},
		{"without sums", i.make("v1.1.0", good), nil, "copiate tutta la cartella", func(folder string) { _ = os.Remove(filepath.Join(folder, "SHA256SUMS")) }},
		{"sums changed", i.make("v1.1.0", good), nil, "non è un aggiornamento firmato", func(folder string) {
			f, _ := os.OpenFile(filepath.Join(folder, "SHA256SUMS"), os.O_APPEND|os.O_WRONLY, 0)
			_, _ = f.WriteString("0  x\n")
			_ = f.Close()
		}},
		{"file changed", i.make("v1.1.0", good), nil, "non è un aggiornamento firmato", func(folder string) {
			all, _ := filepath.Glob(filepath.Join(folder, "*.tar.gz"))
			f, _ := os.OpenFile(all[0], os.O_APPEND|os.O_WRONLY, 0)
			_, _ = f.WriteString("x")
			_ = f.Close()
		}},
		{"no program", i.make("v1.1.0", "#!/bin/sh\nexit 127\n"), nil, "non parte su questa macchina", nil},
		{"of another version", i.make("v1.2.0", good), nil, "non parte su questa macchina", nil},
		{"a migration that fails", i.make("v1.1.0", i.wrap("v1.1.0", `case "$*" in *restore*) echo "migration 99: no such table" >&2; exit 1;; esac`)), nil, "non riesce a leggere i vostri dati (provato su una copia). [migration 99", nil},
		{"only looked at", i.make("v1.1.0", good), []string{"--check"}, "v1.1.0 si può installare", nil},
	} {
		if refused.spoil != nil {
			refused.spoil(filepath.Dir(refused.file))
		}
		code, out := i.update(refused.file, refused.more...)
		if want := exitFailed; code != want && len(refused.more) == 0 || !strings.Contains(out, refused.says) {
			t.Errorf("%s: exit %d\n%s", refused.name, code, out)
		}
		i.answers("v1.0.0")
	}
	other := install(t)
	if code, out := i.update(other.make("v1.1.0", good)); code != exitFailed || !strings.Contains(out, "non è un aggiornamento firmato") {
		t.Errorf("signed by somebody else: exit %d\n%s", code, out)
	}

	spoils := i.make("v1.1.0", i.wrap("v1.1.0", fmt.Sprintf("export %s=%s", testSpoil, i.data)))
	code, out := i.update(spoils, "--within", "3s")
	if code != exitFailed || !strings.Contains(out, "tutto è come prima: risponde v1.0.0") || !strings.Contains(out, "Rimetto anche i dati") {
		t.Errorf("it spoils the data: exit %d\n%s", code, out)
	}
	i.answers("v1.0.0")
	crashes := i.make("v1.1.0", i.wrap("v1.1.0", `case "$*" in *serve*) exit 1;; esac`))
	if code, out = i.update(crashes, "--within", "3s"); code != exitFailed || !strings.Contains(out, "risponde v1.0.0") || strings.Contains(out, "Rimetto anche i dati") {
		t.Errorf("it does not serve: exit %d\n%s", code, out)
	}
	i.answers("v1.0.0")
	if out := i.run("tenant", "list"); !strings.Contains(out, "avella") {
		t.Errorf("lost: %s", out)
	}

	code, out = i.update(i.make("v1.1.0", good))
	if code != exitDone || !strings.Contains(out, "Fatto: risponde v1.1.0") {
		t.Fatalf("exit %d\n%s", code, out)
	}
	i.answers("v1.1.0")
	if out := i.run("version"); !strings.Contains(out, "v1.1.0") {
		t.Error(out)
	}
	if _, err := os.Stat(i.program + ".previous"); err != nil {
		t.Error("the program of before is gone")
	}
	left, err := os.ReadDir(filepath.Dir(i.program))
	if err != nil || len(left) != 2 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if _, err := os.Stat(filepath.Join(i.data, kept)); err == nil {
		t.Error("the copy of the database is still there")
	}
}
