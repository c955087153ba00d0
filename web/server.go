// Package web is the HTTP server: routes, the middleware around them, and the one table that maps an error to a status. It is the only
// importer of echo; the pages and the API below it are plain net/http.
//
// Towards citizens it stores nothing: no cookie, no session, no question in any log; package staff, the console, has its own rules. Addresses of clients are kept in memory as a keyed hash, whose key
// is new each day, to count requests.
package web

import (
	"context"
	"crypto/ed25519"
	stdlog "log"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/labstack/echo/v4"

	"sportello/assistant/fault"
	"sportello/locales"
	"sportello/web/api"
	"sportello/web/citizen"
	"sportello/web/dialogue"
	"sportello/web/site"
	"sportello/web/staff"
	"sportello/web/static"
	"sportello/web/widget"
)

// Config is what New needs. Asker, Library and Catalogue are required; zero values of the rest take the defaults.
type Config struct {
	Asker     site.Asker
	Library   site.Library
	Catalogue *locales.Catalogue

	Reworder site.Reworder // says quotes in plain words; nil: they are taken apart by code alone

	Console *staff.Console // the staff console; nil: there is none
	Desk    Desk           // behind the counter; nil: nothing is noted, switched off or left for an office

	Health  func(context.Context) site.Health         // default: ready when the Library lists its tenants
	Stats   func(context.Context) (site.Stats, error) // for /metrics; default: none
	Version string                                    // of this program, for /metrics
	Log     *slog.Logger
	Now     func() time.Time

	ConversationKey func(day string) ([]byte, error)  // see dialogue.Config.Key
	Signer          func() (ed25519.PublicKey, error) // of exported acts; nil: none are signed

	PublicURL      string         // "https://sportello.comune.example.it": before addresses in API answers, and HSTS when it is https
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed; none: the address of the connection counts
	MetricsFrom    []netip.Prefix // who may read /metrics; default: this machine

	AskPerMinute   int           // questions a minute from one address; default 20
	PagesPerMinute int           // everything else from one address; 0: as many as it likes
	HoldBack       time.Duration // how late somebody who does not stop asking is refused; default 2 s, negative: at once

	MaxQuestion   int           // characters; default 1000
	MaxConcurrent int           // questions answered at once; default 8
	AskWait       time.Duration // how long a question waits for its turn; default 30 s
	AskTimeout    time.Duration // default 2 min
	PageTimeout   time.Duration // of everything else; default 30 s
}

const (
	maxBody           = "64K" // a question with room to spare; nothing else is sent to the public routes
	defaultPerMinute  = 20
	defaultPageLimit  = 30 * time.Second
	defaultAskTimeout = 2 * time.Minute
	defaultHoldBack   = 2 * time.Second
)

// Desk is what stands behind the counter, see packages dialogue and citizen.
type Desk interface {
	dialogue.Desk
	citizen.Desk
}

// server holds what handlers share.
type server struct {
	cfg     Config
	echo    *echo.Echo
	assets  *static.Files
	pages   *citizen.Pages
	api     *api.API
	widget  *widget.Widget
	metrics *metrics
	limit   *limiter      // of questions
	held    chan struct{} // a place for each refusal that is held back

	pageLimit *limiter
	codeLimit *limiter
	staff     map[string]staff.Route // by method and path as echo has it
}

// New builds the handler. A template, message or asset that is wrong is an error here, not on a page.
func New(cfg Config) (http.Handler, error) {
	s, err := newServer(cfg)
	if err != nil {
		return nil, err
	}
	return s.echo, nil
}

