package web_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/locales"
	"sportello/web"
	"sportello/web/site"
	"sportello/web/sitetest"
)

func itoa(n int) string { return strconv.Itoa(n) }

func TestSecurityHeaders(t *testing.T) {
	h := newHarness(t, sitetest.Quoted(), func(c *web.Config) { c.PublicURL = "https://sportello.example.it" })
	for _, r := range []*http.Response{
		h.get("/"), h.get("/t/borgoprova/"), h.get("/nowhere"), h.get("/t/borgoprova/documents/d-tari"), h.get("/healthz"),
		h.ask("/t/borgoprova/", "a"), h.get("/api/openapi.yaml"), h.post(askPath, "{}"), h.get("/static/x/sportello.css"),
	} {
		csp := r.Header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("policy %q lacks %s", csp, want)
			}
		}
		if strings.Contains(csp, "unsafe") {
			t.Errorf("policy %q", csp)
		}
		for header, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000",
		} {
			if got := r.Header.Get(header); got != want {
				t.Errorf("%s = %q", header, got)
			}
		}
		if len(r.Cookies()) != 0 {
			t.Error("a cookie was set")
		}
		if r.Header.Get("X-Request-Id") == "" {
			t.Error("no request id")
		}
	}
	if r := newHarness(t, sitetest.Quoted()).get("/"); r.Header.Get("Strict-Transport-Security") != "" {
		t.Error("HSTS without https")
	}
}

// No page holds inline scripts, styles or handlers, and none loads anything from elsewhere: the policy would block them.
func TestPagesObeyTheirPolicy(t *testing.T) {
	h := newHarness(t, sitetest.Phrased())
	for name, r := range map[string]*http.Response{
		"home": h.get("/"), "ask": h.get("/t/borgoprova/"), "answer": h.ask("/t/borgoprova/", "a"), "documents": h.get("/t/borgoprova/documents"),
		"document": h.get("/t/borgoprova/documents/d-tari?article=2"),
	} {
		doc := page(t, r, 200)
		has(t, doc, 0, "[style], style, script:not([src]), [onclick], [onsubmit], [onload]")
		doc.Find("script, link, img, use").Each(func(_ int, s *goqs) {
			for _, attribute := range []string{"src", "href"} {
				if to, ok := s.Attr(attribute); ok && !strings.HasPrefix(to, "/") {
					t.Errorf("%s loads %s", name, to)
				}
			}
		})
		doc.Find("link[rel=stylesheet], link[rel=icon], script[src]").Each(func(_ int, s *goqs) {
			to := s.AttrOr("href", s.AttrOr("src", ""))
			if got := h.get(to); got.StatusCode != 200 || !strings.Contains(got.Header.Get("Cache-Control"), "immutable") {
				t.Errorf("%s: %s gives %d %s", name, to, got.StatusCode, got.Header.Get("Cache-Control"))
			}
		})
	}
}

func TestErrorPages(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	for _, tc := range []struct {
		path   string
		status int
		want   string
	}{
		{"/nowhere", 404, "Pagina non trovata"}, {"/nowhere?lang=de", 404, "Seite nicht gefunden"}, {"/t/nowhere/", 404, "Pagina non trovata"},
		{"/t/borgoprova/documents/none", 404, "Pagina non trovata"}, {"/t/%2e%2e%2fetc/", 404, "Pagina non trovata"},
	} {
		doc := page(t, h.get(tc.path), tc.status)
		if got := words(has(t, doc, 1, "h1")); got != tc.want {
			t.Errorf("%s: %q", tc.path, got)
		}
		has(t, doc, 1, "main code")
	}
	if doc := page(t, h.get("/t/borgoprova/nothing"), 404); doc.Find(".it-brand-title").Text() == "" {
		t.Error("no head")
	}
	for _, tc := range []struct {
		err    error
		status int
		title  string
	}{
		{errors.New("dial tcp 10.0.0.7"), 500, "Qualcosa non ha funzionato"},
		{fault.Wrap(fault.Unavailable, errors.New("dial tcp 10.0.0.7"), "disk full"), 503, "Servizio non disponibile"},
		{fault.New(fault.Broken, "the original of x is gone from /srv/data"), 500, "Qualcosa non ha funzionato"},
		{context.DeadlineExceeded, 504, "Servizio non disponibile"},
	} {
		h.library.Err = tc.err
		r := h.get("/t/borgoprova/documents")
		doc := page(t, r, tc.status)
		if got := words(doc.Find("h1")); got != tc.title || strings.Contains(doc.Text(), "10.0.0.7") || strings.Contains(doc.Text(), "/srv") {
			t.Errorf("%v: %q", tc.err, got)
		}
	}
	if !strings.Contains(h.log.String(), "10.0.0.7") {
		t.Error("the cause is not in the log")
	}
}

