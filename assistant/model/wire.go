package model

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"sportello/assistant/fault"
	"sportello/assistant/model/engine"
	"sportello/assistant/outbound"
)

// server is where a model is reached: a fixed address, or a managed engine whose address may change between calls.
type server interface {
	Endpoint(ctx context.Context) (engine.Endpoint, error)
	Failed(engine.Endpoint)
}

// remote is a server at a configured address.
type remote engine.Endpoint

func (r remote) Endpoint(context.Context) (engine.Endpoint, error) { return engine.Endpoint(r), nil }
func (r remote) Failed(engine.Endpoint)                            {}

// wire is the transport under langchaingo. It does what that library leaves out: it adds the body fields that the library
// drops, takes a place at a server of the fleet, sets its address and key, goes to another server or tries again what may pass, keeps the status of an error, gives up on a server that falls silent,
// reads streams to their declared end and puts embeddings in the order of their index. What it finds goes into the call in
// the context, because the library drops the chain of errors.
type wire struct {
	fleet    *fleet
	next     http.RoundTripper
	extra    map[string]any // body fields of a chat request
	attempts int
	patience time.Duration // longest silence of the server
	backoff  backoff
	logger   *slog.Logger
}

// base is the address that langchaingo is given; wire replaces it.
const base = "http://model.invalid"

// call collects what the library would lose.
type call struct {
	mu     sync.Mutex
	err    error        // *fault.Error or nil; guarded by mu: langchaingo may still read when it has given up
	finish string       // why the model stopped, of a chat
	usage  *usageReport // what the server counted; the last report is of the whole answer
}

func (c *call) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.err = err
}

func (c *call) failure() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

type callKey struct{}

func withCall(ctx context.Context) (context.Context, *call) {
	c := &call{}
	return context.WithValue(ctx, callKey{}, c), c
}

// StatusError is the cause of a *fault.Error for an HTTP status that is not 200.
type StatusError struct {
	Status  int
	Message string // of the server, cut
}

func (e *StatusError) Error() string { return fmt.Sprintf("status %d: %s", e.Status, e.Message) }

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	c, ok := req.Context().Value(callKey{}).(*call)
	if !ok {
		c = &call{}
	}
	body, err := w.body(req)
	if err != nil {
		err = fault.Wrap(fault.Internal, err, "a request to a model could not be built")
		c.fail(err)
		return nil, err
	}
	resp, err := w.attempt(req, body, c)
	c.fail(err)
	return resp, err
}

// attempt asks one server after the other, and when all have failed, the same again after a while.
func (w *wire) attempt(req *http.Request, body []byte, c *call) (*http.Response, error) {
	ctx := req.Context()
	failed := triedOf(ctx)
	only := ctx.Value(onlyKey{}) != nil
	for attempt := 1; ; {
		lease, err := w.fleet.take(ctx, failed)
		if err != nil {
			return nil, err
		}
		resp, err := w.once(req, body, c, lease.Got, lease.Release)
		if err == nil {
			return resp, nil
		}
		lease.Got.end(err)
		lease.Release()
		if ctx.Err() != nil {
			return nil, err
		}
		if elsewhere(err) && !only {
			failed.add(lease.Got.member)
			if w.fleet.other(failed) {
				w.logger.Debug("model call goes to another server", "from", lease.Got.name, "error", fault.MessageOf(err))
				continue
			}
		}
		wait, again := w.backoff.next(attempt, err)
		if !again || attempt >= w.attempts {
			return nil, err
		}
		w.logger.Debug("model call repeated", "attempt", attempt, "wait", wait.String(), "error", fault.MessageOf(err))
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil, cancelled(ctx)
		}
		attempt++
	}
}

// body reads the request and adds the extra fields to a chat.
func (w *wire) body(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, errors.New("no body")
	}
	b, err := io.ReadAll(req.Body)
	if err = errors.Join(err, req.Body.Close()); err != nil || len(w.extra) == 0 || !strings.HasSuffix(req.URL.Path, "/chat/completions") {
		return b, err
	}
	fields := map[string]any{}
	if err := json.Unmarshal(b, &fields); err != nil {
		return nil, err
	}
	maps.Copy(fields, w.extra)
	return json.Marshal(fields)
}

// once makes one attempt at the server of a claim. Its errors are *fault.Error. release is called when the answer is closed.
func (w *wire) once(req *http.Request, body []byte, c *call, at *claim, release func()) (*http.Response, error) {
	ep, err := at.server.Endpoint(req.Context())
	if err != nil {
		return nil, err
	}
	held, lost := context.WithCancelCause(req.Context())
	w.fleet.queue.Do(func() { at.lost = lost })
	ctx, guard := newWatchdog(held, w.patience)
	stop := func() { guard.stop(); lost(nil) }
	out, err := w.outgoing(ctx, req, ep, at.named(body))
	if err != nil {
		stop()
		return nil, err
	}
	named := func(err error) error {
		switch {
		case req.Context().Err() != nil:
			if errors.Is(req.Context().Err(), context.DeadlineExceeded) && !at.heard.Load() {
				return fault.New(fault.Timeout, "the model server %s did not begin to answer in time", out.URL.Host)
			}
			return cancelled(req.Context())
		case errors.Is(context.Cause(held), errStopped):
			return fault.New(fault.Unavailable, "the model server %s stopped answering", out.URL.Host)
		case guard.barked():
			return silent(out.URL, w.patience)
		}
		return outbound.Classify(err, out.URL)
	}
	resp, err := w.next.RoundTrip(out)
	if err != nil {
		defer stop()
		if req.Context().Err() == nil && held.Err() == nil && !guard.barked() {
			at.server.Failed(ep)
		}
		return nil, named(err)
	}
	guarded := &guardedBody{ReadCloser: resp.Body, guard: guard, heard: &at.heard, err: named}
	resp.Body = guarded
	if resp.StatusCode != http.StatusOK {
		defer func() { _ = resp.Body.Close(); stop() }()
		return nil, statusError(resp, ep)
	}
	if resp, err = w.checked(resp, c); err != nil {
		_ = guarded.Close()
		stop()
		return nil, err
	}
	guarded.whenClosed(func() {
		stop()
		failure := c.failure()
		if failure != nil && elsewhere(failure) {
			triedOf(req.Context()).add(at.member)
		}
		at.end(failure)
		release()
	})
	return resp, nil
}

