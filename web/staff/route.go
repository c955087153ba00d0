package staff

import (
	"context"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"sportello/assistant/access"
)

// Handler answers a request that may come in: v says who and where. An error is written by the frame, by its code.
type Handler func(w http.ResponseWriter, r *http.Request, v *Visit) error

// Scope is where a route's action is asked for.
type Scope int

// The scopes.
const (
	Open     Scope = iota // anybody: the page to sign in
	Signed                // whoever is signed in: their own account
	InTenant              // who may do Action in the tenant {slug} of the path
	Overall               // who may do Action in the whole installation
)

// Route is a row of the table of all that can be reached.
type Route struct {
	Method  string
	Path    string // whole: "/staff/t/{slug}/documents/{id}"; below /api/ it answers in JSON and takes a token instead of a session
	Scope   Scope
	Action  access.Action // for InTenant and Overall
	Handler Handler

	MaxBody int64         // bytes; default 256 KiB
	Timeout time.Duration // default 30 s
	Stream  bool          // server-sent events: no time limit, not compressed

	part *part
}

// Paths of a tenant's pages and of its part of the program interface.
const (
	tenantPath = "/staff/t/{slug}/"
	apiPath    = "/api/v1/t/{slug}/manage/"
)

// Page is a GET of a tenant's page; path is below /staff/t/{slug}/.
func Page(path string, a access.Action, h Handler) Route {
	return Route{Method: http.MethodGet, Path: tenantPath + path, Scope: InTenant, Action: a, Handler: h}
}

// Change is a POST below /staff/t/{slug}/.
func Change(path string, a access.Action, h Handler) Route {
	return Route{Method: http.MethodPost, Path: tenantPath + path, Scope: InTenant, Action: a, Handler: h}
}

// APIGet is a GET of the program interface below /api/v1/t/{slug}/manage/, for tokens that have the action.
func APIGet(path string, a access.Action, h Handler) Route {
	return Route{Method: http.MethodGet, Path: apiPath + path, Scope: InTenant, Action: a, Handler: h}
}

// APIChange is a POST, PUT or DELETE of the program interface.
func APIChange(method, path string, a access.Action, h Handler) Route {
	return Route{Method: method, Path: apiPath + path, Scope: InTenant, Action: a, Handler: h}
}

// WithBody gives the route with another limit of the request's body, and the time that sending it may take.
func (r Route) WithBody(bytes int64) Route {
	r.MaxBody, r.Timeout = bytes, 30*time.Minute
	return r
}

// Streaming gives the route without a time limit and compression.
func (r Route) Streaming() Route { r.Stream = true; return r }

// API says whether the route answers programs.
func (r Route) API() bool { return strings.HasPrefix(r.Path, "/api/") }

// MenuItem is an entry of the menu at the side, shown to those who may do Action in the tenant.
type MenuItem struct {
	Label  string // key of a message
	Path   string // below /staff/t/{slug}/; pages below it are part of the entry
	Icon   string // of bootstrap-italia's sprites, "it-files"
	Action access.Action
	Order  int // small is high up: 10 home, 20 documents, 30 questions, 40 hand-over, 60 offices, 70 settings, 80 people, 90 audit
}

// Tile is a figure on the first page, with the page it leads to. Only figures that are counted are shown.
type Tile struct {
	Label string // key of a message; in the plural form of Count
	Count int
	Path  string // below /staff/t/{slug}/
	Alert bool   // waits for somebody
}

// Step is a point of the list on the first page that a new tenant is led through.
type Step struct {
	Label string // key of a message
	Help  string // key of a message
	Path  string // below /staff/t/{slug}/, or whole when it begins with /
	Done  bool
	Order int // 10 offices, 20 documents, 30 first question, 40 settings
}

// Part is a subject of the console with its pages.
type Part struct {
	Templates fs.FS // *.html at the root, or in templates/
	Funcs     map[string]any
	Routes    []Route
	Menu      []MenuItem
	Tiles     func(ctx context.Context, v *Visit) ([]Tile, error)
	Steps     func(ctx context.Context, v *Visit) ([]Step, error)
	Settings  []Setting // keys that the part reads, for the page of settings
}
