package staff

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

// personHere is somebody who has a role in this tenant, or above it.
type personHere struct {
	store.Person
	Own       []access.Role // given in this tenant
	Inherited []heldRole    // given above
}

type peopleBody struct {
	People []personHere
	Roles  []access.Role // that whoever looks may give
	Email  string
	Name   string
	Role   access.Role
}

// peopleHere gives everybody whose roles hold in this tenant.
func (c *Console) peopleHere(ctx context.Context, v *Visit) ([]personHere, error) {
	all, err := c.store.People(ctx)
	if err != nil {
		return nil, err
	}
	members, err := c.store.AllMemberships(ctx)
	if err != nil {
		return nil, err
	}
	names, err := c.names(ctx)
	if err != nil {
		return nil, err
	}
	var out []personHere
	for _, p := range all {
		here := personHere{Person: p}
		for _, m := range members {
			switch {
			case m.Person != p.ID:
			case m.Tenant == v.Tenant.Slug:
				here.Own = append(here.Own, m.Role)
			case m.Tenant == store.Everywhere, slices.Contains(v.Lineage, m.Tenant):
				here.Inherited = append(here.Inherited, heldRole{m.Role, names[m.Tenant]})
			}
		}
		here.Own = access.Widest(here.Own)
		if len(here.Own)+len(here.Inherited) > 0 {
			out = append(out, here)
		}
	}
	return out, nil
}

// mayGive lists the roles that v may give in this tenant: none that allows more than its own. The administrator of a territory is
// one of a provincia or unione, not of a comune.
func (v *Visit) mayGive() []access.Role {
	var out []access.Role
	for _, r := range access.Roles() {
		if access.Covers(v.Roles, r) && (r != access.Territory || v.Tenant.Kind != store.Comune) {
			out = append(out, r)
		}
	}
	return out
}

// mayManage says whether v may do something to the account itself (a new link, keep it out): only who may manage people and has at
// least the same rights wherever the person has a role. Else the administrator of one comune could take the account of a provincia's.
func (c *Console) mayManage(ctx context.Context, v *Visit, person string) (bool, error) {
	members, err := c.store.Memberships(ctx, person)
	if err != nil {
		return false, err
	}
	for _, m := range members {
		var line []string
		if m.Tenant != store.Everywhere {
			if line, err = c.store.Lineage(ctx, m.Tenant); err != nil {
				return false, err
			}
		}
		if !v.MayIn(line, access.EditPeople) || !access.Covers(store.RolesIn(v.Members, line), m.Role) {
			return false, nil
		}
	}
	return v.May(access.EditPeople), nil
}

func (c *Console) peoplePage(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return c.drawPeople(w, r, v, peopleBody{})
}

func (c *Console) drawPeople(w http.ResponseWriter, r *http.Request, v *Visit, body peopleBody) error {
	var err error
	if body.People, err = c.peopleHere(r.Context(), v); err != nil {
		return err
	}
	body.Roles = v.mayGive()
	return v.Render(w, "people", v.L.T("people_title"), body)
}

// invite gives somebody a role here, and an account when there is none for the address. A new account comes with a link, shown once.
func (c *Console) invite(w http.ResponseWriter, r *http.Request, v *Visit) error {
	ctx := r.Context()
	body := peopleBody{Email: strings.TrimSpace(r.PostFormValue("email")), Name: strings.TrimSpace(r.PostFormValue("name")), Role: access.Role(r.PostFormValue("role"))}
	wrong := func(key string) error {
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T(key)
		return c.drawPeople(w, r, v, body)
	}
	if !slices.Contains(v.mayGive(), body.Role) {
		return wrong("people_problem_role")
	}
	if _, err := store.Email(body.Email); err != nil {
		return wrong("people_problem_email")
	}
	if body.Name == "" {
		return wrong("people_problem_name")
	}
	p, err := c.store.AddPerson(ctx, v.Actor(), store.Person{Email: body.Email, Name: body.Name})
	if fault.CodeOf(err) == fault.Conflict {
		p, err = c.store.PersonByEmail(ctx, body.Email)
	}
	if err != nil {
		return err
	}
	if err := c.store.Grant(ctx, v.Actor(), store.Member{Person: p.ID, Tenant: v.Tenant.Slug, Role: body.Role}); err != nil {
		return err
	}
	if may, err := c.mayManage(ctx, v, p.ID); err != nil || p.Password != "" || p.Subject != "" || !may {
		if err != nil {
			return err
		}
		return v.Done(w, r, v.URL("people"), "people_done_granted")
	}
	return c.giveLink(w, r, v, p, store.LinkInvite)
}

// giveLink makes a link and shows it, once.
func (c *Console) giveLink(w http.ResponseWriter, r *http.Request, v *Visit, p *store.Person, kind string) error {
	good := inviteFor
	if kind == store.LinkReset {
		good = resetFor
	}
	secret, err := c.store.NewLink(r.Context(), v.Actor(), store.Link{Kind: kind, Person: p.ID, Expires: c.cfg.Now().Add(good)})
	if err != nil {
		return err
	}
	return v.Render(w, "newlink", v.L.T("people_link_title"), struct {
		Person *store.Person
		Link   string
		Reset  bool
		Hours  int
	}{p, c.base(r) + "/staff/link/" + secret, kind == store.LinkReset, int(good.Hours())})
}

