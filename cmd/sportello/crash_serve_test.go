package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"sportello/assistant"
	"sportello/assistant/qdrant/qdranttest"
	"sportello/assistant/store"
	"sportello/assistant/webhook"
)

// clerkAt is a person who uploads to the server at the address that all its lives share.
func (c *crash) clerkAt() *loadClerk {
	c.Helper()
	server := c.start("serve", "--addr", c.addr)
	for began := time.Now(); server.said.Load() == 0; time.Sleep(10 * time.Millisecond) {
		if server.over() || time.Since(began) > 2*time.Minute {
			c.Fatalf("no server: %s", server.stderr.String())
		}
	}
	clerk, err := c.newClerk(c.Context(), c.base)
	if err != nil {
		c.Fatal(err)
	}
	server.kill()
	return clerk
}

// rest is what a client does before it tries again.
func rest(ctx context.Context) { pause(ctx, 20*time.Millisecond) }

// crashUploads: people upload new files.
func crashUploads(c *crash) {
	c.open()
	clerk := c.clerkAt()
	var files sync.Map // name -> id of the job
	upload := func(ctx context.Context) {
		for ctx.Err() == nil {
			n := rand.Int64() //nolint:gosec // a number for a name
			name := fmt.Sprintf("atto-%d.md", n)
			job, err := clerk.upload(ctx, name, deed(n))
			if err != nil {
				rest(ctx)
				continue
			}
			files.Store(name, job)
			c.acknowledged.Add(1)
			pause(ctx, 30*time.Millisecond)
		}
	}
	c.rounds(upload, upload)
	there := c.taken()
	files.Range(func(name, job any) bool {
		if there[name.(string)] == nil {
			c.loses("%v was acknowledged (job %v) and is not there", name, job)
		}
		return true
	})
	c.saw = fmt.Sprintf("%d documents", len(there))
	c.whole()
}

// crashReplace: people upload the same files again and again, each time with another text.
func crashReplace(c *crash) {
	c.open()
	clerk := c.clerkAt()
	type last struct{ sent, taken int }
	var mu sync.Mutex
	known := map[string]last{}
	text := func(name string, n int) string {
		return fmt.Sprintf("# Regolamento %s\n\n## Art. 1 Tariffa\n\nLa tariffa numero [%d] è di %d euro.\n\n%s", name, n, n, strings.Repeat("Il responsabile del servizio provvede. ", 100))
	}
	replace := func(person int) func(context.Context) {
		return func(ctx context.Context) {
			for n := 1; ctx.Err() == nil; n++ {
				name := fmt.Sprintf("regolamento-%d-%d.md", person, n%3)
				mu.Lock()
				was := known[name]
				known[name] = last{n, was.taken}
				mu.Unlock()
				job, err := clerk.upload(ctx, name, []byte(text(name, n)))
				if err != nil {
					rest(ctx)
					continue
				}
				for ctx.Err() == nil { // until the console says that it is in
					if r, err := c.store.Job(ctx, loadTenant, job); err == nil && r.Ended() {
						mu.Lock()
						known[name] = last{n, n}
						mu.Unlock()
						c.acknowledged.Add(1)
						break
					}
					rest(ctx)
				}
			}
		}
	}
	c.rounds(replace(0), replace(1))
	there := c.taken()
	versions := 0
	number := regexp.MustCompile(`\[(\d+)\]`)
	for name, k := range known {
		d := there[name]
		if d == nil {
			if k.taken > 0 {
				c.loses("%s was taken in and is gone", name)
			}
			continue
		}
		versions += d.Version
		content, err := c.store.Content(c.Context(), loadTenant, d.ID)
		if err != nil {
			c.Fatal(err)
		}
		found := number.FindStringSubmatch(content.Text)
		if found == nil || found[1] < "1" {
			c.loses("%s: %.200s", name, content.Text)
			continue
		}
		var n int
		_, _ = fmt.Sscan(found[1], &n)
		if n < k.taken || n > k.sent {
			c.loses("%s says %d, %d was acknowledged and %d sent", name, n, k.taken, k.sent)
		}
	}
	c.saw = fmt.Sprintf("%d versions of %d documents", versions, len(there))
	c.whole()
}

