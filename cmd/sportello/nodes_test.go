package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sportello/assistant"
	"sportello/assistant/store"
	"sportello/assistant/store/pgtest"
)

// node is one of several servers on one database.
type node struct {
	data, addr string
	mu         sync.Mutex
	process    *exec.Cmd
}

// nodes are the servers, and what a client knows of them.
type nodes struct {
	t   *testing.T
	all []*node
}

func startNodes(t *testing.T, n int) *nodes {
	t.Helper()
	ns := &nodes{t: t}
	for range n {
		addr, err := freeAddress()
		if err != nil {
			t.Fatal(err)
		}
		one := &node{data: filepath.Join(t.TempDir(), "data"), addr: addr}
		one.start(t)
		ns.all = append(ns.all, one)
	}
	return ns
}

func (n *node) start(t *testing.T) {
	t.Helper()
	process := serveChild(t, n.data, n.addr, "store=postgres", "serve.ask_per_minute=1000000", "log.level=error")
	n.mu.Lock()
	n.process = process
	n.mu.Unlock()
}

// kill ends a node as a power cut does, and starts it anew.
func (n *node) kill(t *testing.T) {
	t.Helper()
	n.mu.Lock()
	process := n.process
	n.mu.Unlock()
	if err := process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = process.Wait() // it says how it was killed
	n.start(t)
}

// reply is what the API says to a question.
type reply struct {
	Status       string            `json:"status"`
	Reason       string            `json:"reason"`
	Conversation string            `json:"conversation"`
	Statements   []json.RawMessage `json:"statements"`
}

// ask asks one node.
func (ns *nodes) ask(ctx context.Context, at int, question, conversation string) (*reply, error) {
	body, err := json.Marshal(map[string]string{"question": question, "conversation": conversation})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+ns.all[at%len(ns.all)].addr+"/api/v1/t/"+loadTenant+"/ask", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%d: %s", resp.StatusCode, b)
	}
	var r reply
	err = errors.Join(err, json.Unmarshal(b, &r))
	if err == nil && r.Reason == string(assistant.Overloaded) { // it says to try again
		err = errors.New("overloaded")
	}
	return &r, err
}

// retries is how often a client asks before it calls a question lost; it goes on to the next node each time.
const retries = 200

// insist asks one node after the other until one answers.
func (ns *nodes) insist(ctx context.Context, at int, question, conversation string) (*reply, int, error) {
	var last error
	for try := range retries {
		r, err := ns.ask(ctx, at+try, question, conversation)
		if err == nil {
			return r, at + try, nil
		}
		last = err
		time.Sleep(50 * time.Millisecond)
	}
	return nil, 0, last
}

// TestNodes has three servers on one PostgreSQL answer questions and take documents in while one after the other is killed: no question
// goes without an answer, no document is half there, none is taken in twice, and what is said on one node holds on all.
//
// NODES_ROUNDS=30 go test ./cmd/sportello -run TestNodes -v does it for longer and tells how fast questions were answered.
func TestNodes(t *testing.T) {
	if testing.Short() {
		t.Skip("three servers")
	}
	server := pgtest.Need(t)
	t.Cleanup(server.Stop)
	dsn, err := server.Copy("")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
	t.Setenv("SPORTELLO_POSTGRES_ADDRESS", dsn)
	cfg, err := loadConfig(cli{Data: filepath.Join(dir, "data"), LogLevel: "error", Set: []string{"store=postgres", "embedding.address=none"}})
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
	ns := startNodes(t, 3)
	clerk, err := a.newClerk(t.Context(), "http://"+ns.all[0].addr)
	if err != nil {
		t.Fatal(err)
	}
	ns.shared(a, clerk)
	ns.underLoad(a, clerk)
	ns.without(server)
	ns.switched(a)
}

// deed is the text of a document of its own.
func deed(n int64) []byte {
	return fmt.Appendf(nil, "# Delibera %d\n\n## Art. 1 Oggetto\n\nLa delibera numero %d stabilisce la tariffa di %d euro per la sala %d.\n\n%s", n, n, n, n,
		strings.Repeat("Il responsabile del servizio provvede. ", 200))
}

