// Package outbound is the one HTTP client for everything that leaves the process: calls to models, downloads, crawls.
//
// A client reaches the hosts that the administrator configured and no other. The address a name resolves to is checked when
// the connection is made, on the address that is dialled, so that a name cannot change its mind between check and use; every
// redirect is checked again. Loopback, private and other special addresses are refused unless that host was listed as
// private. Responses are cut at a size and calls at a time. What is logged is method, host, path, status, bytes and
// duration: no query, header or body, where secrets and personal data live.
//
// It stores nothing, reads no proxy setting from the environment and keeps no cookies.
package outbound

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"sportello/assistant/fault"
)

// Config says what a client may reach. The zero value reaches nothing.
type Config struct {
	// Allow lists what may be reached: a host ("www.comune.example.it"), a host with its port ("gpu:8000"), an address
	// ("https://models.example.org/v1", of which host and port count) or all names under one ("*.example.org"). An
	// entry without a port allows every port.
	Allow []string
	// Private lists, in the same forms, the hosts that may also be reached at loopback or private addresses. What is here
	// need not be in Allow too. The cloud's metadata address stays refused unless it is written here as an IP address.
	Private []string
	// MaxBytes cuts a response; reading on gives fault.TooLarge. 0: 64 MiB. Negative: no limit (model files).
	MaxBytes int64
	// Timeout bounds a whole call, body included. 0: no bound but the context's (streams, downloads).
	Timeout time.Duration
	// HeaderTimeout bounds the wait for the first byte of an answer. 0: no bound.
	HeaderTimeout time.Duration
	// MaxRedirects: 0 means 5, negative none.
	MaxRedirects int
	// Connections kept open to one host. 0: 8.
	Connections int
	UserAgent   string       // empty: "Sportello"
	Logger      *slog.Logger // nil: no log
}

const (
	defaultMaxBytes     = 64 << 20
	defaultRedirects    = 5
	defaultConnections  = 8
	connectTimeout      = 10 * time.Second
	tlsHandshakeTimeout = 10 * time.Second
)

// Client makes calls within its Config. It is safe for concurrent use.
type Client struct {
	cfg     Config
	rules   rules
	http    *http.Client
	resolve func(ctx context.Context, host string) ([]net.IPAddr, error)
	base    *http.Transport
}

// New makes a client. A malformed entry of Allow or Private gives fault.Invalid.
func New(cfg Config) (*Client, error) {
	if cfg.MaxBytes == 0 {
		cfg.MaxBytes = defaultMaxBytes
	}
	if cfg.MaxRedirects == 0 {
		cfg.MaxRedirects = defaultRedirects
	}
	if cfg.Connections == 0 {
		cfg.Connections = defaultConnections
	}
	if cfg.UserAgent == "" {
		cfg.UserAgent = "Sportello"
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	r, err := parseRules(cfg.Allow, cfg.Private)
	if err != nil {
		return nil, err
	}
	c := &Client{cfg: cfg, rules: r, resolve: net.DefaultResolver.LookupIPAddr}
	c.base = &http.Transport{
		DialContext:           c.dial,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          4 * cfg.Connections,
		MaxIdleConnsPerHost:   cfg.Connections,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   tlsHandshakeTimeout,
		ResponseHeaderTimeout: cfg.HeaderTimeout,
	}
	c.http = &http.Client{Transport: roundTripper{c}, Timeout: cfg.Timeout, CheckRedirect: c.redirect}
	return c, nil
}

// Do makes a call. Errors are *fault.Error: fault.Invalid for an address that is not allowed, fault.Timeout, or
// fault.Unavailable for a host that does not answer. An answer of any status is no error.
func (c *Client) Do(req *http.Request) (*http.Response, error) {
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, Classify(err, req.URL)
	}
	return resp, nil
}

// Get fetches an address.
func (c *Client) Get(ctx context.Context, address string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%q is not an address", address)
	}
	return c.Do(req)
}