func newServer(cfg Config) (*server, error) {
	if cfg.Asker == nil || cfg.Library == nil || cfg.Catalogue == nil {
		return nil, fault.New(fault.Internal, "web: Asker, Library and Catalogue are required")
	}
	setDefaults(&cfg)
	assets, err := static.New()
	if err != nil {
		return nil, err
	}
	s := &server{cfg: cfg, assets: assets, metrics: newMetrics(cfg.Version, cfg.Stats, cfg.Log), limit: newLimiter(cfg.AskPerMinute, cfg.Now), pageLimit: newLimiter(cfg.PagesPerMinute, cfg.Now), codeLimit: newLimiter(codes(cfg.AskPerMinute), cfg.Now),
		held: make(chan struct{}, mostHeld), staff: map[string]staff.Route{}}
	var noted dialogue.Desk // an interface that holds nothing is not nil
	var counter citizen.Desk
	if cfg.Desk != nil {
		noted, counter = cfg.Desk, cfg.Desk
	}
	talk, err := dialogue.New(dialogue.Config{
		Asker: cfg.Asker, Library: cfg.Library, Reworder: cfg.Reworder, Desk: noted, Log: cfg.Log, MaxRunes: cfg.MaxQuestion, MaxConcurrent: cfg.MaxConcurrent,
		Wait: cfg.AskWait, Timeout: cfg.AskTimeout, Observe: s.metrics.observe, Now: cfg.Now, Key: cfg.ConversationKey,
	})
	if err != nil {
		return nil, err
	}
	s.pages, err = citizen.New(citizen.Config{Library: cfg.Library, Dialogue: talk, Desk: counter, Assets: assets, Catalogue: cfg.Catalogue, Now: cfg.Now})
	if err != nil {
		return nil, err
	}
	words := widget.Config{Library: cfg.Library, Catalogue: cfg.Catalogue, Set: s.pages.Set(), Starters: s.pages.Starters, Opinions: counter != nil}
	if counter != nil {
		words.Closed = counter.Closed
	}
	if s.widget, err = widget.New(words); err != nil {
		return nil, err
	}
	s.api = api.New(api.Config{Desk: counter, Library: cfg.Library, Dialogue: talk, Catalogue: cfg.Catalogue, PublicURL: cfg.PublicURL, Signer: cfg.Signer, Now: cfg.Now, Explain: s.pages.Explain})
	s.echo = echo.New()
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.IPExtractor = ipExtractor(cfg.TrustedProxies)
	s.echo.HTTPErrorHandler = s.fail
	s.middleware()
	s.routes()
	return s, nil
}

func setDefaults(cfg *Config) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.AskPerMinute == 0 {
		cfg.AskPerMinute = defaultPerMinute
	}
	if cfg.HoldBack == 0 {
		cfg.HoldBack = defaultHoldBack
	}
	if cfg.AskTimeout == 0 {
		cfg.AskTimeout = defaultAskTimeout
	}
	if cfg.PageTimeout == 0 {
		cfg.PageTimeout = defaultPageLimit
	}
	if cfg.MetricsFrom == nil {
		cfg.MetricsFrom = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	}
	if cfg.Health == nil {
		library := cfg.Library
		cfg.Health = func(ctx context.Context) site.Health {
			if _, err := library.Tenants(ctx); err != nil {
				return site.Health{Parts: []site.Part{{Name: "store", State: "failed", Detail: fault.MessageOf(err)}}}
			}
			return site.Health{Ready: true, Parts: []site.Part{{Name: "store", State: "ok"}}}
		}
	}
}

// Server gives an http.Server for the handler with limits on slow and large clients. An answer has no limit of its own, since answers
// stream: each piece of it has, and every handler has its deadline.
func Server(addr string, h http.Handler, log *slog.Logger) *http.Server {
	s := &http.Server{
		Addr: addr, Handler: Patient(h, readerPatience),
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 32 << 10,
	}
	if log != nil {
		s.ErrorLog = stdlog.New(gossip{log}, "", 0)
	}
	return s
}

// Routes lists the routes of a handler of New as "METHOD /path", for the tests that walk all of them.
func Routes(h http.Handler) []string {
	e, ok := h.(*echo.Echo)
	if !ok {
		return nil
	}
	var out []string
	for _, r := range e.Routes() {
		out = append(out, r.Method+" "+r.Path)
	}
	return out
}
