package staff

import (
	"context"
	"net/http"
	"strings"
	"sync"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

// OIDC is an identity provider that people of the administration have an account with (OpenID Connect Core 1.0, code flow with PKCE).
// It says who somebody is, never what they may do: an account with a role has to be there first, with the same e-mail address.
type OIDC struct {
	Issuer   string // "https://login.comune.example.it/realms/comune"
	ClientID string
	Secret   string
	Name     string       // on the button
	Client   *http.Client // the only way out to the provider
}

// Paths of signing in with a provider; the second has to be registered there.
const (
	oidcStart = "/staff/oidc"
	oidcBack  = "/staff/oidc/back"
)

// oidcCookie holds what the answer of the provider is compared with.
const oidcCookie = "sportello_oidc"

// signer talks to the provider. It asks for its description at the first use, so that a provider that is down keeps nobody from starting.
type signer struct {
	OIDC
	mu       sync.Mutex
	provider *oidc.Provider
}

func (s *signer) ready(ctx context.Context) (*oidc.Provider, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.provider != nil {
		return s.provider, nil
	}
	// The provider keeps the context for later requests of its keys: it must not end with this request.
	p, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), s.Client), s.Issuer)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "the identity provider %s does not answer", s.Issuer)
	}
	s.provider = p
	return p, nil
}

func (c *Console) oauth(p *oidc.Provider, r *http.Request) *oauth2.Config {
	return &oauth2.Config{
		ClientID: c.oidc.ClientID, ClientSecret: c.oidc.Secret, Endpoint: p.Endpoint(), RedirectURL: c.base(r) + oidcBack,
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}
}

// oidcRoutes are there only when a provider is configured.
func (c *Console) oidcRoutes() []Route {
	if c.oidc == nil {
		return nil
	}
	return []Route{
		{Method: http.MethodGet, Path: oidcStart, Scope: Open, Handler: c.oidcStart},
		{Method: http.MethodGet, Path: oidcBack, Scope: Open, Handler: c.oidcBack},
	}
}

func (c *Console) oidcStart(w http.ResponseWriter, r *http.Request, _ *Visit) error {
	p, err := c.oidc.ready(r.Context())
	if err != nil {
		return err
	}
	state, nonce, verifier := access.NewSecret(), access.NewSecret(), oauth2.GenerateVerifier()
	kept := c.cookie(oidcCookie, strings.Join([]string{state, nonce, verifier}, "."))
	kept.MaxAge = int(pendingFor.Seconds())
	http.SetCookie(w, kept)
	to := c.oauth(p, r).AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier))
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// oidcBack is where the provider sends the person back to.
func (c *Console) oidcBack(w http.ResponseWriter, r *http.Request, v *Visit) error {
	ctx := oidc.ClientContext(r.Context(), c.oidc.Client)
	if wait, err := c.store.Attempt(ctx, access.Digest("oidc|"+v.client), addressLimit, tryWindow); err != nil || wait > 0 {
		return tooOften(wait, err)
	}
	cookie, err := r.Cookie(c.cookie(oidcCookie, "").Name)
	c.clear(w, oidcCookie)
	q := r.URL.Query()
	var kept []string
	if err == nil {
		kept = strings.Split(cookie.Value, ".")
	}
	if len(kept) != 3 || !access.Same(kept[0], q.Get("state")) || q.Get("code") == "" {
		return c.oidcRefused(w, v, "oidc_problem_again") // also when the person said no there
	}
	p, err := c.oidc.ready(ctx)
	if err != nil {
		return err
	}
	token, err := c.oauth(p, r).Exchange(ctx, q.Get("code"), oauth2.VerifierOption(kept[2]))
	if err != nil {
		c.cfg.Log.WarnContext(ctx, "identity provider", "error", err)
		return c.oidcRefused(w, v, "oidc_problem_again")
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := p.VerifierContext(ctx, &oidc.Config{ClientID: c.oidc.ClientID, Now: c.cfg.Now}).Verify(ctx, raw)
	if err != nil || !access.Same(id.Nonce, kept[1]) {
		c.cfg.Log.WarnContext(ctx, "identity provider: the token is not good", "error", err)
		return c.oidcRefused(w, v, "oidc_problem_again")
	}
	var claims struct {
		Email    string `json:"email"`
		Verified bool   `json:"email_verified"`
	}
	if err := id.Claims(&claims); err != nil {
		return fault.Wrap(fault.Invalid, err, "the provider's answer cannot be read")
	}
	if claims.Email == "" { // many providers say it only when asked with the access token
		info, err := p.UserInfo(ctx, oauth2.StaticTokenSource(token))
		if err != nil {
			c.cfg.Log.WarnContext(ctx, "identity provider", "error", err)
			return c.oidcRefused(w, v, "oidc_problem_again")
		}
		if info.Subject == id.Subject { // OpenID Connect Core 5.3.2: else it is of somebody else
			claims.Email, claims.Verified = info.Email, info.EmailVerified
		}
	}
	person, err := c.known(ctx, id.Issuer+" "+id.Subject, claims.Email, claims.Verified)
	if err != nil {
		return err
	}
	if person == nil || person.Disabled {
		return c.oidcRefused(w, v, "oidc_problem_nobody")
	}
	if err := c.signIn(w, r, v, person, false); err != nil {
		return err
	}
	http.Redirect(w, r, "/staff/", http.StatusSeeOther)
	return nil
}

// known finds the account of a subject: one that came in this way before, else the one with the address, when the provider vouches for
// it and no other identity has it. nil when there is none.
func (c *Console) known(ctx context.Context, subject, email string, verified bool) (*store.Person, error) {
	p, err := c.store.PersonBySubject(ctx, subject)
	if err == nil || fault.CodeOf(err) != fault.NotFound {
		return p, err
	}
	if !verified || email == "" {
		return nil, nil
	}
	p, err = c.store.PersonByEmail(ctx, email)
	if fault.CodeOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil || p.Disabled || p.Subject != "" {
		return nil, err
	}
	err = c.store.ChangePerson(ctx, "person:"+p.ID, "person.subject", p.ID, "", func(p *store.Person) error { p.Subject = subject; return nil })
	return p, err
}

func (c *Console) oidcRefused(w http.ResponseWriter, v *Visit, key string) error {
	v.Status, v.Problem = http.StatusForbidden, v.L.T(key)
	return v.Render(w, "login", v.L.T("staff_login_title"), c.loginBody("", "/staff/"))
}
