// Package citizen holds the pages for the public: the list of comuni, the page where one asks, the list of documents and the document with
// the article in its context.
//
// Handlers are plain net/http and return an error, which package web turns into a status and a page. Every page works without
// JavaScript; with it, answers stream as HTML fragments made by the same templates. No cookie is set, nothing is stored.
package citizen

import (
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"sportello/assistant"
	"sportello/assistant/plain"
	"sportello/locales"
	"sportello/locales/terms"
	"sportello/web/dialogue"
	"sportello/web/page"
	"sportello/web/site"
	"sportello/web/static"
)

//go:embed templates/*.html
var templates embed.FS

// Config is what New needs.
type Config struct {
	Library   site.Library
	Dialogue  *dialogue.Service
	Desk      Desk // may be nil: no opinions and no questions for offices are taken
	Assets    *static.Files
	Catalogue *locales.Catalogue
	Now       func() time.Time // default time.Now
}

// Pages are the citizen pages.
type Pages struct {
	cfg    Config
	set    *page.Set
	topics *topicCache
	terms  *terms.Book
}

// New parses the templates.
func New(cfg Config) (*Pages, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	source, err := fs.Sub(templates, "templates")
	if err != nil {
		return nil, err
	}
	set, err := page.New(page.Config{Assets: cfg.Assets, Catalogue: cfg.Catalogue, Templates: source, Funcs: template.FuncMap{
		"tel":   telephone,
		"clock": clock,
		"join":  strings.Join,
		"door":  func(l *locales.Localizer, c assistant.Contact) *page.Door { return page.DoorOf(l, c, cfg.Now()) },
	}})
	if err != nil {
		return nil, err
	}
	book, err := terms.New()
	if err != nil {
		return nil, err
	}
	return &Pages{cfg: cfg, set: set, topics: newTopicCache(cfg.Now), terms: book}, nil
}

// Explain gives the terms of an Italian text, the tenant's own among them, and for who reads Italian the everyday words of others.
func (p *Pages) Explain(t *site.Tenant, l *locales.Localizer, text string, words []plain.Word) []page.Term {
	return page.Plain(page.Glossed(page.Glossary(p.terms, t.Terms), l, text), l, words)
}

// Set gives the layout, for the error pages.
func (p *Pages) Set() *page.Set { return p.set }

// tenantView makes the view of a page of the tenant in the path. Unknown tenant: fault.NotFound.
func (p *Pages) tenantView(r *http.Request, slug string) (*page.View, error) {
	t, err := p.cfg.Library.Tenant(r.Context(), slug)
	if err != nil {
		return nil, err
	}
	v := p.set.View(r)
	p.set.Place(v, t)
	return v, nil
}

func (p *Pages) write(w http.ResponseWriter, name string, v *page.View) error {
	out, err := p.set.Page(name, v)
	if err != nil {
		return err
	}
	if name == "ask" { // the one page that may listen, when somebody dictates
		w.Header().Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(self), payment=(), usb=()")
	}
	page.Write(w, http.StatusOK, v, out)
	return nil
}

func (p *Pages) today() string { return p.cfg.Now().Format(time.DateOnly) }

// clock writes a time of day as it is where the comuni are.
func clock(t time.Time) string {
	if rome, err := time.LoadLocation("Europe/Rome"); err == nil {
		t = t.In(rome)
	}
	return t.Format("15:04")
}

// telephone gives the number of a tel: address: digits, with the plus of a country code.
func telephone(s string) template.URL {
	var b strings.Builder
	for _, r := range s {
		if r >= '0' && r <= '9' || r == '+' && b.Len() == 0 {
			b.WriteRune(r)
		}
	}
	return template.URL("tel:" + b.String()) //nolint:gosec // digits only
}
