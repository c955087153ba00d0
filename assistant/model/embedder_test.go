package model

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sportello/assistant/fault"
)

// vectorOf is what the scripted servers give for a text: a direction that says which text it was.
func vectorOf(text string) []float32 {
	var sum float64
	for _, r := range text {
		sum += float64(r)
	}
	return []float32{float32(math.Cos(sum)), float32(math.Sin(sum)), 0}
}

// embed answers as a server does; order gives the positions in the order of the answer, limit the longest text in bytes.
func embed(limit int, order func(n int) []int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Input []string }
		b, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(b, &in)
		for _, t := range in.Input {
			if limit > 0 && len(t) > limit {
				status(500, `{"error":{"code":500,"message":"input (600 tokens) is too large to process. increase the physical batch size","type":"server_error"}}`)(w, r)
				return
			}
		}
		var items []string
		for _, i := range order(len(in.Input)) {
			v, _ := json.Marshal(vectorOf(in.Input[i]))
			items = append(items, fmt.Sprintf(`{"object":"embedding","index":%d,"embedding":%s}`, i, v))
		}
		status(200, `{"object":"list","data":[`+strings.Join(items, ",")+`]}`)(w, r)
	}
}

func inOrder(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func backwards(n int) []int {
	out := inOrder(n)
	slices.Reverse(out)
	return out
}

func TestEmbedPassages(t *testing.T) {
	for name, order := range map[string]func(int) []int{"in order": inOrder, "backwards": backwards} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, embed(0, order))
			e := embedderAt(t, s, nil)
			texts := []string{"uno", "due\n tre", "ﬁne Ｘ"}
			vs, err := e.EmbedPassages(t.Context(), texts)
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range []string{"passage: uno", "passage: due tre", "passage: fine X"} {
				if c := cosine(vs[i], vectorOf(want)); c < .9999 {
					t.Errorf("text %d has the vector of another: cosine %.3f", i, c)
				}
			}
			if texts[1] != "due\n tre" {
				t.Error("the caller's text was changed")
			}
			r := s.seen()[0]
			if r.path != "/v1/embeddings" || r.auth != "Bearer secret-key" || r.body["model"] != "e5-small" {
				t.Errorf("request %+v", r)
			}
		})
	}
}

func TestEmbedQueryIsKept(t *testing.T) {
	s := serve(t, embed(0, inOrder))
	e := embedderAt(t, s, nil)
	first, err := e.EmbedQuery(t.Context(), "orari  anagrafe")
	if err != nil {
		t.Fatal(err)
	}
	first[0] = 9
	second, err := e.EmbedQuery(t.Context(), "orari anagrafe")
	if err != nil {
		t.Fatal(err)
	}
	if c := cosine(second, vectorOf("query: orari anagrafe")); c < .9999 {
		t.Errorf("cosine %.3f", c)
	}
	if n := len(s.seen()); n != 1 {
		t.Errorf("%d calls, want 1", n)
	}
}

func TestEmbedLongTextIsCutInWindows(t *testing.T) {
	s := serve(t, embed(0, inOrder))
	e := embedderAt(t, s, nil)
	long := strings.Repeat("parola ", 700)
	vs, err := e.EmbedPassages(t.Context(), []string{long, "breve"})
	if err != nil {
		t.Fatal(err)
	}
	var inputs []any
	for _, r := range s.seen() {
		inputs = append(inputs, r.body["input"].([]any)...)
	}
	if len(inputs) < 5 {
		t.Errorf("%d windows", len(inputs))
	}
	words := 0
	for _, in := range inputs {
		if !strings.HasPrefix(in.(string), "passage: ") {
			t.Errorf("a window without prefix: %.30q", in)
		}
		words += strings.Count(in.(string), "parola")
	}
	if words != 700 {
		t.Errorf("%d words of 700 arrived", words)
	}
	if c := cosine(vs[1], vectorOf("passage: breve")); c < .9999 {
		t.Errorf("cosine %.3f", c)
	}
}

func TestEmbedRefusedTextIsHalved(t *testing.T) {
	s := serve(t, embed(150, inOrder))
	e := embedderAt(t, s, nil)
	vs, err := e.EmbedPassages(t.Context(), []string{"corto", strings.Repeat("parola ", 60), "fine"})
	if err != nil {
		t.Fatal(err)
	}
	if c := cosine(vs[2], vectorOf("passage: fine")); c < .9999 {
		t.Errorf("cosine %.3f", c)
	}
	if len(vs[1]) != 3 {
		t.Errorf("%v", vs[1])
	}
	s = serve(t, embed(5, inOrder)) // a server that refuses everything
	if _, err := embedderAt(t, s, nil).EmbedPassages(t.Context(), []string{"una frase che non entra"}); fault.CodeOf(err) != fault.TooLarge {
		t.Errorf("%v", err)
	}
}

