package web_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"sportello/assistant"
	"sportello/locales"
	"sportello/web"
	"sportello/web/sitetest"
)

// harness is the whole handler with a scripted asker.
type harness struct {
	t       *testing.T
	handler http.Handler
	asker   *sitetest.Asker
	library *sitetest.Library
	log     *bytes.Buffer
}

func newHarness(t *testing.T, answer *assistant.Answer, change ...func(*web.Config)) *harness {
	t.Helper()
	catalogue, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	h := &harness{t: t, library: sitetest.New(), log: new(bytes.Buffer)}
	h.asker = &sitetest.Asker{Script: sitetest.Says(answer, 0)}
	cfg := web.Config{
		Asker: h.asker, Library: h.library, Catalogue: catalogue, Log: slog.New(slog.NewTextHandler(h.log, nil)),
		Now: func() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }, AskPerMinute: 1000,
	}
	for _, f := range change {
		f(&cfg)
	}
	if h.handler, err = web.New(cfg); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *harness) do(r *http.Request) *http.Response {
	h.t.Helper()
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w.Result()
}

func (h *harness) get(path string, headers ...string) *http.Response {
	return h.do(request(http.MethodGet, path, "", headers...))
}

func (h *harness) ask(path, question string, headers ...string) *http.Response {
	body := url.Values{"question": {question}}.Encode()
	return h.do(request(http.MethodPost, path, body, append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)...))
}

func request(method, path, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// page checks the status and parses the HTML.
func page(t *testing.T, r *http.Response, status int) *goquery.Document {
	t.Helper()
	if r.StatusCode != status {
		t.Fatalf("status %d, want %d: %s", r.StatusCode, status, text(t, r))
	}
	doc, err := goquery.NewDocumentFromReader(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// goqs keeps callbacks short.
type goqs = goquery.Selection

// words gives the text under a selector with single spaces.
func words(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

// has fails unless exactly n elements match.
func has(t *testing.T, doc *goquery.Document, n int, selector string) *goquery.Selection {
	t.Helper()
	s := doc.Find(selector)
	if s.Length() != n {
		t.Errorf("%d elements match %s, want %d", s.Length(), selector, n)
	}
	return s
}
