package crawl

import (
	"context"
	"io"
	"net/http"
	"net/url"

	"sportello/assistant/fault"
	"sportello/assistant/outbound"
	"sportello/ingest"
)

// answer is what an address gave.
type answer struct {
	url            *url.URL // where it was in the end
	body           []byte
	etag, modified string
	unchanged      bool
}

// get gets an address. Errors: fault.NotFound when the site has it no longer, fault.Invalid when robots.txt or the allow-list
// do not let it be read, fault.Unavailable and fault.Timeout when it should be tried again.
func (c *Crawler) get(ctx context.Context, u *url.URL, known ingest.Validators) (*answer, error) {
	for range maxHops + 1 {
		if err := c.robots.allow(ctx, u); err != nil {
			return nil, err
		}
		resp, err := c.request(ctx, u, known)
		if err != nil {
			return nil, err
		}
		next := resp.Header.Get("Location")
		if resp.StatusCode < 300 || resp.StatusCode == http.StatusNotModified || resp.StatusCode >= 400 || next == "" {
			return read(resp, u, known)
		}
		_ = resp.Body.Close() // what a redirect says besides is not wanted
		to, err := u.Parse(next)
		switch {
		case err != nil:
			return nil, fault.Wrap(fault.Unavailable, err, "%s redirects to what is no address", u)
		case u.Scheme == "https" && to.Scheme != "https":
			return nil, fault.New(fault.Invalid, "%s redirects from https to http", u)
		}
		u = clean(to)
		if err := c.cfg.Client.Check(u); err != nil {
			return nil, err
		}
	}
	return nil, fault.New(fault.Unavailable, "%s redirects too many times", u)
}

// request makes one request, when its turn at the host has come.
func (c *Crawler) request(ctx context.Context, u *url.URL, known ingest.Validators) (*http.Response, error) {
	done, err := c.pace.turn(ctx, u.Host)
	if err != nil {
		return nil, err
	}
	defer done()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s is not an address", u)
	}
	req.Header.Set("User-Agent", c.cfg.UserAgent)
	req.Header.Set("Accept-Language", "it, en;q=0.5")
	if known.ETag != "" {
		req.Header.Set("If-None-Match", known.ETag)
	}
	if known.Modified != "" {
		req.Header.Set("If-Modified-Since", known.Modified)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, outbound.Classify(err, u)
	}
	return resp, nil
}

func read(resp *http.Response, u *url.URL, known ingest.Validators) (a *answer, err error) {
	defer func() { _ = resp.Body.Close() }() // it was only read
	asked := known.ETag != "" || known.Modified != ""
	switch s := resp.StatusCode; {
	case s == http.StatusNotModified && asked:
		return &answer{url: u, unchanged: true}, nil
	case s == http.StatusNotFound || s == http.StatusGone:
		return nil, fault.New(fault.NotFound, "%s: the site has no such page", u)
	case s == http.StatusUnauthorized || s == http.StatusForbidden:
		return nil, fault.New(fault.Invalid, "%s: the site does not let it be read without logging in", u)
	case s == http.StatusTooManyRequests || s >= 500:
		return nil, fault.New(fault.Unavailable, "%s: the site answers with error %d: it is tried again at the next visit", u, s)
	case s != http.StatusOK:
		return nil, fault.New(fault.Invalid, "%s: the site answers with status %d, not with a page", u, s)
	}
	a = &answer{url: u, etag: resp.Header.Get("ETag"), modified: resp.Header.Get("Last-Modified")}
	if a.body, err = io.ReadAll(resp.Body); err != nil {
		return nil, outbound.Classify(err, u)
	}
	return a, nil
}
