package staff

import (
	"context"
	"net/http"
	"strings"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

// SetupLink gives the path of the page that makes the first administrator, good once; empty when there is somebody already. It is for
// whoever starts the server: the link must not be guessed by whoever finds the page first.
func (c *Console) SetupLink(ctx context.Context) (string, error) {
	if old, err := c.store.HasPeople(ctx); err != nil || old {
		return "", err
	}
	secret, err := c.store.NewLink(ctx, store.ActorSystem, store.Link{Kind: store.LinkSetup, Expires: c.cfg.Now().Add(setupFor)})
	return "/staff/setup/" + secret, err
}

type setupBody struct {
	treeBody
	First bool // there is no tenant yet
	Who   string
	Email string
}

// setup finds out whether the link of the path may still make the first administrator.
func (c *Console) setup(r *http.Request, v *Visit) (*setupBody, error) {
	ctx := r.Context()
	wait, err := c.store.Attempt(ctx, access.Digest("link|"+v.client), addressLimit, tryWindow)
	if err != nil || wait > 0 {
		return nil, tooOften(wait, err)
	}
	l, err := c.store.Link(ctx, r.PathValue("secret"))
	if fault.CodeOf(err) == fault.NotFound || err == nil && l.Kind != store.LinkSetup {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if old, err := c.store.HasPeople(ctx); err != nil || old {
		return nil, err
	}
	tenants, err := c.store.Tenants(ctx)
	return &setupBody{First: len(tenants) == 0, treeBody: treeBody{Form: store.Tenant{Kind: store.Comune}}}, err
}

func (c *Console) setupPage(w http.ResponseWriter, r *http.Request, v *Visit) error {
	body, err := c.setup(r, v)
	if err != nil {
		return err
	}
	if body == nil {
		return c.linkOver(w, v)
	}
	return v.Render(w, "setup", v.L.T("setup_title"), body)
}

// setupComuni is comuni for who is not signed in yet and has the link.
func (c *Console) setupComuni(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if _, err := c.store.Link(r.Context(), r.PathValue("secret")); err != nil {
		return err
	}
	return c.comuni(w, r, v)
}

// setupDo makes the first comune, when there is none, and the first administrator, who is signed in at once.
func (c *Console) setupDo(w http.ResponseWriter, r *http.Request, v *Visit) error {
	ctx := r.Context()
	body, err := c.setup(r, v)
	if err != nil {
		return err
	}
	if body == nil {
		return c.linkOver(w, v)
	}
	body.Who, body.Email = strings.TrimSpace(r.PostFormValue("who")), strings.TrimSpace(r.PostFormValue("email"))
	body.Form.Name, body.Form.ISTAT = strings.TrimSpace(r.PostFormValue("name")), strings.TrimSpace(r.PostFormValue("istat"))
	problem := ""
	if _, err := store.Email(body.Email); err != nil {
		problem = v.L.T("people_problem_email")
	} else if body.Who == "" {
		problem = v.L.T("people_problem_name")
	}
	encoded := ""
	if problem == "" {
		if encoded, problem, err = c.newPassword(r, v, &store.Person{Email: body.Email, Name: body.Who}); err != nil {
			return err
		}
	}
	if problem == "" && body.First {
		if problem, err = c.complete(v, &body.treeBody); err != nil {
			return err
		}
	}
	if problem != "" {
		v.Status, v.Problem = http.StatusUnprocessableEntity, problem
		return v.Render(w, "setup", v.L.T("setup_title"), body)
	}
	if _, err := c.store.UseLink(ctx, r.PathValue("secret")); fault.CodeOf(err) == fault.NotFound {
		return c.linkOver(w, v)
	} else if err != nil {
		return err
	}
	p, err := c.store.AddPerson(ctx, store.ActorSystem, store.Person{Email: body.Email, Name: body.Who, Password: encoded})
	if err != nil {
		return err
	}
	if err := c.store.Grant(ctx, store.ActorSystem, store.Member{Person: p.ID, Tenant: store.Everywhere, Role: access.Territory}); err != nil {
		return err
	}
	to := "/staff/"
	if body.First {
		if err := c.store.AddTenant(ctx, body.Form, store.AuditEntry{Actor: "person:" + p.ID}); err != nil {
			return err
		}
		to = "/staff/t/" + body.Form.Slug + "/"
	}
	if err := c.signIn(w, r, v, p, false); err != nil {
		return err
	}
	return v.Done(w, r, to, "setup_done_ready")
}

// published is set once the administrator says that the page is linked from the comune's site.
const published = "setup.published"

// sitePage shows how to put the assistant on the comune's site.
func (c *Console) sitePage(w http.ResponseWriter, r *http.Request, v *Visit) error {
	_, done, err := c.store.Setting(r.Context(), v.Tenant.Slug, published)
	if err != nil {
		return err
	}
	return v.Render(w, "site", v.L.T("site_title"), struct {
		Base    string
		Address string
		Done    bool
		Local   bool // nobody else can reach the address
	}{c.base(r), c.base(r) + "/t/" + v.Tenant.Slug + "/", done, c.cfg.PublicURL == ""})
}

func (c *Console) sitePublished(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := c.store.PutSetting(r.Context(), v.Actor(), v.Tenant.Slug, published, "1"); err != nil {
		return err
	}
	return v.Done(w, r, v.URL(""), "site_done_published")
}

// steps are what the frame itself leads a new tenant through; the parts add theirs.
func (c *Console) steps(ctx context.Context, v *Visit) ([]Step, error) {
	if !v.May(access.EditSettings) {
		return nil, nil
	}
	offices, err := c.store.Offices(ctx, v.Tenant.Slug)
	if err != nil {
		return nil, err
	}
	x, _, err := c.store.Setting(ctx, v.Tenant.Slug, published)
	if err != nil {
		return nil, err
	}
	return []Step{
		{Label: "office_step", Help: "office_step_help", Path: "offices", Done: len(offices) > 0, Order: 10},
		{Label: "site_step", Help: "site_step_help", Path: "site", Done: x.Own, Order: 40},
	}, nil
}
