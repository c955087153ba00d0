package engine

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sportello/assistant/fault"
)

// The test binary is the engine, too: with FAKE_ENGINE set it takes the flags of llama-server and serves what the engine asks for.
// FAKE_ENGINE=serve is well; die ends at once; mute never becomes healthy; stubborn ignores the signal to end.
func TestMain(m *testing.M) {
	if mode := os.Getenv("FAKE_ENGINE"); mode != "" {
		os.Exit(fakeEngine(mode))
	}
	os.Exit(m.Run())
}

func fakeEngine(mode string) int {
	fs := flag.NewFlagSet("engine", flag.ContinueOnError)
	alias, host, port := fs.String("alias", "", ""), fs.String("host", "", ""), fs.Int("port", 0, "")
	for _, n := range []string{"model", "ctx-size", "parallel", "threads", "batch-size", "ubatch-size", "gpu-layers"} {
		fs.String(n, "", "")
	}
	fs.Bool("embeddings", false, "")
	fs.Bool("reranking", false, "")
	if err := fs.Parse(os.Args[1:]); err != nil {
		return 2
	}
	switch mode {
	case "die":
		fmt.Println("the model cannot be read")
		return 3
	case "stubborn":
		signal.Ignore(syscall.SIGTERM)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) {
		if mode == "mute" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("/v1/models", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+os.Getenv("LLAMA_API_KEY") {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = fmt.Fprintf(w, `{"data":[{"id":%q}]}`, *alias)
	})
	mux.HandleFunc("/env", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, strings.Join(os.Environ(), "\n")) })
	mux.HandleFunc("/die", func(http.ResponseWriter, *http.Request) { os.Exit(1) })
	err := http.ListenAndServe(fmt.Sprintf("%s:%d", *host, *port), mux)
	fmt.Println(err)
	return 1
}

func fake(t *testing.T, mode, dataDir string) *Engine {
	t.Helper()
	t.Setenv("FAKE_ENGINE", mode)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	layers := 0
	e := New(Config{
		Task: Embedding, Program: Program{Path: self}, Model: "model.gguf", SHA256: "abc", DataDir: dataDir,
		Context: 512, Batch: 512, GPULayers: &layers, StartTimeout: 30 * time.Second,
	})
	t.Cleanup(func() { _ = e.Close() })
	return e
}

func endpoint(t *testing.T, e *Engine) Endpoint {
	t.Helper()
	ep, err := e.Endpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return ep
}

func TestStartAndClose(t *testing.T) {
	t.Setenv("SPORTELLO_CHAT_KEY", "secret")
	dir := t.TempDir()
	e := fake(t, "serve", dir)
	if s := e.Status(); s.Running || s.PID != 0 {
		t.Errorf("before it is asked: %+v", s)
	}
	ep := endpoint(t, e)
	if ep2 := endpoint(t, e); ep2 != ep {
		t.Errorf("a second start: %v", ep2)
	}
	s := e.Status()
	if !s.Running || s.Shared || !alive(s.PID) || s.URL != ep.URL || ep.Key == "" {
		t.Errorf("status %+v", s)
	}
	env, err := get(t.Context(), ep, "/env")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(env), "secret") || !strings.Contains(string(env), "OMP_WAIT_POLICY=passive") {
		t.Error("the child has our settings, or not its own")
	}
	if info, err := os.Stat(e.runPath()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("run-file %v %v", info, err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if alive(s.PID) {
		t.Error("the child outlived Close")
	}
	if _, err := os.Stat(e.runPath()); !os.IsNotExist(err) {
		t.Errorf("the run-file is left: %v", err)
	}
	if _, err := e.Endpoint(t.Context()); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("after Close: %v", err)
	}
}

func TestManyCallersOneStart(t *testing.T) {
	e := fake(t, "serve", t.TempDir())
	var wg sync.WaitGroup
	got := make([]Endpoint, 8)
	for i := range got {
		wg.Go(func() { got[i], _ = e.Endpoint(t.Context()) })
	}
	wg.Wait()
	for _, ep := range got {
		if ep != got[0] || ep.URL == "" {
			t.Errorf("%v", got)
		}
	}
}

// Another process on the same data folder uses the engine, and goes on when its owner ends.
func TestSharedThroughTheRunFile(t *testing.T) {
	dir := t.TempDir()
	owner, guest := fake(t, "serve", dir), fake(t, "serve", dir)
	ep := endpoint(t, owner)
	if got := endpoint(t, guest); got != ep {
		t.Fatalf("the guest has its own engine: %v", got)
	}
	if s := guest.Status(); !s.Running || !s.Shared {
		t.Errorf("status %+v", s)
	}
	if err := owner.Close(); err != nil {
		t.Fatal(err)
	}
	guest.Failed(ep)
	own := endpoint(t, guest)
	if own == ep || guest.Status().Shared {
		t.Errorf("after the owner's end: %v, %+v", own, guest.Status())
	}
}

