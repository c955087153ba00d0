package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
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
	"sportello/assistant/access"
	"sportello/assistant/store"
	"sportello/ingest"
)

// TestCrash kills processes at random moments of what they do, and looks afterwards for what was lost, half done or done twice. What was
// acknowledged to a person has to be there; what was not may be there or not, and never in part.
//
// KILLS=100 go test ./cmd/sportello -run 'TestCrash/ingest' kills a hundred times; make crash does so for every scenario and prints the table.
func TestCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("processes are killed")
	}
	kills := 1 // enough to see that the scenario works; the table is made with 100
	if n, err := strconv.Atoi(os.Getenv("KILLS")); err == nil {
		kills = n
	}
	for _, scenario := range []struct {
		name  string
		title string // in the guide
		run   func(*crash)
	}{
		{"ingest", "Caricare documenti nuovi", crashUploads},
		{"replace", "Caricare versioni nuove degli stessi documenti", crashReplace},
		{"settings", "Cambiare impostazioni, uffici e risposte approvate", crashSettings},
		{"mail", "Avvisare gli uffici per posta elettronica", crashMail},
		{"webhook", "Avvisare altri programmi", crashWebhook},
		{"qdrant", "Caricare, con l'indice in Qdrant e i vettori", crashQdrant},
		{"command", "`sportello ingest` di una cartella", crashIngestCommand},
		{"migration", "Aggiornare una cartella della prima versione", crashMigration},
		{"backup", "`sportello backup`", crashBackup},
		{"restore", "`sportello restore`", crashRestore},
		{"index move", "`sportello index move`", crashIndexMove},
	} {
		t.Run(scenario.name, func(t *testing.T) {
			if os.Getenv("KILLS") == "" && slices.Contains([]string{"command", "index move"}, scenario.name) {
				t.Skip("takes long, and TestIndexMovesWhileItAnswers and the scripts go the same way: KILLS=1 runs it")
			}
			seed := uint64(time.Now().UnixNano()) //nolint:gosec // any number will do
			if n, err := strconv.ParseUint(os.Getenv("SEED"), 10, 64); err == nil {
				seed = n
			}
			dir := t.TempDir()
			t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
			c := &crash{T: t, kills: kills, dir: dir, data: filepath.Join(dir, "data"), random: rand.New(rand.NewPCG(seed, 1))} //nolint:gosec // moments, no secrets
			scenario.run(c)
			t.Logf("crash table: | %s | %d | %d | %s | %d |", scenario.name, kills, c.acknowledged.Load(), c.saw, c.lost)
			if os.Getenv("UPDATE") != "" {
				updateRow(t, "arresti", fmt.Sprintf("| %s |", scenario.title), fmt.Sprintf(" %d | %d | %d |", kills, c.acknowledged.Load(), c.lost))
			}
		})
	}
}

// crash is an installation whose processes are killed.
type crash struct {
	*testing.T
	kills     int
	dir, data string
	random    *rand.Rand
	set       []string // of every process

	*app // this process's own view of the same folder, open all the while
	addr string
	base string
	key  string // of the API

	acknowledged atomic.Int64
	lost         int    // acknowledged and not there, half there, or there twice
	saw          string // what else was counted
}

// loses notes something that should not be.
func (c *crash) loses(format string, args ...any) {
	c.Helper()
	c.lost++
	c.Errorf(format, args...)
}

// args are those of a process on the installation.
func (c *crash) args(args ...string) []string {
	all := []string{"--data", c.data, "--log-level", "error"}
	for _, one := range append([]string{"embedding.address=none", "serve.ask_per_minute=1000000", "serve.ask_at_once=64"}, c.set...) {
		all = append(all, "--set", one)
	}
	return append(all, args...)
}

// start runs the program as a process of its own.
func (c *crash) start(args ...string) *victim {
	c.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledServer$") //nolint:noctx // it is killed, not cancelled
	cmd.Env = append(os.Environ(), childArgs+"="+strings.Join(c.args(args...), "\n"))
	v := &victim{Cmd: cmd, began: time.Now(), ended: make(chan struct{})}
	cmd.Stderr = &v.stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		c.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		c.Fatal(err)
	}
	c.Cleanup(v.kill)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			v.said.Add(1)
		}
		_ = cmd.Wait()
		close(v.ended)
	}()
	return v
}

// victim is a process that is to be killed.
type victim struct {
	*exec.Cmd
	began  time.Time
	stderr bytes.Buffer
	said   atomic.Int64  // lines; a server says that it listens
	ended  chan struct{} // closed
}

// kill ends it as a power cut does, and waits until nothing of it runs.
func (v *victim) kill() {
	_ = v.Process.Kill() // SIGKILL; one that has ended cannot be killed, which is as well
	<-v.ended
}

// over says whether it ended by itself.
func (v *victim) over() bool {
	select {
	case <-v.ended:
		return true
	default:
		return false
	}
}

