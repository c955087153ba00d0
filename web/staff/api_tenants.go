package staff

import (
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

func (c *Console) apiTenantRoutes() []Route {
	return []Route{
		APIGet("tenants", access.EditTenants, c.apiTenants),
		APIChange(http.MethodPost, "tenants", access.EditTenants, c.apiNewTenant),
		APIChange(http.MethodPost, "tenants/import", access.EditTenants, c.apiTable).WithBody(2 << 20),
		APIGet("tenant", access.EditTenants, c.apiTenant),
		APIChange(http.MethodPatch, "tenant", access.EditTenants, c.apiChangeTenant),
		APIGet("tokens", access.EditTokens, c.apiTokens),
		APIChange(http.MethodPost, "tokens", access.EditTokens, c.apiNewToken),
		APIChange(http.MethodDelete, "tokens/{id}", access.EditTokens, c.apiRevokeToken),
	}
}

type tenantJSON struct {
	Slug   string `json:"slug"`
	Name   string `json:"name"`
	Kind   string `json:"kind"`
	Parent string `json:"parent"`
	ISTAT  string `json:"istat"`
	IPA    string `json:"ipa"`
}

func fromTenant(t *store.Tenant) tenantJSON {
	return tenantJSON{t.Slug, t.Name, t.Kind, t.Parent, t.ISTAT, t.IPA}
}

// apiTenants gives the tenant and those below it, each followed by its own.
func (c *Console) apiTenants(w http.ResponseWriter, r *http.Request, v *Visit) error {
	limit, offset, err := Window(r)
	if err != nil {
		return err
	}
	all, err := c.store.Tenants(r.Context())
	if err != nil {
		return err
	}
	branches := tree(all, v.Tenant.Slug)
	out := []tenantJSON{}
	for _, b := range Cut(branches, limit, offset) {
		out = append(out, fromTenant(&b.Tenant))
	}
	return v.JSON(w, http.StatusOK, map[string]any{"tenants": out, "total": len(branches)})
}

func (c *Console) apiNewTenant(w http.ResponseWriter, r *http.Request, v *Visit) error {
	in := tenantJSON{Kind: store.Comune, Parent: v.Tenant.Slug}
	if err := ReadJSON(r, &in); err != nil {
		return err
	}
	name, err := Line("name", in.Name)
	if err != nil {
		return err
	}
	body := treeBody{Form: store.Tenant{
		Name: name, Slug: in.Slug, Kind: in.Kind, Parent: in.Parent, ISTAT: in.ISTAT, IPA: strings.ToLower(in.IPA),
	}}
	problem, err := c.newTenant(r.Context(), v, &body)
	if err != nil {
		return err
	}
	if problem != "" {
		return fault.New(fault.Invalid, "%s", problem)
	}
	return v.JSON(w, http.StatusCreated, fromTenant(&body.Form))
}

// apiTable adds the tenants of a table in CSV, the body.
func (c *Console) apiTable(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "text/csv" {
		return fault.New(fault.Unsupported, "send the table as text/csv")
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return bodyFault(err)
	}
	added, problem, err := c.addTable(r.Context(), v, raw)
	if err != nil {
		return err
	}
	if problem != "" {
		return fault.New(fault.Invalid, "%s", problem)
	}
	return v.JSON(w, http.StatusOK, map[string]int{"added": added})
}

func (c *Console) apiTenant(w http.ResponseWriter, _ *http.Request, v *Visit) error {
	return v.JSON(w, http.StatusOK, fromTenant(v.Tenant))
}

// apiChangeTenant changes what is sent; the slug is for ever.
func (c *Console) apiChangeTenant(w http.ResponseWriter, r *http.Request, v *Visit) error {
	var in struct {
		Name  *string `json:"name"`
		ISTAT *string `json:"istat"`
		IPA   *string `json:"ipa"`
	}
	if err := ReadJSON(r, &in); err != nil {
		return err
	}
	form := *v.Tenant
	var err error
	if in.Name != nil {
		if form.Name, err = Line("name", *in.Name); err != nil {
			return err
		}
	}
	if in.ISTAT != nil {
		form.ISTAT = *in.ISTAT
	}
	if in.IPA != nil {
		form.IPA = strings.ToLower(*in.IPA)
	}
	if in.Name == nil && in.ISTAT == nil && in.IPA == nil {
		return fault.New(fault.Invalid, "nothing is said: send at least one field")
	}
	problem, err := c.keepTenant(r.Context(), v, form)
	if err != nil {
		return err
	}
	if problem != "" {
		return fault.New(fault.Invalid, "%s", v.L.T(problem))
	}
	return v.JSON(w, http.StatusOK, fromTenant(&form))
}

type tokenJSON struct {
	ID      string          `json:"id"`
	Name    string          `json:"name"`
	Person  string          `json:"person"` // id of who made it
	Actions []access.Action `json:"actions"`
	Created string          `json:"created"`
	Expires string          `json:"expires"`
	Used    string          `json:"used"` // to the hour, empty: never
	Over    bool            `json:"over"` // revoked or expired
}

func (c *Console) apiTokens(w http.ResponseWriter, r *http.Request, v *Visit) error {
	limit, offset, err := Window(r)
	if err != nil {
		return err
	}
	all, err := c.store.Tokens(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	out := []tokenJSON{}
	for _, t := range Cut(all, limit, offset) {
		over := t.Revoked || !t.Expires.After(c.cfg.Now())
		out = append(out, tokenJSON{t.ID, t.Name, t.Person, t.Actions, Moment(t.Created), Moment(t.Expires), Moment(t.Used), over})
	}
	return v.JSON(w, http.StatusOK, map[string]any{"tokens": out, "total": len(all)})
}

// apiNewToken makes a token with no more than the one that asks for it has.
func (c *Console) apiNewToken(w http.ResponseWriter, r *http.Request, v *Visit) error {
	in := struct {
		Name    string          `json:"name"`
		Actions []access.Action `json:"actions"`
		Days    int             `json:"days"`
	}{Days: 90}
	if err := ReadJSON(r, &in); err != nil {
		return err
	}
	for _, a := range in.Actions {
		if !a.Known() {
			return fault.New(fault.Invalid, "there is no action %q", a)
		}
	}
	name, err := Line("name", in.Name)
	if err != nil {
		return err
	}
	secret, problem, err := c.makeToken(r.Context(), v, name, in.Actions, in.Days)
	if err != nil {
		return err
	}
	if problem != "" {
		return fault.New(fault.Invalid, "%s", v.L.T(problem))
	}
	expires := c.cfg.Now().Add(time.Duration(in.Days) * 24 * time.Hour)
	if expires.After(v.Token.Expires) {
		expires = v.Token.Expires
	}
	return v.JSON(w, http.StatusCreated, map[string]string{"token": secret, "expires": Moment(expires)})
}

func (c *Console) apiRevokeToken(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if r.PathValue("id") == v.Token.ID {
		return fault.New(fault.Conflict, "a token does not revoke itself: the console does, or another token")
	}
	if err := c.store.RevokeToken(r.Context(), v.Actor(), v.Tenant.Slug, r.PathValue("id")); err != nil {
		return err
	}
	return NoContent(w)
}
