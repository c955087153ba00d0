package webhook_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/assistant/webhook"
	"sportello/ingest"
)

const tenant = "borgoprova"

// receiver is a program that is told of events.
type receiver struct {
	*httptest.Server
	mu      sync.Mutex
	status  int
	retry   string
	headers []http.Header
	bodies  []string
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{status: http.StatusNoContent}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		if err != nil {
			t.Error(err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.headers, r.bodies = append(r.headers, q.Header), append(r.bodies, string(body))
		if r.retry != "" {
			w.Header().Set("Retry-After", r.retry)
		}
		if r.status == http.StatusFound {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(r.status)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) answer(status int, retry string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status, r.retry = status, retry
}

// house is a store with a clock, a webhook and who sends.
type house struct {
	*store.Store
	dir    string
	now    time.Time
	sender *webhook.Sender
	secret string
	hook   string
}

func open(t *testing.T, address string, private []string) *house {
	t.Helper()
	h := &house{dir: t.TempDir(), now: time.Now(), secret: webhook.NewSecret()}
	h.reopen(t, private)
	if err := h.AddTenant(t.Context(), store.Tenant{Slug: tenant, Name: "Comune di Borgoprova"}); err != nil {
		t.Fatal(err)
	}
	var err error
	if h.hook, err = h.AddWebhook(t.Context(), store.ActorCommand, assistant.Webhook{Tenant: tenant, URL: address, Events: assistant.Events}, h.secret); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) reopen(t *testing.T, private []string) {
	t.Helper()
	var err error
	h.Store, err = store.Open(t.Context(), store.Config{
		Dir: h.dir, AnalyzerVersion: 1, Analyze: func(string) []assistant.Term { return nil }, Now: func() time.Time { return h.now },
	})
	if err != nil {
		t.Fatal(err)
	}
	s := h.Store
	t.Cleanup(func() { _ = s.Close() })
	if h.sender, err = webhook.New(webhook.Config{Queue: h.Store, Private: private, Now: func() time.Time { return h.now }}); err != nil {
		t.Fatal(err)
	}
}

func (h *house) put(t *testing.T, source, text string) string {
	t.Helper()
	d := &ingest.Document{Source: source, Title: "Regolamento " + source, Kind: ingest.Regolamento, Format: "text", Language: "it", Visibility: ingest.Public, Text: text}
	put, err := h.Put(t.Context(), tenant, d, []ingest.Chunk{{Section: -1, End: len(text)}}, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return put.ID
}

func (h *house) deliveries(t *testing.T) []assistant.Delivery {
	t.Helper()
	all, err := h.Deliveries(t.Context(), tenant, h.hook, 100, 0)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (h *house) send(t *testing.T) int {
	t.Helper()
	n, err := h.sender.Send(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// local allows the test's own servers.
var local = []string{"127.0.0.1"}

// Everything that happens is told, signed as the specification says: by our own reckoning and by its own library.
func TestEvents(t *testing.T) {
	r := newReceiver(t)
	h := open(t, r.URL+"/avvisi", local)
	ctx := t.Context()
	first, second := h.put(t, "tari.txt", "Uno"), h.put(t, "imu.txt", "Due")
	h.put(t, "tari.txt", "Uno, cambiato")
	h.put(t, "tari.txt", "Uno, cambiato") // nothing new
	title := "Tassa rifiuti"
	for _, e := range []store.Edit{{Fix: store.Fix{Title: &title}}, {State: store.Repealed, SupersededBy: second}, {State: store.Live}, {Version: 1}} {
		if _, err := h.Edit(ctx, tenant, store.ActorCommand, []string{first}, e); err != nil {
			t.Fatal(err)
		}
	}
	repeal, err := h.Edit(ctx, tenant, store.ActorCommand, []string{second}, store.Edit{State: store.Repealed})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Undo(ctx, tenant, store.ActorCommand, repeal); err != nil {
		t.Fatal(err)
	}
	if err := h.Retire(ctx, tenant, second); err != nil {
		t.Fatal(err)
	}
	const secretWords = "il mio vicino Mario ha la gomma bucata"
	for id, keep := range map[string]bool{"q-kept": true, "q-not": false} {
		a := assistant.Asked{ID: id, Tenant: tenant, At: h.now, Language: "it", Status: assistant.Refused, Reason: assistant.NoSource, Question: secretWords}
		if err := h.AddAsked(ctx, a, keep); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.AddAsked(ctx, assistant.Asked{ID: "q-ok", Tenant: tenant, At: h.now, Language: "it", Status: assistant.Quoted, Question: secretWords}, true); err != nil {
		t.Fatal(err)
	}
	if err := h.AddHandOver(ctx, assistant.HandOver{ID: "AAAA2222", Tenant: tenant, Office: "URP", Language: "it", Text: secretWords, Email: "mario@example.it", Token: "x"}, false); err != nil {
		t.Fatal(err)
	}
	if n := h.send(t); n != len(r.bodies) || n != 13 {
		t.Fatalf("%d arrived, %d were received", n, len(r.bodies))
	}
	official, err := standard.NewWebhook(h.secret)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	ids := map[string]bool{}
	for i, body := range r.bodies {
		header := r.headers[i]
		if err := official.Verify([]byte(body), header); err != nil {
			t.Errorf("the official library: %v", err)
		}
		if err := verify(h.secret, header, body); err != "" {
			t.Error(err)
		}
		if err := official.Verify([]byte(body+" "), header); err == nil {
			t.Error("another body has the same signature")
		}
		var e struct {
			Type, Timestamp string
			Data            struct{ Change, Title, Question, HandOver string }
		}
		if err := json.Unmarshal([]byte(body), &e); err != nil || e.Timestamp == "" {
			t.Fatal(body, err)
		}
		told = append(told, strings.TrimSpace(e.Type+" "+e.Data.Change+e.Data.Question+e.Data.HandOver))
		if ids[header.Get("Webhook-Id")] || strings.Contains(body, "Mario") || strings.Contains(body, "mario@") {
			t.Errorf("%v %s", header, body)
		}
		ids[header.Get("Webhook-Id")] = true
	}
	want := "document.changed added|document.changed added|document.changed replaced|document.changed corrected|document.changed superseded|document.changed restored|" +
		"document.changed replaced|document.changed repealed|document.changed restored|document.changed removed|"
	if got := strings.Join(told[:10], "|") + "|"; got != want {
		t.Errorf("told %s\nwant %s", got, want)
	}
	rest := strings.Join(told[10:], "|")
	if !strings.Contains(rest, "question.unanswered q-kept") || strings.Contains(rest, "q-not") || strings.Contains(rest, "q-ok") || !strings.Contains(rest, "handover.left AAAA2222") {
		t.Error(rest)
	}
}

// verify is the specification read once more, by itself.
func verify(secret string, h http.Header, body string) string {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || len(key) < 24 || len(key) > 64 {
		return "the secret is not one"
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(h.Get("webhook-id") + "." + h.Get("webhook-timestamp") + "." + body))
	if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); h.Get("webhook-signature") != want {
		return "signature " + h.Get("webhook-signature") + ", want " + want
	}
	return ""
}

// What does not arrive is tried again with growing pauses, with the same id, and given up after three days; a person has it sent again.
func TestRetries(t *testing.T) {
	r := newReceiver(t)
	h := open(t, r.URL, local)
	r.answer(http.StatusInternalServerError, "")
	h.put(t, "tari.txt", "Uno")
	began := h.now
	for range 9 {
		if n := h.send(t); n != 0 {
			t.Fatal("it arrived")
		}
		d := h.deliveries(t)[0]
		if d.State != assistant.DeliveryQueued || d.Status != 500 || d.Error == "" || !d.Next.After(h.now) {
			t.Fatalf("%+v", d)
		}
		if h.now = d.Next.Add(-time.Millisecond); h.send(t) != 0 || len(r.bodies) != d.Tries {
			t.Fatal("it was tried too early")
		}
		h.now = d.Next
	}
	h.send(t)
	if d := h.deliveries(t)[0]; d.State != assistant.DeliveryFailed || d.Tries != 10 || h.now.Sub(began) < 72*time.Hour || h.now.Sub(began) > 96*time.Hour {
		t.Errorf("after %s: %+v", h.now.Sub(began), d)
	}
	if hook, err := h.Webhook(t.Context(), tenant, h.hook); err != nil || hook.Failed != 1 {
		t.Errorf("%+v %v", hook, err)
	}
	r.answer(http.StatusNoContent, "")
	if err := h.RetryDelivery(t.Context(), store.ActorCommand, tenant, h.hook, h.deliveries(t)[0].ID); err != nil {
		t.Fatal(err)
	}
	if n := h.send(t); n != 1 {
		t.Fatal("it did not arrive")
	}
	for _, header := range r.headers {
		if header.Get("Webhook-Id") != r.headers[0].Get("Webhook-Id") {
			t.Error("another id")
		}
	}
	if err := verify(h.secret, r.headers[10], r.bodies[10]); err != "" {
		t.Error(err)
	}
	h.now = h.now.Add(31 * 24 * time.Hour)
	if err := h.PruneDeliveries(t.Context(), h.now.Add(-30*24*time.Hour)); err != nil || len(h.deliveries(t)) != 0 {
		t.Errorf("%v, %d are left", err, len(h.deliveries(t)))
	}
}

// What an answer says is heeded: when to come again, never to come again, and a redirection is no place to take a message to.
func TestAnswers(t *testing.T) {
	r := newReceiver(t)
	h := open(t, r.URL, local)
	for _, tc := range []struct {
		status       int
		retry, state string
		wait         time.Duration
	}{
		{http.StatusServiceUnavailable, "3600", assistant.DeliveryQueued, time.Hour}, {http.StatusGone, "", assistant.DeliveryFailed, 0}, {http.StatusFound, "", assistant.DeliveryQueued, 5 * time.Second},
	} {
		r.answer(tc.status, tc.retry)
		if _, err := h.TestWebhook(t.Context(), store.ActorCommand, tenant, h.hook); err != nil {
			t.Fatal(err)
		}
		h.send(t)
		d := h.deliveries(t)[0]
		if d.State != tc.state || tc.wait > 0 && d.Next.Sub(h.now).Round(time.Second) != tc.wait {
			t.Errorf("%d: %+v", tc.status, d)
		}
	}
}

// A process that is killed between sending and noting it loses nothing: the lease ends and the message comes again, under its id.
func TestKilledProcessLosesNothing(t *testing.T) {
	r := newReceiver(t)
	h := open(t, r.URL, local)
	h.put(t, "tari.txt", "Uno")
	claimed, err := h.ClaimDelivery(t.Context(), h.now.Add(time.Minute)) // and then it dies
	if err != nil || claimed == nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	h.reopen(t, local)
	if n := h.send(t); n != 0 {
		t.Fatal("the lease was not kept")
	}
	h.now = h.now.Add(time.Minute)
	if n := h.send(t); n != 1 || r.headers[0].Get("Webhook-Id") != claimed.Message {
		t.Errorf("%d arrived: %v", n, r.headers)
	}
}

// Addresses of the own network are refused unless the configuration names them, also behind a name; nothing goes there.
func TestPrivateAddresses(t *testing.T) {
	r := newReceiver(t)
	for _, address := range []string{strings.Replace(r.URL, "http://", "https://", 1), strings.Replace(r.URL, "http://127.0.0.1", "https://localhost", 1), "https://169.254.169.254/latest", "https://[::1]:1/"} {
		h := open(t, address, nil)
		h.put(t, "tari.txt", "Uno")
		h.send(t)
		if d := h.deliveries(t)[0]; d.State != assistant.DeliveryFailed || !strings.Contains(d.Error, "private") {
			t.Errorf("%s: %+v", address, d)
		}
	}
	if len(r.bodies) != 0 {
		t.Error("something was sent")
	}
	s, err := webhook.New(webhook.Config{Queue: open(t, "https://x.example.it", nil).Store, Private: []string{"gestionale.lan"}})
	if err != nil {
		t.Fatal(err)
	}
	for address, good := range map[string]bool{
		"https://www.example.it/a?b=c": true, "http://gestionale.lan/": true, "http://www.example.it/": false, "ftp://www.example.it": false, "https://": false,
		"https://u:p@www.example.it/": false, "https://www.example.it/#x": false, "https://www.città.it/": false, "https://www.example.it/a b": false, "www.example.it": false, "https://www.example.it/" + strings.Repeat("a", 2000): false, "%": false,
	} {
		if err := s.Check(address); (err == nil) != good {
			t.Errorf("Check(%s) = %v", address, err)
		}
	}
}

// The secret lies sealed, under a key that no backup holds: without it nothing is sent unsigned, and the page says what to do.
func TestSecret(t *testing.T) {
	r := newReceiver(t)
	h := open(t, r.URL, local)
	if _, err := webhook.Sign("whsec_!", "a", time.Now(), nil); fault.CodeOf(err) != fault.Broken {
		t.Errorf("a secret that is none: %v", err)
	}
	next := webhook.NewSecret()
	if err := h.RenewWebhook(t.Context(), store.ActorCommand, tenant, h.hook, next); err != nil {
		t.Fatal(err)
	}
	h.put(t, "tari.txt", "Uno")
	h.send(t)
	if err := verify(next, r.headers[0], r.bodies[0]); err != "" {
		t.Error(err)
	}
	if err := os.Remove(filepath.Join(h.Dir(), "keys", "w."+h.hook)); err != nil {
		t.Fatal(err)
	}
	h.put(t, "imu.txt", "Due")
	h.send(t)
	if d := h.deliveries(t)[0]; d.State != assistant.DeliveryFailed || !strings.Contains(d.Error, "new one") || len(r.bodies) != 1 {
		t.Errorf("%+v", d)
	}
	if err := h.DropWebhook(t.Context(), store.ActorCommand, tenant, h.hook); err != nil {
		t.Fatal(err)
	}
	h.put(t, "tosap.txt", "Tre")
	if n := h.send(t); n != 0 {
		t.Error("a webhook that is gone is told")
	}
}

// Run sends by itself and ends with its context.
func TestRun(t *testing.T) {
	r := newReceiver(t)
	h := open(t, r.URL, local)
	s, err := webhook.New(webhook.Config{Queue: h.Store, Private: local, Poll: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { s.Run(ctx); close(done) }()
	h.put(t, "tari.txt", "Uno")
	for h.deliveries(t)[0].State != assistant.DeliverySent {
		time.Sleep(time.Millisecond)
	}
	stop()
	<-done
	if _, err := webhook.New(webhook.Config{}); fault.CodeOf(err) != fault.Internal {
		t.Error("a sender without a queue")
	}
	if _, err := webhook.New(webhook.Config{Queue: h.Store, Private: []string{"a b"}}); fault.CodeOf(err) != fault.Invalid {
		t.Error("a host that is none")
	}
}
