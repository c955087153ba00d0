package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"sportello/assistant"
	"sportello/assistant/backup"
	"sportello/assistant/store"
	"sportello/assistant/webhook"
)

// TestSoak does everything at once for as long as SOAK says (make soak DURATION=10m): uploads of new and of changed files, questions, edits by the API,
// backups, messages to another program, and restarts, every second one by a kill, in the first half. In the second half one server goes on: its memory,
// goroutines and files at its beginning and at its end are printed. Afterwards all that was acknowledged has to be there, as in TestCrash.
//
// Without SOAK it runs for some seconds, so that it works when it is wanted.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("a server under load")
	}
	lasts, err := time.ParseDuration(os.Getenv("SOAK"))
	if err != nil {
		lasts = 6 * time.Second
	}
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
	c := &crash{T: t, dir: dir, data: filepath.Join(dir, "data"), random: rand.New(rand.NewPCG(1, 2)), set: []string{"webhooks.private=127.0.0.1"}} //nolint:gosec // moments, no secrets
	var told, asked, wrong, uploads, edits, backups, restarts atomic.Int64
	program := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		told.Add(1)
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(program.Close)
	c.open()
	if _, err := c.store.AddWebhook(t.Context(), store.ActorCommand, assistant.Webhook{Tenant: loadTenant, URL: program.URL + "/", Events: []string{assistant.EventDocument}}, webhook.NewSecret()); err != nil {
		t.Fatal(err)
	}
	clerk := c.clerkAt()
	ctx, stop := context.WithTimeout(t.Context(), lasts)
	defer stop()
	var down atomic.Bool // nobody is to blame for what fails then
	fails := func(err error) {
		if err != nil && ctx.Err() == nil && !down.Load() {
			if wrong.Add(1) < 10 {
				t.Logf("failed: %v", err)
			}
		}
	}
	upload := func(name func() int64) func(context.Context) {
		return func(ctx context.Context) {
			for ctx.Err() == nil {
				n := name()
				job, err := clerk.upload(ctx, fmt.Sprintf("atto-%d.md", n), fmt.Appendf(nil, "%s\n\nVolta %d.\n", deed(n), rand.Int64())) //nolint:gosec // another version
				if err == nil {
					uploads.Add(1)
				}
				fails(err)
				for pause(ctx, 150*time.Millisecond) { // the next when this one is in: more than a machine can take in only waits
					if r, e := c.store.Job(ctx, loadTenant, job); err != nil || e != nil || r.Ended() {
						break
					}
				}
			}
		}
	}
	var next atomic.Int64
	asking := &always{base: c.base, tenant: loadTenant}
	people := []func(context.Context){
		upload(func() int64 { return next.Add(1) % 400 }), // four hundred documents, then new versions of them
		upload(func() int64 { return rand.Int64N(20) }),   //nolint:gosec // any of twenty
		func(ctx context.Context) {
			for n := 0; ctx.Err() == nil; n++ {
				_, err := asking.ask(fmt.Sprintf("Quanto è la tariffa per la sala %d?", n%40))
				if err == nil {
					asked.Add(1)
				}
				fails(err)
				pause(ctx, 30*time.Millisecond)
			}
		},
		func(ctx context.Context) {
			for n := 0; ctx.Err() == nil; n++ {
				_, err := c.api(ctx, http.MethodPut, "settings/page.notice", fmt.Sprintf(`{"value":"Avviso %d"}`, n))
				if err == nil {
					edits.Add(1)
				}
				fails(err)
				pause(ctx, 200*time.Millisecond)
			}
		},
		func(ctx context.Context) {
			for n := 0; ctx.Err() == nil; n++ {
				path := filepath.Join(dir, fmt.Sprintf("%d.backup", n))
				if _, err := backup.Write(ctx, backup.Source{Dir: c.store.Dir(), Snapshot: c.store.Snapshot, Program: "soak"}, path); err == nil {
					_, err = backup.Read(ctx, path, "", "")
					fails(err)
					backups.Add(1)
				} else {
					fails(err)
				}
				_ = os.Remove(path)
				pause(ctx, lasts/20)
			}
		},
	}
	server := c.start("serve", "--addr", c.addr)
	up := func() {
		for began := time.Now(); server.said.Load() == 0; time.Sleep(10 * time.Millisecond) {
			if server.over() || time.Since(began) > 2*time.Minute {
				t.Fatalf("no server: %s", server.stderr.String())
			}
		}
		down.Store(false)
	}
	up()
	done := make(chan struct{}, len(people))
	for _, one := range people {
		go func() { one(ctx); done <- struct{}{} }()
	}
	for half := time.Now().Add(lasts / 2); time.Now().Before(half); restarts.Add(1) {
		pause(ctx, max(lasts/12, time.Second))
		down.Store(true)
		if restarts.Load()%2 == 0 {
			_ = server.Process.Signal(syscall.SIGTERM)
			select {
			case <-server.ended:
			case <-time.After(time.Minute):
				t.Error("a server that was asked to end did not")
				server.kill()
			}
		} else {
			server.kill()
		}
		c.expire("UPDATE jobs SET lease = 0; UPDATE deliveries SET next_at = 0")
		server = c.start("serve", "--addr", c.addr)
		up()
	}
	pause(ctx, lasts/10) // what it fills once is filled
	first := c.vitals()
	t.Logf("soak: after %s and %d restarts: %s", lasts/2+lasts/10, restarts.Load(), first)
	for ctx.Err() == nil {
		if pause(ctx, max(lasts/10, time.Second)) {
			t.Logf("soak: %s", c.vitals())
		}
	}
	for range people {
		<-done
	}
	last := c.vitals()
	t.Logf("soak: at the end: %s", last)
	there := c.taken()
	pause(t.Context(), 3*time.Second) // what was asked is answered, what was open is closed
	t.Logf("soak: at rest: %s", c.vitals())
	t.Logf("soak: %s: %d uploads, %d documents, %d questions, %d edits, %d backups, %d messages, %d restarts, %d failures", lasts, uploads.Load(), len(there), asked.Load(), edits.Load(), backups.Load(), told.Load(), restarts.Load(), wrong.Load())
	if wrong.Load() > 0 {
		t.Errorf("%d requests failed while the server was up", wrong.Load())
	}
	if strings.Contains(server.stderr.String(), "DATA RACE") || strings.Contains(server.stderr.String(), "panic") {
		t.Error(server.stderr.String())
	}
	server.kill()
	c.whole()
}

// vitals reads memory, goroutines and open files of the server.
func (c *crash) vitals() string {
	c.Helper()
	resp, err := http.Get(c.base + "/metrics") //nolint:noctx // the server bounds it
	if err != nil {
		c.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		c.Fatal(err)
	}
	read := func(name string) float64 {
		m := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindSubmatch(b)
		if m == nil {
			return -1
		}
		x, _ := strconv.ParseFloat(string(m[1]), 64)
		return x
	}
	return fmt.Sprintf("%.0f MB, heap %.0f MB, %.0f goroutines, %.0f files", read("process_resident_memory_bytes")/1e6, read("go_memstats_heap_inuse_bytes")/1e6, read("go_goroutines"), read("process_open_fds"))
}
