package staff

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
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

// tokenActions gives the actions that a token is of any use for: those of a route of the program interface.
func (c *Console) tokenActions() []access.Action {
	var out []access.Action
	for _, a := range access.Actions() {
		if slices.ContainsFunc(c.routes, func(r Route) bool { return r.API() && r.Action == a }) {
			out = append(out, a)
		}
	}
	return out
}

// offered gives those of them that v may give.
func (c *Console) offered(v *Visit) []access.Action {
	return slices.DeleteFunc(c.tokenActions(), func(a access.Action) bool { return !v.May(a) })
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
	for _, a := range r.PostForm["action"] {
		body.Chosen = append(body.Chosen, access.Action(a))
	}
	days, _ := strconv.Atoi(body.Days) // what is no number is none
	secret, problem, err := c.makeToken(r.Context(), v, body.Name, body.Chosen, days)
	switch {
	case err != nil:
		return err
	case problem != "":
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T(problem)
		return c.drawTokens(w, r, v, body)
	}
	return c.drawTokens(w, r, v, tokensBody{Secret: secret, Days: "90"})
}

// makeToken makes a token for who is there, with no more than they have. One that a token makes ends no later than that one: else it
// would live for ever. problem is the key of a message.
func (c *Console) makeToken(ctx context.Context, v *Visit, name string, actions []access.Action, days int) (secret, problem string, err error) {
	offered := c.offered(v)
	for _, a := range actions {
		if !slices.Contains(offered, a) {
			return "", "", fault.New(fault.Forbidden, "the action %q is not one that you can give", a)
		}
	}
	if days < 1 || days > maxTokenDays || strings.TrimSpace(name) == "" || len(actions) == 0 {
		return "", "tokens_problem", nil
	}
	t := store.Token{Name: name, Person: v.self(), Tenant: v.Tenant.Slug, Actions: actions, Expires: c.cfg.Now().Add(time.Duration(days) * 24 * time.Hour)}
	if v.Token != nil && t.Expires.After(v.Token.Expires) {
		t.Expires = v.Token.Expires
	}
	secret, err = c.store.AddToken(ctx, v.Actor(), t)
	return secret, "", err
}

func (c *Console) revokeToken(w http.ResponseWriter, r *http.Request, v *Visit) error {
	if err := c.store.RevokeToken(r.Context(), v.Actor(), v.Tenant.Slug, r.PathValue("id")); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("tokens"), "tokens_done_revoked")
}
