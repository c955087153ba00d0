package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// meanings is a server of two embedding models, "uno" and "due", whose vectors are of different lengths. For both, invented words mean what
// documents say: what is asked with them is found by meaning or not at all.
type meanings struct {
	*httptest.Server
	slow atomic.Bool // "due" takes its time with passages
	asks sync.Map    // model -> *atomic.Int64
}

var invented = map[string]string{"zwombratel": "biblioteca", "plimfra": "orario", "grosk": "cimitero", "vundel": "mensa", "trabbe": "costo"}

func newMeanings(t *testing.T) *meanings {
	m := &meanings{}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet { // the watch asks whether it is well
			return
		}
		var in struct {
			Model string
			Input []string
		}
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		count, _ := m.asks.LoadOrStore(in.Model, new(atomic.Int64))
		count.(*atomic.Int64).Add(1)
		type vector struct {
			Index     int       `json:"index"`
			Embedding []float64 `json:"embedding"`
		}
		var out struct {
			Data []vector `json:"data"`
		}
		for i, text := range in.Input {
			if m.slow.Load() && in.Model == "due" && strings.Contains(text, "Art.") {
				select {
				case <-time.After(150 * time.Millisecond):
				case <-r.Context().Done():
				}
			}
			out.Data = append(out.Data, vector{i, meaning(text, map[string]int{"uno": 256, "due": 384}[in.Model])})
		}
		_ = json.NewEncoder(w).Encode(out)
	}))
	t.Cleanup(m.Close)
	return m
}

// meaning gives the vector of the words of a text, each a direction.
func meaning(text string, dims int) []float64 {
	v := make([]float64, dims)
	v[0] = .1
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r < 'a' || r > 'z' }) {
		if means, ok := invented[word]; ok {
			word = means
		}
		if slices.Contains([]string{"query", "passage", "art", "e", "di", "il", "la"}, word) {
			continue
		}
		h := fnv.New32a()
		_, _ = h.Write([]byte(word))
		v[int(h.Sum32())%dims]++
	}
	length := 0.0
	for _, x := range v {
		length += x * x
	}
	for i := range v {
		v[i] /= math.Sqrt(length)
	}
	return v
}

// always asks while a test does something else.
type always struct {
	base   string
	tenant string
	asked  atomic.Int64
	failed atomic.Pointer[string]
	want   map[string]string // question -> document that it must find
}

func (a *always) fail(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	a.failed.CompareAndSwap(nil, &text)
}

// ask asks once. Nothing is forgiven: while no server is there the question waits in the socket.
func (a *always) ask(question string) (found []string, err error) {
	body, _ := json.Marshal(map[string]string{"question": question})
	req, err := http.NewRequest(http.MethodPost, a.base+"/api/v1/t/"+a.tenant+"/ask", bytes.NewReader(body)) //nolint:noctx // the test ends with its server
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", question) // a connection that was kept may be closed at any moment: the client tries another, as proxies do
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Reason   string
		Passages []struct{ Document string }
	}
	if err := json.Unmarshal(raw, &answer); err != nil || resp.StatusCode != http.StatusOK || answer.Reason == "overloaded" {
		return nil, fmt.Errorf("%d %s", resp.StatusCode, raw)
	}
	for _, p := range answer.Passages {
		found = append(found, p.Document)
	}
	return found, nil
}

// run asks all the questions in turn until ctx ends.
func (a *always) run(ctx context.Context) {
	for ctx.Err() == nil {
		for question, want := range a.want {
			found, err := a.ask(question)
			if err != nil {
				a.fail("%s: %v", question, err)
			} else if !slices.Contains(found, want) {
				a.fail("%s finds %v, not %s", question, found, want)
			}
			a.asked.Add(1)
			time.Sleep(20 * time.Millisecond) // leave the machine to what the test does besides
		}
	}
}