// HTTP gives the client for a library that wants a *http.Client.
func (c *Client) HTTP() *http.Client { return c.http }

// Check says whether an address may be reached by its scheme, host and port, before any name is resolved.
func (c *Client) Check(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" {
		return fault.New(fault.Invalid, "%q: only http and https addresses can be reached", u.Scheme+":")
	}
	if u.Hostname() == "" {
		return fault.New(fault.Invalid, "the address names no host")
	}
	if !c.rules.allowed(u.Hostname(), portOf(u)) {
		return fault.New(fault.Invalid, "%s is not among the addresses that the configuration allows", u.Host)
	}
	return nil
}

// With gives a client that may reach these public hosts besides, in the forms of Config.Allow. It shares connections and limits with c, and
// what is private for c stays so.
func (c *Client) With(allow []string) (*Client, error) {
	more, err := parseList(allow)
	if err != nil {
		return nil, err
	}
	with := *c
	with.rules.public = append(slices.Clip(c.rules.public), more...)
	with.http = &http.Client{Transport: roundTripper{&with}, Timeout: c.cfg.Timeout, CheckRedirect: with.redirect}
	return &with, nil
}

// Close drops idle connections.
func (c *Client) Close() { c.base.CloseIdleConnections() }

func (c *Client) redirect(req *http.Request, via []*http.Request) error {
	if len(via) > max(c.cfg.MaxRedirects, 0) {
		return fault.New(fault.Unavailable, "%s redirects too many times", via[0].URL.Host)
	}
	if via[len(via)-1].URL.Scheme == "https" && req.URL.Scheme != "https" {
		return fault.New(fault.Invalid, "%s redirects from https to http", via[0].URL.Host)
	}
	return c.Check(req.URL)
}

// Classify turns an error of net/http into a *fault.Error that names the host and nothing else of the address.
func Classify(err error, u *url.URL) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return f
	}
	var ne net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return fault.Wrap(fault.Unavailable, context.Canceled, "the call to %s was cancelled", u.Host)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &ne) && ne.Timeout():
		return fault.Wrap(fault.Timeout, cause(err), "%s did not answer in time", u.Host)
	}
	return fault.Wrap(fault.Unavailable, cause(err), "%s cannot be reached", u.Host)
}

// cause drops the address from an error of net/http: it may hold a key in its query.
func cause(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		return ue.Err
	}
	return err
}

type roundTripper struct{ c *Client }

func (t roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	c := t.c
	if err := c.Check(req.URL); err != nil {
		return nil, err
	}
	if req.Header.Get("User-Agent") == "" {
		req = req.Clone(req.Context())
		req.Header.Set("User-Agent", c.cfg.UserAgent)
	}
	start := time.Now()
	resp, err := c.base.RoundTrip(req)
	attrs := []any{"method", req.Method, "host", req.URL.Host, "path", req.URL.Path, "ms", time.Since(start).Milliseconds()}
	if err != nil {
		c.cfg.Logger.Debug("outbound call failed", append(attrs, "error", cause(err).Error())...)
		return nil, err
	}
	c.cfg.Logger.Debug("outbound call", append(attrs, "status", resp.StatusCode, "bytes", resp.ContentLength)...)
	if c.cfg.MaxBytes >= 0 {
		resp.Body = &limited{ReadCloser: resp.Body, left: c.cfg.MaxBytes, max: c.cfg.MaxBytes, host: req.URL.Host}
	}
	return resp, nil
}

// limited fails, where io.LimitReader would cut and let a truncated body pass for a whole one.
type limited struct {
	io.ReadCloser
	left, max int64
	host      string
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, l.tooLarge()
	}
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.ReadCloser.Read(p)
	l.left -= int64(n)
	if l.left < 0 {
		return n - 1, l.tooLarge()
	}
	return n, err
}

func (l *limited) tooLarge() error {
	return fault.New(fault.TooLarge, "the answer of %s is over %s", l.host, size(l.max))
}

func size(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}
