package model

import (
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/model/engine"
	"sportello/assistant/model/gguf"
)

var (
	_ assistant.Embedder  = (*Embedder)(nil)
	_ assistant.Generator = (*Generator)(nil)
	_ assistant.Reranker  = (*Reranker)(nil)
)

// Without any model everything is nil, and the status says what to do.
func TestOpenNothing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	s := open(t, Config{})
	if s.Embedder != nil || s.Generator != nil || s.Reranker != nil {
		t.Error("a model out of nothing")
	}
	st := s.Status()
	if len(st) != 3 || st[0].Task != "embedding" || st[0].Ready || !strings.Contains(st[0].Missing, "models pull multilingual-e5-small") {
		t.Errorf("%+v", st)
	}
	if err := s.Warm(t.Context()); err != nil {
		t.Error(err)
	}
	if len(s.Addresses()) != 0 {
		t.Errorf("%v", s.Addresses())
	}
}

func TestOpenDefaultCache(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	s, err := Open(t.Context(), Config{DataDir: t.TempDir()})
	if err != nil || s.Embedder != nil {
		t.Errorf("%v", err)
	}
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("HOME", "")
	if _, err := Open(t.Context(), Config{}); fault.CodeOf(err) != fault.Invalid {
		t.Error(err)
	}
}