// during asks all the while that f takes, and some more.
func (a *always) during(t *testing.T, what string, f func()) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	before := a.asked.Load()
	var askers sync.WaitGroup
	for range 2 {
		askers.Go(func() { a.run(ctx) })
	}
	f()
	stop()
	askers.Wait()
	if problem := a.failed.Load(); problem != nil {
		t.Fatalf("during %s: %s", what, *problem)
	}
	if n := a.asked.Load() - before; n < 3 {
		t.Errorf("during %s only %d questions were asked", what, n)
	} else {
		t.Logf("%s: %d questions", what, n)
	}
}

// oneServer is a server that can be started anew on the same address.
type oneServer struct {
	*app
	stop func()
}

func startServer(t *testing.T, socket *os.File, dir string, set ...string) *oneServer {
	t.Helper()
	listener, err := inherited(strconv.Itoa(os.Getpid()), "1", duplicate(t, socket))
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := loadConfig(cli{Data: dir, Set: append(set, "serve.ask_per_minute=1000000", "serve.ask_at_once=64"), LogLevel: "error"})
	if err != nil {
		t.Fatal(err)
	}
	a, err := (&session{cfg: cfg, stdout: io.Discard, stderr: io.Discard}).open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ready, done := make(chan struct{}), make(chan error, 1)
	go func() { done <- a.serveOn(ctx, listener, func(string) { close(ready) }) }()
	select {
	case <-ready:
	case err := <-done:
		t.Fatal(err)
	}
	return &oneServer{a, sync.OnceFunc(func() {
		cancel()
		if err := errors.Join(<-done, a.Close()); err != nil {
			t.Error(err)
		}
	})}
}

// openSocket opens a socket as systemd does, for one process after the other.
func openSocket(t *testing.T) (*os.File, string) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	f, err := l.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, l.Addr().String()
}

// duplicate gives another descriptor of a file: a process closes the one it was handed.
func duplicate(t *testing.T, f *os.File) uintptr {
	t.Helper()
	fd, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	return uintptr(fd)
}

func (s *oneServer) waitFor(t *testing.T, what string, is func() bool) {
	t.Helper()
	for began := time.Now(); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > 8*time.Minute { // leases of a server that was stopped run out after one, and machines are slow
			t.Fatalf("waited for %s in vain", what)
		}
	}
}