// crashSettings: programs change settings, offices and approved answers, and citizens say whether an answer helped.
func crashSettings(c *crash) {
	c.open()
	source := filepath.Join(c.dir, "docs")
	if err := os.MkdirAll(source, 0o750); err != nil {
		c.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(source, "tari.md"), []byte("# Regolamento TARI\n\n## Art. 1 Scadenza\n\nLa tassa si paga entro il 16 giugno.\n"), 0o600); err != nil {
		c.Fatal(err)
	}
	c.must("ingest", "--tenant", loadTenant, source)
	documents, err := c.store.Documents(c.Context(), loadTenant, store.Filter{})
	if err != nil || len(documents) != 1 {
		c.Fatal(documents, err)
	}
	var notice, phone struct{ sent, taken int }
	var mu sync.Mutex
	answers := map[string]string{} // id -> question
	counted := func(path, body string, x *struct{ sent, taken int }) func(context.Context) {
		return func(ctx context.Context) {
			for n := 1; ctx.Err() == nil; n++ {
				x.sent = n
				if _, err := c.api(ctx, http.MethodPut, path, fmt.Sprintf(body, n)); err != nil {
					rest(ctx)
					continue
				}
				x.taken = n
				c.acknowledged.Add(1)
				rest(ctx)
			}
		}
	}
	approve := func(ctx context.Context) {
		for n := 1; ctx.Err() == nil; n++ {
			question := fmt.Sprintf("Quando si paga la rata %d?", n)
			out, err := c.api(ctx, http.MethodPost, "answers", fmt.Sprintf(`{"question":%q,"text":"Entro il 16 giugno.","office":"Tributi","expires":"2099-12-31","sources":[{"document":%q,"quote":"entro il 16 giugno"}]}`, question, documents[0].ID))
			var made struct {
				ID string `json:"id"`
			}
			if err := errors.Join(err, json.Unmarshal(out, &made)); err != nil || made.ID == "" {
				if strings.Contains(fmt.Sprint(err), "422") {
					c.Errorf("an answer was refused: %v", err)
					return
				}
				rest(ctx)
				continue
			}
			mu.Lock()
			answers[made.ID] = question
			mu.Unlock()
			c.acknowledged.Add(1)
			rest(ctx)
		}
	}
	c.rounds(counted("settings/page.notice", `{"value":"Avviso %d"}`, &notice), counted("offices", `{"offices":[{"name":"Tributi","phone":"%d"},{"name":"Anagrafe"}]}`, &phone), approve)
	between := func(what, got string, x struct{ sent, taken int }) {
		if x.taken == 0 && got == "" {
			return // killed before the first
		}
		var n int
		if _, err := fmt.Sscan(strings.TrimPrefix(got, "Avviso "), &n); err != nil || n < x.taken || n > x.sent {
			c.loses("%s is %q; %d was acknowledged, %d sent", what, got, x.taken, x.sent)
		}
	}
	setting, _, err := c.store.Setting(c.Context(), loadTenant, "page.notice")
	if err != nil {
		c.Fatal(err)
	}
	between("the notice", setting.Value, notice)
	offices, err := c.store.Offices(c.Context(), loadTenant)
	if err != nil || len(offices) != 2 {
		c.Fatal(offices, err)
	}
	between("the telephone", offices[0].Phone, phone)
	for id, question := range answers {
		a, err := c.store.Approved(c.Context(), loadTenant, id)
		if err != nil || a.Question != question || a.Text != "Entro il 16 giugno." || len(a.Sources) != 1 {
			c.loses("the answer to %q is %+v, %v", question, a, err)
		}
	}
	c.saw = fmt.Sprintf("%d approved answers, %d settings, %d times the offices", len(answers), notice.taken, phone.taken)
	c.whole()
}

// postbox is an SMTP server (RFC 5321) that takes its time and keeps what it takes.
type postbox struct {
	mu  sync.Mutex
	got []string
}

func openPostbox(c *crash) (*postbox, int) {
	c.Helper()
	l, err := (&net.ListenConfig{}).Listen(c.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		c.Fatal(err)
	}
	c.Cleanup(func() { _ = l.Close() })
	p := &postbox{}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go p.talk(conn)
		}
	}()
	return p, l.Addr().(*net.TCPAddr).Port
}