func TestOpenErrors(t *testing.T) {
	for name, c := range map[string]struct {
		cfg  Config
		code fault.Code
	}{
		"address":       {Config{Embedding: Endpoint{Address: "gpu:8000", Model: "x"}}, fault.Invalid},
		"no model":      {Config{Chat: Endpoint{Address: "http://gpu:8000"}}, fault.Invalid},
		"password":      {Config{Rerank: Endpoint{Address: "http://u:hidden@gpu", Model: "x"}}, fault.Invalid},
		"unknown model": {Config{Chat: Endpoint{Model: "nothing"}}, fault.NotFound},
		"wrong task":    {Config{Chat: Endpoint{Model: "multilingual-e5-small"}}, fault.Invalid},
		"catalogue":     {Config{Catalogue: "/none"}, fault.Invalid},
	} {
		c.cfg.CacheDir = t.TempDir()
		_, err := Open(t.Context(), c.cfg)
		if fault.CodeOf(err) != c.code || strings.Contains(fmt.Sprint(err), "hidden") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// install puts a small model file of a task into a cache folder, with a catalogue that knows it.
func install(t *testing.T, task, vocabulary string) Config {
	t.Helper()
	cache := t.TempDir()
	var w gguf.Writer
	for k, v := range map[string]any{
		"tokenizer.ggml.model": vocabulary, "tokenizer.ggml.tokens": []string{"▁", "a", "parola"},
		"tokenizer.ggml.scores": []float32{-1, -1, -1}, "tokenizer.ggml.token_type": []int32{1, 1, 1},
	} {
		if err := w.Set(k, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(cache, "models"), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(cache, "models", "tiny.gguf"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.WriteTo(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(cache, "own.toml")
	text := fmt.Sprintf("[[model]]\nname=\"tiny\"\ntask=%q\nfile=\"tiny.gguf\"\ncontext=256\nquery_prefix=\"q: \"\ndefault=true\n", task)
	if err := os.WriteFile(own, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return Config{CacheDir: cache, Catalogue: own, DataDir: t.TempDir()}
}

// A managed model is there without its engine having been started.
func TestOpenManaged(t *testing.T) {
	program := filepath.Join(t.TempDir(), "llama-server")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho no such thing; exit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	cfg := install(t, "embedding", "t5")
	cfg.Engine.Program = program
	s := open(t, cfg)
	e := s.Embedder.(*Centred).inner.(*Embedder)
	if len(e.Model()) != 64 || e.window != 256 || e.prefix.query != "q: " {
		t.Errorf("%+v", e)
	}
	if n := e.Tokens("parola  a"); n != 2+2+2 {
		t.Errorf("%d tokens", n)
	}
	st := s.Status()[0]
	if !st.Ready || st.Engine == nil || st.Engine.Running || st.Model != "tiny" {
		t.Errorf("%+v", st)
	}
	if a := s.Addresses(); len(a) != 1 || a[0].Host != "127.0.0.1" || !a[0].Private {
		t.Errorf("%v", a)
	}
	if _, err := e.EmbedQuery(t.Context(), "x"); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("%v", err)
	}
	if err := s.Warm(t.Context()); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("%v", err)
	}
	if st := s.Status()[0]; st.Ready || !strings.Contains(st.Missing, "no such thing") {
		t.Errorf("%+v", st)
	}
}

func TestOpenManagedChatAndRerank(t *testing.T) {
	program := filepath.Join(t.TempDir(), "llama-server")
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	cfg := install(t, "chat", "gpt2")
	cfg.Engine.Program = program
	cfg.Chat = Endpoint{Model: Auto, Extra: map[string]any{"top_k": 20}}
	s := open(t, cfg)
	if s.Generator == nil || s.Generator.Name() != "tiny" || s.Embedder != nil {
		t.Errorf("%+v", s)
	}
	if x := s.wires[engine.Chat].extra; x["cache_prompt"] != true || x["top_k"] != 20 {
		t.Errorf("%v", x)
	}
	cfg = install(t, "rerank", "t5")
	cfg.Engine.Program = program
	cfg.Rerank = Endpoint{Model: "tiny"}
	if s := open(t, cfg); s.Reranker == nil {
		t.Errorf("%+v", s.Status())
	}
}

func TestOpenManagedMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	cfg := install(t, "embedding", "t5")
	if s := open(t, cfg); s.Embedder != nil || !strings.Contains(s.Status()[0].Missing, "make engine") {
		t.Errorf("%+v", s.Status())
	}
	cfg.Engine.Off = true
	if s := open(t, cfg); s.Embedder != nil || !strings.Contains(s.Status()[0].Missing, "turned off") {
		t.Errorf("%+v", s.Status())
	}
	cfg.Engine = EngineConfig{Program: "/no/such"}
	if _, err := Open(t.Context(), cfg); fault.CodeOf(err) != fault.Invalid {
		t.Error(err)
	}
	cfg.Engine = EngineConfig{}
	cfg.Chat.Model = Auto
	if s := open(t, cfg); s.Generator != nil || !strings.Contains(s.Status()[1].Missing, "models list") {
		t.Errorf("%+v", s.Status())
	}
}

// A vocabulary that is not unigram, or cannot be read, leaves the estimate.
func TestVocabularyFallsBack(t *testing.T) {
	cfg := install(t, "embedding", "gpt2")
	s := open(t, Config{Embedding: Endpoint{Model: None}})
	if s.Embedder != nil {
		t.Error("none is none")
	}
	for _, path := range []string{filepath.Join(cfg.CacheDir, "models", "tiny.gguf"), "/none"} {
		if _, ok := vocabulary(path, slog.New(slog.DiscardHandler))().(estimate); !ok {
			t.Errorf("%s", path)
		}
	}
}

func TestRemotePrefixes(t *testing.T) {
	at := func(ep Endpoint) prefixes {
		ep.Address = "http://gpu.example.org:8000"
		return open(t, Config{Embedding: ep}).Embedder.(*Centred).inner.(*Embedder).prefix
	}
	if p := at(Endpoint{Model: "intfloat/multilingual-E5-large"}); p.query != "query: " {
		t.Errorf("%+v", p)
	}
	if p := at(Endpoint{Model: "bge-m3"}); p != (prefixes{}) {
		t.Errorf("%+v", p)
	}
	if p := at(Endpoint{Model: "x", QueryPrefix: "Q "}); p != (prefixes{"Q ", ""}) {
		t.Errorf("%+v", p)
	}
}

// A server under a path keeps it.
func TestAddressWithPath(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		status(200, `{"data":[{"index":0,"embedding":[1]}]}`)(w, r)
	})
	set := open(t, Config{Embedding: Endpoint{Address: s.URL + "/llm/v1/", Model: "m"}})
	if _, err := set.Embedder.(*Centred).inner.EmbedQuery(t.Context(), "x"); err != nil {
		t.Fatal(err)
	}
	if r := s.seen()[0]; r.path != "/llm/v1/embeddings" || r.auth != "" {
		t.Errorf("%+v", r)
	}
}