func TestGuestLeavesTheEngine(t *testing.T) {
	dir := t.TempDir()
	owner, guest := fake(t, "serve", dir), fake(t, "serve", dir)
	endpoint(t, owner)
	ep := endpoint(t, guest)
	if err := guest.Close(); err != nil {
		t.Fatal(err)
	}
	if err := owner.healthy(t.Context(), ep); err != nil {
		t.Errorf("the guest stopped the owner's engine: %v", err)
	}
}

func TestStaleRunFiles(t *testing.T) {
	for name, content := range map[string]string{
		"no JSON":        "{",
		"process gone":   `{"pid":999999999,"port":1,"key":"k","model_sha256":"abc","context":512}`,
		"nobody there":   fmt.Sprintf(`{"pid":%d,"port":1,"key":"k","model_sha256":"abc","context":512}`, os.Getpid()),
		"other model":    fmt.Sprintf(`{"pid":%d,"port":1,"key":"k","model_sha256":"xyz","context":512}`, os.Getpid()),
		"smaller window": fmt.Sprintf(`{"pid":%d,"port":1,"key":"k","model_sha256":"abc","context":8}`, os.Getpid()),
	} {
		t.Run(name, func(t *testing.T) {
			e := fake(t, "serve", t.TempDir())
			if err := os.MkdirAll(filepath.Dir(e.runPath()), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(e.runPath(), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			endpoint(t, e)
			if r, err := readRunFile(e.runPath()); err != nil || r.PID != e.Status().PID {
				t.Errorf("run-file %+v %v", r, err)
			}
		})
	}
}

func TestRestart(t *testing.T) {
	e := fake(t, "serve", t.TempDir())
	ep := endpoint(t, e)
	pid := e.Status().PID
	_, _ = get(t.Context(), ep, "/die")
	for e.Status().PID == pid {
		time.Sleep(10 * time.Millisecond)
	}
	if s := e.Status(); !s.Running && s.Error == "" {
		t.Errorf("a crash is not told: %+v", s)
	}
	for !e.Status().Running { // its watcher brings it back
		time.Sleep(10 * time.Millisecond)
	}
	if again := endpoint(t, e); again == ep {
		t.Error("the same endpoint after a crash")
	}
}

func TestFailedStart(t *testing.T) {
	e := fake(t, "die", t.TempDir())
	_, err := e.Endpoint(t.Context())
	if fault.CodeOf(err) != fault.Unavailable || !strings.Contains(fault.MessageOf(err), "the model cannot be read") {
		t.Errorf("%v", err)
	}
	if _, again := e.Endpoint(t.Context()); again != err { //nolint:errorlint // the very same error, not one like it
		t.Errorf("within the back-off: %v", again)
	}
	if s := e.Status(); s.Running || s.Error == "" {
		t.Errorf("%+v", s)
	}
	e = New(Config{Task: Chat, Program: Program{Path: "/no/such/program"}, DataDir: t.TempDir()})
	if _, err := e.Endpoint(t.Context()); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("%v", err)
	}
	e = New(Config{Task: Chat, Program: Program{Path: "x"}, DataDir: "/dev/null/x"})
	if _, err := e.Endpoint(t.Context()); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("%v", err)
	}
}

func TestNeverReady(t *testing.T) {
	e := fake(t, "mute", t.TempDir())
	e.cfg.StartTimeout = 300 * time.Millisecond
	if _, err := e.Endpoint(t.Context()); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("%v", err)
	}
}

func TestCallerGivesUp(t *testing.T) {
	e := fake(t, "mute", t.TempDir())
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := e.Endpoint(ctx); fault.CodeOf(err) != fault.Timeout || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestStubbornChildIsKilled(t *testing.T) {
	e := fake(t, "stubborn", t.TempDir())
	endpoint(t, e)
	in := e.current
	if err := in.terminate(50 * time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if alive(in.pid) {
		t.Error("it lives")
	}
}

func TestLockWaits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "l")
	unlock, err := lock(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := lock(ctx, path); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	unlock()
	if unlock, err = lock(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	unlock()
}

func TestLogStartsAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	if lastLine(path) != "it wrote no log" {
		t.Error(lastLine(path))
	}
	if err := os.WriteFile(path, make([]byte, maxLog+1), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := openLog(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if s, err := f.Stat(); err != nil || s.Size() != 0 {
		t.Errorf("%v %v", s, err)
	}
}
