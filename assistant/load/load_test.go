package load

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/fault"
)

// counter answers as Sportello does, each question by its number.
type counter struct {
	asked atomic.Int64
	gone  atomic.Int64 // clients that left
	say   func(n int64, w http.ResponseWriter)
}

func (s *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	switch {
	case r.URL.Path == "/metrics":
		_, _ = fmt.Fprintf(w, "# HELP x\nprocess_resident_memory_bytes 2.097152e+08\nprocess_cpu_seconds_total %d\n", s.asked.Load())
	case strings.HasSuffix(r.URL.Path, "/documents"):
		if !strings.Contains(r.URL.Path, "avella") {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = io.WriteString(w, `{"documents":[{"title":"Regolamento TARI"},{"title":"Modulo"}]}`)
	default:
		n := s.asked.Add(1)
		if s.say != nil {
			s.say(n, w)
			return
		}
		_, _ = io.WriteString(w, "event: queue\ndata: {\"place\":4}\n\nevent: statement\ndata: {\"text\":\"a\"}\n\n")
		w.(http.Flusher).Flush()
		if _, err := io.WriteString(w, "event: answer\ndata: {\"status\":\"quoted\",\"reason\":\"\"}\n\n"); err != nil {
			s.gone.Add(1)
		}
	}
}

func run(t *testing.T, s *counter, change func(*Config)) *Report {
	t.Helper()
	server := httptest.NewServer(s)
	defer server.Close()
	c := Config{Client: server.Client(), Base: server.URL, Tenants: []string{"avella"}, Questions: []Question{{Text: "quando?"}}, Citizens: 4, For: 300 * time.Millisecond}
	if change != nil {
		change(&c)
	}
	r, err := Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWhatIsCounted(t *testing.T) {
	s := &counter{}
	r := run(t, s, func(c *Config) { c.Leave, c.Slow = 0.5, 0.25 })
	if r.Answers == 0 || r.Left == 0 || r.Answers != r.Statuses["quoted"] || r.Failed() != 0 || r.Place != 4 || int64(r.Answers+r.Left) != s.asked.Load() {
		t.Errorf("%+v of %d", r, s.asked.Load())
	}
	// First counts those who left too, Whole does not: nothing says which of the two is larger.
	if r.First.P50 <= 0 || r.Whole.P50 <= 0 || r.Whole.P99 < r.Whole.P95 || r.Whole.P95 < r.Whole.P50 || r.Whole.Max < r.Whole.P99 {
		t.Errorf("%+v", r)
	}
	if r.Server == nil || r.Server.MemoryMost != 200 || r.Server.CPU <= 0 {
		t.Errorf("%+v", r.Server)
	}
}

// Fresh questions are never the same, and are still the ones that were given.
func TestFreshQuestions(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Question string }
		if json.NewDecoder(r.Body).Decode(&in) == nil {
			mu.Lock()
			seen[in.Question]++
			mu.Unlock()
		}
		_, _ = io.WriteString(w, "event: answer\ndata: {\"status\":\"quoted\"}\n\n")
	}))
	defer server.Close()
	c := Config{Client: server.Client(), Base: server.URL, Tenants: []string{"avella"}, Questions: []Question{{Text: "quando?"}}, Citizens: 4, For: 200 * time.Millisecond, Fresh: true}
	if _, err := Run(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for q, n := range seen {
		if n != 1 || !strings.HasPrefix(q, "quando? (") {
			t.Errorf("%q was asked %d times", q, n)
		}
	}
	if len(seen) < 4 {
		t.Errorf("%d questions", len(seen))
	}
}

// Each way in which an answer is none is counted by its name, and no answer is made of it.
func TestWhatGoesWrong(t *testing.T) {
	for want, say := range map[string]func(int64, http.ResponseWriter){
		"status 429":                    func(_ int64, w http.ResponseWriter) { w.WriteHeader(http.StatusTooManyRequests) },
		"the stream broke off":          func(_ int64, w http.ResponseWriter) { _, _ = io.WriteString(w, "event: statement\ndata: {}\n\n") },
		"an error in the stream":        func(_ int64, w http.ResponseWriter) { _, _ = io.WriteString(w, "event: error\ndata: {}\n\n") },
		"an answer that cannot be read": func(_ int64, w http.ResponseWriter) { _, _ = io.WriteString(w, "event: answer\ndata: {}\n\n") },
	} {
		r := run(t, &counter{say: say}, nil)
		if r.Errors[want] == 0 || r.Answers != 0 || r.Failed() != r.Errors[want] {
			t.Errorf("%s: %+v", want, r)
		}
	}
	refused := run(t, &counter{say: func(_ int64, w http.ResponseWriter) {
		_, _ = io.WriteString(w, "event: answer\ndata: {\"status\":\"refused\",\"reason\":\"overloaded\"}\n\n")
	}}, nil)
	if refused.Statuses["refused: overloaded"] != refused.Answers || refused.Answers == 0 {
		t.Errorf("%+v", refused)
	}
	if _, err := Run(t.Context(), Config{Client: http.DefaultClient, Base: "http://127.0.0.1:1", Tenants: []string{"a"}, Questions: []Question{{Text: "a"}}, Citizens: 1, For: time.Second}); fault.CodeOf(err) != fault.Unavailable {
		t.Error(err)
	}
}

func TestQuestions(t *testing.T) {
	got, err := Read(strings.NewReader("# comment\nquando si paga?\n\n{\"question\":\"how much?\",\"lang\":\"en\",\"tenant\":\"avella\"}\n"))
	if want := []Question{{Text: "quando si paga?"}, {Text: "how much?", Language: "en", Tenant: "avella"}}; err != nil || cmp.Diff(want, got) != "" {
		t.Errorf("%v %+v", err, got)
	}
	for _, bad := range []string{"", "{", "# only\n"} {
		if _, err := Read(strings.NewReader(bad)); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := Read(broken{}); fault.CodeOf(err) != fault.Invalid {
		t.Error(err)
	}
	server := httptest.NewServer(&counter{})
	defer server.Close()
	c := Config{Client: server.Client(), Base: server.URL}
	titles, err := c.Titles(t.Context(), "avella")
	if err != nil || len(titles) != 2*len(asking) || titles[0].Text != "che cosa prevede Regolamento TARI?" {
		t.Errorf("%v %+v", err, titles)
	}
	if _, err := c.Titles(t.Context(), "altrove"); fault.CodeOf(err) != fault.NotFound {
		t.Error(err)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("broken") }