func (p *postbox) talk(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	in := bufio.NewReader(conn)
	say := func(line string) { _, _ = fmt.Fprintf(conn, "%s\r\n", line) }
	say("220 localhost ESMTP")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch verb, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(line)), " "); verb {
		case "DATA":
			say("354 go on")
			var b strings.Builder
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					return // it did not get all of it, so it keeps nothing
				}
				if line == ".\r\n" {
					break
				}
				b.WriteString(line)
			}
			p.mu.Lock()
			p.got = append(p.got, b.String())
			p.mu.Unlock()
			time.Sleep(time.Duration(rand.Int64N(int64(30 * time.Millisecond)))) //nolint:gosec // the moment in which a kill makes it come twice
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// crashMail: citizens leave questions, of which the office is told by e-mail.
func crashMail(c *crash) {
	box, port := openPostbox(c)
	c.set = []string{"mail.host=127.0.0.1", fmt.Sprintf("mail.port=%d", port), "mail.tls=none", "mail.from=Comune di Prova <sportello@prova.example.it>", "serve.public_url=https://sportello.example.it"}
	c.open()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var mu sync.Mutex
	var left []string
	leave := func(ctx context.Context) {
		for ctx.Err() == nil {
			text := fmt.Sprintf("Domanda numero %d, per cortesia?", rand.Int64()) //nolint:gosec // a number for a name
			form := url.Values{"step": {"send"}, "text": {text}, "office": {"Tributi"}}
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/t/"+loadTenant+"/leave", strings.NewReader(form.Encode()))
			if err != nil {
				return
			}
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			resp, err := client.Do(req)
			if err != nil {
				rest(ctx)
				continue
			}
			_ = resp.Body.Close()
			if resp.StatusCode != http.StatusSeeOther {
				rest(ctx)
				continue
			}
			mu.Lock()
			left = append(left, strings.TrimPrefix(resp.Header.Get("Location"), "https://sportello.example.it"))
			mu.Unlock()
			c.acknowledged.Add(1)
			rest(ctx)
		}
	}
	c.rounds(leave)
	// What the last process had begun is tried again once its lease is over. Nobody waits for that here.
	c.expire("UPDATE mails SET next_at = 0 WHERE state = 'queued'")
	if _, err := c.desk.SendMail(c.Context()); err != nil {
		c.Fatal(err)
	}
	said := map[string]int{} // how often each question came
	keys := map[string]string{}
	twice := 0
	id, number := regexp.MustCompile(`(?m)^Message-ID: <(.+)>\r?$`), regexp.MustCompile(`/staff/t/carico/handovers/([A-Z0-9]+)`)
	box.mu.Lock()
	defer box.mu.Unlock()
	for _, m := range box.got {
		m = strings.ReplaceAll(strings.ReplaceAll(m, "=\r\n", ""), "=3D", "=")
		key, h := id.FindStringSubmatch(m), number.FindStringSubmatch(m)
		if key == nil || h == nil {
			c.Fatalf("a message without its key or its number:\n%s", m)
		}
		if said[h[1]]++; said[h[1]] > 1 {
			twice++
			if keys[h[1]] != key[1] {
				c.loses("the message of %s came twice under two names", h[1])
			}
		}
		keys[h[1]] = key[1]
	}
	for _, location := range left {
		token := location[strings.LastIndex(location, "/")+1:]
		token, _, _ = strings.Cut(token, "?")
		h, err := c.store.HandOverByToken(c.Context(), loadTenant, token)
		if err != nil {
			c.loses("the question at %s is lost: %v", location, err)
			continue
		}
		if said[h.ID] == 0 {
			c.loses("nobody was told of %s", h.ID)
		}
	}
	c.saw = fmt.Sprintf("%d messages, %d of them for the second time, under the same Message-ID", len(box.got), twice)
	c.whole()
}

// expire does what time would.
func (c *crash) expire(statement string) {
	c.Helper()
	db, err := sqlOpen(c.data)
	if err != nil {
		c.Fatal(err)
	}
	_, err = db.ExecContext(c.Context(), statement)
	if err = errors.Join(err, db.Close()); err != nil {
		c.Fatal(err)
	}
}

