package load

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"sportello/assistant/fault"
)

// chatty is a chat server that streams two sentences, and says what it took.
func chatty(t *testing.T, heard *[]string) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		*heard = append(*heard, r.URL.Path+" "+r.Header.Get("Authorization")+" "+string(b))
		for _, piece := range []string{"Si paga", " a giugno.", " Poi", " a dicembre."} {
			_, _ = fmt.Fprintf(w, "data: {\"choices\":[{\"delta\":{\"content\":%q}}]}\n\n", piece)
			w.(http.Flusher).Flush()
		}
		_, _ = io.WriteString(w, "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":9,\"prompt_tokens_details\":{\"cached_tokens\":40}},\"timings\":{\"cache_n\":41}}\n\ndata: [DONE]\n\n")
	}))
	t.Cleanup(s.Close)
	return s
}

func TestAServerAskedAlone(t *testing.T) {
	var heard []string
	s := chatty(t, &heard)
	l, err := NewListener(s.Client(), s.URL+"/v1/", "secret")
	if err != nil {
		t.Fatal(err)
	}
	c, err := l.Ask(t.Context(), []byte(`{"a":1}`))
	if err != nil {
		t.Fatal(err)
	}
	if c.Prompt != 100 || c.Written != 9 || c.Cached != 41 || !c.Reported || c.First <= 0 || c.Whole < c.First {
		t.Errorf("%+v", c)
	}
	if len(heard) != 1 || heard[0] != `/v1/chat/completions Bearer secret {"a":1}` {
		t.Errorf("%q", heard)
	}
	s.Close()
	if _, err := l.Ask(t.Context(), nil); fault.CodeOf(err) != fault.Unavailable {
		t.Error(err)
	}
	if _, err := NewListener(s.Client(), "nowhere", ""); fault.CodeOf(err) != fault.Invalid {
		t.Error(err)
	}
}

func TestTheListenerPassesOnAndRemembers(t *testing.T) {
	var heard []string
	s := chatty(t, &heard)
	l, err := NewListener(s.Client(), s.URL+"/v1", "secret")
	if err != nil {
		t.Fatal(err)
	}
	between := httptest.NewServer(l)
	t.Cleanup(between.Close)
	resp, err := between.Client().Post(between.URL+"/v1/chat/completions", "application/json", strings.NewReader(`{"b":2}`))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil || !strings.Contains(string(text), "a dicembre") || !strings.HasSuffix(string(text), "[DONE]\n\n") {
		t.Errorf("%v %q", err, text)
	}
	between.Close() // waits until the request is over
	body, asked, took := l.Take()
	if string(body) != `{"b":2}` || asked != 1 || took <= 0 || heard[0] != `/v1/chat/completions Bearer secret {"b":2}` {
		t.Errorf("%s %d %v %q", body, asked, took, heard)
	}
	if body, asked, took := l.Take(); body != nil || asked != 0 || took != 0 {
		t.Errorf("taken twice: %s %d %v", body, asked, took)
	}
}
