package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sportello/assistant/store"
)

// childArgs holds the arguments of the server that TestKilledServer starts as a process of its own, one a line.
const childArgs = "SPORTELLO_TEST_SERVE"

// A server that is killed without a warning, again and again while people upload, loses no upload that it acknowledged: what it left
// half done is taken in by the next.
func TestKilledServer(t *testing.T) {
	if args := os.Getenv(childArgs); args != "" {
		os.Exit(run(context.Background(), strings.Split(args, "\n"), os.Stdout, os.Stderr))
	}
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
	data := filepath.Join(dir, "data")
	cfg, err := loadConfig(cli{Data: data, LogLevel: "error"})
	if err != nil {
		t.Fatal(err)
	}
	a, err := (&session{cfg: cfg, stdout: io.Discard, stderr: io.Discard}).open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer release(a)
	if err := a.store.AddTenant(t.Context(), store.Tenant{Slug: loadTenant, Name: "Comune di prova"}); err != nil {
		t.Fatal(err)
	}
	addr, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	child := serveChild(t, data, addr)
	clerk, err := a.newClerk(t.Context(), "http://"+addr)
	if err != nil {
		t.Fatal(err)
	}
	var acknowledged sync.Map // file -> job
	var sent, taken atomic.Int64
	sending, stop := context.WithCancel(t.Context())
	var people sync.WaitGroup
	for person := range 3 {
		people.Go(func() {
			for sending.Err() == nil {
				n := sent.Add(1)
				name := fmt.Sprintf("atto-%d-%03d.md", person, n)
				text := fmt.Sprintf("# Delibera %d\n\n## Art. 1 Oggetto\n\nLa delibera numero %d stabilisce la tariffa di %d euro.\n\n%s", n, n, n, strings.Repeat("Il responsabile del servizio provvede. ", 300))
				job, err := clerk.upload(sending, name, []byte(text))
				if err != nil {
					time.Sleep(20 * time.Millisecond) // nobody said that it was taken
					continue
				}
				acknowledged.Store(name, job)
				taken.Add(1)
			}
		})
	}
	for round := range 5 {
		before := taken.Load()
		for began := time.Now(); taken.Load() < before+3; time.Sleep(5 * time.Millisecond) {
			if time.Since(began) > time.Minute {
				t.Fatalf("round %d: no upload was taken", round)
			}
		}
		time.Sleep(time.Duration(37*round) * time.Millisecond)
		if err := child.Process.Kill(); err != nil { // SIGKILL: nothing of it runs any more
			t.Fatal(err)
		}
		_ = child.Wait()
		child = serveChild(t, data, addr)
	}
	stop()
	people.Wait()
	files := map[string]bool{}
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		waiting := 0
		acknowledged.Range(func(name, job any) bool {
			j, err := a.store.Job(t.Context(), loadTenant, job.(string))
			switch {
			case err != nil:
				t.Fatalf("the upload of %s was acknowledged and is lost: %v", name, err)
			case !j.Ended():
				waiting++
			case j.Failed > 0 || j.Done != 1:
				t.Errorf("%s: %+v", name, j)
			}
			return true
		})
		if waiting == 0 {
			break
		}
		if time.Since(began) > 2*time.Minute {
			t.Fatalf("%d uploads were not taken in", waiting)
		}
	}
	documents, err := a.store.Documents(t.Context(), loadTenant, store.Filter{State: store.Live})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range documents {
		files[filepath.Base(d.Source)] = true
	}
	acknowledged.Range(func(name, _ any) bool {
		if !files[name.(string)] {
			t.Errorf("%s was acknowledged and is no document", name)
		}
		return true
	})
	t.Logf("%d uploads acknowledged, %d documents, 5 servers killed", taken.Load(), len(documents))
}

// serveChild starts a server as a process of its own and waits until it answers.
func serveChild(t *testing.T, data, addr string, set ...string) *exec.Cmd {
	t.Helper()
	args := []string{"--data", data, "--set", "embedding.address=none"}
	for _, one := range set {
		args = append(args, "--set", one)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledServer$") //nolint:noctx // it is killed, not cancelled
	cmd.Env = append(os.Environ(), childArgs+"="+strings.Join(append(args, "serve", "--addr", addr), "\n"))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // at the latest
	if !bufio.NewScanner(out).Scan() {
		t.Fatal("the server said nothing")
	}
	return cmd
}
