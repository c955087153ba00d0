// Package stafftest gives the tests of the console's pages a small territory that does not exist, with people of every role, signed
// in, and walks the whole route table with all of them (Matrix).
package stafftest

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/store"
	"sportello/web/staff"
)

// The tenants: a provincia, a unione below it with two comuni, and a comune by itself.
const (
	Provincia = "provincia-prova"
	Unione    = "unione-prova"
	Comune    = "borgoprova"
	Sibling   = "altroprova"
	Alone     = "isolaprova"
)

// clientAddress is what every browser comes from.
const clientAddress = "192.0.2.1"

// Password is everybody's.
const Password = "quattro gatti sul tetto"

// House is a console with people in it.
type House struct {
	T       *testing.T
	Store   *store.Store
	Console *staff.Console
	Server  *httptest.Server
	Now     func() time.Time

	mu      sync.Mutex
	encoded string
	people  map[string]*store.Person
}

// Option changes the configuration of the console.
type Option func(*staff.Config)

// New makes a territory with the frame's own pages and those that parts gives.
func New(t *testing.T, parts func(*store.Store) []staff.Part, options ...Option) *House {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Dir: t.TempDir(), Analyze: words, AnalyzerVersion: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, x := range []store.Tenant{
		{Slug: Provincia, Name: "Provincia di Prova", Kind: store.Provincia},
		{Slug: Unione, Name: "Unione di Prova", Kind: store.Unione, Parent: Provincia},
		{Slug: Comune, Name: "Comune di Borgoprova", Parent: Unione},
		{Slug: Sibling, Name: "Comune di Altroprova", Parent: Unione},
		{Slug: Alone, Name: "Comune di Isolaprova"},
	} {
		if err := s.AddTenant(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	return Over(t, s, parts, options...)
}

// Over makes a console on a store that is there.
func Over(t *testing.T, s *store.Store, parts func(*store.Store) []staff.Part, options ...Option) *House {
	t.Helper()
	h := &House{T: t, Store: s, people: map[string]*store.Person{}}
	cfg := staff.Config{Store: s}
	if parts != nil {
		cfg.Parts = parts(s)
	}
	for _, o := range options {
		o(&cfg)
	}
	var err error
	if h.Console, err = staff.New(cfg); err != nil {
		t.Fatal(err)
	}
	h.Server = httptest.NewServer(Handler(t, h.Console))
	t.Cleanup(h.Server.Close)
	return h
}

// Handler serves a console without the rest of the web.
func Handler(t *testing.T, c *staff.Console) http.Handler {
	mux := http.NewServeMux()
	for _, route := range c.Routes() {
		pattern := route.Method + " " + route.Path
		if strings.HasSuffix(pattern, "/") {
			pattern += "{$}"
		}
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := c.Serve(w, r, route, clientAddress); err != nil && staff.StatusOf(err) >= http.StatusInternalServerError {
				t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
			}
		})
	}
	return mux
}

// words is a plain analyser.
func words(text string) []assistant.Term {
	var out []assistant.Term
	for _, w := range strings.Fields(strings.ToLower(text)) {
		out = append(out, assistant.Term{Text: w, Count: 1})
	}
	return out
}

// Person gives somebody who has the role in the tenant, made at the first call; tenant may be store.Everywhere. An empty role is
// somebody without any.
func (h *House) Person(role access.Role, tenant string) *store.Person {
	h.T.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	name := strings.Trim(string(role)+"."+tenant, ".")
	if name == "" {
		name = "nessuno"
	}
	if p := h.people[name]; p != nil {
		return p
	}
	ctx := h.T.Context()
	if h.encoded == "" {
		hasher, err := access.NewHasher(1)
		if err != nil {
			h.T.Fatal(err)
		}
		if h.encoded, err = hasher.Hash(ctx, Password); err != nil {
			h.T.Fatal(err)
		}
	}
	p, err := h.Store.AddPerson(ctx, store.ActorCommand, store.Person{Email: name + "@example.it", Name: name, Password: h.encoded})
	if err != nil {
		h.T.Fatal(err)
	}
	if role != "" {
		if err := h.Store.Grant(ctx, store.ActorCommand, store.Member{Person: p.ID, Tenant: tenant, Role: role}); err != nil {
			h.T.Fatal(err)
		}
	}
	h.people[name] = p
	return p
}

// Client is a browser, signed in or not.
type Client struct {
	*http.Client
	h      *House
	Person *store.Person
}

// Visitor is a browser where nobody is signed in.
func (h *House) Visitor() *Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.T.Fatal(err)
	}
	return &Client{Client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, h: h}
}

// As is a browser in which the person with the role in the tenant is signed in. The session is made in the store; the page to sign
// in has tests of its own.
func (h *House) As(role access.Role, tenant string) *Client {
	h.T.Helper()
	c := h.Visitor()
	c.Person = h.Person(role, tenant)
	secret, err := h.Store.StartSession(h.T.Context(), store.Session{Person: c.Person.ID, Agent: "Prova", Expires: time.Now().Add(time.Hour)})
	if err != nil {
		h.T.Fatal(err)
	}
	at, err := url.Parse(h.Server.URL)
	if err != nil {
		h.T.Fatal(err)
	}
	c.Jar.SetCookies(at, []*http.Cookie{{Name: "sportello_session", Value: secret, Path: "/"}})
	return c
}

// Answer is a response, read whole.
type Answer struct {
	*http.Response
	Text string
	t    *testing.T
}

// Page gives the answer's HTML.
func (a *Answer) Page() *goquery.Document {
	a.t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.Text))
	if err != nil {
		a.t.Fatal(err)
	}
	return doc
}

// Is fails the test when the answer has another status.
func (a *Answer) Is(status int) *Answer {
	a.t.Helper()
	if a.StatusCode != status {
		a.t.Fatalf("%s %s: status %d, want %d\n%s", a.Request.Method, a.Request.URL, a.StatusCode, status, strings.TrimSpace(a.Page().Find("main").Text()+" "+a.Header.Get("Location")))
	}
	return a
}

// Do sends a request to the console.
func (c *Client) Do(r *http.Request) *Answer {
	c.h.T.Helper()
	res, err := c.Client.Do(r)
	if err != nil {
		c.h.T.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		c.h.T.Fatal(err)
	}
	return &Answer{res, string(body), c.h.T}
}

// Request makes a request to a path of the console.
func (c *Client) Request(method, path string, body io.Reader) *http.Request {
	c.h.T.Helper()
	r, err := http.NewRequestWithContext(c.h.T.Context(), method, c.h.Server.URL+path, body)
	if err != nil {
		c.h.T.Fatal(err)
	}
	return r
}

// Get asks for a page.
func (c *Client) Get(path string) *Answer {
	c.h.T.Helper()
	return c.Do(c.Request(http.MethodGet, path, nil))
}

// Token gives the value that forms of this browser hold.
func (c *Client) Token() string {
	at, _ := url.Parse(c.h.Server.URL)
	var seed string
	for _, cookie := range c.Jar.Cookies(at) {
		if cookie.Name == "sportello_session" || cookie.Name == "sportello_visitor" && seed == "" {
			seed = cookie.Value
		}
	}
	return access.Mark(seed, "csrf")
}

// Post sends a form with pairs of fields, and the token of the session.
func (c *Client) Post(path string, pairs ...string) *Answer {
	c.h.T.Helper()
	form := url.Values{"csrf": {c.Token()}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r := c.Request(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.Do(r)
}
