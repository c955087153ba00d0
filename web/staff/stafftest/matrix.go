package stafftest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"sportello/assistant/access"
	"sportello/assistant/store"
	"sportello/web/staff"
)

// Matrix asks every route of the table, in the role of everybody, in the tenant itself, and with the role held there, above it, beside
// it, in the whole installation and nowhere, and compares what comes with what the table of rights says. A handler is not run: that
// a request would come in is seen by the route's own answer to a form without its token, or by the handler having been reached.
func Matrix(t *testing.T, parts func(*store.Store) []staff.Part, options ...Option) {
	t.Helper()
	reached := false
	guard := func(c *staff.Config) { c.Reached = func(staff.Route) { reached = true } }
	h := New(t, parts, append(options, guard)...)
	type holder struct {
		name   string
		client *Client
		may    func(access.Action) bool // in Comune
		member bool                     // has any role that holds in Comune
		all    func(access.Action) bool // in the whole installation
	}
	never := func(access.Action) bool { return false }
	visitors := []holder{{"nobody", h.Visitor(), never, false, never}, {"without a role", h.As("", ""), never, false, never}}
	for _, role := range access.Roles() {
		yes := func(a access.Action) bool { return access.May(role, a) }
		for _, where := range []struct {
			tenant string
			holds  bool
		}{{Comune, true}, {Unione, true}, {Provincia, true}, {Sibling, false}, {Alone, false}, {store.Everywhere, true}} {
			x := holder{fmt.Sprintf("%s in %q", role, where.tenant), h.As(role, where.tenant), never, where.holds, never}
			if where.holds {
				x.may = yes
			}
			if where.tenant == store.Everywhere {
				x.all = yes
			}
			visitors = append(visitors, x)
		}
	}
	for _, route := range h.Console.Routes() {
		if route.API() {
			continue
		}
		path := strings.NewReplacer("{slug}", Comune).Replace(route.Path)
		for strings.Contains(path, "{") {
			i, j := strings.Index(path, "{"), strings.Index(path, "}")
			path = path[:i] + "none" + path[j+1:]
		}
		for _, x := range visitors {
			reached = false
			r := x.client.Request(route.Method, path, nil)
			r.Header.Set("X-CSRF-Token", x.client.Token())
			got := x.client.Do(r)
			want := "reached"
			switch route.Scope {
			case staff.Open:
				if x.client.Person == nil && route.Method != http.MethodGet && x.client.Token() == access.Mark("", "csrf") {
					want = "409"
				}
			case staff.Signed:
				if x.client.Person == nil {
					want = "303 /staff/login"
				}
			case staff.InTenant:
				switch {
				case x.client.Person == nil:
					want = "303 /staff/login"
				case !x.member:
					want = "404"
				case !x.may(route.Action):
					want = "403"
				}
			case staff.Overall:
				switch {
				case x.client.Person == nil:
					want = "303 /staff/login"
				case !x.all(route.Action):
					want = "403"
				}
			}
			is := fmt.Sprint(got.StatusCode)
			if to := got.Header.Get("Location"); to != "" {
				to, _, _ = strings.Cut(to, "?")
				is += " " + to
			}
			if reached {
				is = "reached"
			}
			if is != want {
				t.Errorf("%s %s by %s: %s, want %s", route.Method, route.Path, x.name, is, want)
			}
		}
	}
	tokens(t, h, &reached)
}

// tokens does the same for the program interface: a token reaches what is both in its list and in the rights of who made it today, in
// its own tenant and nowhere else.
func tokens(t *testing.T, h *House, reached *bool) {
	t.Helper()
	ctx := t.Context()
	client := h.Visitor()
	type made struct {
		role   access.Role
		action access.Action
		secret string
	}
	var all []made
	for _, role := range access.Roles() {
		p := h.Person(role, Unione)
		for _, a := range access.Actions() {
			secret, err := h.Store.AddToken(ctx, store.ActorCommand, store.Token{Name: "prova", Person: p.ID, Tenant: Comune, Actions: []access.Action{a}, Expires: time.Now().Add(time.Hour)})
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, made{role, a, secret})
		}
	}
	for _, route := range h.Console.Routes() {
		if !route.API() {
			continue
		}
		path := func(slug string) string {
			path := strings.NewReplacer("{slug}", slug).Replace(route.Path)
			for strings.Contains(path, "{") {
				i, j := strings.Index(path, "{"), strings.Index(path, "}")
				path = path[:i] + "none" + path[j+1:]
			}
			return path
		}
		ask := func(slug, secret string) string {
			*reached = false
			r := client.Request(route.Method, path(slug), nil)
			if secret != "" {
				r.Header.Set("Authorization", "Bearer "+secret)
			}
			got := client.Do(r)
			if *reached {
				return "reached"
			}
			return fmt.Sprint(got.StatusCode)
		}
		if err := h.Store.ClearAttempts(ctx, access.Digest("token|"+clientAddress)); err != nil { // wrong ones are counted
			t.Fatal(err)
		}
		for _, secret := range []string{"", "sportello_wrong"} {
			if got := ask(Comune, secret); got != "401" {
				t.Errorf("%s %s with token %q: %s, want 401", route.Method, route.Path, secret, got)
			}
		}
		for _, m := range all {
			want := "403"
			if m.action == route.Action && access.May(m.role, route.Action) {
				want = "reached"
			}
			if got := ask(Comune, m.secret); got != want {
				t.Errorf("%s %s with a token of %s for %s: %s, want %s", route.Method, route.Path, m.role, m.action, got, want)
			}
			if m.action != route.Action {
				continue // a token of another tenant is refused before its actions are looked at
			}
			for _, other := range []string{Unione, Sibling, Alone} {
				if got := ask(other, m.secret); got != "404" {
					t.Errorf("%s %s of %s with a token of %s: %s, want 404", route.Method, route.Path, other, Comune, got)
				}
			}
		}
	}
}
