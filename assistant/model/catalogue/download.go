package catalogue

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"sportello/assistant/fault"
	"sportello/assistant/outbound"
)

const (
	downloadTries = 5 // in a row without a new byte
	downloadPause = 300 * time.Millisecond
	headerTimeout = 60 * time.Second
)

// address gives where a source is fetched, the mirror's when there is one.
func (w Where) address(source string) (*url.URL, error) {
	u, err := url.Parse(source)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the catalogue has a malformed address")
	}
	if w.Mirror == "" {
		return u, nil
	}
	m, err := url.Parse(w.Mirror)
	if err != nil || (m.Scheme != "http" && m.Scheme != "https") || m.Host == "" {
		return nil, fault.New(fault.Invalid, "the mirror %q is not an address: write https://host/path", w.Mirror)
	}
	m.Path = strings.TrimSuffix(m.Path, "/") + u.Path
	m.RawQuery = u.RawQuery
	return m, nil
}

// client reaches the source, the hosts it is known to redirect to, and the mirror, which may be in the local network.
func (p *puller) client(u *url.URL, s Source) (*outbound.Client, error) {
	cfg := outbound.Config{Allow: append([]string{u.String()}, s.Hosts...), MaxBytes: -1, HeaderTimeout: headerTimeout, Logger: p.where.Logger}
	if p.where.Mirror != "" {
		cfg.Private = []string{u.String()}
	}
	return outbound.New(cfg)
}

// download fetches an address into the raw file. It goes on where an earlier try stopped, if the server still has the same file.
func (p *puller) download(ctx context.Context, s Source) error {
	u, err := p.where.address(s.URL)
	if err != nil {
		return err
	}
	client, err := p.client(u, s)
	if err != nil {
		return err
	}
	defer client.Close()
	for try, last := 1, int64(-1); ; try++ {
		err := p.attempt(ctx, client, u)
		if err == nil {
			return nil
		}
		if fault.CodeOf(err) != fault.Unavailable && fault.CodeOf(err) != fault.Timeout || ctx.Err() != nil {
			return err
		}
		if size := fileSize(p.raw()); size > last {
			try, last = 1, size
		}
		if try >= downloadTries {
			return err
		}
		p.where.Logger.Debug("download interrupted", "model", p.model.Name, "bytes", last, "error", fault.MessageOf(err))
		select {
		case <-time.After(downloadPause * time.Duration(try)):
		case <-ctx.Done():
			return fault.Wrap(fault.Timeout, ctx.Err(), "the download was interrupted: run it again to go on")
		}
	}
}

// attempt makes one request and copies its answer.
func (p *puller) attempt(ctx context.Context, client *outbound.Client, u *url.URL) error {
	have := fileSize(p.raw())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the catalogue has a malformed address")
	}
	tag, _ := os.ReadFile(p.tagPath())
	if have > 0 && len(tag) > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
		req.Header.Set("If-Range", string(tag)) // RFC 9110, 13.1.5: the whole file, should it have changed
	} else {
		have = 0
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	mode := os.O_CREATE | os.O_WRONLY
	total := resp.ContentLength
	switch resp.StatusCode {
	case http.StatusOK:
		mode |= os.O_TRUNC
		have = 0
	case http.StatusPartialContent:
		from, size := contentRange(resp.Header.Get("Content-Range"))
		if from != have {
			return p.startOver("%s answered with another part of the file than was asked for", u.Host)
		}
		mode |= os.O_APPEND
		total = size
	case http.StatusRequestedRangeNotSatisfiable:
		return p.startOver("%s has a shorter file than the one begun", u.Host)
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return fault.New(fault.Unavailable, "%s is busy (status %d)", u.Host, resp.StatusCode)
	default:
		return fault.New(fault.NotFound, "%s does not give the model %s (status %d)", u.Host, p.model.Name, resp.StatusCode)
	}
	if err := p.keepTag(resp); err != nil {
		return err
	}
	return p.copyBody(resp.Body, mode, have, total, u)
}

func (p *puller) copyBody(body io.Reader, mode int, have, total int64, u *url.URL) error {
	f, err := os.OpenFile(p.raw(), mode, 0o644)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be written", p.raw())
	}
	src := &counted{Reader: body, done: have, total: max(total, 0), step: Download, progress: p.progress}
	src.progress(Progress{Download, have, src.total})
	_, err = io.Copy(f, src)
	if cerr := f.Close(); cerr != nil {
		return fault.Wrap(fault.Invalid, cerr, "%s cannot be written", p.raw())
	}
	var full *os.PathError
	switch {
	case errors.As(err, &full):
		return fault.Wrap(fault.Invalid, err, "%s cannot be written", p.raw())
	case err != nil:
		return outbound.Classify(err, u)
	case total >= 0 && src.done != total:
		return fault.New(fault.Unavailable, "%s ended the download early", u.Host)
	}
	return os.RemoveAll(p.tagPath())
}

// startOver forgets what was begun.
func (p *puller) startOver(format string, args ...any) error {
	return errors.Join(fault.New(fault.Unavailable, format, args...), os.Remove(p.raw()), os.RemoveAll(p.tagPath()))
}

// The tag of the file at the server lies beside the download, so that a part is only continued with the same file.
func (p *puller) tagPath() string { return p.raw() + ".tag" }

func (p *puller) keepTag(resp *http.Response) error {
	tag := resp.Header.Get("ETag")
	if strings.HasPrefix(tag, "W/") {
		tag = "" // a weak tag does not promise the same bytes
	}
	if tag == "" {
		tag = resp.Header.Get("Last-Modified")
	}
	if err := os.WriteFile(p.tagPath(), []byte(tag), 0o644); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be written", p.tagPath())
	}
	return nil
}

// contentRange reads "bytes 100-199/200": 100, 200. -1 stands for what is not there.
func contentRange(h string) (from, size int64) {
	span, total, _ := strings.Cut(strings.TrimPrefix(h, "bytes "), "/")
	first, _, _ := strings.Cut(span, "-")
	return number(first), number(total)
}

func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

func fileSize(path string) int64 {
	s, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return s.Size()
}