func TestPanicIsAnErrorPage(t *testing.T) {
	h := newHarness(t, nil)
	h.asker.Script = func(context.Context, assistant.Question, func(assistant.Statement) error) (*assistant.Answer, error) {
		panic("boom")
	}
	doc := page(t, h.ask("/t/borgoprova/", "a"), 500)
	if strings.Contains(doc.Text(), "boom") || !strings.Contains(h.log.String(), "boom") {
		t.Error("the panic is shown or not logged")
	}
}

func TestQuestionsAreNotLogged(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	h.ask("/t/borgoprova/?q=parolachiave", "parolachiave")
	h.post(askPath, `{"question":"parolachiave"}`)
	h.get("/t/borgoprova/documents?q=parolachiave")
	h.get("/parolachiave")
	if log := h.log.String(); strings.Contains(log, "parolachiave") || strings.Count(log, "msg=request") != 4 || !strings.Contains(log, "route=/t/:slug/documents") {
		t.Errorf("log:\n%s", log)
	}
}

func TestRateLimit(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	h := newHarness(t, sitetest.Quoted(), func(c *web.Config) {
		c.AskPerMinute, c.Now = 3, func() time.Time { return now }
	})
	from := func(addr string) int {
		r := request(http.MethodPost, askPath, `{"question":"a"}`, "Content-Type", "application/json", "X-Forwarded-For", "8.8.8.8")
		r.RemoteAddr = addr
		return h.do(r).StatusCode
	}
	for i := range 3 {
		if got := from("192.0.2.1:99"); got != 200 {
			t.Errorf("question %d gives %d", i, got)
		}
	}
	if got := from("192.0.2.1:98"); got != 429 {
		t.Errorf("the fourth gives %d", got)
	}
	if got := from("192.0.2.2:99"); got != 200 {
		t.Errorf("another address gives %d", got)
	}
	for range 3 {
		from("[2001:db8:1:2::1]:9")
	}
	if got := from("[2001:db8:1:2::ffff]:9"); got != 429 {
		t.Errorf("the same IPv6 network gives %d", got)
	}
	now = now.Add(20 * time.Second)
	if got := from("192.0.2.1:99"); got != 200 {
		t.Errorf("after 20 s: %d", got)
	}
	r := request(http.MethodPost, "/t/borgoprova/", "question=a", "Content-Type", "application/x-www-form-urlencoded")
	r.RemoteAddr = "192.0.2.1:99"
	res := h.do(r)
	if doc := page(t, res, 429); words(doc.Find("h1")) != "Troppe domande in poco tempo" || (res.Header.Get("Retry-After") != "20" && res.Header.Get("Retry-After") != "21") {
		t.Errorf("%q, retry after %s", words(doc.Find("h1")), res.Header.Get("Retry-After"))
	}
	if got := h.get("/t/borgoprova/documents").StatusCode; got != 200 {
		t.Errorf("reading gives %d", got)
	}
}

func TestForwardedAddressesCountBehindATrustedProxyOnly(t *testing.T) {
	h := newHarness(t, sitetest.Quoted(), func(c *web.Config) {
		c.AskPerMinute, c.TrustedProxies = 1, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	})
	from := func(addr, forwarded string) int {
		r := request(http.MethodPost, askPath, `{"question":"a"}`, "Content-Type", "application/json", "X-Forwarded-For", forwarded)
		r.RemoteAddr = addr
		return h.do(r).StatusCode
	}
	for _, tc := range []struct {
		addr, forwarded string
		want            int
	}{
		{"10.0.0.1:9", "198.51.100.1", 200}, {"10.0.0.1:9", "198.51.100.2", 200}, {"10.0.0.1:9", "198.51.100.1", 429},
		{"10.0.0.1:9", "203.0.113.9, 198.51.100.1", 429}, // the client cannot put another address before its own
		{"192.0.2.1:9", "198.51.100.7", 200}, {"192.0.2.1:9", "198.51.100.8", 429},
	} {
		if got := from(tc.addr, tc.forwarded); got != tc.want {
			t.Errorf("%s for %s: %d, want %d", tc.addr, tc.forwarded, got, tc.want)
		}
	}
}

