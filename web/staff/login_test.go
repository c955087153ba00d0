package staff_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"sportello/assistant/access"
	"sportello/assistant/store"
	"sportello/web/staff"
	"sportello/web/staff/stafftest"
)

func TestLogin(t *testing.T) {
	h := stafftest.New(t, nil)
	p := h.Person(access.Clerk, stafftest.Comune)
	c := h.Visitor()
	c.Get("/staff/t/borgoprova/people").Is(303)
	a := c.Get("/staff/login?next=/staff/t/borgoprova/offices").Is(200)
	if n := a.Page().Find("form input[name=csrf]").Length(); n != 1 {
		t.Fatal("no token")
	}
	before := cookie(t, c, "sportello_visitor")
	// Wrong address and wrong password say the same.
	one := c.Post("/staff/login", "email", p.Email, "password", "sbagliata sbagliata").Is(422).Page().Find(".alert").Text()
	two := c.Post("/staff/login", "email", "nessuno@example.it", "password", "sbagliata sbagliata").Is(422).Page().Find(".alert").Text()
	if one == "" || one != two {
		t.Errorf("%q and %q", one, two)
	}
	in := c.Post("/staff/login", "email", " "+strings.ToUpper(p.Email), "password", stafftest.Password, "next", "/staff/t/borgoprova/offices").Is(303)
	if to := in.Header.Get("Location"); to != "/staff/t/borgoprova/offices" {
		t.Errorf("to %s", to)
	}
	set := in.Header.Values("Set-Cookie")
	if len(set) != 2 || !strings.Contains(strings.Join(set, "\n"), "HttpOnly; SameSite=Lax") || cookie(t, c, "sportello_session") == before {
		t.Errorf("cookies %v", set)
	}
	c.Get("/staff/t/borgoprova/offices").Is(200)
	if to := c.Get("/staff/login").Is(303).Header.Get("Location"); to != "/staff/" {
		t.Errorf("signed in already: %s", to)
	}
	if to := c.Get("/staff/").Is(303).Header.Get("Location"); to != "/staff/t/borgoprova/" {
		t.Errorf("the only tenant: %s", to)
	}
	c.Get("/staff/t/borgoprova/").Is(200)
	old := cookie(t, c, "sportello_session")
	c.Post("/staff/logout").Is(303)
	if _, err := h.Store.Session(t.Context(), old); err == nil {
		t.Error("the session goes on after leaving")
	}
	c.Get("/staff/account").Is(303)
}

func cookie(t *testing.T, c *stafftest.Client, name string) string {
	t.Helper()
	for _, x := range c.Jar.Cookies(c.Request(http.MethodGet, "/", nil).URL) {
		if x.Name == name {
			return x.Value
		}
	}
	return ""
}

// Addresses to go on to are pages of the console and nothing else.
func TestNoOpenRedirect(t *testing.T) {
	h := stafftest.New(t, nil)
	p := h.Person(access.Clerk, stafftest.Comune)
	for _, next := range []string{"https://evil.example/staff/", "//evil.example/staff/", "/\\evil.example", "/staff/../../x", "javascript:alert(1)", "/t/borgoprova/", "/staff//evil", "", "/staff/login", "%zz"} {
		c := h.Visitor()
		c.Get("/staff/login")
		to := c.Post("/staff/login", "email", p.Email, "password", stafftest.Password, "next", next).Is(303).Header.Get("Location")
		if !strings.HasPrefix(to, "/staff/") || strings.Contains(to, "evil.example") {
			t.Errorf("%q leads to %q", next, to)
		}
	}
}

// A session that somebody put into the browser beforehand is not the one that is signed in.
func TestSessionIsRenewed(t *testing.T) {
	h := stafftest.New(t, nil)
	c := h.As(access.Clerk, stafftest.Comune)
	old := cookie(t, c, "sportello_session")
	p := h.Person(access.Editor, stafftest.Comune)
	c.Post("/staff/login", "email", p.Email, "password", stafftest.Password).Is(303)
	if now := cookie(t, c, "sportello_session"); now == old || now == "" {
		t.Error("the session was not renewed")
	}
	if _, err := h.Store.Session(t.Context(), old); err == nil {
		t.Error("the old session goes on")
	}
}

