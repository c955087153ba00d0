package staff

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

// The cookies of the console. Citizens get none.
const (
	sessionCookie = "sportello_session"
	visitorCookie = "sportello_visitor" // before signing in: what the forms of these pages are bound to
)

// errSignIn sends a browser to the page to sign in.
var errSignIn = fault.New(fault.Unsigned, "sign in first")

// cookie gives a cookie as the console sets them: not for scripts, not for other sites, and by https only where there is https.
func (c *Console) cookie(name, value string) *http.Cookie {
	if c.secure() {
		name = "__Host-" + name
	}
	return &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: c.secure(), SameSite: http.SameSiteLaxMode}
}

func (c *Console) read(r *http.Request, name string) string {
	got, err := r.Cookie(c.cookie(name, "").Name)
	if err != nil || len(got.Value) > 200 {
		return ""
	}
	return got.Value
}

func (c *Console) clear(w http.ResponseWriter, name string) {
	gone := c.cookie(name, "")
	gone.MaxAge = -1
	http.SetCookie(w, gone)
}

// session finds out who is signed in. Routes that are not open need somebody, whose second factor is done.
func (c *Console) session(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if secret := c.read(r, sessionCookie); secret != "" {
		if err := c.resume(r, v, secret); err != nil {
			return err
		}
	}
	if v.Session == nil {
		c.visitor(w, r, v)
	} else {
		v.seed = v.secret
	}
	v.CSRF = access.Mark(v.seed, "csrf")
	if key := r.URL.Query().Get("done"); strings.Contains(key, "_done_") && v.L.Has(key) {
		v.Message = v.L.T(key)
	}
	if v.route.Scope != Open && (v.Session == nil || v.Session.Pending) {
		return errSignIn
	}
	return nil
}

// resume takes up the session of a secret; one that is over, idle or of a person who may no longer come in is as none.
func (c *Console) resume(r *http.Request, v *Visit, secret string) error {
	ctx := r.Context()
	x, err := c.store.Session(ctx, secret)
	if fault.CodeOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	now := c.cfg.Now()
	if now.Sub(x.Seen) > c.cfg.Idle {
		return c.store.EndSession(ctx, secret)
	}
	p, err := c.store.Person(ctx, x.Person)
	if err != nil {
		return err
	}
	if p.Disabled {
		return c.store.EndSession(ctx, secret)
	}
	v.Session, v.secret = x, secret
	if x.Pending {
		return nil
	}
	v.Person = p
	if v.Members, err = c.store.Memberships(ctx, p.ID); err != nil {
		return err
	}
	if now.Sub(x.Seen) > touchEvery {
		return c.store.TouchSession(ctx, secret)
	}
	return nil
}

// visitor binds the forms of the open pages to this browser, so that nobody can sign somebody else in under a strange account.
func (c *Console) visitor(w http.ResponseWriter, r *http.Request, v *Visit) {
	v.seed = c.read(r, visitorCookie)
	if v.seed == "" && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		v.seed = access.NewSecret()
		http.SetCookie(w, c.cookie(visitorCookie, v.seed))
	}
}

// signIn starts a new session for the person, whatever session the browser had before.
func (c *Console) signIn(w http.ResponseWriter, r *http.Request, v *Visit, p *store.Person, pending bool) error {
	ctx := r.Context()
	if v.secret != "" {
		if err := c.store.EndSession(ctx, v.secret); err != nil {
			return err
		}
	}
	length := c.cfg.Absolute
	if pending {
		length = pendingFor
	}
	secret, err := c.store.StartSession(ctx, store.Session{Person: p.ID, Pending: pending, Agent: agent(r.UserAgent()), Expires: c.cfg.Now().Add(length)})
	if err != nil {
		return err
	}
	c.clear(w, visitorCookie)
	http.SetCookie(w, c.cookie(sessionCookie, secret))
	return nil
}

// agent says in two words what a session was started with, so that people recognise their own.
func agent(header string) string {
	first := func(names ...string) string {
		for _, n := range names {
			name, word, ok := strings.Cut(n, "=")
			if !ok {
				word = name
			}
			if strings.Contains(header, word) {
				return name
			}
		}
		return ""
	}
	browser := first("Edge=Edg/", "Opera=OPR/", "Firefox", "Chrome", "Safari", "curl")
	system := first("Android", "iPhone", "iPad", "Windows", "macOS=Mac OS X", "Linux")
	switch {
	case browser == "" && system == "":
		return ""
	case system == "":
		return browser
	}
	return strings.TrimPrefix(browser+", "+system, ", ")
}

// localPath gives the page of the console to go to after signing in; anything that leads elsewhere gives the first page.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" || !strings.HasPrefix(u.Path, "/staff/") || strings.ContainsAny(next, "\\\r\n") || strings.Contains(u.Path, "..") {
		return "/staff/"
	}
	if strings.HasPrefix(u.Path, "/staff/login") || strings.HasPrefix(u.Path, "/staff/logout") {
		return "/staff/"
	}
	return u.RequestURI()
}

// throttled is a fault with how long to wait.
type throttled struct{ wait time.Duration }

func (t *throttled) Error() string { return "too many attempts" }

func asError[T error](err error, target *T) bool { return errors.As(err, target) }