// shared says something to one node and looks for it at the others: a session, a document, a conversation.
func (ns *nodes) shared(a *app, clerk *loadClerk) {
	t := ns.t
	t.Helper()
	other := *clerk // came in at the first node, goes on at the second
	other.base = "http://" + ns.all[1].addr
	if _, err := other.upload(t.Context(), "prima.md", deed(0)); err != nil {
		t.Fatalf("a session of another node: %v", err)
	}
	const question = "Quanto è la tariffa per la sala 0?"
	var first *reply
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) { // until every node has the document
		ready := 0
		for i := range ns.all {
			r, err := ns.ask(t.Context(), i, question, "")
			if err != nil {
				t.Fatal(err)
			}
			if r.Status == "quoted" {
				ready++
				first = r
			}
		}
		if ready == len(ns.all) {
			break
		}
		if time.Since(began) > 2*time.Minute {
			t.Fatalf("only %d nodes answer from the document", ready)
		}
	}
	for i := range ns.all {
		r, err := ns.ask(t.Context(), i, "e chi provvede?", first.Conversation)
		if err != nil {
			t.Fatal(err)
		}
		if r.Conversation == "" || r.Status != "quoted" {
			t.Errorf("node %d does not go on with the conversation: %+v", i, r)
		}
	}
}

// underLoad kills nodes while people ask and upload.
func (ns *nodes) underLoad(a *app, clerk *loadClerk) {
	t := ns.t
	t.Helper()
	rounds := 4
	if n, err := strconv.Atoi(os.Getenv("NODES_ROUNDS")); err == nil {
		rounds = n
	}
	sending, stop := context.WithCancel(t.Context())
	var answered, sent atomic.Int64
	var mu sync.Mutex
	var took []time.Duration
	files := map[string]bool{} // acknowledged
	var people sync.WaitGroup
	defer func() { stop(); people.Wait() }()
	for person := range 3 {
		people.Go(func() { // a citizen
			conversation, at := "", person
			for n := 0; sending.Err() == nil; n++ {
				began := time.Now()
				r, by, err := ns.insist(t.Context(), at, fmt.Sprintf("Quanto è la tariffa per la sala %d?", n%3), conversation)
				if err != nil {
					t.Errorf("a question is lost: %v", err)
					return
				}
				mu.Lock()
				took = append(took, time.Since(began))
				mu.Unlock()
				conversation, at = r.Conversation, by+1 // the next question goes to the next node
				answered.Add(1)
			}
		})
	}
	for person := range 2 {
		people.Go(func() { // a clerk, who tries again elsewhere until somebody says that the file is there
			at := person
			for sending.Err() == nil {
				n := sent.Add(1)
				name := fmt.Sprintf("atto-%04d.md", n)
				for try := 0; ; try++ {
					c := *clerk
					c.base = "http://" + ns.all[at%len(ns.all)].addr
					at++
					_, err := c.upload(t.Context(), name, deed(n))
					if err == nil {
						break
					}
					if try > retries {
						t.Errorf("an upload is lost: %v", err)
						return
					}
					time.Sleep(50 * time.Millisecond)
				}
				mu.Lock()
				files[name] = true
				mu.Unlock()
			}
		})
	}
	for round := range rounds {
		before, uploads := answered.Load(), sent.Load()
		for began := time.Now(); answered.Load() < before+10 || sent.Load() < uploads+2; time.Sleep(10 * time.Millisecond) {
			if time.Since(began) > 2*time.Minute {
				t.Fatalf("round %d: nothing goes on", round)
			}
		}
		ns.all[round%len(ns.all)].kill(t)
	}
	stop()
	people.Wait()
	ns.settled(a, files)
	slices.Sort(took)
	t.Logf("%d nodes killed, %d questions answered (p50 %s, slowest %s), %d uploads acknowledged", rounds, answered.Load(),
		took[len(took)/2].Round(time.Millisecond), took[len(took)-1].Round(time.Millisecond), len(files))
}

