package load

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"time"

	"sportello/assistant/fault"
)

// Chat is what one answer of a chat server took.
type Chat struct {
	First    time.Duration // to the end of the first sentence
	Whole    time.Duration
	Prompt   int // tokens
	Cached   int // of these, not computed again, where the server says it
	Written  int // tokens
	Reported bool
}

// Listener stands between Sportello and a chat server, passes everything on and remembers the last prompt.
type Listener struct {
	client   *http.Client
	upstream *url.URL // ends in /v1
	key      string
	mu       sync.Mutex
	last     []byte
	asked    int
	took     time.Duration // by the server, from the request to the end of its stream
}

// NewListener makes one before a server, "http://127.0.0.1:8000/v1".
func NewListener(client *http.Client, upstream, key string) (*Listener, error) {
	u, err := url.Parse(strings.TrimSuffix(upstream, "/"))
	if err != nil || u.Host == "" {
		return nil, fault.New(fault.Invalid, "%q is not the address of a chat server", upstream)
	}
	return &Listener{client: client, upstream: u, key: key}, nil
}

// ServeHTTP implements http.Handler for what comes below /v1.
func (l *Listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "the request broke off", http.StatusBadRequest)
		return
	}
	if strings.HasSuffix(r.URL.Path, "/chat/completions") {
		begun := time.Now()
		defer func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.last, l.asked, l.took = body, l.asked+1, l.took+time.Since(begun)
		}()
	}
	proxy := &httputil.ReverseProxy{
		Transport: l.client.Transport, FlushInterval: -1,
		Rewrite: func(p *httputil.ProxyRequest) {
			p.Out.URL.Scheme, p.Out.URL.Host, p.Out.Host = l.upstream.Scheme, l.upstream.Host, ""
			p.Out.URL.Path = l.upstream.Path + strings.TrimPrefix(r.URL.Path, "/v1")
			p.Out.Header.Del("Authorization")
			if l.key != "" {
				p.Out.Header.Set("Authorization", "Bearer "+l.key)
			}
			p.Out.Close = true // as Ask does
			p.Out.Body, p.Out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		},
	}
	proxy.ServeHTTP(w, r)
}

// Take gives the body of the last prompt, how many there were since the last Take, and how long the server took for them.
func (l *Listener) Take() (body []byte, asked int, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	body, asked, took = l.last, l.asked, l.took
	l.last, l.asked, l.took = nil, 0, 0
	return body, asked, took
}

// Ask sends a body to the server itself, with nothing between, and reads its stream to the end.
func (l *Listener) Ask(ctx context.Context, body []byte) (c Chat, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.upstream.String()+"/chat/completions", bytes.NewReader(body))
	if err != nil {
		return c, fault.Wrap(fault.Invalid, err, "the address of the chat server cannot be read")
	}
	req.Header.Set("Content-Type", "application/json")
	if l.key != "" {
		req.Header.Set("Authorization", "Bearer "+l.key)
	}
	req.Close = true // servers close what is idle for some seconds, and a prompt is not sent twice
	begun := time.Now()
	resp, err := l.client.Do(req)
	if err != nil {
		return c, fault.Wrap(fault.Unavailable, err, "the chat server %s cannot be reached", l.upstream.Host)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return c, fault.New(fault.Unavailable, "the chat server %s answered %s", l.upstream.Host, resp.Status)
	}
	var said strings.Builder
	for lines := bufio.NewReader(resp.Body); ; {
		line, err := lines.ReadString('\n')
		if data, ok := strings.CutPrefix(strings.TrimSpace(line), "data: "); ok && data != "[DONE]" {
			c.read([]byte(data), &said)
			if c.First == 0 && sentenceEnds(said.String()) {
				c.First = time.Since(begun)
			}
		}
		if err == io.EOF { //nolint:errorlint // a bare io.EOF is the end of the stream
			break
		}
		if err != nil {
			return c, fault.Wrap(fault.Unavailable, err, "the stream of the chat server broke off")
		}
	}
	if c.Whole = time.Since(begun); c.First == 0 {
		c.First = c.Whole
	}
	return c, nil
}

// sentenceEnds says whether a whole sentence has been written.
func sentenceEnds(said string) bool { return strings.ContainsAny(strings.TrimSpace(said), ".!?\n") }

// read takes in one event of the stream. How much of the prompt was known already is told as OpenAI does, or as llama.cpp does.
func (c *Chat) read(data []byte, said *strings.Builder) {
	var e struct {
		Choices []struct {
			Delta struct{ Content string }
		}
		Usage *struct {
			Prompt  int `json:"prompt_tokens"`
			Written int `json:"completion_tokens"`
			Details struct {
				Cached int `json:"cached_tokens"`
			} `json:"prompt_tokens_details"`
		}
		Timings *struct {
			Cached int `json:"cache_n"`
		}
	}
	if json.Unmarshal(data, &e) != nil {
		return
	}
	for _, choice := range e.Choices {
		said.WriteString(choice.Delta.Content)
	}
	if e.Usage != nil {
		c.Prompt, c.Written, c.Reported = e.Usage.Prompt, e.Usage.Written, true
		c.Cached = max(c.Cached, e.Usage.Details.Cached)
	}
	if e.Timings != nil {
		c.Cached = max(c.Cached, e.Timings.Cached)
	}
}