func TestThrottle(t *testing.T) {
	h := stafftest.New(t, nil)
	p := h.Person(access.Clerk, stafftest.Comune)
	c := h.Visitor()
	c.Get("/staff/login")
	for range 6 {
		c.Post("/staff/login", "email", p.Email, "password", "sbagliata sbagliata").Is(422)
	}
	if text := c.Post("/staff/login", "email", p.Email, "password", stafftest.Password).Is(429).Page().Find(".alert").Text(); !strings.Contains(text, "minuti") {
		t.Errorf("%q", text)
	}
	// A restart does not forget it.
	again := stafftest.Over(t, h.Store, nil)
	d := again.Visitor()
	d.Get("/staff/login")
	d.Post("/staff/login", "email", p.Email, "password", stafftest.Password).Is(429)
	// Somebody else at the same address still may.
	q := h.Person(access.Editor, stafftest.Comune)
	c.Post("/staff/login", "email", q.Email, "password", stafftest.Password).Is(303)
}

func TestTimes(t *testing.T) {
	now := time.Now()
	h := stafftest.New(t, nil, func(c *staff.Config) { c.Now = func() time.Time { return now } })
	c := h.As(access.Clerk, stafftest.Comune)
	c.Get("/staff/account").Is(200)
	now = now.Add(2 * time.Minute)
	c.Get("/staff/account").Is(200) // touched
	now = now.Add(3 * time.Hour)
	c.Get("/staff/account").Is(303)
	now = time.Now()
	c.Get("/staff/account").Is(303) // the idle session was ended, not only refused
	d := h.As(access.Clerk, stafftest.Comune)
	if err := h.Store.ChangePerson(t.Context(), store.ActorCommand, "person.disable", d.Person.ID, "keep", func(p *store.Person) error { p.Disabled = true; return nil }); err != nil {
		t.Fatal(err)
	}
	d.Get("/staff/account").Is(303)
	e := h.Visitor()
	e.Get("/staff/login")
	e.Post("/staff/login", "email", d.Person.Email, "password", stafftest.Password).Is(422)
}

func TestForgedRequests(t *testing.T) {
	h := stafftest.New(t, nil)
	c := h.As(access.Tenant, stafftest.Comune)
	post := func(change func(*http.Request)) *stafftest.Answer {
		r := c.Request(http.MethodPost, "/staff/t/borgoprova/settings/page.notice", strings.NewReader("value=x&csrf="+c.Token()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		change(r)
		return c.Do(r)
	}
	post(func(*http.Request) {}).Is(303)
	post(func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") }).Is(303)
	post(func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }).Is(403)
	post(func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }).Is(403)
	post(func(r *http.Request) { r.Header.Set("X-CSRF-Token", "x") }).Is(409)
	post(func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }).Is(409)
	post(func(r *http.Request) { r.Header.Set("Content-Type", "multipart/form-data") }).Is(422)
	r := c.Request(http.MethodPost, "/staff/t/borgoprova/settings/page.notice", strings.NewReader("value="+strings.Repeat("x", 300<<10)+"&csrf="+c.Token()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	c.Do(r).Is(413)
	// htmx is told where to go instead of a page inside a page.
	if to := post(func(r *http.Request) { r.Header.Set("HX-Request", "true") }).Is(204).Header.Get("HX-Redirect"); to != "/staff/t/borgoprova/settings?done=settings_done_saved#page_notice" {
		t.Errorf("htmx to %s", to)
	}
	anonymous := h.Visitor()
	r = anonymous.Request(http.MethodGet, "/staff/t/borgoprova/settings", nil)
	r.Header.Set("HX-Request", "true")
	if to := anonymous.Do(r).Is(401).Header.Get("HX-Redirect"); to != "/staff/login?next=%2Fstaff%2Ft%2Fborgoprova%2Fsettings" {
		t.Errorf("htmx to %s", to)
	}
	r = anonymous.Request(http.MethodPost, "/staff/login", strings.NewReader("email=a&password=b"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	h.Visitor().Do(r).Is(409)
}

func TestSecureCookies(t *testing.T) {
	h := stafftest.New(t, nil, func(c *staff.Config) { c.PublicURL = "https://sportello.example.it" })
	set := h.Visitor().Get("/staff/login").Is(200).Header.Get("Set-Cookie")
	if !strings.HasPrefix(set, "__Host-sportello_visitor=") || !strings.Contains(set, "Secure") || !strings.Contains(set, "Path=/;") {
		t.Error(set)
	}
}

// phone is an authenticator (RFC 6238, RFC 4226 section 5.3).
func phone(t *testing.T, secret string, now time.Time) string {
	t.Helper()
	key, err := base32.StdEncoding.DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, now.Unix()/30)
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:at+4])&0x7fffffff%1_000_000)
}

