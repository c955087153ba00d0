package staff

import (
	"net/http"
	"strings"
	"time"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

// How often somebody may try in a quarter of an hour: one account from one address, one account from anywhere, one address. The
// widest keeps a network of machines from guessing at one account without letting a stranger lock its owner out at once.
const (
	pairLimit    = 6
	accountLimit = 30
	addressLimit = 60
	codeLimit    = 6
	tryWindow    = 15 * time.Minute
)

type loginBody struct {
	Email, Next string
	Provider    string // name of the identity provider; empty: none
	New         bool   // nobody was ever added
}

// loginBody is what the page to sign in shows.
func (c *Console) loginBody(email, next string) loginBody {
	body := loginBody{Email: email, Next: next}
	if c.oidc != nil {
		body.Provider = c.oidc.Name
	}
	return body
}

func (c *Console) loginPage(w http.ResponseWriter, r *http.Request, v *Visit) error {
	next := localPath(r.URL.Query().Get("next"))
	if v.Person != nil {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return nil
	}
	body := c.loginBody("", next)
	old, err := c.store.HasPeople(r.Context())
	if err != nil {
		return err
	}
	body.New = !old
	return v.Render(w, "login", v.L.T("staff_login_title"), body)
}

// login checks address and password. What is wrong is never said, and takes as long for an account that is not there.
func (c *Console) login(w http.ResponseWriter, r *http.Request, v *Visit) error {
	ctx := r.Context()
	email, password := strings.ToLower(strings.TrimSpace(r.PostFormValue("email"))), r.PostFormValue("password")
	next := localPath(r.PostFormValue("next"))
	pair := access.Digest("pair|" + email + "|" + v.client)
	for _, one := range []struct {
		key   string
		limit int
	}{{access.Digest("address|" + v.client), addressLimit}, {access.Digest("account|" + email), accountLimit}, {pair, pairLimit}} {
		wait, err := c.store.Attempt(ctx, one.key, one.limit, tryWindow)
		if err != nil {
			return err
		}
		if wait > 0 {
			return c.loginWait(w, v, wait, c.loginBody(email, next))
		}
	}
	p, err := c.store.PersonByEmail(ctx, email)
	if err != nil && fault.CodeOf(err) != fault.NotFound {
		return err
	}
	encoded := ""
	if p != nil && !p.Disabled {
		encoded = p.Password
	}
	right, err := c.hasher.Verify(ctx, encoded, password)
	if err != nil {
		return err
	}
	if !right {
		refused := store.AuditEntry{Actor: store.ActorSystem, Action: "session.refused"} // also of nobody: it takes the same time
		if p != nil {
			refused.Object = p.ID
		}
		if err := c.store.Note(ctx, refused); err != nil {
			return err
		}
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("staff_login_wrong")
		return v.Render(w, "login", v.L.T("staff_login_title"), c.loginBody(email, next))
	}
	if err := c.store.ClearAttempts(ctx, pair); err != nil {
		return err
	}
	if err := c.signIn(w, r, v, p, p.TOTP != ""); err != nil {
		return err
	}
	if p.TOTP != "" {
		next = v.URL("/staff/login/code", "next", next)
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

func (c *Console) loginWait(w http.ResponseWriter, v *Visit, wait time.Duration, body any) error {
	v.Status, v.Problem = http.StatusTooManyRequests, v.L.N("staff_login_wait", int(wait.Minutes())+1)
	return v.Render(w, "login", v.L.T("staff_login_title"), body)
}

func (c *Console) codePage(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if v.Session == nil || !v.Session.Pending {
		return errSignIn
	}
	return v.Render(w, "code", v.L.T("staff_code_title"), loginBody{Next: localPath(r.URL.Query().Get("next"))})
}

// code checks the second factor: a code of the phone, or one of recovery.
func (c *Console) code(w http.ResponseWriter, r *http.Request, v *Visit) error {
	ctx := r.Context()
	if v.Session == nil || !v.Session.Pending {
		return errSignIn
	}
	next := localPath(r.PostFormValue("next"))
	key := access.Digest("code|" + v.Session.Person)
	wait, err := c.store.Attempt(ctx, key, codeLimit, tryWindow)
	if err != nil {
		return err
	}
	if wait > 0 {
		v.Status, v.Problem = http.StatusTooManyRequests, v.L.N("staff_login_wait", int(wait.Minutes())+1)
		return v.Render(w, "code", v.L.T("staff_code_title"), loginBody{Next: next})
	}
	p, err := c.store.Person(ctx, v.Session.Person)
	if err != nil {
		return err
	}
	right, err := c.secondFactor(r, p, r.PostFormValue("code"))
	if err != nil {
		return err
	}
	if !right {
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("staff_code_wrong")
		return v.Render(w, "code", v.L.T("staff_code_title"), loginBody{Next: next})
	}
	if err := c.store.ClearAttempts(ctx, key); err != nil {
		return err
	}
	if err := c.signIn(w, r, v, p, false); err != nil {
		return err
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

func (c *Console) secondFactor(r *http.Request, p *store.Person, code string) (bool, error) {
	ctx := r.Context()
	if step, ok := access.VerifyTOTP(p.TOTP, code, c.cfg.Now(), p.Step); ok {
		return c.store.UseStep(ctx, p.ID, step)
	}
	if _, ok := access.UseRecovery(p.Recovery, code); !ok {
		return false, nil
	}
	used := false
	err := c.store.ChangePerson(ctx, "person:"+p.ID, "person.recovery_used", p.ID, "", func(p *store.Person) error {
		p.Recovery, used = access.UseRecovery(p.Recovery, code) // again, in the transaction: a code is good once
		return nil
	})
	return used, err
}

func (c *Console) logout(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := c.store.EndSession(r.Context(), v.secret); err != nil {
		return err
	}
	c.clear(w, sessionCookie)
	w.Header().Set("Clear-Site-Data", `"cache"`)
	return v.Done(w, r, "/staff/login", "staff_done_logout")
}