// crashWebhook: documents are uploaded, and another program is told of each.
func crashWebhook(c *crash) {
	type told struct{ id, body string }
	var mu sync.Mutex
	var got []told
	program := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		mu.Lock()
		got = append(got, told{r.Header.Get("Webhook-Id"), string(body)})
		mu.Unlock()
		time.Sleep(time.Duration(rand.Int64N(int64(30 * time.Millisecond)))) //nolint:gosec // the moment in which a kill makes it come twice
		w.WriteHeader(http.StatusNoContent)
	}))
	c.Cleanup(program.Close)
	c.set = []string{"webhooks.private=127.0.0.1"}
	c.open()
	if _, err := c.store.AddWebhook(c.Context(), store.ActorCommand, assistant.Webhook{Tenant: loadTenant, URL: program.URL + "/avvisi", Events: []string{assistant.EventDocument}}, webhook.NewSecret()); err != nil {
		c.Fatal(err)
	}
	clerk := c.clerkAt()
	c.rounds(func(ctx context.Context) {
		for ctx.Err() == nil {
			n := rand.Int64() //nolint:gosec // a number for a name
			if _, err := clerk.upload(ctx, fmt.Sprintf("atto-%d.md", n), deed(n)); err != nil {
				rest(ctx)
				continue
			}
			c.acknowledged.Add(1)
			pause(ctx, 50*time.Millisecond)
		}
	})
	there := c.taken()
	c.expire("UPDATE deliveries SET next_at = 0 WHERE state = 'queued'")
	if _, err := c.hooks.Send(c.Context()); err != nil {
		c.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	bodies, of := map[string]string{}, map[string]string{} // id -> body, document -> id
	twice := 0
	for _, m := range got {
		var event struct {
			Data struct {
				Document string `json:"document"`
			} `json:"data"`
		}
		if err := json.Unmarshal([]byte(m.body), &event); err != nil || event.Data.Document == "" {
			c.Fatalf("%s: %v", m.body, err)
		}
		if was, known := bodies[m.id]; known {
			twice++
			if was != m.body {
				c.loses("%s came twice with two contents", m.id)
			}
		}
		if id := of[event.Data.Document]; id != "" && id != m.id {
			c.loses("the same change is told under two names: %s and %s", id, m.id)
		}
		bodies[m.id], of[event.Data.Document] = m.body, m.id
	}
	for name, d := range there {
		if of[d.ID] == "" {
			c.loses("nobody was told of %s", name)
		}
	}
	c.saw = fmt.Sprintf("%d messages, %d of them for the second time, under the same Webhook-Id", len(got), twice)
	c.whole()
}

// crashQdrant: the server keeps its index in a Qdrant that lives on, and makes vectors, while people upload.
func crashQdrant(c *crash) {
	model := newMeanings(c.T)
	fake, address := qdranttest.Listen(c.T)
	c.set = []string{"embedding.address=" + model.URL, "embedding.model=uno", "index=qdrant", "qdrant.address=" + address, "qdrant.collection=crash", "qdrant.exact=true"}
	c.open()
	clerk := c.clerkAt()
	c.rounds(func(ctx context.Context) {
		for ctx.Err() == nil {
			n := rand.Int64N(40)                                                                          //nolint:gosec // a few documents, so that they are replaced, too
			text := fmt.Sprintf("%s\n\nCosì deliberato per la volta numero %d.\n", deed(n), rand.Int64()) //nolint:gosec // so that it is another version
			if _, err := clerk.upload(ctx, fmt.Sprintf("atto-%d.md", n), []byte(text)); err != nil {
				rest(ctx)
				continue
			}
			c.acknowledged.Add(1)
			pause(ctx, 40*time.Millisecond)
		}
	})
	there := c.taken()
	if _, err := assistant.EmbedPending(c.Context(), c.store, c.embedder, nil); err != nil {
		c.Fatal(err)
	}
	c.expire("UPDATE queue SET lease = 0")
	if _, err := assistant.EmbedPending(c.Context(), c.store, c.embedder, nil); err != nil {
		c.Fatal(err)
	}
	c.whole()
	fake.Lock()
	defer fake.Unlock()
	points := 0
	for _, all := range fake.Collections {
		points += len(all)
	}
	c.saw = fmt.Sprintf("%d documents, %d points in Qdrant", len(there), points)
}