func TestSecondFactor(t *testing.T) {
	now := time.Now()
	h := stafftest.New(t, nil, func(c *staff.Config) { c.Now = func() time.Time { return now } })
	c := h.As(access.Clerk, stafftest.Comune)
	other := h.As(access.Clerk, stafftest.Comune)
	secret := c.Get("/staff/account/totp").Is(200).Page().Find("input[name=secret]").AttrOr("value", "")
	code := func() string { return phone(t, secret, now) }
	c.Post("/staff/account/totp", "secret", secret, "code", "000000", "password", stafftest.Password).Is(422)
	c.Post("/staff/account/totp", "secret", secret, "code", code(), "password", "sbagliata").Is(422)
	c.Post("/staff/account/totp", "secret", "short", "code", code(), "password", stafftest.Password).Is(422)
	codes := c.Post("/staff/account/totp", "secret", secret, "code", code(), "password", stafftest.Password).Is(200).Page().Find(".recovery code")
	if codes.Length() != 10 {
		t.Fatalf("%d codes of recovery", codes.Length())
	}
	c.Get("/staff/account").Is(200)
	other.Get("/staff/account").Is(303) // the other sessions ended
	d := h.Visitor()
	enter := func() string {
		d.Get("/staff/login")
		return d.Post("/staff/login", "email", c.Person.Email, "password", stafftest.Password, "next", "/staff/account").Is(303).Header.Get("Location")
	}
	if to := enter(); to != "/staff/login/code?next=%2Fstaff%2Faccount" {
		t.Fatalf("to %s", to)
	}
	d.Get("/staff/account").Is(303) // half way is not in
	d.Get("/staff/login/code").Is(200)
	d.Post("/staff/login/code", "code", code()).Is(422) // used when it was turned on
	now = now.Add(31 * time.Second)
	if to := d.Post("/staff/login/code", "code", code(), "next", "/staff/account").Is(303).Header.Get("Location"); to != "/staff/account" {
		t.Errorf("to %s", to)
	}
	d.Get("/staff/account").Is(200)
	d.Get("/staff/login/code").Is(303)
	d.Post("/staff/login/code", "code", code()).Is(303)
	// A code of recovery, once.
	d = h.Visitor()
	enter()
	d.Post("/staff/login/code", "code", codes.First().Text()).Is(303)
	d.Get("/staff/account").Is(200)
	d = h.Visitor()
	enter()
	for range 6 {
		d.Post("/staff/login/code", "code", codes.First().Text()).Is(422)
	}
	now = now.Add(31 * time.Second)
	d.Post("/staff/login/code", "code", code()).Is(429)
	c.Post("/staff/account/totp/off", "password", "sbagliata").Is(422)
	c.Post("/staff/account/totp/off", "password", stafftest.Password).Is(303)
	if p, err := h.Store.Person(t.Context(), c.Person.ID); err != nil || p.TOTP != "" || len(p.Recovery) != 0 {
		t.Errorf("%+v %v", p, err)
	}
}

func TestAccount(t *testing.T) {
	h := stafftest.New(t, nil)
	c, other := h.As(access.Clerk, stafftest.Comune), h.As(access.Clerk, stafftest.Comune)
	page := c.Get("/staff/account").Is(200).Page()
	if n := page.Find("section[aria-labelledby=sessions] tbody tr").Length(); n != 2 {
		t.Errorf("%d sessions", n)
	}
	action := page.Find("section[aria-labelledby=sessions] td form").AttrOr("action", "")
	c.Post(action).Is(303)
	other.Get("/staff/account").Is(303)
	c.Post(action).Is(404)
	third := h.As(access.Clerk, stafftest.Comune)
	c.Post("/staff/account/sessions/end").Is(303)
	third.Get("/staff/account").Is(303)
	for _, tc := range []struct{ now, next, again string }{
		{"sbagliata", "una frase tutta nuova", "una frase tutta nuova"}, {stafftest.Password, "corta", "corta"}, {stafftest.Password, "una frase tutta nuova", "una frase diversa"},
		{stafftest.Password, "clerk.borgoprova", "clerk.borgoprova"}, {stafftest.Password, strings.Repeat("lunga ", 50), strings.Repeat("lunga ", 50)},
	} {
		if text := c.Post("/staff/account/password", "password", tc.now, "new", tc.next, "again", tc.again).Is(422).Page().Find(".alert-danger").Text(); text == "" {
			t.Errorf("%+v: not said why", tc)
		}
	}
	c.Post("/staff/account/password", "password", stafftest.Password, "new", "una frase tutta nuova", "again", "una frase tutta nuova").Is(303)
	page = c.Get("/staff/account?done=staff_done_password").Is(200).Page()
	if page.Find(".alert-success").Length() != 1 {
		t.Error("not said that it was done")
	}
	if c.Get("/staff/account?done=staff_login_wrong").Page().Find(".alert-success").Length() != 0 {
		t.Error("an address can make the page say anything")
	}
}

