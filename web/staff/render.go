package staff

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"sportello/assistant/fault"
	"sportello/web/page"
)

//go:embed templates/*.html
var templates embed.FS

//go:embed layout/*.html
var layout embed.FS

// part is a Part with its templates parsed.
type part struct {
	Part
	pages map[string]*template.Template
	bits  *template.Template
}

// View is what a template gets: the Visit with the page's own title and data.
type View struct {
	*Visit
	Title string
	Body  any
}

// build parses the templates of a part, each together with the layout, and looks that there are words for all that they ask for.
func (c *Console) build(p Part) (*part, error) {
	out := &part{Part: p, pages: map[string]*template.Template{}}
	base, err := template.New("staff").Funcs(page.Funcs(c.assets)).Funcs(c.funcs()).Funcs(p.Funcs).ParseFS(layout, "layout/*.html")
	if err != nil {
		return nil, fmt.Errorf("staff: layout: %w", err)
	}
	if err := c.words(layout, "layout/*.html"); err != nil {
		return nil, err
	}
	if p.Templates != nil {
		pattern := "*.html"
		if found, err := fs.Glob(p.Templates, "templates/*.html"); err == nil && len(found) > 0 {
			pattern = "templates/*.html"
		}
		if err := c.words(p.Templates, pattern); err != nil {
			return nil, err
		}
		names, err := fs.Glob(p.Templates, pattern)
		if err != nil {
			return nil, fmt.Errorf("staff: %w", err)
		}
		for _, name := range names {
			if strings.HasPrefix(path.Base(name), "_") {
				if base, err = base.ParseFS(p.Templates, name); err != nil {
					return nil, fmt.Errorf("staff: %w", err)
				}
			}
		}
		for _, name := range names {
			if strings.HasPrefix(path.Base(name), "_") {
				continue
			}
			clone, err := base.Clone()
			if err != nil {
				return nil, fmt.Errorf("staff: %w", err)
			}
			if out.pages[strings.TrimSuffix(path.Base(name), ".html")], err = clone.ParseFS(p.Templates, name); err != nil {
				return nil, fmt.Errorf("staff: %w", err)
			}
		}
	}
	// A template cannot be cloned once it was executed: bits of pages have a copy of their own.
	out.bits, err = base.Clone()
	return out, err
}

// asked finds the messages that a template asks for by name.
var asked = regexp.MustCompile(`\.L\.[TN] "([a-z0-9_]+)"`)

func (c *Console) words(source fs.FS, pattern string) error {
	names, err := fs.Glob(source, pattern)
	if err != nil {
		return fmt.Errorf("staff: %w", err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(source, name)
		if err != nil {
			return fmt.Errorf("staff: %w", err)
		}
		for _, m := range asked.FindAllStringSubmatch(string(text), -1) {
			if !c.l.Has(m[1]) {
				return fault.New(fault.Internal, "staff: %s asks for the message %q, which locales/staff has not", name, m[1])
			}
		}
	}
	return nil
}

func (c *Console) funcs() template.FuncMap {
	return template.FuncMap{
		"when":   c.when,
		"day":    c.day,
		"lines":  func(list []string) string { return strings.Join(list, "\n") },
		"commas": func(list []string) string { return strings.Join(list, ", ") },
		"number": c.l.Number,
		"under":  func(key any) string { return strings.ReplaceAll(fmt.Sprint(key), ".", "_") },
		"list":   func(items ...string) []string { return items },
	}
}

// rome is where the comuni are: a clerk reads the clock on the wall.
var rome = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		return time.Local // a machine without the list of zones
	}
	return zone
}()

// when writes a moment: "22 novembre 2026, ore 14.05".
func (c *Console) when(t time.Time) string {
	if t.IsZero() {
		return c.l.T("staff_never")
	}
	t = t.In(rome)
	return c.l.T("staff_when", map[string]any{"Date": c.l.Date(t), "Time": t.Format("15.04")})
}

func (c *Console) day(t time.Time) string {
	if t.IsZero() {
		return c.l.T("staff_never")
	}
	return c.l.Date(t.In(rome))
}

// Render writes a whole page: the template name of the part that the route belongs to, within the layout.
func (v *Visit) Render(w http.ResponseWriter, name, title string, body any) error {
	t := v.route.part.pages[name]
	if t == nil {
		return fault.New(fault.Internal, "staff: no template %q", name)
	}
	return v.write(w, t, "layout.html", View{v, title, body})
}

// Alone writes a page that has no frame: the template name is the whole document, in the given language. It is for a screen turned to a
// citizen, and for paper.
func (v *Visit) Alone(w http.ResponseWriter, name, title, language string, body any) error {
	t := v.route.part.pages[name]
	if t == nil {
		return fault.New(fault.Internal, "staff: no template %q", name)
	}
	w.Header().Set("Content-Language", language)
	return v.write(w, t, name+".html", View{v, title, body})
}

// Fragment writes a piece of a page for htmx: a template that is defined in a file whose name begins with _. The data is a View too.
func (v *Visit) Fragment(w http.ResponseWriter, name string, body any) error {
	return v.write(w, v.route.part.bits, name, View{v, "", body})
}

// Bit gives the text of such a piece, for server-sent events.
func (v *Visit) Bit(name string, body any) (string, error) {
	var buf bytes.Buffer
	err := v.route.part.bits.ExecuteTemplate(&buf, name, View{v, "", body})
	return buf.String(), err
}

func (v *Visit) write(w http.ResponseWriter, t *template.Template, name string, view View) error {
	var buf bytes.Buffer // first into memory: a template that fails half way must not leave half a page
	if err := t.ExecuteTemplate(&buf, name, view); err != nil {
		return fault.Wrap(fault.Internal, err, "staff: template %s", name)
	}
	if v.Status == 0 {
		v.Status = http.StatusOK
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	if h.Get("Content-Language") == "" {
		h.Set("Content-Language", "it")
	}
	h.Set("Content-Length", strconv.Itoa(buf.Len()))
	w.WriteHeader(v.Status)
	_, _ = w.Write(buf.Bytes()) // a reader that left is no error of ours
	return nil
}
