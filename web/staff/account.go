package staff

import (
	"encoding/base64"
	"net/http"
	"strings"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

type heldRole struct {
	Role  access.Role
	Place string // name of the tenant, empty: the whole installation
}

func (c *Console) accountPage(w http.ResponseWriter, r *http.Request, v *Visit) error {
	ctx := r.Context()
	var body struct {
		Roles    []heldRole
		Sessions []store.Session
	}
	names, err := c.names(ctx)
	if err != nil {
		return err
	}
	for _, m := range v.Members {
		body.Roles = append(body.Roles, heldRole{m.Role, names[m.Tenant]})
	}
	if body.Sessions, err = c.store.Sessions(ctx, v.Person.ID); err != nil {
		return err
	}
	return v.Render(w, "account", v.L.T("staff_account_title"), body)
}

// wrongAccount draws the account page again with what is wrong.
func (c *Console) wrongAccount(w http.ResponseWriter, r *http.Request, v *Visit, problem string) error {
	v.Status, v.Problem = http.StatusUnprocessableEntity, problem
	return c.accountPage(w, r, v)
}

// proved makes sure that who changes how to come in knows the password, not only has the screen. A person without one, who signs in
// through a provider, has nothing to show here.
func (c *Console) proved(r *http.Request, v *Visit) (problem string, err error) {
	if v.Person.Password == "" {
		return "", nil
	}
	ctx, key := r.Context(), access.Digest("proof|"+v.Person.ID)
	wait, err := c.store.Attempt(ctx, key, pairLimit, tryWindow)
	if err != nil {
		return "", err
	}
	if wait > 0 {
		return v.L.N("staff_login_wait", int(wait.Minutes())+1), nil
	}
	right, err := c.hasher.Verify(ctx, v.Person.Password, r.PostFormValue("password"))
	if err != nil {
		return "", err
	}
	if !right {
		return v.L.T("staff_password_now_wrong"), nil
	}
	return "", c.store.ClearAttempts(ctx, key)
}

// newPassword reads a new password from the form; problem says what is wrong with it.
func (c *Console) newPassword(r *http.Request, v *Visit, p *store.Person) (encoded, problem string, err error) {
	password := r.PostFormValue("new")
	if password != r.PostFormValue("again") {
		return "", v.L.T("staff_password_differ"), nil
	}
	account, _, _ := strings.Cut(p.Email, "@")
	if err := access.CheckPassword(password, append(strings.Fields(p.Name), account)...); err != nil {
		switch n := len([]rune(password)); {
		case n < access.MinPassword:
			return "", v.L.N("staff_password_short", access.MinPassword), nil
		case n > access.MaxPassword:
			return "", v.L.N("staff_password_long", access.MaxPassword), nil
		}
		return "", v.L.T("staff_password_easy"), nil
	}
	encoded, err = c.hasher.Hash(r.Context(), password)
	return encoded, "", err
}

func (c *Console) changePassword(w http.ResponseWriter, r *http.Request, v *Visit) error {
	problem, err := c.proved(r, v)
	if err != nil {
		return err
	}
	if problem != "" {
		return c.wrongAccount(w, r, v, problem)
	}
	encoded, problem, err := c.newPassword(r, v, v.Person)
	if err != nil {
		return err
	}
	if problem != "" {
		return c.wrongAccount(w, r, v, problem)
	}
	err = c.store.ChangePerson(r.Context(), v.Actor(), "person.password", v.Person.ID, v.Session.ID, func(p *store.Person) error {
		p.Password = encoded
		return nil
	})
	if err != nil {
		return err
	}
	return v.Done(w, r, "/staff/account", "staff_done_password")
}

type totpBody struct{ Secret, QR string }

func (c *Console) totpPage(w http.ResponseWriter, _ *http.Request, v *Visit) error {
	a, err := access.NewAuthenticator(v.L.T("staff_product"), v.Person.Email)
	if err != nil {
		return err
	}
	return c.drawTOTP(w, v, a)
}

func (c *Console) drawTOTP(w http.ResponseWriter, v *Visit, a *access.Authenticator) error {
	picture, err := a.QR(220)
	if err != nil {
		return err
	}
	return v.Render(w, "totp", v.L.T("staff_totp_title"), totpBody{a.Secret, base64.StdEncoding.EncodeToString(picture)})
}

// totpOn takes up a second factor once the phone has shown a code of it, and gives the codes of recovery, once.
func (c *Console) totpOn(w http.ResponseWriter, r *http.Request, v *Visit) error {
	secret := r.PostFormValue("secret")
	a, err := access.AuthenticatorOf(v.L.T("staff_product"), v.Person.Email, secret)
	if err != nil || len(secret) != 32 {
		return fault.New(fault.Invalid, "the secret is not one of ours")
	}
	problem, err := c.proved(r, v)
	if err != nil {
		return err
	}
	step, ok := access.VerifyTOTP(secret, r.PostFormValue("code"), c.cfg.Now(), 0)
	if problem == "" && !ok {
		problem = v.L.T("staff_code_wrong")
	}
	if problem != "" {
		v.Status, v.Problem = http.StatusUnprocessableEntity, problem
		return c.drawTOTP(w, v, a)
	}
	codes, digests := access.NewRecovery()
	err = c.store.ChangePerson(r.Context(), v.Actor(), "person.totp_on", v.Person.ID, v.Session.ID, func(p *store.Person) error {
		p.TOTP, p.Step, p.Recovery = secret, step, digests
		return nil
	})
	if err != nil {
		return err
	}
	return v.Render(w, "recovery", v.L.T("staff_recovery_title"), codes)
}

func (c *Console) totpOff(w http.ResponseWriter, r *http.Request, v *Visit) error {
	problem, err := c.proved(r, v)
	if err != nil {
		return err
	}
	if problem != "" {
		return c.wrongAccount(w, r, v, problem)
	}
	err = c.store.ChangePerson(r.Context(), v.Actor(), "person.totp_off", v.Person.ID, v.Session.ID, func(p *store.Person) error {
		p.TOTP, p.Recovery = "", nil
		return nil
	})
	if err != nil {
		return err
	}
	return v.Done(w, r, "/staff/account", "staff_done_totp_off")
}

func (c *Console) endSession(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := c.store.RevokeSession(r.Context(), v.Actor(), v.Person.ID, r.PathValue("id")); err != nil {
		return err
	}
	return v.Done(w, r, "/staff/account", "staff_done_session")
}

func (c *Console) endSessions(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := c.store.RevokeSessions(r.Context(), v.Actor(), v.Person.ID, v.Session.ID); err != nil {
		return err
	}
	return v.Done(w, r, "/staff/account", "staff_done_sessions")
}
