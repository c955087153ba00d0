package staff

import (
	"net/http"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

// linkPage is where an invitation or a reset leads: the person chooses a password.
func (c *Console) linkPage(w http.ResponseWriter, r *http.Request, v *Visit) error {
	p, err := c.linked(r, v)
	if err != nil {
		return err
	}
	if p == nil {
		return c.linkOver(w, v)
	}
	return v.Render(w, "link", v.L.T("staff_link_title"), p)
}

// linked gives the person of the link in the path; nil when the link is not good any more.
func (c *Console) linked(r *http.Request, v *Visit) (*store.Person, error) {
	ctx := r.Context()
	wait, err := c.store.Attempt(ctx, access.Digest("link|"+v.client), addressLimit, tryWindow)
	if err != nil || wait > 0 {
		return nil, tooOften(wait, err)
	}
	l, err := c.store.Link(ctx, r.PathValue("secret"))
	if fault.CodeOf(err) == fault.NotFound || err == nil && l.Kind == store.LinkSetup {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	p, err := c.store.Person(ctx, l.Person)
	if err != nil || p.Disabled {
		return nil, err
	}
	return p, nil
}

func (c *Console) linkOver(w http.ResponseWriter, v *Visit) error {
	v.Status = http.StatusNotFound
	return v.Render(w, "linkover", v.L.T("staff_link_over_title"), nil)
}

// linkUse sets the password. The link is used up only by a password that will do; the second factor stays as it is.
func (c *Console) linkUse(w http.ResponseWriter, r *http.Request, v *Visit) error {
	ctx := r.Context()
	p, err := c.linked(r, v)
	if err != nil {
		return err
	}
	if p == nil {
		return c.linkOver(w, v)
	}
	encoded, problem, err := c.newPassword(r, v, p)
	if err != nil {
		return err
	}
	if problem != "" {
		v.Status, v.Problem = http.StatusUnprocessableEntity, problem
		return v.Render(w, "link", v.L.T("staff_link_title"), p)
	}
	if _, err := c.store.UseLink(ctx, r.PathValue("secret")); fault.CodeOf(err) == fault.NotFound {
		return c.linkOver(w, v) // somebody else was faster
	} else if err != nil {
		return err
	}
	err = c.store.ChangePerson(ctx, "person:"+p.ID, "person.password", p.ID, "", func(p *store.Person) error {
		p.Password = encoded
		return nil
	})
	if err != nil {
		return err
	}
	return v.Done(w, r, "/staff/login", "staff_done_link")
}