// Questions are asked all the while that a server is started anew, that its embedding model is another one and all vectors are made
// again, and that documents come in meanwhile: none fails, and none misses what it found before.
func TestSearchNeverStops(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
	server := newMeanings(t)
	folder := filepath.Join(dir, "docs")
	if err := os.MkdirAll(folder, 0o750); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"biblioteca.md": "# Regolamento della biblioteca\n\n## Art. 1 Orario\n\nLa biblioteca ha questo orario di apertura: dalle 14 alle 18.\n",
		"mensa.md":      "# Regolamento della mensa\n\n## Art. 1 Costo\n\nIl costo della mensa è di 4 euro a pasto.\n",
		"cimitero.md":   "# Regolamento del cimitero\n\n## Art. 1 Orario\n\nIl cimitero ha questo orario: dalle 8 alle 17.\n",
	} {
		for i := range 12 { // enough for the change to take a while
			text += fmt.Sprintf("\n## Art. %d Disposizioni\n\nComma numero %d: il responsabile del servizio provvede con propria determinazione %d.\n", i+2, i, i)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	data := filepath.Join(dir, "data")
	with := func(model string) []string {
		return []string{"embedding.address=" + server.URL, "embedding.model=" + model}
	}
	sportello := func(args ...string) {
		t.Helper()
		var stdout bytes.Buffer
		args = append([]string{"--data", data, "--set", with("uno")[0], "--set", with("uno")[1]}, args...)
		if code := run(t.Context(), args, &stdout, &stdout); code != exitDone {
			t.Fatalf("%v ended with %d: %s", args, code, stdout.String())
		}
	}
	sportello("tenant", "add", "--slug", "prova", "--name", "Comune di Prova")
	sportello("ingest", "--tenant", "prova", folder)

	for question := range map[string]bool{"Wann plimfra zwombratel?": true, "Quanto trabbe vundel?": true} {
		var found bytes.Buffer
		if code := run(t.Context(), []string{"--data", data, "--set", "embedding.address=none", "search", "--tenant", "prova", "--json", question}, &found, &found); code != exitDone || strings.Contains(found.String(), ".md") {
			t.Fatalf("words alone find what should be found by meaning: %d %s", code, found.String())
		}
	}
	socket, addr := openSocket(t)
	asking := &always{base: "http://" + addr, tenant: "prova", want: map[string]string{
		"Wann plimfra zwombratel?": "docs/biblioteca.md", "Quanto trabbe vundel?": "docs/mensa.md", "Che orario ha il cimitero?": "docs/cimitero.md",
	}}
	s := startServer(t, socket, data, with("uno")...)
	defer func() { s.stop() }()
	asking.during(t, "nothing", func() { time.Sleep(time.Second) })
	asking.during(t, "a restart", func() {
		s.stop()
		s = startServer(t, socket, data, with("uno")...)
		time.Sleep(300 * time.Millisecond)
	})
	asking.during(t, "a change of model", func() {
		s.stop()
		server.slow.Store(true)
		s = startServer(t, socket, data, with("due")...)
		if s.answering.Load() == s.generation {
			t.Error("the new model answers before its vectors are there")
		}
		time.Sleep(500 * time.Millisecond)
		if n, err := s.store.PendingCount(t.Context(), s.model()); err != nil || n == 0 {
			t.Errorf("%d texts wait, %v: the change was over before anybody asked", n, err)
		}
		// A restart half way begins where it was, and a document that comes in meanwhile is found by its meaning at once.
		s.stop()
		s = startServer(t, socket, data, with("due")...)
		late := filepath.Join(dir, "late")
		if err := os.MkdirAll(late, 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(late, "stadio.md"), []byte("# Regolamento dello stadio\n\n## Art. 1 Costo\n\nIl costo dello stadio è di 9 euro.\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := (&session{cfg: s.cfg, stdout: io.Discard, stderr: io.Discard}).ingest(t.Context(), s.app, ingestOptions{tenant: "prova", paths: []string{late}, noWait: true}); err != nil {
			t.Fatal(err)
		}
		s.waitFor(t, "the new document", func() bool {
			found, err := asking.ask("Quanto trabbe stadio?")
			return err == nil && slices.Contains(found, "late/stadio.md")
		})
		server.slow.Store(false)
		s.waitFor(t, "the new vectors", func() bool { return s.answering.Load() == s.generation })
		time.Sleep(300 * time.Millisecond)
	})
	// From now on the earlier model is not asked, and the next start does not look for it.
	s.stop()
	s = startServer(t, socket, data, with("due")...)
	if s.answering.Load() != s.generation {
		t.Error("the change is not remembered")
	}
	count, _ := server.asks.Load("uno")
	before := count.(*atomic.Int64).Load()
	asking.during(t, "the time after", func() { time.Sleep(time.Second) })
	if now := count.(*atomic.Int64).Load(); now != before {
		t.Errorf("the earlier model was asked %d times more", now-before)
	}
}

// A data folder of the first version is upgraded by the server that starts on it, and answers from its first moment.
func TestUpgradeAnswersAtOnce(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir := t.TempDir()
	dump, err := os.ReadFile("../../assistant/store/testdata/schema1.sql")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "sportello.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), string(dump)); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	socket, addr := openSocket(t)
	asking := &always{base: "http://" + addr, tenant: "avella"}
	server := make(chan *oneServer, 1)
	go func() { server <- startServer(t, socket, dir, "embedding.address=none") }()
	found, err := asking.ask("Quando si paga la tassa?")
	s := <-server
	defer s.stop()
	if err != nil || len(found) == 0 {
		t.Fatalf("%v, %v", found, err)
	}
}