// base is the address that people reach the service at.
func (c *Console) base(r *http.Request) string {
	if c.cfg.PublicURL != "" {
		return c.cfg.PublicURL
	}
	return "http://" + r.Host
}

type personBody struct {
	personHere
	Give     []access.Role
	Sessions []store.Session
	Manage   bool
	Self     bool
}

// here finds the person of the path among those of this tenant.
func (c *Console) here(r *http.Request, v *Visit) (*personHere, error) {
	all, err := c.peopleHere(r.Context(), v)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if p.ID == r.PathValue("id") {
			return &p, nil
		}
	}
	return nil, fault.New(fault.NotFound, "nobody with this id has a role here")
}

func (c *Console) personPage(w http.ResponseWriter, r *http.Request, v *Visit) error {
	p, err := c.here(r, v)
	if err != nil {
		return err
	}
	body := personBody{personHere: *p, Self: p.ID == v.Person.ID}
	if body.Manage, err = c.mayManage(r.Context(), v, p.ID); err != nil {
		return err
	}
	if body.Manage {
		if body.Sessions, err = c.store.Sessions(r.Context(), p.ID); err != nil {
			return err
		}
	}
	for _, role := range v.mayGive() {
		if !slices.Contains(p.Own, role) {
			body.Give = append(body.Give, role)
		}
	}
	return v.Render(w, "person", p.Name, body)
}

func (c *Console) grant(w http.ResponseWriter, r *http.Request, v *Visit) error {
	p, err := c.here(r, v)
	if err != nil {
		return err
	}
	role := access.Role(r.PostFormValue("role"))
	if !slices.Contains(v.mayGive(), role) {
		return fault.New(fault.Forbidden, "the role %q is wider than your own", role)
	}
	if err := c.store.Grant(r.Context(), v.Actor(), store.Member{Person: p.ID, Tenant: v.Tenant.Slug, Role: role}); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("people/"+p.ID), "people_done_granted")
}

func (c *Console) revoke(w http.ResponseWriter, r *http.Request, v *Visit) error {
	p, err := c.here(r, v)
	if err != nil {
		return err
	}
	role := access.Role(r.PostFormValue("role"))
	if !access.Covers(v.Roles, role) {
		return fault.New(fault.Forbidden, "the role %q is wider than your own", role)
	}
	if err := c.store.Revoke(r.Context(), v.Actor(), store.Member{Person: p.ID, Tenant: v.Tenant.Slug, Role: role}); err != nil {
		return err
	}
	to := v.URL("people/" + p.ID)
	if len(p.Own)+len(p.Inherited) == 1 {
		to = v.URL("people")
	}
	if p.ID == v.Person.ID {
		to = "/staff/" // the page may not be one's own any more
	}
	return v.Done(w, r, to, "people_done_revoked")
}

// managed finds the person of the path, when v may do something to the account.
func (c *Console) managed(r *http.Request, v *Visit) (*personHere, error) {
	p, err := c.here(r, v)
	if err != nil {
		return nil, err
	}
	may, err := c.mayManage(r.Context(), v, p.ID)
	if err == nil && !may {
		err = fault.New(fault.Forbidden, "the person has wider rights than yours somewhere")
	}
	return p, err
}

func (c *Console) personLink(w http.ResponseWriter, r *http.Request, v *Visit) error {
	p, err := c.managed(r, v)
	if err != nil {
		return err
	}
	kind := store.LinkReset
	if p.Password == "" {
		kind = store.LinkInvite
	}
	return c.giveLink(w, r, v, &p.Person, kind)
}

// changeAccount makes a handler that changes the account of the person in the path.
func (c *Console) changeAccount(action, done string, f func(*store.Person)) Handler {
	return func(w http.ResponseWriter, r *http.Request, v *Visit) error {
		p, err := c.managed(r, v)
		if err != nil {
			return err
		}
		if p.ID == v.Person.ID {
			return fault.New(fault.Conflict, "nobody does this to their own account")
		}
		err = c.store.ChangePerson(r.Context(), v.Actor(), action, p.ID, "", func(p *store.Person) error { f(p); return nil })
		if err != nil {
			return err
		}
		return v.Done(w, r, v.URL("people/"+p.ID), done)
	}
}

func (c *Console) personSessions(w http.ResponseWriter, r *http.Request, v *Visit) error {
	p, err := c.managed(r, v)
	if err != nil {
		return err
	}
	keep := ""
	if p.ID == v.Person.ID {
		keep = v.Session.ID
	}
	if err := c.store.RevokeSessions(r.Context(), v.Actor(), p.ID, keep); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("people/"+p.ID), "people_done_sessions")
}