func TestHealth(t *testing.T) {
	health := site.Health{Ready: true, Parts: []site.Part{{Name: "store", State: "ok"}, {Name: "chat", State: "off", Detail: "http://10.0.0.7"}}}
	h := newHarness(t, sitetest.Quoted(), func(c *web.Config) { c.Health = func(context.Context) site.Health { return health } })
	if r := h.get("/healthz"); r.StatusCode != 200 {
		t.Errorf("healthz %d", r.StatusCode)
	}
	check := func(status int, want string) {
		t.Helper()
		r := h.get("/readyz")
		var got struct{ Status string }
		body := text(t, r)
		if err := json.Unmarshal([]byte(body), &got); err != nil || r.StatusCode != status || got.Status != want || strings.Contains(body, "10.0.0.7") {
			t.Errorf("%d %s, want %d %s", r.StatusCode, body, status, want)
		}
	}
	check(200, "ready")
	health.Parts[1].State = "failed"
	check(200, "degraded")
	health.Ready = false
	check(503, "not_ready")
	if h.library.Err = errors.New("x"); newHarness(t, sitetest.Quoted()).get("/readyz").StatusCode != 200 {
		t.Error("the default health is not ready")
	}
	broken := newHarness(t, sitetest.Quoted())
	broken.library.Err = errors.New("x")
	if got := broken.get("/readyz").StatusCode; got != 503 {
		t.Errorf("a broken store gives %d", got)
	}
}

func TestMetrics(t *testing.T) {
	h := newHarness(t, sitetest.Phrased(), func(c *web.Config) {
		c.Stats = func(context.Context) (site.Stats, error) {
			return site.Stats{Documents: map[string]int{"borgoprova": 3}, Chunks: map[string]int{"borgoprova": 40}, PendingVectors: 7}, nil
		}
	})
	h.ask("/t/borgoprova/", "a")
	h.do(request("BREW", "/t/borgoprova/", ""))
	r := request(http.MethodGet, "/metrics", "")
	r.RemoteAddr = "127.0.0.1:9"
	body := text(t, h.do(r))
	for _, want := range []string{
		`sportello_answers_total{reason="",status="answered",tenant="borgoprova"} 1`, `sportello_drafts_rejected_total{tenant="borgoprova"} 1`,
		`sportello_http_requests_total{method="POST",route="/t/:slug/",status="200"} 1`, `method="other"`, `sportello_documents{tenant="borgoprova"} 3`,
		`sportello_chunks{tenant="borgoprova"} 40`, `sportello_vectors_pending 7`, `sportello_answer_seconds_count{status="answered"} 1`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in\n%s", want, body)
		}
	}
	if got := h.get("/metrics").StatusCode; got != 404 { // httptest's address is 192.0.2.1
		t.Errorf("metrics for everybody: %d", got)
	}
	r.Header.Set("X-Forwarded-For", "203.0.113.9")
	if got := h.do(r).StatusCode; got != 404 {
		t.Errorf("metrics through an undeclared proxy: %d", got)
	}
	failing := newHarness(t, sitetest.Quoted(), func(c *web.Config) {
		c.Stats = func(context.Context) (site.Stats, error) { return site.Stats{}, errors.New("x") }
	})
	r.Header.Del("X-Forwarded-For")
	if got := failing.do(r).StatusCode; got != 200 {
		t.Errorf("metrics without a store: %d", got)
	}
}

