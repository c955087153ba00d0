package staff

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

func (c *Console) tokenRoutes() []Route {
	return []Route{
		Page("tokens", access.EditTokens, c.tokensPage), Change("tokens", access.EditTokens, c.addToken),
		Change("tokens/{id}/revoke", access.EditTokens, c.revokeToken),
	}
}

type tokensBody struct {
	Tokens  []tokenHere
	Actions []access.Action // that a token can have: those of a route of the program interface, and of who makes it
	Secret  string          // of the one just made, shown once
	Name    string
	Days    string
	Chosen  []access.Action
}

type tokenHere struct {
	store.Token
	By   string
	Over bool
}

// Has says whether an action is ticked.
func (b tokensBody) Has(a access.Action) bool { return slices.Contains(b.Chosen, a) }

// offered gives the actions that a token is of any use for.
func (c *Console) offered(v *Visit) []access.Action {
	var out []access.Action
	for _, a := range access.Actions() {
		if v.May(a) && slices.ContainsFunc(c.routes, func(r Route) bool { return r.API() && r.Action == a }) {
			out = append(out, a)
		}
	}
	return out
}

func (c *Console) tokensPage(w http.ResponseWriter, r *http.Request, v *Visit) error {
	return c.drawTokens(w, r, v, tokensBody{Days: "90"})
}

func (c *Console) drawTokens(w http.ResponseWriter, r *http.Request, v *Visit, body tokensBody) error {
	tokens, err := c.store.Tokens(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	for _, t := range tokens {
		p, err := c.store.Person(r.Context(), t.Person)
		if err != nil {
			return err
		}
		body.Tokens = append(body.Tokens, tokenHere{t, p.Name, t.Revoked || !t.Expires.After(c.cfg.Now())})
	}
	body.Actions = c.offered(v)
	return v.Render(w, "tokens", v.L.T("tokens_title"), body)
}

// maxTokenDays is how long a token may last: who uses it makes another once a year.
const maxTokenDays = 366

func (c *Console) addToken(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := r.ParseForm(); err != nil {
		return bodyFault(err)
	}
	body := tokensBody{Name: r.PostFormValue("name"), Days: r.PostFormValue("days")}
	offered := c.offered(v)
	for _, a := range r.PostForm["action"] {
		if !slices.Contains(offered, access.Action(a)) {
			return fault.New(fault.Forbidden, "the action %q is not one that you can give", a)
		}
		body.Chosen = append(body.Chosen, access.Action(a))
	}
	days, err := strconv.Atoi(body.Days)
	if err != nil || days < 1 || days > maxTokenDays || body.Name == "" || len(body.Chosen) == 0 {
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("tokens_problem")
		return c.drawTokens(w, r, v, body)
	}
	secret, err := c.store.AddToken(r.Context(), v.Actor(), store.Token{
		Name: body.Name, Person: v.Person.ID, Tenant: v.Tenant.Slug, Actions: body.Chosen, Expires: c.cfg.Now().Add(time.Duration(days) * 24 * time.Hour),
	})
	if err != nil {
		return err
	}
	return c.drawTokens(w, r, v, tokensBody{Secret: secret, Days: "90"})
}

func (c *Console) revokeToken(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := c.store.RevokeToken(r.Context(), v.Actor(), v.Tenant.Slug, r.PathValue("id")); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("tokens"), "tokens_done_revoked")
}
