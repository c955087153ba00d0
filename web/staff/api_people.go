package staff

import (
	"net/http"
	"slices"
	"strings"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

func (c *Console) apiPeopleRoutes() []Route {
	post := http.MethodPost
	routes := []Route{
		APIGet("people", access.ReadPeople, c.apiPeople),
		APIChange(post, "people", access.EditPeople, c.apiInvite),
		APIGet("people/{id}", access.ReadPeople, c.apiPerson),
		APIChange(post, "people/{id}/grant", access.EditPeople, c.apiGrant),
		APIChange(post, "people/{id}/revoke", access.EditPeople, c.apiRevoke),
		APIChange(post, "people/{id}/link", access.EditPeople, c.apiLink),
		APIGet("people/{id}/sessions", access.EditPeople, c.apiSessions),
		APIChange(http.MethodDelete, "people/{id}/sessions", access.EditPeople, c.apiEndSessions),
		APIChange(post, "people/{id}/erase", access.EditPeople, c.apiErase),
	}
	for _, name := range []string{"disable", "enable", "totp"} {
		routes = append(routes, APIChange(post, "people/{id}/"+name, access.EditPeople, c.apiAlter(name)))
	}
	return routes
}

type personJSON struct {
	ID        string         `json:"id"`
	Email     string         `json:"email"`
	Name      string         `json:"name"`
	Disabled  bool           `json:"disabled"`
	Second    bool           `json:"second_factor"`
	Seen      string         `json:"seen"`  // the last time they came in, empty: never
	Roles     []access.Role  `json:"roles"` // given in this tenant
	Inherited []heldRoleJSON `json:"inherited"`
}

type heldRoleJSON struct {
	Role   access.Role `json:"role"`
	Tenant string      `json:"tenant"` // name of the one above, empty: the whole installation
}

func fromPerson(p *personHere) personJSON {
	out := personJSON{p.ID, p.Email, p.Name, p.Disabled, p.TOTP != "", Moment(p.Seen), append([]access.Role{}, p.Own...), []heldRoleJSON{}}
	for _, r := range p.Inherited {
		out.Inherited = append(out.Inherited, heldRoleJSON{r.Role, r.Place})
	}
	return out
}

// apiPeople gives everybody whose roles hold here, as the page does.
func (c *Console) apiPeople(w http.ResponseWriter, r *http.Request, v *Visit) error {
	limit, offset, err := Window(r)
	if err != nil {
		return err
	}
	all, err := c.peopleHere(r.Context(), v)
	if err != nil {
		return err
	}
	out := []personJSON{}
	for _, p := range Cut(all, limit, offset) {
		out = append(out, fromPerson(&p))
	}
	return v.JSON(w, http.StatusOK, map[string]any{"people": out, "total": len(all)})
}

func (c *Console) apiPerson(w http.ResponseWriter, r *http.Request, v *Visit) error {
	p, err := c.here(r, v)
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusOK, fromPerson(p))
}

type linkJSON struct {
	Person string `json:"person"` // id
	Link   string `json:"link"`   // to be sent to them, shown this once; empty: they need none
	Hours  int    `json:"hours"`  // that it is good
}

func (c *Console) apiInvite(w http.ResponseWriter, r *http.Request, v *Visit) error {
	var in struct {
		Email string      `json:"email"`
		Name  string      `json:"name"`
		Role  access.Role `json:"role"`
	}
	if err := ReadJSON(r, &in); err != nil {
		return err
	}
	name, err := Line("name", in.Name)
	if err != nil {
		return err
	}
	if in.Email != strings.TrimSpace(in.Email) {
		return fault.New(fault.Invalid, "%s", v.L.T("people_problem_email"))
	}
	p, linked, problem, err := c.welcome(r.Context(), v, in.Email, name, in.Role)
	if err != nil {
		return err
	}
	if problem != "" {
		return fault.New(fault.Invalid, "%s", v.L.T(problem))
	}
	out := linkJSON{Person: p.ID}
	if linked {
		link, good, err := c.newLink(r, v, p, store.LinkInvite)
		if err != nil {
			return err
		}
		out.Link, out.Hours = link, int(good.Hours())
	}
	return v.JSON(w, http.StatusCreated, out)
}

// apiRole reads the body of a change of roles.
func apiRole(r *http.Request) (access.Role, error) {
	var in struct {
		Role access.Role `json:"role"`
	}
	if err := ReadJSON(r, &in); err != nil {
		return "", err
	}
	if !slices.Contains(access.Roles(), in.Role) {
		return "", fault.New(fault.Invalid, "role = %q: one of %v", in.Role, access.Roles())
	}
	return in.Role, nil
}

func (c *Console) apiGrant(w http.ResponseWriter, r *http.Request, v *Visit) error {
	role, err := apiRole(r)
	if err != nil {
		return err
	}
	if _, err := c.giveRole(r, v, role); err != nil {
		return err
	}
	return NoContent(w)
}

func (c *Console) apiRevoke(w http.ResponseWriter, r *http.Request, v *Visit) error {
	role, err := apiRole(r)
	if err != nil {
		return err
	}
	if _, err := c.takeRole(r, v, role); err != nil {
		return err
	}
	return NoContent(w)
}

func (c *Console) apiLink(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := NoBody(r); err != nil {
		return err
	}
	p, err := c.managed(r, v)
	if err != nil {
		return err
	}
	link, good, err := c.newLink(r, v, &p.Person, linkKind(&p.Person))
	if err != nil {
		return err
	}
	return v.JSON(w, http.StatusCreated, linkJSON{p.ID, link, int(good.Hours())})
}

func (c *Console) apiAlter(name string) Handler {
	return func(w http.ResponseWriter, r *http.Request, v *Visit) error {
		if err := NoBody(r); err != nil {
			return err
		}
		if err := c.alter(r, v, name); err != nil {
			return err
		}
		return NoContent(w)
	}
}

type sessionJSON struct {
	ID      string `json:"id"`
	Agent   string `json:"agent"`
	Created string `json:"created"`
	Seen    string `json:"seen"`
	Expires string `json:"expires"`
}

func (c *Console) apiSessions(w http.ResponseWriter, r *http.Request, v *Visit) error {
	p, err := c.managed(r, v)
	if err != nil {
		return err
	}
	all, err := c.store.Sessions(r.Context(), p.ID)
	if err != nil {
		return err
	}
	out := []sessionJSON{}
	for _, s := range all {
		out = append(out, sessionJSON{s.ID, s.Agent, Moment(s.Created), Moment(s.Seen), Moment(s.Expires)})
	}
	return v.JSON(w, http.StatusOK, map[string]any{"sessions": out})
}

func (c *Console) apiEndSessions(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if _, err := c.endAll(r, v); err != nil {
		return err
	}
	return NoContent(w)
}

func (c *Console) apiErase(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := NoBody(r); err != nil {
		return err
	}
	if err := c.erase(r, v); err != nil {
		return err
	}
	return NoContent(w)
}