func TestGzip(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	r := h.get("/t/borgoprova/", "Accept-Encoding", "gzip")
	if r.Header.Get("Content-Encoding") != "gzip" || r.Header.Get("Content-Length") != "" {
		t.Fatalf("%v", r.Header)
	}
	z, err := gzip.NewReader(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(z); err != nil || !strings.Contains(string(b), "</html>") {
		t.Errorf("%v", err)
	}
	if r := h.post(askPath, `{"question":"a"}`, "Accept-Encoding", "gzip", "Accept", "text/event-stream"); r.Header.Get("Content-Encoding") != "" {
		t.Error("a stream is gzipped")
	}
}

func TestHead(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	for _, path := range []string{"/", "/t/borgoprova/", "/t/borgoprova/documents", "/t/borgoprova/documents/d-tari", "/healthz", "/readyz", "/robots.txt"} {
		if got := h.do(request(http.MethodHead, path, "")).StatusCode; got != 200 {
			t.Errorf("HEAD %s gives %d", path, got)
		}
	}
	if r := h.get("/t//evil.example"); strings.HasPrefix(r.Header.Get("Location"), "//") {
		t.Errorf("redirects to %s", r.Header.Get("Location"))
	}
}

func TestRobotsAndStatic(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	if got := text(t, h.get("/robots.txt")); !strings.Contains(got, "Disallow: /api/") {
		t.Errorf("robots %q", got)
	}
	for _, path := range []string{"/static/", "/static/x/static.go", "/static/x/../static.go", "/static/x/vendor", "/static/x/nothing.css"} {
		if got := h.get(path).StatusCode; got != 404 {
			t.Errorf("%s gives %d", path, got)
		}
	}
	if r := h.get("/static/old/sportello.css"); r.StatusCode != 200 || r.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("a stale address: %d %s", r.StatusCode, r.Header.Get("Cache-Control"))
	}
}

func TestEveryCodeHasWords(t *testing.T) {
	c, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	l := c.For("it")
	var keys []string
	for _, r := range []assistant.Reason{assistant.NoSource, assistant.OutOfScope, assistant.PersonalDecision, assistant.Unsafe, assistant.OtherComune, assistant.Overloaded} {
		keys = append(keys, "refused_"+string(r)+"_title", "refused_"+string(r)+"_text")
	}
	for _, v := range []assistant.Verdict{assistant.NoCitation, assistant.UnknownNumber, assistant.MisplacedNumber, assistant.UnknownReference, assistant.UnknownName, assistant.Negation, assistant.LostException, assistant.NotCovered, assistant.NotASentence} {
		keys = append(keys, "why_"+string(v))
	}
	for _, k := range []ingest.Kind{ingest.Regolamento, ingest.Modulo, ingest.Scheda, ingest.Delibera, ingest.Determina, ingest.Ordinanza, ingest.Verbale, ingest.Bando, ingest.Norma, ingest.Pagina, ingest.Altro} {
		keys = append(keys, "kind_"+string(k), "kinds_"+string(k))
	}
	for _, key := range keys {
		if !l.Has(key) {
			t.Errorf("no words for %s", key)
		}
	}
}

func TestNewWantsItsParts(t *testing.T) {
	if _, err := web.New(web.Config{}); fault.CodeOf(err) != fault.Internal {
		t.Errorf("New without anything: %v", err)
	}
	if s := web.Server("127.0.0.1:0", http.NotFoundHandler(), nil); s.ReadHeaderTimeout == 0 || s.MaxHeaderBytes == 0 {
		t.Error("no limits")
	}
}

// A citizen who leaves stops the work: the asker's context ends.
func TestLeavingStopsTheAnswer(t *testing.T) {
	stopped := make(chan error, 1)
	h := newHarness(t, nil)
	h.asker.Script = func(ctx context.Context, q assistant.Question, emit func(assistant.Statement) error) (*assistant.Answer, error) {
		if err := emit(sitetest.Quoted().Statements[0]); err != nil {
			return nil, err
		}
		<-ctx.Done()
		stopped <- ctx.Err()
		return nil, ctx.Err()
	}
	server := httptest.NewServer(h.handler)
	defer server.Close()
	ctx, cancel := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+askPath, strings.NewReader(`{"question":"a"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	res, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := res.Body.Read(make([]byte, 16)); err != nil { // the first statement arrives while the answer goes on
		t.Fatal(err)
	}
	cancel()
	select {
	case <-stopped:
	case <-time.After(10 * time.Second):
		t.Error("the answer went on")
	}
	_ = res.Body.Close()
}

func TestOverload(t *testing.T) {
	release := make(chan struct{})
	started := make(chan struct{})
	h := newHarness(t, nil, func(c *web.Config) { c.MaxConcurrent, c.AskWait = 1, time.Millisecond })
	h.asker.Script = func(context.Context, assistant.Question, func(assistant.Statement) error) (*assistant.Answer, error) {
		close(started)
		<-release
		return sitetest.Quoted(), nil
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.post(askPath, `{"question":"a"}`)
	}()
	<-started
	if got := text(t, h.post(askPath, `{"question":"b"}`)); !strings.Contains(got, `"reason":"overloaded"`) || !strings.Contains(got, "Ufficio Tributi") {
		t.Errorf("the second question gets %s", got)
	}
	close(release)
	<-done
}