func TestEmbedErrors(t *testing.T) {
	good := `{"data":[{"index":0,"embedding":[1,0]}]}`
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		code   fault.Code
		status int
	}{
		"wrong key":       {status(401, `{"error":{"message":"bad key secret-key","code":401}}`), fault.Invalid, 401},
		"forbidden":       {status(403, `no`), fault.Invalid, 403},
		"unknown model":   {status(404, `{"detail":"no model"}`), fault.Invalid, 404},
		"bad request":     {status(400, `{"message":"what"}`), fault.Invalid, 400},
		"server error":    {status(500, `{"error":"boom"}`), fault.Unavailable, 500},
		"busy":            {status(503, `{"error":{"message":"Loading model"}}`), fault.Unavailable, 503},
		"gateway timeout": {status(504, ``), fault.Timeout, 504},
		"too busy":        {status(429, ``, "Retry-After", "3600"), fault.Unavailable, 429},
		"not JSON":        {status(200, `<html>`), fault.Unavailable, 0},
		"index twice":     {status(200, `{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}`), fault.Unavailable, 0},
		"index outside":   {status(200, `{"data":[{"index":7,"embedding":[1]}]}`), fault.Unavailable, 0},
		"empty vector":    {status(200, `{"data":[{"index":0,"embedding":[]}]}`), fault.Unavailable, 0},
		"no vectors":      {status(200, `{"data":[]}`), fault.Unavailable, 0},
		"too many":        {status(200, `{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1]}]}`), fault.Unavailable, 0},
		"cut body": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "900")
			_, _ = io.WriteString(w, good)
		}, fault.Unavailable, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			e := embedderAt(t, serve(t, c.answer), func(w *wire) {
				w.logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			})
			_, err := e.EmbedQuery(t.Context(), "x")
			if fault.CodeOf(err) != c.code {
				t.Fatalf("code %q: %v", fault.CodeOf(err), err)
			}
			var f *fault.Error
			if !errors.As(err, &f) {
				t.Errorf("%T", err)
			}
			var s *StatusError
			if errors.As(err, &s) != (c.status != 0) || (s != nil && s.Status != c.status) {
				t.Errorf("status of %v", err)
			}
			if strings.Contains(err.Error()+log.String(), "secret-key") {
				t.Errorf("the key is told: %v %s", err, log.String())
			}
		})
	}
}

func TestEmbedDifferentSizes(t *testing.T) {
	s := serve(t, status(200, `{"data":[{"index":0,"embedding":[1,0]}]}`), status(200, `{"data":[{"index":0,"embedding":[1,0,0]}]}`))
	e := embedderAt(t, s, nil)
	e.batch, e.flight = 1, 1
	if _, err := e.EmbedPassages(t.Context(), []string{strings.Repeat("parola ", 200)}); fault.CodeOf(err) != fault.Unavailable {
		t.Error(err)
	}
}

func TestRetry(t *testing.T) {
	s := serve(t, status(503, ``), status(429, ``, "Retry-After", "0"), embed(0, inOrder))
	e := embedderAt(t, s, nil)
	if _, err := e.EmbedQuery(t.Context(), "x"); err != nil {
		t.Fatal(err)
	}
	seen := s.seen()
	if len(seen) != 3 {
		t.Fatalf("%d calls", len(seen))
	}
	for _, r := range seen {
		if got := r.body["input"].([]any)[0]; got != "query: x" {
			t.Errorf("the body of a repeated call is %v", r.body)
		}
	}
}

func TestRetryEndsWithTheCaller(t *testing.T) {
	s := serve(t, status(503, ``, "Retry-After", "5"))
	e := embedderAt(t, s, func(w *wire) { w.backoff.most = time.Minute })
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := e.EmbedQuery(ctx, "x")
	if fault.CodeOf(err) != fault.Timeout || !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func TestUnreachable(t *testing.T) {
	s := serve(t, embed(0, inOrder))
	e := embedderAt(t, s, nil)
	s.Close()
	if _, err := e.EmbedQuery(t.Context(), "x"); fault.CodeOf(err) != fault.Unavailable {
		t.Error(err)
	}
}

func TestCancellationReachesTheServer(t *testing.T) {
	var gone atomic.Bool
	ended := make(chan struct{})
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		defer close(ended)
		<-r.Context().Done()
		gone.Store(true)
	})
	e := embedderAt(t, s, nil)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err := e.EmbedQuery(ctx, "x")
	if !errors.Is(err, context.Canceled) || fault.CodeOf(err) != fault.Unavailable {
		t.Error(err)
	}
	<-ended
	if !gone.Load() {
		t.Error("the server was not told")
	}
}

func TestSilentServer(t *testing.T) {
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	e := embedderAt(t, s, func(w *wire) { w.patience = 50 * time.Millisecond })
	if _, err := e.EmbedQuery(t.Context(), "x"); fault.CodeOf(err) != fault.Timeout {
		t.Error(err)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	for h, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "-3": 0, "Sun, 01 Nov 2026 12:00:30 GMT": 30 * time.Second, "Sun, 01 Nov 2026 11:00:00 GMT": 0, "soon": 0,
	} {
		if got := retryAfter(h, now); got != want {
			t.Errorf("%q: %v", h, got)
		}
	}
}

func TestNormal(t *testing.T) {
	for in, want := range map[string]string{
		"  a\u00a0 b\r\n c ":      "a b c",
		"ﬁne，Ｒ":                   "fine,R",
		"co\u00adde\x00x\ufeff":   "codex",
		"perche\u0301":            "perché",
		string([]byte{'a', 0xff}): "a",
		"":                        "",
	} {
		if got := normal(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestEstimate(t *testing.T) {
	e := estimate{}
	for text, want := range map[string]int{"": 2, "ab": 3, "anagrafe": 6, "你好": 4, "مكتب": 5, "😀": 4} {
		if got := e.Count(text); got != want {
			t.Errorf("%q: %d", text, got)
		}
	}
	text := "uno due tre quattro cinque"
	n, tokens := e.Cut(text, 8)
	if text[:n] != "uno due tre " || tokens != 8 {
		t.Errorf("%q %d", text[:n], tokens)
	}
	if n, _ := e.Cut("aaaaaaaaaaaaaaaaaaaa", 5); n != 6 {
		t.Errorf("a word without spaces is cut at %d", n)
	}
}