// sqlOpen opens the database behind the store's back.
func sqlOpen(data string) (*sql.DB, error) {
	return sql.Open("sqlite", "file:"+filepath.Join(data, "sportello.db")+"?_busy_timeout=30000")
}

// must runs a command to its end.
func (c *crash) must(args ...string) string {
	c.Helper()
	var out bytes.Buffer
	if code := run(c.Context(), c.args(args...), &out, &out); code != exitDone {
		c.Fatalf("%v ended with %d: %s", args, code, out.String())
	}
	return out.String()
}

// open makes the installation and opens it here, with a tenant, an office and a token for programs.
func (c *crash) open() {
	c.Helper()
	cfg, err := loadConfig(cli{Data: c.data, LogLevel: "error", Set: append([]string{"embedding.address=none"}, c.set...)})
	if err != nil {
		c.Fatal(err)
	}
	if c.app, err = (&session{cfg: cfg, stdout: io.Discard, stderr: io.Discard}).open(c.Context()); err != nil {
		c.Fatal(err)
	}
	c.Cleanup(func() { release(c.app) })
	ctx := c.Context()
	if _, err := c.store.Tenant(ctx, loadTenant); err == nil {
		return
	}
	if err := c.store.AddTenant(ctx, store.Tenant{Slug: loadTenant, Name: "Comune di prova"}); err != nil {
		c.Fatal(err)
	}
	if err := c.store.PutOffices(ctx, loadTenant, []store.Office{{Name: "Tributi", Email: "tributi@example.it"}}); err != nil {
		c.Fatal(err)
	}
	p, err := c.store.AddPerson(ctx, store.ActorCommand, store.Person{Email: "programma@example.it", Name: "Programma"})
	if err != nil {
		c.Fatal(err)
	}
	if err := c.store.Grant(ctx, store.ActorCommand, store.Member{Person: p.ID, Tenant: loadTenant, Role: access.Tenant}); err != nil {
		c.Fatal(err)
	}
	if c.key, err = c.store.AddToken(ctx, store.ActorCommand, store.Token{Name: "prova", Person: p.ID, Tenant: loadTenant, Actions: access.Actions(), Expires: time.Now().Add(24 * time.Hour)}); err != nil {
		c.Fatal(err)
	}
	if c.addr, err = freeAddress(); err != nil {
		c.Fatal(err)
	}
	c.base = "http://" + c.addr
}

// api calls an operation of the console's interface; nil: it was acknowledged.
func (c *crash) api(ctx context.Context, method, path, body string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+"/api/v1/t/"+loadTenant+"/manage/"+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+c.key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= 300 {
		err = fmt.Errorf("%d: %s", resp.StatusCode, b)
	}
	return b, err
}

// rounds runs people against a server that is killed c.kills times and started again: while it starts, at once after it took something, or some
// time later. people go on until their context ends.
func (c *crash) rounds(people ...func(ctx context.Context)) {
	c.Helper()
	ctx, stop := context.WithCancel(c.Context())
	var working sync.WaitGroup
	defer func() { stop(); working.Wait() }()
	for _, one := range people {
		working.Go(func() { one(ctx) })
	}
	server := c.start("serve", "--addr", c.addr)
	starts := time.Second
	for round := range c.kills {
		before := c.acknowledged.Load()
		if round > 0 && round%4 == 0 { // while it starts, which is when it puts right what the last one left
			time.Sleep(time.Duration(c.random.Int64N(int64(starts))))
		} else {
			for began := time.Now(); c.acknowledged.Load() < before+int64(1+c.random.IntN(4)); time.Sleep(time.Millisecond) {
				if server.over() || time.Since(began) > 2*time.Minute {
					c.Fatalf("round %d: nothing was taken (ended: %v): %s", round, server.over(), server.stderr.String())
				}
				if server.said.Load() > 0 && round == 0 && starts == time.Second {
					starts = time.Since(server.began)
				}
			}
			time.Sleep(time.Duration(c.random.Int64N(int64(60 * time.Millisecond))))
		}
		server.kill()
		// What the dead one had leased is given to others in a minute or two. Nobody waits for that here.
		c.expire("UPDATE jobs SET lease = 0; UPDATE queue SET lease = 0; UPDATE mails SET next_at = 0; UPDATE deliveries SET next_at = 0")
		server = c.start("serve", "--addr", c.addr)
	}
	for began := time.Now(); server.said.Load() == 0; time.Sleep(10 * time.Millisecond) {
		if server.over() || time.Since(began) > 2*time.Minute {
			c.Fatalf("after the last kill no server comes up: %s", server.stderr.String())
		}
	}
	stop()
	working.Wait()
}

