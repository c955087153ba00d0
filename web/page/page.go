// Package page renders the HTML pages: the layout that all share, the language of a request, addresses of assets, and the error page.
//
// A Set is the layout with the templates of one part of the site (citizen; later staff and facilitator). Templates are parsed at start;
// a bad one stops the program. The package stores nothing.
package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"sportello/locales"
	"sportello/web/site"
	"sportello/web/static"
)

//go:embed templates/*.html
var layout embed.FS

// Set renders the pages of one part of the site.
type Set struct {
	assets    *static.Files
	catalogue *locales.Catalogue
	pages     map[string]*template.Template
	partials  *template.Template
	fault     *template.Template
}

// Config is what New needs.
type Config struct {
	Assets    *static.Files
	Catalogue *locales.Catalogue
	Templates fs.FS // *.html at its root; names that start with _ are partials shared by the others
	Funcs     template.FuncMap
}

// New parses the layout with each template.
func New(cfg Config) (*Set, error) {
	s := &Set{assets: cfg.Assets, catalogue: cfg.Catalogue, pages: map[string]*template.Template{}}
	base, err := template.New("layout").Funcs(s.funcs()).Funcs(cfg.Funcs).ParseFS(layout, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("page: layout: %w", err)
	}
	sources := []fs.FS{cfg.Templates}
	if cfg.Templates == nil {
		sources = nil
	}
	for _, source := range sources {
		names, err := fs.Glob(source, "*.html")
		if err != nil {
			return nil, fmt.Errorf("page: %w", err)
		}
		for _, name := range names {
			if strings.HasPrefix(name, "_") {
				if base, err = base.ParseFS(source, name); err != nil {
					return nil, fmt.Errorf("page: %w", err)
				}
			}
		}
		for _, name := range names {
			if strings.HasPrefix(name, "_") {
				continue
			}
			clone, err := base.Clone()
			if err != nil {
				return nil, fmt.Errorf("page: %w", err)
			}
			if s.pages[strings.TrimSuffix(name, path.Ext(name))], err = clone.ParseFS(source, name); err != nil {
				return nil, fmt.Errorf("page: %w", err)
			}
		}
	}
	// A template cannot be cloned once it was executed: the error page gets its own copy now.
	if s.fault, err = base.Clone(); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	if s.fault, err = s.fault.Parse(`{{define "main"}}{{template "error" .}}{{end}}`); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	s.partials = base
	return s, nil
}

func (s *Set) funcs() template.FuncMap { return Funcs(s.assets) }

// Funcs are the functions that the templates of every part of the site have: addresses of assets, icons, small tools.
func Funcs(assets *static.Files) template.FuncMap {
	return template.FuncMap{
		"asset":    assets.URL,
		"vendored": assets.Vendored,
		"has":      assets.Has,
		"icon":     func(name, class string) template.HTML { return icon(assets, name, class) },
		"dict":     dict,
		"add":      func(a, b int) int { return a + b },
		"stylesheet": func() string {
			if assets.Vendored() {
				return assets.URL("vendor/bootstrap-italia/css/bootstrap-italia.min.css")
			}
			return assets.URL("fallback.css")
		},
	}
}

// icon draws one of bootstrap-italia's sprites, decorative: words always stand beside it. Without the vendored files, nothing.
func icon(assets *static.Files, name, class string) template.HTML {
	if !assets.Vendored() {
		return ""
	}
	return template.HTML(fmt.Sprintf(`<svg class="icon %s" aria-hidden="true" focusable="false"><use href="%s#%s"></use></svg>`, //nolint:gosec // constants of our templates
		template.HTMLEscapeString(class), assets.URL("vendor/bootstrap-italia/svg/sprites.svg"), template.HTMLEscapeString(name)))
}

func dict(pairs ...any) (locales.Data, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: odd number of arguments")
	}
	out := locales.Data{}
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: key %v is not a string", pairs[i])
		}
		out[key] = pairs[i+1]
	}
	return out, nil
}

// View is what every page gets.
type View struct {
	L         *locales.Localizer
	Title     string       // of the page, without the tenant's name
	Tenant    *site.Tenant // nil on pages of no tenant
	Here      string       // "ask", "documents": the current entry of the menu
	Languages []LanguageLink
	Query     string // "?lang=xx" when the person chose a language, to keep it on links
	RequestID string
	Kiosk     bool // a screen in the town hall: nothing leads out
	Body      any
}

// LanguageLink switches the language of the page in place.
type LanguageLink struct {
	locales.Language
	URL     string
	Current bool
}

// View makes the view of a request: the language is ?lang= when it is one of ours, else what Accept-Language likes best, else Italian.
func (s *Set) View(r *http.Request) *View {
	chosen := r.URL.Query().Get("lang")
	if !s.catalogue.Has(chosen) {
		chosen = ""
	}
	v := &View{L: s.catalogue.For(chosen, r.Header.Get("Accept-Language")), RequestID: r.Header.Get("X-Request-Id")}
	if chosen != "" {
		v.Query = "?lang=" + chosen
	}
	for _, l := range s.catalogue.Languages() {
		q := r.URL.Query()
		q.Set("lang", l.Tag)
		v.Languages = append(v.Languages, LanguageLink{Language: l, URL: r.URL.EscapedPath() + "?" + q.Encode(), Current: l.Tag == v.L.Lang()})
	}
	return v
}

// Place makes v a page of the tenant: with its languages only. Who likes another gets Italian.
func (s *Set) Place(v *View, t *site.Tenant) {
	v.Tenant = t
	if len(t.Languages) == 0 {
		return
	}
	v.Languages = slices.DeleteFunc(v.Languages, func(l LanguageLink) bool { return !slices.Contains(t.Languages, l.Tag) })
	if !slices.Contains(t.Languages, v.L.Lang()) {
		v.L, v.Query = s.catalogue.For("it"), ""
		for i := range v.Languages {
			v.Languages[i].Current = v.Languages[i].Tag == "it"
		}
	}
}

// URL gives path with the chosen language and pairs of query parameters; empty values are left out.
func (v *View) URL(path string, pairs ...any) string {
	q := url.Values{}
	if lang, ok := strings.CutPrefix(v.Query, "?lang="); ok {
		q.Set("lang", lang)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if value := fmt.Sprint(pairs[i+1]); value != "" && value != "0" {
			q.Set(fmt.Sprint(pairs[i]), value)
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// Home is the address of the tenant's page.
func (v *View) Home() string {
	if v.Tenant == nil {
		return v.URL("/")
	}
	if v.Kiosk {
		return v.URL("/t/" + v.Tenant.Slug + "/kiosk")
	}
	return v.URL("/t/" + v.Tenant.Slug + "/")
}

// Page gives the bytes of a whole page.
func (s *Set) Page(name string, v *View) ([]byte, error) {
	t := s.pages[name]
	if t == nil {
		return nil, fmt.Errorf("page: no template %q", name)
	}
	return execute(t, "layout.html", v)
}

// Partial gives the bytes of one named template, for streams.
func (s *Set) Partial(name string, data any) (string, error) {
	out, err := execute(s.partials, name, data)
	return string(out), err
}

// execute renders into memory first: a template that fails half way must not leave half a page.
func execute(t *template.Template, name string, data any) ([]byte, error) {
	var buf bytes.Buffer
	if err := t.ExecuteTemplate(&buf, name, data); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return buf.Bytes(), nil
}
