package crawl

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/fault"
	"sportello/assistant/outbound"
	"sportello/ingest"
)

// site is a small web site that remembers what it was asked.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
	pages map[string]string // path -> body; "302 …" redirects, "500" and the like answer with that status
	at    int               // requests under way
	most  int
}

func newSite(t *testing.T, pages map[string]string) *site {
	s := &site{pages: pages}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *site) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.URL.RequestURI())
	s.at++
	s.most = max(s.most, s.at)
	body, ok := s.pages[r.URL.RequestURI()]
	s.mu.Unlock()
	defer func() { s.mu.Lock(); s.at--; s.mu.Unlock() }()
	if !ok {
		http.NotFound(w, r)
		return
	}
	var status int
	var to string
	if n, _ := fmt.Sscanf(body, "%d %s", &status, &to); n > 0 && status >= 300 && status < 600 {
		if to != "" {
			w.Header().Set("Location", strings.ReplaceAll(to, "BASE", s.URL))
		}
		w.WriteHeader(status)
		return
	}
	tag := fmt.Sprintf(`"%d"`, len(body))
	w.Header().Set("ETag", tag)
	w.Header().Set("Content-Type", "text/plain") // a lie: the content decides
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write([]byte(strings.ReplaceAll(body, "BASE", s.URL)))
}

func (s *site) paths() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.asked
	s.asked = nil
	return out
}

