package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A rerank model that is configured reads what the search found and puts it in its own order; one that fails leaves it as it was.
func TestRerankModelOrdersTheSearch(t *testing.T) {
	broken := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet { // whether it is well
			return
		}
		var in struct {
			Query     string
			Documents []string
		}
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.URL.Path != "/v1/rerank" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		if broken {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		type score struct {
			Index int     `json:"index"`
			Score float64 `json:"relevance_score"`
		}
		var out struct {
			Results []score `json:"results"`
		}
		for i, d := range in.Documents {
			s := score{Index: i, Score: 0.1}
			if strings.Contains(d, "cimitero") {
				s.Score = 0.9
			}
			out.Results = append(out.Results, s)
		}
		_ = json.NewEncoder(w).Encode(out)
	}))
	t.Cleanup(server.Close)

	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
	docs := filepath.Join(dir, "docs")
	if err := os.Mkdir(docs, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"biblioteca.md": "# Regolamento della biblioteca\n\n## Art. 1 - Orario di apertura\n\nL'orario di apertura della biblioteca è dalle 14 alle 18, tutti i giorni di apertura.\n",
		"cimitero.md":   "# Regolamento del cimitero\n\n## Art. 1 - Orario\n\nIl cimitero apre alle 8.\n",
	} {
		if err := os.WriteFile(filepath.Join(docs, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	sportello := func(args ...string) string {
		t.Helper()
		var stdout bytes.Buffer
		args = append([]string{"--data", filepath.Join(dir, "data"), "--set", "embedding.address=none"}, args...)
		if code := run(t.Context(), args, &stdout, io.Discard); code != exitDone {
			t.Fatalf("%v ended with %d: %s", args, code, stdout.String())
		}
		return stdout.String()
	}
	sportello("tenant", "add", "--slug", "avella", "--name", "Comune di Avella")
	sportello("ingest", "--tenant", "avella", docs)
	first := func(args ...string) string {
		t.Helper()
		var got struct{ Passages []struct{ Document string } }
		if err := json.Unmarshal([]byte(sportello(append(args, "search", "--tenant", "avella", "--json", "orario di apertura")...)), &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Passages) != 2 {
			t.Fatalf("%d passages", len(got.Passages))
		}
		return filepath.Base(got.Passages[0].Document)
	}
	with := []string{"--set", "rerank.address=" + server.URL, "--set", "rerank.model=bge-reranker"}
	if got := first(); got != "biblioteca.md" {
		t.Errorf("without: %s", got)
	}
	if got := first(with...); got != "cimitero.md" {
		t.Errorf("with the model: %s", got)
	}
	broken = true
	if got := first(with...); got != "biblioteca.md" {
		t.Errorf("with a broken model: %s", got)
	}
	if got := sportello(append(with, "doctor")...); !strings.Contains(got, "rilettura dei brani") || !strings.Contains(got, "bge-reranker "+server.URL) || !strings.Contains(got, "25 brani, 5 s") {
		t.Errorf("doctor: %s", got)
	}
}
