// Package facilitator is what a DigiPASS facilitator works with: an anonymous visit in which a person's questions are asked and shown side by
// side in Italian and in the person's language, a screen to turn towards the person, the steps of a service with a sheet to take home, notes
// for the next facilitator, and how many visits there were.
//
// A visit lives in the memory of the server until it ends, for three hours at most, and is written nowhere: neither who came nor what was
// asked. A restart of the server forgets it; the tab, which keeps the answers until the visit ends, opens it again and asks its questions anew. When it ends one number of assistant/store grows. Questions of a visit are not among those that the console lists.
package facilitator

import (
	"context"
	"embed"
	"html/template"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/procedure"
	"sportello/assistant/store"
	"sportello/locales"
	"sportello/locales/national"
	"sportello/locales/terms"
	"sportello/web/dialogue"
	"sportello/web/page"
	"sportello/web/site"
	"sportello/web/staff"
)

//go:embed templates/*.html
var templates embed.FS

// PointsSetting holds the places of a tenant where facilitators are, one a line.
const PointsSetting = "facilitator.points"

// Outcomes of a visit: messages facilitator_outcome_….
var outcomes = []string{"solved", "form", "office", "appointment", "unsolved"}

// Config is what New needs. Now defaults to time.Now, Log to none.
type Config struct {
	Store     *store.Store
	Asker     site.Asker
	Library   site.Library
	Retriever assistant.Retriever // finds the documents that belong to a service
	Desk      dialogue.Desk       // knows what is switched off; nothing is recorded
	Catalogue *locales.Catalogue
	PublicURL string // before the addresses of QR codes; empty: the address that the browser asked
	Log       *slog.Logger
	Now       func() time.Time
}

type pages struct {
	Config
	talk     *dialogue.Service
	steps    *procedure.Builder
	terms    *terms.Book
	national national.List
	visits   *visits
}

// silent is a desk that records nothing.
type silent struct{ dialogue.Desk }

func (silent) Record(string, string, string, string, *assistant.Answer) {}

// New gives the part.
func New(c Config) (staff.Part, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	p := &pages{Config: c, visits: newVisits(c.Now)}
	var err error
	if p.steps, err = procedure.New(); err != nil {
		return staff.Part{}, fault.Wrap(fault.Internal, err, "the cues of procedures")
	}
	if p.terms, err = terms.New(); err != nil {
		return staff.Part{}, fault.Wrap(fault.Internal, err, "the glossary of terms")
	}
	if p.national, err = national.New(); err != nil {
		return staff.Part{}, fault.Wrap(fault.Internal, err, "the list of national services")
	}
	var desk dialogue.Desk
	if c.Desk != nil {
		desk = silent{c.Desk}
	}
	if p.talk, err = dialogue.New(dialogue.Config{Asker: c.Asker, Library: c.Library, Desk: desk, Log: c.Log, Now: c.Now}); err != nil {
		return staff.Part{}, err
	}
	const help = access.HelpCitizens
	return staff.Part{
		Templates: templates,
		Funcs: template.FuncMap{
			"lang":  p.in,
			"place": page.Place,
			"qrsrc": func(uri string) template.URL { return template.URL(uri) }, //nolint:gosec // a picture that package qr drew
		},
		Menu: []staff.MenuItem{{Label: "facilitator_menu", Path: "facilitator", Icon: "it-hearing", Action: help, Order: 15}},
		Routes: append(p.apiRoutes(), []staff.Route{
			{Method: http.MethodGet, Path: "/staff/facilitator", Scope: staff.Signed, Handler: p.where},
			staff.Page("facilitator", help, p.home),
			staff.Change("facilitator/start", help, p.start),
			staff.Page("facilitator/visits/{id}", help, p.desk),
			staff.Change("facilitator/visits/{id}/ask", help, p.ask),
			staff.Change("facilitator/visits/{id}/language", help, p.language),
			staff.Change("facilitator/visits/{id}/resume", help, p.resume),
			staff.Page("facilitator/visits/{id}/screen", help, p.screen),
			staff.Page("facilitator/visits/{id}/steps", help, p.stepsPage),
			staff.Page("facilitator/visits/{id}/print", help, p.printPage),
			staff.Page("facilitator/visits/{id}/find", help, p.find),
			staff.Page("facilitator/visits/{id}/end", help, p.endPage),
			staff.Change("facilitator/visits/{id}/end", help, p.end),
			staff.Page("facilitator/notes", help, p.notes),
			staff.Change("facilitator/notes", help, p.addNote),
			staff.Change("facilitator/notes/{id}/remove", help, p.removeNote),
			staff.Page("facilitator/statistics", help, p.statistics),
			staff.Page("facilitator/statistics/csv", help, p.statisticsCSV),
		}...),
		Settings: []staff.Setting{
			{Key: PointsSetting, Group: "facilitator", Kind: staff.Lines},
			{Key: site.SettingTerms, Group: "page", Kind: staff.Long, Max: 6000, Check: func(text string) string {
				if _, err := p.terms.Extend(text); err != nil {
					return "facilitator_problem_terms"
				}
				return ""
			}},
		},
	}, nil
}

// in gives the citizens' messages in a language.
func (p *pages) in(language string) *locales.Localizer { return p.Catalogue.For(language) }

// where leads to the tenant where the person helps citizens, or to the choice of one.
func (p *pages) where(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	all, err := p.Store.Tenants(r.Context())
	if err != nil {
		return err
	}
	var mine []store.Tenant
	for _, t := range all {
		line, err := p.Store.Lineage(r.Context(), t.Slug)
		if err != nil {
			return err
		}
		if v.MayIn(line, access.HelpCitizens) {
			mine = append(mine, t)
		}
	}
	if len(mine) == 1 {
		http.Redirect(w, r, "/staff/t/"+mine[0].Slug+"/facilitator", http.StatusSeeOther)
		return nil
	}
	return v.Render(w, "where", v.L.T("facilitator_where"), mine)
}

// points are the places of the tenant; there is always one, the tenant itself.
func (p *pages) points(ctx context.Context, v *staff.Visit) ([]string, error) {
	x, _, err := p.Store.Setting(ctx, v.Tenant.Slug, PointsSetting)
	if err != nil {
		return nil, err
	}
	var out []string
	for line := range strings.Lines(x.Value) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	if len(out) == 0 {
		out = []string{v.Tenant.Name}
	}
	return out, nil
}

// languages are those that the tenant's pages offer.
func (p *pages) languages(ctx context.Context, slug string) ([]locales.Language, error) {
	t, err := p.Library.Tenant(ctx, slug)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(p.Catalogue.Languages(), func(l locales.Language) bool {
		return len(t.Languages) > 0 && !slices.Contains(t.Languages, l.Tag)
	}), nil
}

// glossary is the glossary with the tenant's own terms.
func (p *pages) glossary(ctx context.Context, slug string) (*terms.Book, error) {
	t, err := p.Library.Tenant(ctx, slug)
	if err != nil {
		return nil, err
	}
	return page.Glossary(p.terms, t.Terms), nil
}
