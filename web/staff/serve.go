package staff

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

// Serve answers a request of a route of Routes. The path values of r are set; client is the address of the browser. An error was
// written already and is returned for the log.
func (c *Console) Serve(w http.ResponseWriter, r *http.Request, route Route, client string) error {
	v := &Visit{L: c.l, route: route, client: client, path: r.URL.Path, console: c}
	if !route.Stream {
		ctx, cancel := context.WithTimeout(r.Context(), route.Timeout)
		defer cancel()
		r = r.WithContext(ctx)
	}
	r.Body = http.MaxBytesReader(w, r.Body, route.MaxBody)
	w.Header().Set("Cache-Control", "no-store")
	err := c.enter(w, r, v)
	switch {
	case err != nil:
	case c.cfg.Reached != nil:
		c.cfg.Reached(route)
	default:
		err = route.Handler(w, r, v)
	}
	if err != nil {
		c.fail(w, r, v, err)
	}
	return err
}

// enter finds out who is there and whether they may do what the route does, and nothing else.
func (c *Console) enter(w http.ResponseWriter, r *http.Request, v *Visit) error {
	var err error
	if v.route.API() {
		err = c.token(r, v)
	} else {
		err = c.session(w, r, v)
	}
	if err != nil {
		return err
	}
	if c.unproved(v) {
		return errSecondFactor
	}
	if err := c.place(r, v); err != nil {
		return err
	}
	if v.route.Timeout > pageLimit {
		// The server's own limit is for small requests; only who may send a large one has longer. A connection that has none to set is a test's.
		_ = http.NewResponseController(w).SetReadDeadline(c.cfg.Now().Add(v.route.Timeout))
	}
	if v.route.API() || r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	return c.ours(r, v)
}

// errSecondFactor sends a browser to the page where a second factor is set up.
var errSecondFactor = fault.New(fault.Forbidden, "set up the second factor first")

// unproved says whether the person has no second factor and needs one. Their own account stays open to them, to set it up.
func (c *Console) unproved(v *Visit) bool {
	if v.Person == nil || v.Person.TOTP != "" || v.Person.Subject != "" || v.route.Scope == Open || strings.HasPrefix(v.route.Path, "/staff/account") || v.route.Path == "/staff/logout" {
		return false
	}
	switch c.cfg.Second {
	case SecondEverybody:
		return true
	case SecondAdministrators:
		return slices.ContainsFunc(v.Members, func(m store.Member) bool { return access.May(m.Role, access.EditPeople) })
	}
	return false
}

// place checks the right: in the tenant of the path, or in the whole installation. A tenant where the person is nothing does not exist.
func (c *Console) place(r *http.Request, v *Visit) error {
	ctx := r.Context()
	switch v.route.Scope {
	case Open:
		return nil
	case Signed:
		return nil
	case Overall:
		v.Roles = store.RolesIn(v.Members, nil)
		if !v.May(v.route.Action) {
			return forbidden(v.route)
		}
		return nil
	}
	slug := r.PathValue("slug")
	line, err := c.store.Lineage(ctx, slug)
	if err != nil {
		return err
	}
	v.Roles = store.RolesIn(v.Members, line)
	if len(v.Roles) == 0 || v.Token != nil && v.Token.Tenant != slug {
		return fault.New(fault.NotFound, "there is no tenant %q", slug)
	}
	if v.Tenant, err = c.store.Tenant(ctx, slug); err != nil {
		return err
	}
	v.Lineage = line
	if !v.May(v.route.Action) {
		return forbidden(v.route)
	}
	return nil
}

func forbidden(r Route) error {
	return fault.New(fault.Forbidden, "this takes the right %q", r.Action)
}

// ours makes sure that a change comes from a page of ours: the browser says where a request comes from, and the form holds a value
// that only a page of this session has.
func (c *Console) ours(r *http.Request, v *Visit) error {
	if err := c.cross.Check(r); err != nil {
		return fault.Wrap(fault.Forbidden, err, "the request comes from another site")
	}
	sent := r.Header.Get("X-CSRF-Token")
	if sent == "" {
		var err error
		if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
			err = r.ParseMultipartForm(multipartKept)
		} else {
			err = r.ParseForm()
		}
		if err != nil {
			return bodyFault(err)
		}
		sent = r.PostFormValue("csrf")
	}
	if v.seed == "" || !access.Same(sent, v.CSRF) {
		return fault.New(fault.Conflict, "the form is from another session: open the page again")
	}
	return nil
}

// bodyFault tells a body that is too large from one that is no form.
func bodyFault(err error) error {
	var large *http.MaxBytesError
	if asError(err, &large) {
		return fault.Wrap(fault.TooLarge, err, "more than %d bytes were sent", large.Limit)
	}
	return fault.Wrap(fault.Invalid, err, "the form cannot be read")
}

// token lets a program in.
func (c *Console) token(r *http.Request, v *Visit) error {
	ctx := r.Context()
	secret, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return fault.New(fault.Unsigned, "send a token: Authorization: Bearer %s…", store.TokenPrefix)
	}
	t, err := c.store.Token(ctx, strings.TrimSpace(secret))
	if fault.CodeOf(err) == fault.NotFound {
		// Only wrong ones are counted: a good one is used often, and must not write each time.
		if wait, err := c.store.Attempt(ctx, access.Digest("token|"+v.client), c.cfg.WrongTokens, time.Minute); err != nil || wait > 0 {
			return tooOften(wait, err)
		}
		return fault.New(fault.Unsigned, "the token is not good: it was revoked, is over, or never was")
	}
	if err != nil {
		return err
	}
	p, err := c.store.Person(ctx, t.Person)
	if err != nil {
		return err
	}
	if p.Disabled {
		return fault.New(fault.Unsigned, "the account that made the token is disabled")
	}
	v.Token = t
	v.Members, err = c.store.Memberships(ctx, p.ID)
	return err
}

func tooOften(wait time.Duration, err error) error {
	if err != nil {
		return err
	}
	return &throttled{wait}
}