// crawler reaches the sites and nothing else; loopback only because the test says so.
func crawler(t *testing.T, cfg Config, sites ...*site) *Crawler {
	t.Helper()
	var private []string
	for _, s := range sites {
		private = append(private, s.URL)
	}
	client, err := outbound.New(outbound.Config{Private: private, MaxBytes: 1 << 20, Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	cfg.Client = client
	if cfg.Delay == 0 {
		cfg.Delay = -1
	}
	return New(cfg)
}

// memory is an ingest.Memory in a map.
type memory map[string]ingest.Validators

func (m memory) Recall(_ context.Context, url string) (ingest.Validators, error) { return m[url], nil }
func (m memory) Remember(_ context.Context, url string, v ingest.Validators) error {
	m[url] = v
	return nil
}
func (m memory) Seen(context.Context, string) error { return nil }

func gather(t *testing.T, c *Crawler, a ingest.Address, m ingest.Memory) (ingest.Visit, []string, error) {
	t.Helper()
	var got []string
	v, err := c.Visit(t.Context(), a, m, func(f ingest.Fetched) error {
		u, err := url.Parse(f.URL)
		got = append(got, u.RequestURI())
		return err
	})
	return v, got, err
}

const shell = "<!doctype html><html><head><title>x</title></head><body>%s</body></html>"

func page(links ...string) string {
	var b strings.Builder
	for _, l := range links {
		fmt.Fprintf(&b, `<p><a href="%s">testo</a></p>`, l)
	}
	return fmt.Sprintf(shell, b.String())
}

func TestSection(t *testing.T) {
	other := newSite(t, map[string]string{"/atto.pdf": "%PDF-1.4 altrove", "/pagina": page()})
	s := newSite(t, map[string]string{
		"/robots.txt":     "User-agent: *\nDisallow: /tari/riservato\n",
		"/tari/":          page("tariffe#oggi", "tariffe?utm_source=x", "riservato", "/imu/", "moduli/richiesta.pdf", "/media/delibera.PDF", "foto.jpg", "mailto:a@b.it", "vecchia", "sposta", "rotta", other.URL+"/atto.pdf", other.URL+"/pagina", "http://10.0.0.1/x.pdf"),
		"/tari/tariffe":   page("profonda", "./"),
		"/tari/profonda":  page("troppo"),
		"/tari/troppo":    page(),
		"/tari/sposta":    "302 /tari/arrivo",
		"/tari/arrivo":    page(),
		"/tari/rotta":     "503",
		"/tari/riservato": page(),
		"/imu/":           page(), "/tari/moduli/richiesta.pdf": "%PDF-1.4 modulo", "/media/delibera.PDF": "%PDF-1.4 delibera",
	})
	c := crawler(t, Config{}, s, other)
	m := memory{}
	a := ingest.Address{URL: s.URL + "/tari/", Kind: ingest.AddressSection, Depth: 2}
	v, got, err := gather(t, c, a, m)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"/tari/", "/tari/tariffe", "/tari/moduli/richiesta.pdf", "/media/delibera.PDF", "/tari/arrivo", "/atto.pdf", "/tari/profonda"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{s.URL + "/tari/vecchia"}, v.Gone); diff != "" {
		t.Error(diff)
	}
	if len(v.Skipped) != 2 || v.Skipped[0].Code != fault.Invalid || v.Skipped[1].Code != fault.Unavailable || !v.Partial || v.Full || v.Fetched != 7 {
		t.Errorf("visit %+v", v)
	}
	if s.most != 1 {
		t.Errorf("%d requests at once", s.most)
	}
	for _, p := range s.paths() {
		if strings.Contains(p, "riservato") || p == "/imu/" || p == "/tari/troppo" {
			t.Errorf("%s was asked for", p)
		}
	}
	// Again: nothing changed, and what unchanged pages led to is still gone through. Then one page changes.
	delete(s.pages, "/tari/rotta")
	v, got, err = gather(t, c, a, m)
	if err != nil || len(got) != 0 || v.Unchanged != 7 || len(v.Gone) != 2 {
		t.Errorf("again: %v %v %+v", err, got, v)
	}
	s.mu.Lock()
	s.pages["/tari/tariffe"] = page("nuova")
	s.pages["/tari/nuova"] = page()
	s.mu.Unlock()
	_, got, err = gather(t, c, a, m)
	if diff := cmp.Diff([]string{"/tari/tariffe", "/tari/nuova"}, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestLimits(t *testing.T) {
	s := newSite(t, map[string]string{"/a": page("a/1", "a/2", "a/3"), "/a/1": page(), "/a/2": page(), "/a/3": page()})
	c := crawler(t, Config{Pages: 10}, s)
	v, got, err := gather(t, c, ingest.Address{URL: s.URL + "/a", Kind: ingest.AddressSection, Pages: 3}, nil)
	if err != nil || len(got) != 3 || !v.Full || !v.Partial {
		t.Errorf("pages: %v %v %+v", err, got, v)
	}
	v, got, err = gather(t, c, ingest.Address{URL: s.URL + "/a", Kind: ingest.AddressSection, Bytes: 10}, nil)
	if err != nil || len(got) != 1 || !v.Full {
		t.Errorf("bytes: %v %v %+v", err, got, v)
	}
	v, got, err = gather(t, c, ingest.Address{URL: s.URL + "/a", Kind: ingest.AddressPage}, nil)
	if err != nil || len(got) != 1 || v.Full {
		t.Errorf("page: %v %v %+v", err, got, v)
	}
}

const albo = `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Albo</title><link>BASE/</link>
<item><title>Delibera 1</title><link>BASE/atti/1</link><guid isPermaLink="true">BASE/atti/1</guid></item>
<item><title>Delibera 2</title><link>BASE/atti/2</link><enclosure url="BASE/files/2.pdf" type="application/pdf"/></item>
<item><title>Delibera 3</title><guid>BASE/atti/3</guid></item>
<item><title>senza</title></item>
</channel></rss>`

func TestFeed(t *testing.T) {
	s := newSite(t, map[string]string{
		"/albo.xml": albo, "/atti/1": page("/files/1.pdf", "/altro"), "/atti/3": page(), "/files/1.pdf": "%PDF-1.4 a", "/files/2.pdf": "%PDF-1.4 b",
		"/atom.xml":  `<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="BASE/atom.xml"/><entry><link rel="alternate" href="BASE/atti/3"/><link rel="enclosure" href="/files/2.pdf"/></entry></feed>`,
		"/vuoto.xml": `<rss><channel></channel></rss>`,
	})
	c := crawler(t, Config{}, s)
	for _, kind := range []ingest.AddressKind{"", ingest.AddressFeed} {
		v, got, err := gather(t, c, ingest.Address{URL: s.URL + "/albo.xml", Kind: kind}, memory{})
		want := []string{"/atti/1", "/files/2.pdf", "/atti/3"}
		if kind == ingest.AddressFeed { // the page of an item leads to its files
			want = append(want, "/files/1.pdf")
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil || len(v.Skipped) != 0 {
			t.Errorf("%q: %v %s %+v", kind, err, diff, v)
		}
	}
	_, got, err := gather(t, c, ingest.Address{URL: s.URL + "/atom.xml", Kind: ingest.AddressFeed}, nil)
	if diff := cmp.Diff([]string{"/files/2.pdf"}, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if _, got, err := gather(t, c, ingest.Address{URL: s.URL + "/vuoto.xml"}, nil); err != nil || len(got) != 0 {
		t.Errorf("an empty feed: %v %v", err, got)
	}
	if _, _, err := gather(t, c, ingest.Address{URL: s.URL + "/atti/1", Kind: ingest.AddressFeed}, nil); fault.CodeOf(err) != fault.Unsupported {
		t.Errorf("a page as a feed: %v", err)
	}
}

func TestFetch(t *testing.T) {
	s := newSite(t, map[string]string{"/a.pdf": "%PDF-1.4 a", "/guasta": "500", "/chiusa": "403", "/giro": "302 /giro", "/strana": "418", "/vai": "302 http://192.168.0.1/x", "/no": "302 ::", "/b": "304"})
	c := crawler(t, Config{}, s)
	var got []byte
	if err := c.Fetch(t.Context(), s.URL+"/a.pdf", func(f ingest.Fetched) error { got = f.Bytes; return nil }); err != nil || string(got) != "%PDF-1.4 a" {
		t.Errorf("%q %v", got, err)
	}
	none := func(ingest.Fetched) error { t.Error("yielded"); return nil }
	for address, code := range map[string]fault.Code{
		s.URL + "/mai": fault.NotFound, s.URL + "/guasta": fault.Unavailable, s.URL + "/chiusa": fault.Invalid, s.URL + "/giro": fault.Unavailable,
		s.URL + "/strana": fault.Invalid, s.URL + "/vai": fault.Invalid, s.URL + "/no": fault.Unavailable, s.URL + "/b": fault.Invalid,
		"ftp://x/y": fault.Invalid, "://": fault.Invalid, "http://u:p@x/": fault.Invalid, "https://www.example.org/": fault.Invalid,
		strings.Replace(s.URL, "127.0.0.1", "localhost", 1): fault.Invalid,
	} {
		if err := c.Fetch(t.Context(), address, none); fault.CodeOf(err) != code {
			t.Errorf("%s: %v, want %s", address, err, code)
		}
	}
	stop := errors.New("basta")
	if err := c.Fetch(t.Context(), s.URL+"/a.pdf", func(ingest.Fetched) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("error of yield: %v", err)
	}
	n := 0
	if err := c.Section(1, 5).Fetch(t.Context(), s.URL+"/a.pdf", func(ingest.Fetched) error { n++; return nil }); err != nil || n != 1 {
		t.Errorf("section: %d %v", n, err)
	}
}

// A name that leads to a private address is refused even when it is on the allow-list, also after a redirect.
func TestPrivateIsRefused(t *testing.T) {
	inside := newSite(t, map[string]string{"/segreto": "dati"})
	outside := newSite(t, map[string]string{"/": "302 " + strings.Replace(inside.URL, "127.0.0.1", "localhost", 1) + "/segreto"})
	client, err := outbound.New(outbound.Config{Allow: []string{"localhost"}, Private: []string{outside.URL}})
	if err != nil {
		t.Fatal(err)
	}
	c := New(Config{Client: client, Delay: -1})
	for _, address := range []string{outside.URL + "/", strings.Replace(inside.URL, "127.0.0.1", "localhost", 1) + "/segreto"} {
		err := c.Fetch(t.Context(), address, func(ingest.Fetched) error { t.Error("got it"); return nil })
		if fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", address, err)
		}
	}
	if asked := inside.paths(); len(asked) != 0 {
		t.Errorf("asked %v", asked)
	}
}

// A tenant's own hosts may be visited besides, by that tenant alone; what is private stays so.
func TestHosts(t *testing.T) {
	s := newSite(t, map[string]string{"/": page()})
	there := strings.Replace(s.URL, "127.0.0.1", "localhost", 1) + "/"
	c := crawler(t, Config{})
	if c.Allowed(there, nil) == nil || c.Allowed(there, []string{"localhost"}) != nil || c.Allowed(there, []string{"*"}) == nil || c.Allowed(there, nil) == nil {
		t.Error("a host is allowed to the wrong ones")
	}
	for _, tc := range []struct {
		hosts []string
		why   string
	}{{nil, "not among the addresses"}, {[]string{"localhost"}, "private or special"}, {[]string{"a b"}, "is not a host"}} {
		_, err := c.Visit(t.Context(), ingest.Address{URL: there, Hosts: tc.hosts}, nil, nil)
		if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), tc.why) {
			t.Errorf("with %v: %v", tc.hosts, err)
		}
	}
	// What the configuration allows stays allowed, and knows what was learned of robots.txt.
	c = crawler(t, Config{}, s)
	for _, hosts := range [][]string{nil, {"www.example.it"}} {
		if _, got, err := gather(t, c, ingest.Address{URL: s.URL + "/", Hosts: hosts}, nil); err != nil || len(got) != 1 {
			t.Errorf("with %v: %v %v", hosts, got, err)
		}
	}
	if asked := s.paths(); len(asked) != 3 {
		t.Errorf("asked %v", asked)
	}
}

func TestRobots(t *testing.T) {
	for name, tt := range map[string]struct {
		robots string
		code   fault.Code
	}{
		"none": {"404", ""}, "of its own": {"302 /altro.txt", fault.Invalid}, "elsewhere": {"302 https://www.example.org/robots.txt", ""},
		"fails": {"500", fault.Unavailable}, "all": {"User-agent: *\nDisallow: /", fault.Invalid},
		"for us": {"User-agent: sportello\nDisallow: /\nUser-agent: *\nAllow: /", fault.Invalid},
		"not us": {"User-agent: other\nDisallow: /", ""}, "query": {"User-agent: *\nDisallow: /*?x=", fault.Invalid}, "nonsense": {"<html>", ""},
		"forbidden": {"403", ""},
	} {
		s := newSite(t, map[string]string{"/robots.txt": tt.robots, "/altro.txt": "User-agent: *\nDisallow: /p", "/p?x=1": "testo"})
		err := crawler(t, Config{}, s).Fetch(t.Context(), s.URL+"/p?x=1", func(ingest.Fetched) error { return nil })
		if fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v, want %q", name, err, tt.code)
		}
	}
}

// Between two requests to a host there is a pause, as long as the site wants it; another host is not waited for.
func TestPace(t *testing.T) {
	clock := time.Unix(0, 0)
	p := newPace(time.Minute, func() time.Time { return clock })
	p.wish("lento", time.Hour)
	turn := func(host string, patience time.Duration) error {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		done, err := p.turn(ctx, host)
		if err == nil {
			done()
		}
		return err
	}
	if err := errors.Join(turn("a", time.Second), turn("lento", time.Second)); err != nil {
		t.Fatal(err)
	}
	clock = clock.Add(29 * time.Second)
	if turn("a", time.Millisecond) == nil {
		t.Error("no pause at a")
	}
	if err := turn("b", time.Second); err != nil {
		t.Errorf("b: %v", err)
	}
	clock = clock.Add(32 * time.Second)
	if err := turn("a", time.Second); err != nil {
		t.Errorf("after the pause: %v", err)
	}
	if got := p.host("lento").delay; got != maxDelay {
		t.Errorf("a site may ask for %v", got)
	}
	held, err := p.turn(t.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	if turn("c", time.Millisecond) == nil {
		t.Error("two at once")
	}
	held()
}

func TestFolder(t *testing.T) {
	for address, want := range map[string]string{
		"https://x.it":                 "https://x.it/",
		"https://x.it/servizi":         "https://x.it/servizi",
		"https://x.it/servizi/":        "https://x.it/servizi/",
		"https://X.it/a/index.html":    "https://x.it/a",
		"https://x.it/a/?p=1#frammen":  "https://x.it/a/",
		"https://x.it/a?utm_medium=xy": "https://x.it/a",
	} {
		u, err := parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := folder(u); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
	for prefix, inside := range map[string]bool{"https://x.it/servizi": true, "https://x.it/servizi/": false} {
		u, _ := url.Parse("https://x.it/servizi?x=1")
		if below(u, prefix) != inside {
			t.Errorf("%s below %s: %v", u, prefix, !inside)
		}
	}
	if u, _ := url.Parse("https://x.it/servizi-online"); below(u, "https://x.it/servizi") {
		t.Error("a neighbour is below")
	}
}

func FuzzFeed(f *testing.F) {
	f.Add([]byte(albo))
	f.Add([]byte(page("a", "b")))
	base, _ := url.Parse("https://x.it/")
	f.Fuzz(func(_ *testing.T, b []byte) {
		feed(b, base)
		pageLinks(b, base)
	})
}