// taken waits until every upload was taken in, and gives the live documents by the name of their file.
func (c *crash) taken() map[string]*store.Record {
	c.Helper()
	ctx := c.Context()
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		jobs, err := c.store.Jobs(ctx, loadTenant, 1_000_000)
		if err != nil {
			c.Fatal(err)
		}
		waiting := 0
		for _, j := range jobs {
			if !j.Ended() {
				waiting++
			} else if j.Failed > 0 {
				c.loses("an upload failed: %+v", j)
			}
		}
		if waiting == 0 {
			break
		}
		if time.Since(began) > 4*time.Minute {
			c.Fatalf("%d uploads were not taken in", waiting)
		}
	}
	all, err := c.store.Documents(ctx, loadTenant, store.Filter{State: store.Live})
	if err != nil {
		c.Fatal(err)
	}
	found := map[string]*store.Record{}
	for i := range all {
		name := filepath.Base(all[i].Source)
		if found[name] != nil {
			c.loses("%s is there twice", name)
		}
		found[name] = &all[i]
	}
	return found
}

// whole looks at everything that is there: the pages of the database, what rows refer to, every document with its passages and its original, the
// chain of the audit log, and that the index which followed all the while finds what one that is made now finds.
func (c *crash) whole() {
	c.Helper()
	ctx := c.Context()
	if lost, err := c.store.Lost(ctx); err != nil || len(lost) > 0 {
		c.loses("%v; lost: %v", err, lost)
	}
	db, err := sqlOpen(c.data)
	if err != nil {
		c.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var dangling int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM pragma_foreign_key_check").Scan(&dangling); err != nil || dangling > 0 {
		c.loses("%d rows refer to one that is not there, %v", dangling, err)
	}
	if n, _, err := c.store.VerifyAudit(ctx); err != nil {
		c.loses("the audit log breaks after %d entries: %v", n, err)
	}
	all, err := c.store.Documents(ctx, loadTenant, store.Filter{})
	if err != nil {
		c.Fatal(err)
	}
	for i := range all {
		c.wholeDocument(&all[i])
	}
	c.sameAsRebuilt(all)
}

func (c *crash) wholeDocument(d *store.Record) {
	c.Helper()
	ctx := c.Context()
	points, err := c.store.Points(ctx, d.Tenant, d.ID, "")
	if err != nil {
		c.Fatal(err)
	}
	content, err := c.store.Content(ctx, d.Tenant, d.ID)
	if err != nil {
		c.loses("%s: %v", d.Source, err)
		return
	}
	original, _, err := c.store.Original(ctx, d.Tenant, d.ID)
	if err != nil {
		c.loses("%s: %v", d.Source, err)
		return
	}
	b, err := io.ReadAll(original)
	if err = errors.Join(err, original.Close()); err != nil {
		c.Fatal(err)
	}
	if want := len(ingest.Split(content, nil, 0)); len(points) != d.Chunks || len(points) != want || want == 0 || int64(len(b)) != d.Size || fmt.Sprintf("%x", sha256.Sum256(b)) != d.SHA256 {
		c.loses("%s: %d passages of %d, a new split has %d; %d bytes of %d", d.Source, len(points), d.Chunks, want, len(b), d.Size)
	}
	versions, err := c.store.Versions(ctx, d.Tenant, d.ID)
	if err != nil {
		c.Fatal(err)
	}
	for i, v := range versions { // the newest first, none missing
		if v.Number != len(versions)-i || v.Present != (v.Number == d.Version) {
			c.loses("%s: version %d is at %d of %d, present %v", d.Source, v.Number, i, len(versions), v.Present)
		}
	}
}

// sameAsRebuilt compares the index of this process, which applied change after change, with one that is made of the store now.
func (c *crash) sameAsRebuilt(all []store.Record) {
	c.Helper()
	ctx := c.Context()
	if err := c.follower.CatchUp(ctx); err != nil {
		c.Fatal(err)
	}
	inner := *c.cfg
	inner.Index = embeddedIndex
	fresh, err := (&session{cfg: &inner, stdout: io.Discard, stderr: io.Discard}).openCurrent(ctx)
	if err != nil {
		c.Fatal(err)
	}
	defer release(fresh)
	points, vectors, err := c.index.Count(ctx, loadTenant)
	wantPoints, wantVectors, e := fresh.index.Count(ctx, loadTenant)
	if err = errors.Join(err, e); err != nil || points != wantPoints || vectors != wantVectors {
		c.loses("the index holds %d passages and %d vectors, made anew %d and %d (%v)", points, vectors, wantPoints, wantVectors, err)
	}
	for _, d := range all[:min(len(all), 40)] {
		query := assistant.IndexQuery{Tenants: []string{loadTenant}, Audience: ingest.Staff, K: points + 1, Terms: terms(d.Title)}
		got, _, err := c.index.Search(ctx, query)
		want, _, e := fresh.index.Search(ctx, query)
		if err := errors.Join(err, e); err != nil {
			c.Fatal(err)
		}
		ids := func(hits []assistant.Hit) (out []string) {
			for _, h := range hits {
				out = append(out, h.ID)
			}
			slices.Sort(out)
			return out
		}
		if !slices.Equal(ids(got), ids(want)) {
			c.loses("%q finds %v, in an index made anew %v", d.Title, ids(got), ids(want))
		}
	}
}
