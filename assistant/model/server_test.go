package model

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"sportello/assistant/model/engine"
)

// scripted is a model server that answers each request with the next of its scripts, the last one again and again.
type scripted struct {
	*httptest.Server
	mu       sync.Mutex
	scripts  []http.HandlerFunc
	requests []request
}

type request struct {
	path string
	auth string
	body map[string]any
}

func serve(t *testing.T, scripts ...http.HandlerFunc) *scripted {
	t.Helper()
	s := &scripted{scripts: scripts}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		b, _ := io.ReadAll(r.Body)
		if err := json.Unmarshal(b, &body); err != nil {
			t.Errorf("request %s: %v", b, err)
		}
		s.mu.Lock()
		h := s.scripts[min(len(s.requests), len(s.scripts)-1)]
		s.requests = append(s.requests, request{r.URL.Path, r.Header.Get("Authorization"), body})
		s.mu.Unlock()
		r.Body = io.NopCloser(strings.NewReader(string(b)))
		h(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *scripted) seen() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]request(nil), s.requests...)
}

func status(code int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

// events answers with the lines of a stream as they are.
func events(lines ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, l := range lines {
			_, _ = io.WriteString(w, l+"\n\n")
			w.(http.Flusher).Flush()
		}
	}
}

func delta(text string) string {
	b, _ := json.Marshal(text)
	return fmt.Sprintf(`data: {"choices":[{"index":0,"delta":{"content":%s},"finish_reason":null}]}`, b)
}

const (
	stop   = `data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`
	length = `data: {"choices":[{"index":0,"delta":{},"finish_reason":"length"}]}`
	usage  = `data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}`
	done   = `data: [DONE]`
)

// open makes the models of a configuration whose waits are short.
func open(t *testing.T, cfg Config) *Set {
	t.Helper()
	if cfg.CacheDir == "" {
		cfg.CacheDir = t.TempDir()
	}
	if cfg.DataDir == "" {
		cfg.DataDir = t.TempDir()
	}
	s, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// quick shortens the waits of a transport.
func quick(w *wire) {
	w.backoff = backoff{first: time.Millisecond, most: 50 * time.Millisecond}
	w.patience = 5 * time.Second
}

func embedderAt(t *testing.T, s *scripted, change func(*wire)) *Embedder {
	t.Helper()
	set := open(t, Config{Embedding: Endpoint{Address: s.URL + "/v1/", Model: "e5-small", Key: "secret-key"}})
	quick(set.wires[engine.Embedding])
	if change != nil {
		change(set.wires[engine.Embedding])
	}
	return set.Embedder.(*Centred).inner.(*Embedder)
}

func generatorAt(t *testing.T, s *scripted, extra map[string]any, change func(*wire)) *Generator {
	t.Helper()
	set := open(t, Config{Embedding: Endpoint{Model: None}, Chat: Endpoint{Address: s.URL, Model: "chat", Key: "secret-key", MaxTokens: 99, Extra: extra}})
	quick(set.wires[engine.Chat])
	if change != nil {
		change(set.wires[engine.Chat])
	}
	return set.Generator.(*Generator)
}
