// Package crawl gets documents from the web: one page or file, the pages below an address with the files they lead to, or the
// items of a feed (RSS, of which AlboPOP is a profile, or Atom).
//
// It goes through the outbound client and nowhere else, so that only hosts of the allow-list are reached and private addresses
// are refused, whatever a name or a redirect says. It obeys robots.txt (RFC 9309) at every hop, makes one request at a
// time with a pause between two to the same host, asks with If-Modified-Since and If-None-Match (RFC 9110, 13) and stops at limits of
// depth, pages and bytes. What a document is, its content decides, not what the server says of it.
//
// It stores nothing: what it has to remember of a page between visits is kept by the ingest.Memory it is given.
package crawl

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"sportello/assistant/fault"
	"sportello/assistant/outbound"
	"sportello/ingest"
)

// Config is what New needs; zero values take the defaults.
type Config struct {
	Client    *outbound.Client // required: what it allows is what can be reached
	UserAgent string           // the name in robots.txt and of requests; default "Sportello"
	Delay     time.Duration    // between two requests to a host; default 1 s, negative: none. A site's own Crawl-delay counts when it is longer
	Depth     int              // links followed from the address of a section; default 3
	Pages     int              // documents of one visit; default 500
	Bytes     int64            // of all documents of one visit; default 512 MiB
	Now       func() time.Time
}

// Crawler visits addresses. It is safe for concurrent use; visits take turns at a host.
type Crawler struct {
	cfg    Config
	http   *http.Client
	robots *robots
	pace   *pace
}

var (
	_ ingest.Fetcher = (*Crawler)(nil)
	_ ingest.Visitor = (*Crawler)(nil)
)

const (
	defaultDelay = time.Second
	defaultDepth = 3
	defaultPages = 500
	defaultBytes = 512 << 20
	maxHops      = 5
)

// New makes a Crawler.
func New(cfg Config) *Crawler {
	if cfg.UserAgent == "" {
		cfg.UserAgent = "Sportello"
	}
	if cfg.Delay == 0 {
		cfg.Delay = defaultDelay
	}
	if cfg.Depth <= 0 {
		cfg.Depth = defaultDepth
	}
	if cfg.Pages <= 0 {
		cfg.Pages = defaultPages
	}
	if cfg.Bytes <= 0 {
		cfg.Bytes = defaultBytes
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	c := &Crawler{cfg: cfg, http: hopByHop(cfg.Client), pace: newPace(cfg.Delay, cfg.Now)}
	c.robots = newRobots(c, cfg.Now)
	return c
}

// hopByHop gives a client with which redirects are followed one by one, so that robots.txt and the pause count at each hop.
func hopByHop(c *outbound.Client) *http.Client {
	own := *c.HTTP()
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}

// with gives a Crawler that may visit some hosts besides; it takes turns at a host with c and knows what c knows of robots.txt.
func (c *Crawler) with(hosts []string) (*Crawler, error) {
	if len(hosts) == 0 {
		return c, nil
	}
	client, err := c.cfg.Client.With(hosts)
	if err != nil {
		return nil, err
	}
	with := &Crawler{cfg: c.cfg, http: hopByHop(client), pace: c.pace}
	with.cfg.Client = client
	with.robots = &robots{c: with, now: c.cfg.Now, known: c.robots.known}
	return with, nil
}

// Fetch implements ingest.Fetcher: the document at an address, or those of the feed that it is.
func (c *Crawler) Fetch(ctx context.Context, address string, yield func(ingest.Fetched) error) error {
	v, err := c.Visit(ctx, ingest.Address{URL: address}, nil, yield)
	switch {
	case err != nil:
		return err
	case len(v.Gone) > 0 && v.Fetched == 0:
		return fault.New(fault.NotFound, "%s: the site has no such page: check the address", address)
	case len(v.Skipped) > 0 && v.Fetched == 0:
		return fault.New(v.Skipped[0].Code, "%s", v.Skipped[0].Error)
	}
	return nil
}

// Section gives a Fetcher of sections: each address with what lies below it, to a depth and a number of documents.
func (c *Crawler) Section(depth, pages int) ingest.Fetcher { return section{c, depth, pages} }

type section struct {
	c            *Crawler
	depth, pages int
}

func (s section) Fetch(ctx context.Context, address string, yield func(ingest.Fetched) error) error {
	_, err := s.c.Visit(ctx, ingest.Address{URL: address, Kind: ingest.AddressSection, Depth: s.depth, Pages: s.pages}, nil, yield)
	return err
}

// Visit implements ingest.Visitor. An empty kind is a feed when the content is one, else a page.
func (c *Crawler) Visit(ctx context.Context, a ingest.Address, memory ingest.Memory, yield func(ingest.Fetched) error) (ingest.Visit, error) {
	start, err := parse(a.URL)
	if err != nil {
		return ingest.Visit{}, err
	}
	if c, err = c.with(a.Hosts); err != nil {
		return ingest.Visit{}, err
	}
	if err := c.cfg.Client.Check(start); err != nil {
		return ingest.Visit{}, err
	}
	v := &visit{Crawler: c, address: a, memory: memory, yield: yield, seen: map[string]bool{}, prefix: a.Prefix}
	if v.address.Depth <= 0 {
		v.address.Depth = c.cfg.Depth
	}
	if v.address.Pages <= 0 {
		v.address.Pages = c.cfg.Pages
	}
	if v.address.Bytes <= 0 {
		v.address.Bytes = c.cfg.Bytes
	}
	if v.prefix == "" {
		v.prefix = folder(start)
	}
	return v.result, v.all(ctx, start)
}

// parse reads an address as a person writes it.
func parse(address string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil:
		return nil, fault.Wrap(fault.Invalid, err, "%q is not an address: write https://www.example.org/page", address)
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return nil, fault.New(fault.Invalid, "%q is not an address: write https://www.example.org/page", address)
	case u.User != nil:
		return nil, fault.New(fault.Invalid, "an address with a user name and password is not visited")
	}
	return clean(u), nil
}

// clean gives the form in which an address is known: without what a page does with itself and without what follows people.
func clean(u *url.URL) *url.URL {
	c := *u
	c.Fragment, c.RawFragment, c.Host = "", "", strings.ToLower(c.Host)
	if c.Path == "" {
		c.Path = "/"
	}
	if c.RawQuery != "" {
		q := c.Query()
		for name := range q {
			if strings.HasPrefix(name, "utm_") || name == "fbclid" || name == "gclid" {
				q.Del(name)
			}
		}
		if len(q) != len(c.Query()) {
			c.RawQuery = q.Encode()
		}
	}
	return &c
}

// folder is the part of an address that what lies beside and below it begins with.
func folder(u *url.URL) string {
	c := *u
	c.RawQuery, c.RawPath = "", ""
	if !strings.HasSuffix(c.Path, "/") {
		if path.Ext(c.Path) == "" { // a page whose pages lie below it: /servizi -> /servizi/…
			return c.String()
		}
		c.Path = path.Dir(c.Path)
	}
	return c.String()
}

// Allowed says whether an address may be visited, before anything is asked of the site: it is well formed and on the allow-list, or of
// one of the hosts.
func (c *Crawler) Allowed(address string, hosts []string) error {
	u, err := parse(address)
	if err != nil {
		return err
	}
	if c, err = c.with(hosts); err != nil {
		return err
	}
	return c.cfg.Client.Check(u)
}