// named gives the body with the name that the model has at the member.
func (m *member) named(body []byte) []byte {
	if m.model == "" {
		return body
	}
	fields := map[string]json.RawMessage{}
	name, err := json.Marshal(m.model)
	if err != nil || json.Unmarshal(body, &fields) != nil {
		return body
	}
	fields["model"] = name
	if b, err := json.Marshal(fields); err == nil {
		return b
	}
	return body
}

// checked wraps or verifies the body of a good answer.
func (w *wire) checked(resp *http.Response, c *call) (*http.Response, error) {
	path := resp.Request.URL.Path
	switch {
	case strings.HasSuffix(path, "/embeddings"):
		return orderEmbeddings(resp)
	case strings.HasSuffix(path, "/chat/completions"):
		return checkStream(resp, c)
	}
	return resp, nil
}

func (w *wire) outgoing(ctx context.Context, req *http.Request, ep engine.Endpoint, body []byte) (*http.Request, error) {
	to, err := url.Parse(ep.URL)
	if err != nil {
		return nil, fault.New(fault.Invalid, "the address of the model server cannot be read")
	}
	out := req.Clone(ctx)
	out.URL.Scheme, out.URL.Host = to.Scheme, to.Host
	out.URL.Path = strings.TrimSuffix(to.Path, "/") + req.URL.Path
	out.Host = ""
	out.Header.Del("Authorization")
	if ep.Key != "" {
		out.Header.Set("Authorization", "Bearer "+ep.Key)
	}
	out.Body = io.NopCloser(bytes.NewReader(body))
	out.ContentLength = int64(len(body))
	out.GetBody = nil
	return out, nil
}

func cancelled(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fault.Wrap(fault.Timeout, ctx.Err(), "the model did not answer in time")
	}
	return fault.Wrap(fault.Unavailable, ctx.Err(), "the call to the model was cancelled")
}

func silent(u *url.URL, patience time.Duration) error {
	return fault.New(fault.Timeout, "the model server %s has been silent for %s", u.Host, patience)
}

const maxMessage = 300

// statusError reads the answer of a failed call. The key is cut out, should the server repeat it.
func statusError(resp *http.Response, ep engine.Endpoint) error {
	b, _ := io.ReadAll(io.LimitReader(resp.Body, 16<<10))
	msg := errorMessage(b)
	if ep.Key != "" {
		msg = strings.ReplaceAll(msg, ep.Key, "…")
	}
	if len(msg) > maxMessage {
		msg = strings.ToValidUTF8(msg[:maxMessage], "") + "…"
	}
	cause := &StatusError{Status: resp.StatusCode, Message: msg}
	host := resp.Request.URL.Host
	switch s := resp.StatusCode; {
	case s == http.StatusUnauthorized || s == http.StatusForbidden:
		return fault.Wrap(fault.Invalid, cause, "the model server %s refuses the key (status %d): check the key in the configuration", host, s)
	case s == http.StatusNotFound:
		return fault.Wrap(fault.Invalid, cause, "the model server %s knows no such model or path: check address and model in the configuration", host)
	case tooLong(s, msg):
		return fault.Wrap(fault.TooLarge, cause, "the text is longer than the model reads")
	case s == http.StatusRequestTimeout || s == http.StatusGatewayTimeout:
		return retryable(resp, fault.Wrap(fault.Timeout, cause, "the model server %s did not answer in time", host))
	case s == http.StatusTooManyRequests || s == http.StatusBadGateway || s == http.StatusServiceUnavailable:
		return retryable(resp, fault.Wrap(fault.Unavailable, cause, "the model server %s is busy or starting (status %d)", host, s))
	case s >= 500:
		return fault.Wrap(fault.Unavailable, cause, "the model server %s failed (status %d)", host, s)
	default:
		return fault.Wrap(fault.Invalid, cause, "the model server %s refused the request (status %d)", host, s)
	}
}

// errorMessage finds the message in the shapes that servers use: {"error":{"message":…}}, {"error":…}, {"message":…}, {"detail":…}.
func errorMessage(b []byte) string {
	var doc map[string]any
	if json.Unmarshal(b, &doc) != nil {
		return strings.TrimSpace(string(b))
	}
	for _, k := range []string{"error", "message", "detail"} {
		switch v := doc[k].(type) {
		case string:
			return v
		case map[string]any:
			if m, ok := v["message"].(string); ok {
				return m
			}
		}
	}
	return strings.TrimSpace(string(b))
}

// tooLong recognises how servers say that a text is over their window: llama.cpp ("input (N tokens) is too large to process",
// "exceeds the available context size"), vLLM ("maximum context length"), others 413.
func tooLong(status int, msg string) bool {
	if status == http.StatusRequestEntityTooLarge {
		return true
	}
	m := strings.ToLower(msg)
	for _, s := range []string{"too large to process", "context size", "context length", "too long", "maximum input length", "larger than the max"} {
		if strings.Contains(m, s) {
			return true
		}
	}
	return false
}
