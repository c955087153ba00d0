package staff_test

import (
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/outbound"
	"sportello/assistant/store"
	"sportello/web/staff"
	"sportello/web/staff/stafftest"
)

// provider is a real identity provider on this machine: the example server of zitadel/oidc with its two users.
func provider(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	issuer := "http://" + server.Listener.Addr().String() + "/"
	server.Config.Handler = exampleop.SetupServer(issuer, storage.NewStorage(storage.NewUserStore(issuer)), slog.New(slog.DiscardHandler), false)
	server.Start()
	t.Cleanup(server.Close)
	return server
}

// walk follows redirects across both servers until a page that is no redirect.
func walk(t *testing.T, c *http.Client, r *http.Response) *http.Response {
	t.Helper()
	for r.StatusCode >= 300 && r.StatusCode < 400 {
		to, err := r.Location()
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close()
		if r, err = c.Get(to.String()); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = r.Body.Close() })
	return r
}

// signInAt goes through the provider's page as the user.
func signInAt(t *testing.T, h *stafftest.House, user string) (*http.Client, *http.Response) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := c.Get(h.Server.URL + "/staff/oidc")
	if err != nil {
		t.Fatal(err)
	}
	page := walk(t, c, r)
	doc, err := goquery.NewDocumentFromReader(page.Body)
	if err != nil {
		t.Fatal(err)
	}
	form := doc.Find("form")
	id, ok := form.Find("input[name=id]").Attr("value")
	if !ok {
		t.Fatalf("no page to sign in at %s: %s", page.Request.URL, doc.Text())
	}
	to, err := page.Request.URL.Parse(form.AttrOr("action", ""))
	if err != nil {
		t.Fatal(err)
	}
	r, err = c.PostForm(to.String(), url.Values{"username": {user}, "password": {"verysecure"}, "id": {id}})
	if err != nil {
		t.Fatal(err)
	}
	return c, walk(t, c, r)
}

func TestOIDC(t *testing.T) {
	op := provider(t)
	var h *stafftest.House
	// The console's own address has to be known before its server is there: it is listening first.
	listener := httptest.NewUnstartedServer(nil)
	base := "http://" + listener.Listener.Addr().String()
	t.Cleanup(listener.Close)
	storage.RegisterClients(storage.WebClient("sportello", "segreto", base+"/staff/oidc/back"))
	client, err := outbound.New(outbound.Config{Private: []string{strings.TrimPrefix(op.URL, "http://")}})
	if err != nil {
		t.Fatal(err)
	}
	h = stafftest.New(t, nil, func(c *staff.Config) {
		c.PublicURL = base
		c.OIDC = &staff.OIDC{Issuer: op.URL + "/", ClientID: "sportello", Secret: "segreto", Name: "l'identità di prova", Client: client.HTTP()}
	})
	h.Server.Close()
	listener.Config.Handler = stafftest.Handler(t, h.Console)
	listener.Start()
	h.Server = listener

	if n := h.Visitor().Get("/staff/login").Is(200).Page().Find(`a[href="/staff/oidc"]`).Length(); n != 1 {
		t.Error("no button")
	}
	// Nobody has an account with the address of the provider's user yet.
	_, r := signInAt(t, h, "test-user2")
	if r.StatusCode != http.StatusForbidden || r.Request.URL.Path != "/staff/oidc/back" {
		t.Fatalf("%d at %s", r.StatusCode, r.Request.URL)
	}
	p, err := h.Store.AddPerson(t.Context(), store.ActorCommand, store.Person{Email: "test-user2@zitadel.ch", Name: "Due"})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Store.Grant(t.Context(), store.ActorCommand, store.Member{Person: p.ID, Tenant: stafftest.Comune, Role: access.Clerk}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the first time by the address, then by the subject
		_, r = signInAt(t, h, "test-user2")
		if r.StatusCode != http.StatusOK || r.Request.URL.Path != "/staff/t/"+stafftest.Comune+"/" {
			t.Fatalf("%d at %s", r.StatusCode, r.Request.URL)
		}
	}
	if p, err = h.Store.Person(t.Context(), p.ID); err != nil || !strings.HasPrefix(p.Subject, op.URL) {
		t.Errorf("%+v %v", p, err)
	}
	// Whoever is kept out here is kept out, whatever the provider says.
	if err := h.Store.ChangePerson(t.Context(), store.ActorCommand, "person.disable", p.ID, "", func(p *store.Person) error { p.Disabled = true; return nil }); err != nil {
		t.Fatal(err)
	}
	if _, r = signInAt(t, h, "test-user2"); r.StatusCode != http.StatusForbidden {
		t.Errorf("%d at %s", r.StatusCode, r.Request.URL)
	}
	// An answer that nobody asked for is none.
	for _, path := range []string{"/staff/oidc/back?state=x&code=y", "/staff/oidc/back", "/staff/oidc/back?error=access_denied"} {
		h.Visitor().Get(path).Is(http.StatusForbidden)
	}
}

func TestOIDCProviderDown(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	client, err := outbound.New(outbound.Config{Private: []string{strings.TrimPrefix(gone.URL, "http://")}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := staff.New(staff.Config{Store: stafftest.New(t, nil).Store, OIDC: &staff.OIDC{Issuer: gone.URL, ClientID: "x", Name: "x", Client: client.HTTP()}})
	if err != nil {
		t.Fatal(err)
	}
	for _, route := range c.Routes() {
		if route.Path != "/staff/oidc" {
			continue
		}
		w := httptest.NewRecorder()
		if err := c.Serve(w, httptest.NewRequest(http.MethodGet, "/staff/oidc", nil), route, "192.0.2.1"); fault.CodeOf(err) != fault.Unavailable || w.Code != http.StatusServiceUnavailable {
			t.Errorf("%d %v", w.Code, err)
		}
	}
}
