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
		if v.covers(r) && (r != access.Territory || v.Tenant.Kind != store.Comune) {
			out = append(out, r)
		}
	}
	return out
}

// covers says whether v may do here all that the role r allows: nobody gives a role wider than their own. A token counts for what it
// has itself, of what a token can have at all.
func (v *Visit) covers(r access.Role) bool {
	if v.Token == nil {
		return access.Covers(v.Roles, r)
	}
	for _, a := range v.console.tokenActions() {
		if access.May(r, a) && !v.May(a) {
			return false
		}
	}
	return access.Covers(v.Roles, r)
}

// self is the id of who is there: of a token, who made it.
func (v *Visit) self() string {
	if v.Token != nil {
		return v.Token.Person
	}
	return v.Person.ID
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
		if !v.MayIn(line, access.EditPeople) || !access.Covers(store.RolesIn(v.Members, line), m.Role) || v.Token != nil && !v.covers(m.Role) {
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
	body := peopleBody{Email: strings.TrimSpace(r.PostFormValue("email")), Name: strings.TrimSpace(r.PostFormValue("name")), Role: access.Role(r.PostFormValue("role"))}
	p, linked, problem, err := c.welcome(r.Context(), v, body.Email, body.Name, body.Role)
	switch {
	case err != nil:
		return err
	case problem != "":
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T(problem)
		return c.drawPeople(w, r, v, body)
	case !linked:
		return v.Done(w, r, v.URL("people"), "people_done_granted")
	}
	return c.giveLink(w, r, v, p, store.LinkInvite)
}

// welcome gives the person of an address a role here, with an account when there is none. linked: they need a link to come in, and v may
// give it. problem is the key of a message.
func (c *Console) welcome(ctx context.Context, v *Visit, email, name string, role access.Role) (p *store.Person, linked bool, problem string, err error) {
	if !slices.Contains(v.mayGive(), role) {
		return nil, false, "people_problem_role", nil
	}
	if _, err := store.Email(email); err != nil {
		return nil, false, "people_problem_email", nil //nolint:nilerr // said as a problem
	}
	if name == "" {
		return nil, false, "people_problem_name", nil
	}
	p, err = c.store.AddPerson(ctx, v.Actor(), store.Person{Email: email, Name: name})
	if fault.CodeOf(err) == fault.Conflict {
		p, err = c.store.PersonByEmail(ctx, email)
	}
	if err != nil {
		return nil, false, "", err
	}
	if err := c.store.Grant(ctx, v.Actor(), store.Member{Person: p.ID, Tenant: v.Tenant.Slug, Role: role}); err != nil {
		return nil, false, "", err
	}
	may, err := c.mayManage(ctx, v, p.ID)
	return p, may && p.Password == "" && p.Subject == "", "", err
}

// giveLink makes a link and shows it, once.
func (c *Console) giveLink(w http.ResponseWriter, r *http.Request, v *Visit, p *store.Person, kind string) error {
	link, good, err := c.newLink(r, v, p, kind)
	if err != nil {
		return err
	}
	sent, failed := c.mailLink(r.Context(), v, p, kind, link, good)
	return v.Render(w, "newlink", v.L.T("people_link_title"), struct {
		Person       *store.Person
		Link         string
		Reset        bool
		Hours        int
		Sent, Failed bool
	}{p, link, kind == store.LinkReset, int(good.Hours()), sent, failed})
}

// mailFor bounds the sending of a link: somebody waits for the page.
const mailFor = 20 * time.Second

// mailLink sends a link to the person it is for. It is sent at once and kept nowhere: a queue would hold a key to the house.
func (c *Console) mailLink(ctx context.Context, v *Visit, p *store.Person, kind, link string, good time.Duration) (sent, failed bool) {
	if c.cfg.Mail == nil || c.cfg.PublicURL == "" { // a link without an address that is everybody's leads nowhere
		return false, false
	}
	ctx, cancel := context.WithTimeout(ctx, mailFor)
	defer cancel()
	lead := v.L.T("people_mail_invite", map[string]any{"Tenant": v.Tenant.Name})
	if kind == store.LinkReset {
		lead = v.L.T("people_mail_reset", map[string]any{"Tenant": v.Tenant.Name})
	}
	text := strings.Join([]string{v.L.T("people_mail_hello", map[string]any{"Name": p.Name}), lead, link, v.L.N("people_link_hours", int(good.Hours())), v.L.T("people_mail_end")}, "\n\n")
	if err := c.cfg.Mail(ctx, p.Email, v.L.T("people_mail_subject", map[string]any{"Tenant": v.Tenant.Name}), text); err != nil {
		c.cfg.Log.WarnContext(ctx, "a link was not sent by e-mail", "code", fault.CodeOf(err)) // what a mail server says may hold the address
		return false, true
	}
	return true, false
}

// newLink makes a link for a person and says how long it is good.
func (c *Console) newLink(r *http.Request, v *Visit, p *store.Person, kind string) (link string, good time.Duration, err error) {
	good = inviteFor
	if kind == store.LinkReset {
		good = resetFor
	}
	secret, err := c.store.NewLink(r.Context(), v.Actor(), store.Link{Kind: kind, Person: p.ID, Expires: c.cfg.Now().Add(good)})
	return c.base(r) + "/staff/link/" + secret, good, err
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
	p, err := c.giveRole(r, v, access.Role(r.PostFormValue("role")))
	if err != nil {
		return err
	}
	return v.Done(w, r, v.URL("people/"+p.ID), "people_done_granted")
}

// giveRole gives the person of the path a role here.
func (c *Console) giveRole(r *http.Request, v *Visit, role access.Role) (*personHere, error) {
	p, err := c.here(r, v)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(v.mayGive(), role) {
		return nil, fault.New(fault.Forbidden, "the role %q is wider than your own", role)
	}
	return p, c.store.Grant(r.Context(), v.Actor(), store.Member{Person: p.ID, Tenant: v.Tenant.Slug, Role: role})
}

func (c *Console) revoke(w http.ResponseWriter, r *http.Request, v *Visit) error {
	p, err := c.takeRole(r, v, access.Role(r.PostFormValue("role")))
	if err != nil {
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

// takeRole takes a role that the person of the path has here.
func (c *Console) takeRole(r *http.Request, v *Visit, role access.Role) (*personHere, error) {
	p, err := c.here(r, v)
	if err != nil {
		return nil, err
	}
	if !v.covers(role) {
		return nil, fault.New(fault.Forbidden, "the role %q is wider than your own", role)
	}
	return p, c.store.Revoke(r.Context(), v.Actor(), store.Member{Person: p.ID, Tenant: v.Tenant.Slug, Role: role})
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
	return c.giveLink(w, r, v, &p.Person, linkKind(&p.Person))
}

func linkKind(p *store.Person) string {
	if p.Password == "" {
		return store.LinkInvite
	}
	return store.LinkReset
}

// accountChanges are what may be done to somebody else's account, by the name that ends the path.
var accountChanges = map[string]struct {
	action, done string
	do           func(*store.Person)
}{
	"disable": {"person.disable", "people_done_disabled", func(p *store.Person) { p.Disabled = true }},
	"enable":  {"person.enable", "people_done_enabled", func(p *store.Person) { p.Disabled = false }},
	"totp":    {"person.totp_off", "people_done_totp", func(p *store.Person) { p.TOTP, p.Recovery = "", nil }},
}

// changeAccount makes a handler that changes the account of the person in the path.
func (c *Console) changeAccount(name string) Handler {
	return func(w http.ResponseWriter, r *http.Request, v *Visit) error {
		if err := c.alter(r, v, name); err != nil {
			return err
		}
		return v.Done(w, r, v.URL("people/"+r.PathValue("id")), accountChanges[name].done)
	}
}

// alter makes one of accountChanges to the person of the path.
func (c *Console) alter(r *http.Request, v *Visit, name string) error {
	p, err := c.managed(r, v)
	if err != nil {
		return err
	}
	if p.ID == v.self() {
		return fault.New(fault.Conflict, "nobody does this to their own account")
	}
	change := accountChanges[name]
	return c.store.ChangePerson(r.Context(), v.Actor(), change.action, p.ID, "", func(p *store.Person) error { change.do(p); return nil })
}

// erasePerson erases the data of somebody who left. Only of an account that was taken out of use: a slip of the hand is not undone.
func (c *Console) erasePerson(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := c.erase(r, v); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("people"), "people_done_erased")
}

// erase erases the person of the path.
func (c *Console) erase(r *http.Request, v *Visit) error {
	p, err := c.managed(r, v)
	if err != nil {
		return err
	}
	if p.ID == v.self() || !p.Disabled {
		return fault.New(fault.Conflict, "only somebody else's account that is disabled is erased")
	}
	return c.store.ErasePerson(r.Context(), v.Actor(), p.ID)
}

func (c *Console) personSessions(w http.ResponseWriter, r *http.Request, v *Visit) error {
	p, err := c.endAll(r, v)
	if err != nil {
		return err
	}
	return v.Done(w, r, v.URL("people/"+p.ID), "people_done_sessions")
}

// endAll ends the sessions of the person of the path, but the one that asks.
func (c *Console) endAll(r *http.Request, v *Visit) (*personHere, error) {
	p, err := c.managed(r, v)
	if err != nil {
		return nil, err
	}
	keep := ""
	if v.Session != nil && p.ID == v.Person.ID {
		keep = v.Session.ID
	}
	return p, c.store.RevokeSessions(r.Context(), v.Actor(), p.ID, keep)
}