func TestLinks(t *testing.T) {
	h := stafftest.New(t, nil)
	p := h.Person(access.Clerk, stafftest.Comune)
	secret, err := h.Store.NewLink(t.Context(), store.ActorCommand, store.Link{Kind: store.LinkReset, Person: p.ID, Expires: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	c := h.Visitor()
	c.Get("/staff/link/none").Is(404)
	c.Post("/staff/link/none", "new", "x").Is(404)
	c.Get("/staff/link/" + secret).Is(200)
	c.Post("/staff/link/"+secret, "new", "corta", "again", "corta").Is(422)
	c.Post("/staff/link/"+secret, "new", "una frase tutta nuova", "again", "una frase tutta nuova").Is(303)
	c.Post("/staff/link/"+secret, "new", "una frase tutta nuova", "again", "una frase tutta nuova").Is(404)
	c.Post("/staff/login", "email", p.Email, "password", "una frase tutta nuova").Is(303)
}

func TestSetup(t *testing.T) {
	s, err := store.Open(t.Context(), store.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	h := stafftest.Over(t, s, nil)
	link, err := h.Console.SetupLink(t.Context())
	if err != nil || !strings.HasPrefix(link, "/staff/setup/") {
		t.Fatal(link, err)
	}
	c := h.Visitor()
	if c.Get("/staff/login").Is(200).Page().Find(".alert-warning").Length() != 1 {
		t.Error("nobody says how to begin")
	}
	c.Get("/staff/setup/none").Is(404)
	c.Post("/staff/setup/none").Is(404)
	c.Get(link).Is(200)
	if text := c.Get(link + "/comuni?name=avel").Is(200).Text; !strings.Contains(text, `value="Avella"`) {
		t.Errorf("%s", text)
	}
	c.Get("/staff/setup/none/comuni?name=avel").Is(404)
	admin := []string{"who", "Maria Rossi", "email", "maria@example.it", "new", "quattro gatti sul tetto", "again", "quattro gatti sul tetto"}
	c.Post(link, append([]string{"name", "Avella", "who", "", "email", "maria@example.it"}, admin[4:]...)...).Is(422)
	c.Post(link, "name", "Avella", "who", "Maria", "email", "maria").Is(422)
	c.Post(link, "name", "Avella", "who", "Maria", "email", "maria@example.it", "new", "x", "again", "x").Is(422)
	c.Post(link, append([]string{"name", "Parigi"}, admin...)...).Is(422)
	several := c.Post(link, append([]string{"name", "Samone"}, admin...)...).Is(422).Page()
	if several.Find("input[name=istat]").Length() != 2 {
		t.Error("two comuni of the name are not offered")
	}
	if to := c.Post(link, append([]string{"name", "avella"}, admin...)...).Is(303).Header.Get("Location"); to != "/staff/t/avella/?done=setup_done_ready" {
		t.Errorf("to %s", to)
	}
	page := c.Get("/staff/t/avella/").Is(200).Page()
	if page.Find(".steps li").Length() != 2 || page.Find("h1").Text() != "Comune di Avella" {
		t.Errorf("%s", page.Find("main").Text())
	}
	c.Get(link).Is(404)
	if link, err := h.Console.SetupLink(t.Context()); link != "" || err != nil {
		t.Error(link, err)
	}
	c.Get("/staff/t/avella/site").Is(200)
	c.Post("/staff/t/avella/site").Is(303)
	if n := c.Get("/staff/t/avella/").Is(200).Page().Find(".steps li.done").Length(); n != 1 {
		t.Errorf("%d steps done", n)
	}
}

func TestSecondFactorAsked(t *testing.T) {
	for second, want := range map[staff.Second][2]int{staff.SecondOptional: {200, 200}, staff.SecondAdministrators: {303, 200}, staff.SecondEverybody: {303, 303}} {
		h := stafftest.New(t, nil, func(c *staff.Config) { c.Second = second })
		for i, role := range []access.Role{access.Tenant, access.Clerk} {
			c := h.As(role, stafftest.Comune)
			a := c.Get(here + "offices").Is(want[i])
			if to := a.Header.Get("Location"); want[i] == 303 && to != "/staff/account/totp?done=staff_done_second" {
				t.Errorf("%s: %s goes to %s", second, role, to)
			}
			c.Get("/staff/account/totp?done=staff_done_second").Is(200)
			err := h.Store.ChangePerson(t.Context(), store.ActorCommand, "person.totp_on", c.Person.ID, "", func(p *store.Person) error { p.TOTP = "X"; return nil })
			if err != nil {
				t.Fatal(err)
			}
			h.As(role, stafftest.Comune).Get(here + "offices").Is(200)
		}
	}
}
