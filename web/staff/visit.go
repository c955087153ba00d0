package staff

import (
	"net/http"
	"net/url"
	"strings"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/locales"
)

// Visit is one request: who is there, where, and what they may do. Templates get it together with Title and Body, see Render.
type Visit struct {
	Person  *store.Person  // nil on pages for anybody, and for a token
	Session *store.Session // nil for a token
	Token   *store.Token   // of the program interface; nil for a person
	Tenant  *store.Tenant  // of the path; nil outside a tenant
	Lineage []string       // the tenant and its ancestors
	Roles   []access.Role  // that hold here, the widest first
	Members []store.Member // all roles of the person
	CSRF    string         // for the forms of the page
	L       *locales.Localizer

	Message string // what was done on the page before
	Problem string // what is wrong with the form; Render shows it on top
	Status  int    // of the page; default 200

	route   Route
	secret  string // of the session
	seed    string // what CSRF was made from
	client  string // address of the browser, only to count attempts
	path    string
	console *Console
}

// May says whether who is there may do a in this tenant (outside of one: in the whole installation).
func (v *Visit) May(a access.Action) bool {
	if v.Token != nil {
		return v.tokenMay(a)
	}
	return access.MayAny(v.Roles, a)
}

// MayIn says whether who is there may do a in the tenant whose line (itself, then its ancestors) is given; none: the installation.
func (v *Visit) MayIn(lineage []string, a access.Action) bool {
	return access.MayAny(store.RolesIn(v.Members, lineage), a)
}

// tokenMay holds a token to its own list and to what the person who made it may do today.
func (v *Visit) tokenMay(a access.Action) bool {
	for _, allowed := range v.Token.Actions {
		if allowed == a {
			return access.MayAny(v.Roles, a)
		}
	}
	return false
}

// Actor is who does this, for the audit log.
func (v *Visit) Actor() string {
	switch {
	case v.Token != nil:
		return "token:" + v.Token.ID
	case v.Person != nil:
		return "person:" + v.Person.ID
	}
	return store.ActorSystem
}

// URL is the address of a page of this tenant: "documents" -> "/staff/t/avella/documents". A path that begins with / stays as it
// is. Pairs are query parameters; empty values are left out.
func (v *Visit) URL(path string, pairs ...string) string {
	if !strings.HasPrefix(path, "/") && v.Tenant != nil {
		path = "/staff/t/" + url.PathEscape(v.Tenant.Slug) + "/" + path
	}
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

// Done ends a change: the browser goes on to the page at to, which shows the message.
func (v *Visit) Done(w http.ResponseWriter, r *http.Request, to, message string) error {
	if message != "" {
		if !v.L.Has(message) {
			return fault.New(fault.Internal, "staff: there is no message %q", message)
		}
		page, fragment, _ := strings.Cut(to, "#")
		separator := "?"
		if strings.Contains(page, "?") {
			separator = "&"
		}
		to = page + separator + "done=" + url.QueryEscape(message)
		if fragment != "" {
			to += "#" + fragment
		}
	}
	if r.Header.Get("HX-Request") != "" {
		w.Header().Set("HX-Redirect", to) // htmx would draw the page inside the one it has
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// Path is the address of this page, without its query.
func (v *Visit) Path() string { return v.path }

// Here says whether the entry of the menu at path is the one of this page.
func (v *Visit) Here(path string) bool {
	rest, ok := strings.CutPrefix(v.path, strings.TrimSuffix(v.URL(path), "/"))
	return ok && (rest == "" || rest == "/" || path != "" && strings.HasPrefix(rest, "/"))
}

// Menu gives the entries that who is there may use here.
func (v *Visit) Menu() []MenuItem {
	if v.Tenant == nil || v.Person == nil {
		return nil
	}
	var out []MenuItem
	for _, item := range v.console.menu {
		if v.May(item.Action) {
			out = append(out, item)
		}
	}
	return out
}

// Overall says whether the person may do a in the whole installation.
func (v *Visit) Overall(a access.Action) bool { return v.Person != nil && v.MayIn(nil, a) }
