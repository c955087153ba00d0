package staff

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/registry"
	"sportello/assistant/store"
	"sportello/locales"
	"sportello/web/static"
)

// Config is what New needs. Store is required; zero values of the rest take the defaults.
type Config struct {
	Store *store.Store
	Parts []Part
	Log   *slog.Logger
	Now   func() time.Time

	PublicURL string        // "https://sportello.comune.example.it": cookies are for https only then, and links are whole
	Idle      time.Duration // a session that is not used ends; default 1 h
	Absolute  time.Duration // a session ends; default 10 h
	// Mail sends a message of plain text at once; nil: links are handed over by who made them.
	Mail func(ctx context.Context, to, subject, text string) error
	OIDC *OIDC // another way to sign in; default: none
	// WrongTokens a minute from one address, more are not looked at; default 60.
	WrongTokens int
	Second      Second // who needs a second factor; default: nobody

	// Reached, when set, stands in for every handler: it is told which route a request came in to. For the test that walks the table.
	Reached func(Route)
}

// Second says who has to have a second factor before they may do anything. Who signs in with a provider has what the provider asks for.
type Second string

// The choices.
const (
	SecondOptional       Second = "optional"
	SecondAdministrators Second = "administrators" // who may manage people somewhere
	SecondEverybody      Second = "everybody"
)

// Console is the staff console.
type Console struct {
	cfg    Config
	store  *store.Store
	l      *locales.Localizer
	assets *static.Files
	hasher *access.Hasher
	cross  *http.CrossOriginProtection
	parts  []*part
	frame  *part // our own pages, and the error page
	routes []Route
	menu   []MenuItem
	oidc   *signer // nil: none

	register *registry.Register
}

// Times that are not worth a setting.
const (
	pendingFor    = 10 * time.Minute // between the password and the second factor
	inviteFor     = 7 * 24 * time.Hour
	resetFor      = 24 * time.Hour
	setupFor      = 24 * time.Hour
	touchEvery    = time.Minute
	pageLimit     = 30 * time.Second
	defaultBody   = 256 << 10
	multipartKept = 8 << 20 // of a form with files in memory, the rest on disk
)

// New builds the console. A template or message that is missing, a route twice, or one that nobody may use, is an error here.
func New(cfg Config) (*Console, error) {
	if cfg.Store == nil {
		return nil, fault.New(fault.Internal, "staff: a Store is required")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Idle <= 0 {
		cfg.Idle = time.Hour
	}
	if cfg.Absolute <= 0 {
		cfg.Absolute = 10 * time.Hour
	}
	if cfg.WrongTokens <= 0 {
		cfg.WrongTokens = 60
	}
	c := &Console{cfg: cfg, store: cfg.Store, cross: http.NewCrossOriginProtection()}
	var err error
	if c.l, err = locales.Staff(); err != nil {
		return nil, err
	}
	if c.assets, err = static.New(); err != nil {
		return nil, err
	}
	if c.register, err = registry.New(); err != nil {
		return nil, err
	}
	if c.hasher, err = access.NewHasher(0); err != nil {
		return nil, err
	}
	if cfg.OIDC != nil {
		c.oidc = &signer{OIDC: *cfg.OIDC}
	}
	for _, p := range append([]Part{c.own()}, cfg.Parts...) {
		if err := c.add(p); err != nil {
			return nil, err
		}
	}
	c.frame = c.parts[0]
	slices.SortStableFunc(c.menu, func(a, b MenuItem) int { return a.Order - b.Order })
	return c, nil
}

// add takes a part into the table.
func (c *Console) add(p Part) error {
	built, err := c.build(p)
	if err != nil {
		return err
	}
	c.parts = append(c.parts, built)
	for _, r := range p.Routes {
		if err := c.check(r); err != nil {
			return err
		}
		r.part = built
		if r.MaxBody == 0 {
			r.MaxBody = defaultBody
		}
		if r.Timeout == 0 {
			r.Timeout = pageLimit
		}
		c.routes = append(c.routes, r)
	}
	for _, item := range p.Menu {
		if !c.l.Has(item.Label) {
			return fault.New(fault.Internal, "staff: the menu asks for %q, which locales/staff has not", item.Label)
		}
		c.menu = append(c.menu, item)
	}
	return nil
}

// check finds a row that cannot be right.
func (c *Console) check(r Route) error {
	bad := func(why string) error {
		return fault.New(fault.Internal, "staff: the route %s %s %s", r.Method, r.Path, why)
	}
	inTenant := strings.HasPrefix(r.Path, tenantPath) || strings.HasPrefix(r.Path, apiPath)
	switch {
	case r.Handler == nil || r.Method == "":
		return bad("has no handler or method")
	case !strings.HasPrefix(r.Path, "/staff") && !r.API():
		return bad("is neither below /staff nor below /api")
	case (r.Scope == InTenant) != inTenant:
		return bad("is of a tenant in its path or in its scope, not in both")
	case (r.Scope == InTenant || r.Scope == Overall) && !r.Action.Known():
		return bad("has no action")
	case (r.Scope == Open || r.Scope == Signed) && r.Action != "":
		return bad("has an action that nothing asks for")
	case r.API() && r.Scope != InTenant:
		return bad("is of the program interface and not of a tenant")
	}
	for _, other := range c.routes {
		if other.Method == r.Method && shape(other.Path) == shape(r.Path) {
			return bad("is there twice")
		}
	}
	return nil
}

// shape is a path without the names of its parameters.
func shape(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, "{") {
			parts[i] = "{}"
		}
	}
	return strings.Join(parts, "/")
}

// Routes is the table: all that can be reached.
func (c *Console) Routes() []Route { return slices.Clone(c.routes) }

// secure says whether people reach the console by https.
func (c *Console) secure() bool { return strings.HasPrefix(c.cfg.PublicURL, "https://") }