// without restarts the database while people ask: nobody has to look after the nodes, and who insists gets an answer.
func (ns *nodes) without(server *pgtest.Server) {
	t := ns.t
	t.Helper()
	asking, stop := context.WithCancel(t.Context())
	defer stop()
	var people sync.WaitGroup
	var answered atomic.Int64
	var mu sync.Mutex
	var longest time.Duration
	for person := range 3 {
		people.Go(func() {
			for n := 0; asking.Err() == nil; n++ {
				began := time.Now()
				r, _, err := ns.insist(t.Context(), person+n, fmt.Sprintf("Quanto è la tariffa per la sala %d?", n%3), "")
				if err != nil || r.Status != "quoted" {
					t.Errorf("a question is lost while the database restarts: %+v %v", r, err)
					return
				}
				answered.Add(1)
				mu.Lock()
				longest = max(longest, time.Since(began))
				mu.Unlock()
			}
		})
	}
	wait := func(n int64) {
		t.Helper()
		for began := time.Now(); answered.Load() < n; time.Sleep(20 * time.Millisecond) {
			if time.Since(began) > 2*time.Minute {
				t.Fatal("nobody is answered")
			}
		}
	}
	wait(10)
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	wait(answered.Load() + 20)
	stop()
	people.Wait()
	t.Logf("the database was restarted while people asked: %d answers, the longest wait %s", answered.Load(), longest.Round(time.Millisecond))
}

// settled waits until all that was acknowledged is in, and looks at every document.
func (ns *nodes) settled(a *app, files map[string]bool) {
	t := ns.t
	t.Helper()
	ctx := t.Context()
	for began := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		jobs, err := a.store.Jobs(ctx, loadTenant, 100_000)
		if err != nil {
			t.Fatal(err)
		}
		waiting := 0
		for _, j := range jobs {
			switch {
			case !j.Ended():
				waiting++
			case j.Failed > 0:
				all, err := a.store.JobFiles(ctx, j.ID)
				t.Fatalf("an upload failed: %+v %v", all, err)
			}
		}
		if waiting == 0 {
			break
		}
		if time.Since(began) > 3*time.Minute {
			t.Fatalf("%d uploads were not taken in", waiting)
		}
	}
	documents, err := a.store.Documents(ctx, loadTenant, store.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, d := range documents {
		seen[filepath.Base(d.Source)]++
		points, err := a.store.Points(ctx, loadTenant, d.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		versions, err := a.store.Versions(ctx, loadTenant, d.ID)
		if err != nil {
			t.Fatal(err)
		}
		original, _, err := a.store.Original(ctx, loadTenant, d.ID)
		if err != nil {
			t.Fatalf("%s: %v", d.Source, err)
		}
		b, err := io.ReadAll(original)
		if err = errors.Join(err, original.Close()); err != nil {
			t.Fatal(err)
		}
		if len(points) != d.Chunks || d.Chunks == 0 || len(versions) != 1 || int64(len(b)) != d.Size {
			t.Errorf("%s: %d of %d chunks, %d versions, %d of %d bytes", d.Source, len(points), d.Chunks, len(versions), len(b), d.Size)
		}
	}
	for name := range files {
		if seen[name] != 1 {
			t.Errorf("%s was acknowledged and is there %d times", name, seen[name])
		}
	}
}

// switched switches the assistant off: every node stops answering.
func (ns *nodes) switched(a *app) {
	t := ns.t
	t.Helper()
	if err := a.store.SwitchOff(t.Context(), assistant.Closure{Tenant: loadTenant, Notice: "Torniamo presto.", By: "prova"}); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for open := len(ns.all); open > 0; time.Sleep(20 * time.Millisecond) {
		open = 0
		for i := range ns.all {
			if r, err := ns.ask(t.Context(), i, "Quanto è la tariffa per la sala 0?", ""); err == nil && r.Status == "quoted" {
				open++
			}
		}
		if time.Since(began) > time.Minute {
			t.Fatalf("%d nodes go on answering", open)
		}
	}
	t.Logf("switched off on all nodes after %s", time.Since(began).Round(time.Millisecond))
}
