package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"sportello/assistant/eval"
)

// smallSet writes the small shared folder and gives it, an empty golden folder and a cache of its own.
func smallSet(t *testing.T) (shared, golden string) {
	t.Helper()
	shared, golden = t.TempDir(), t.TempDir()
	archive, err := txtar.ParseFile("../../assistant/eval/testdata/small.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		path := filepath.Join(shared, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("SPORTELLO_DATA", t.TempDir())
	return shared, golden
}

// command runs the program in this process.
func command(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, &out, &errs)
	return code, out.String(), errs.String()
}

func TestEvalAll(t *testing.T) {
	shared, golden := smallSet(t)
	if code, _, stderr := command(t, "eval", "all", "--shared", shared, "--golden", golden, "--update"); code != exitDone {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	for _, set := range eval.SetNames() {
		text, err := os.ReadFile(filepath.Join(golden, set+".txt"))
		if err != nil || !strings.HasPrefix(string(text), set+": ") {
			t.Errorf("%s: %q, %v", set, text, err)
		}
	}
	code, stdout, stderr := command(t, "eval", "all", "--shared", shared, "--golden", golden)
	if code != exitDone || strings.Count(stdout, "as committed") != len(eval.SetNames()) {
		t.Errorf("the second time: exit %d\n%s%s", code, stdout, stderr)
	}
	path := filepath.Join(golden, "questions.txt")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", text)
	if err := os.WriteFile(path, bytes.Replace(text, []byte("italian          2"), []byte("italian          7"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr = command(t, "eval", "all", "--shared", shared, "--golden", golden, "questions")
	if code != exitFailed || !strings.Contains(stdout, "!-   italian") || !strings.Contains(stderr, "make eval UPDATE=1") {
		t.Errorf("a figure moved: exit %d\n%s%s", code, stdout, stderr)
	}
	if code, _, _ := command(t, "eval", "all", "--shared", shared, "--golden", golden, "nothing"); code != exitUsage {
		t.Errorf("no such set: exit %d", code)
	}
}

// chatServer answers every question with a sentence of the first source, then one that no source says.
func chatServer(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if strings.Contains(string(body), `"model":"gone"`) {
			http.Error(w, `{"error":{"message":"no such model"}}`, http.StatusNotFound)
			return
		}
		text := "L'ufficio è chiuso per 99 giorni [1]."
		if strings.Contains(string(body), "compostaggio") {
			text += " Chi fa il compostaggio domestico ha una riduzione del 20 per cento della tariffa [1]."
		}
		delta, _ := json.Marshal(text)
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprintf(w, "data: {\"choices\":[{\"delta\":{\"content\":%s}}]}\n\n", delta)
		fmt.Fprint(w, "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n")
		fmt.Fprint(w, "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":20}}\n\ndata: [DONE]\n\n")
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestEvalModels(t *testing.T) {
	shared, _ := smallSet(t)
	server := chatServer(t)
	code, stdout, stderr := command(t, "eval", "models", "--shared", shared, "--endpoint", server, "--json", "scripted", "gone", "gone@"+server)
	if code != exitPartly {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	var rows []eval.ModelRow
	if err := json.Unmarshal([]byte(stdout), &rows); err != nil {
		t.Fatalf("%v: %s", err, stdout)
	}
	r := rows[0]
	if r.Questions != 5 || r.Asked == 0 || r.Failed != 0 || r.Answered == 0 || r.Answered+r.Quoted+r.Refused != 5 {
		t.Errorf("%+v", r)
	}
	if r.Accepted == 0 || r.Rejected < r.Asked || r.Unsupported != 0 || r.Facts == 0 {
		t.Errorf("drafts: %+v", r)
	}
	if r.Counted != r.Asked || r.TokensIn != 100*r.Asked || r.TokensOut != 20*r.Asked || r.P50 <= 0 || r.P95 < r.P50 {
		t.Errorf("cost: %+v", r)
	}
	if len(rows) != 3 || !strings.Contains(rows[1].Error, "no such model") || rows[2].Error == "" {
		t.Errorf("a model that is not there: %+v", rows[1:])
	}
	if code, stdout, _ = command(t, "eval", "models", "--shared", shared, "--limit", "2", "scripted@"+server); code != exitDone || !strings.Contains(stdout, "tokens in") {
		t.Errorf("exit %d: %s", code, stdout)
	}
	if code, _, stderr = command(t, "eval", "models", "--shared", shared, "smollm2-135m"); code != exitFailed || !strings.Contains(stderr, "models pull") {
		t.Errorf("a model that is not installed: exit %d: %s", code, stderr)
	}
	if code, _, _ = command(t, "eval", "models", "--shared", shared, "--lang", "xx", "scripted"); code != exitUsage {
		t.Errorf("no question left: exit %d", code)
	}
}
