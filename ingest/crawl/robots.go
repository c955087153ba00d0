package crawl

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/temoto/robotstxt"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// robots knows what each site lets be read (RFC 9309): a site without the file lets everything be read, one whose file cannot
// be got for an error of its own lets nothing.
type robots struct {
	c     *Crawler
	now   func() time.Time
	known *knownRules
}

// knownRules are those of all sites visited of late.
type knownRules struct {
	mu sync.Mutex
	by map[string]rules // by scheme and host
}

type rules struct {
	data *robotstxt.RobotsData
	got  time.Time
}

const (
	robotsFor = 24 * time.Hour // RFC 9309, 2.4: not to be used for longer than a day
	maxRobots = 500 << 10      // RFC 9309, 2.5: at least so much is read
)

func newRobots(c *Crawler, now func() time.Time) *robots {
	return &robots{c: c, now: now, known: &knownRules{by: map[string]rules{}}}
}

// allow says whether an address may be read.
func (r *robots) allow(ctx context.Context, u *url.URL) error {
	data, err := r.rules(ctx, u)
	if err != nil {
		return err
	}
	path := u.EscapedPath()
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	if group := data.FindGroup(r.c.cfg.UserAgent); group != nil && !group.Test(path) {
		return fault.New(fault.Invalid, "%s: the site's robots.txt asks programs not to read it: ask who runs the site, or upload the file", u)
	}
	return nil
}

func (r *robots) rules(ctx context.Context, u *url.URL) (*robotstxt.RobotsData, error) {
	key := u.Scheme + "://" + u.Host
	r.known.mu.Lock()
	have, ok := r.known.by[key]
	r.known.mu.Unlock()
	if ok && r.now().Sub(have.got) < robotsFor {
		return have.data, nil
	}
	data, err := r.get(ctx, u)
	if err != nil {
		return nil, err
	}
	if group := data.FindGroup(r.c.cfg.UserAgent); group != nil {
		r.c.pace.wish(u.Host, group.CrawlDelay)
	}
	r.known.mu.Lock()
	r.known.by[key] = rules{data, r.now()}
	r.known.mu.Unlock()
	return data, nil
}

// get reads the file, through up to five redirects within the allow-list.
func (r *robots) get(ctx context.Context, site *url.URL) (*robotstxt.RobotsData, error) {
	at := &url.URL{Scheme: site.Scheme, Host: site.Host, Path: "/robots.txt"}
	for range maxHops + 1 {
		resp, err := r.c.request(ctx, at, ingest.Validators{})
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(io.LimitReader(resp.Body, maxRobots))
		_ = resp.Body.Close() // it was only read
		next := resp.Header.Get("Location")
		if resp.StatusCode >= 300 && resp.StatusCode < 400 && next != "" {
			to, err := at.Parse(next)
			if err != nil || r.c.cfg.Client.Check(to) != nil {
				break // a file that lies elsewhere counts as none
			}
			at = to
			continue
		}
		if resp.StatusCode >= 500 || err != nil {
			return nil, fault.New(fault.Unavailable, "%s: the site does not say what may be read of it (robots.txt): it is tried again at the next visit", site.Host)
		}
		if resp.StatusCode != http.StatusOK {
			break
		}
		data, err := robotstxt.FromBytes(body)
		if err != nil { // what cannot be understood asks for nothing
			break
		}
		return data, nil
	}
	return robotstxt.FromBytes(nil)
}
