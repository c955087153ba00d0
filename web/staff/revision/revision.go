// Package revision is the part of the staff console for the revision of regulations: what to look at in one of the comune's own, and the
// same subject in another comune's public one, article by article. What is found is worked out each time and kept nowhere.
package revision

import (
	"context"
	"embed"
	"net/http"
	"time"

	"sportello/assistant/access"
	"sportello/assistant/drafting/reference"
	"sportello/assistant/drafting/revision"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/web/staff"
)

//go:embed templates/*.html
var templates embed.FS

// Config is what New needs.
type Config struct {
	Store *store.Store
	// References checks what a text cites against what the tenant holds and the table of norms; nil: references are not looked at.
	References func(ctx context.Context, tenant, text, day string) ([]reference.Checked, error)
	Now        func() time.Time
}

type pages struct{ Config }

// New gives the part.
func New(c Config) staff.Part {
	if c.Now == nil {
		c.Now = time.Now
	}
	p := &pages{c}
	const read = access.ReadDocuments
	return staff.Part{
		Templates: templates,
		Menu:      []staff.MenuItem{{Label: "revision_menu", Path: "revision", Icon: "it-search", Action: read, Order: 24}},
		Routes: []staff.Route{
			staff.Page("revision", read, p.list), staff.Page("revision/{id}", read, p.review), staff.Page("revision/{id}/compare", read, p.compare),
			staff.APIGet("revision/{id}", read, p.apiReview), staff.APIGet("revision/{id}/compare", read, p.apiCompare),
		},
	}
}

// regulations gives those of a tenant that are in force; of another tenant only public ones.
func (p *pages) regulations(ctx context.Context, tenant string, own bool) ([]store.Record, error) {
	f := store.Filter{State: store.Live, Kind: ingest.Regolamento}
	if !own {
		f.Visibility = ingest.Public
	}
	return p.Store.Documents(ctx, tenant, f)
}

func (p *pages) list(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	all, err := p.regulations(r.Context(), v.Tenant.Slug, true)
	if err != nil {
		return err
	}
	return v.Render(w, "list", v.L.T("revision_title"), all)
}

type reviewBody struct {
	store.Record
	Groups []group
	Total  int
}

// group is the findings of a kind.
type group struct {
	Code revision.Code
	List []revision.Finding
	More int // not shown
}

// shown is how many findings of a kind a page shows: the rest is more of the same.
const shown = 40

// findings gives the review of the document of the path.
func (p *pages) findings(r *http.Request, v *staff.Visit) (*store.Record, []revision.Finding, error) {
	ctx, slug := r.Context(), v.Tenant.Slug
	d, err := p.Store.Document(ctx, slug, r.PathValue("id"))
	if err != nil {
		return nil, nil, err
	}
	content, err := p.Store.ContentAt(ctx, slug, d.ID, d.Version)
	if err != nil {
		return nil, nil, err
	}
	var checked []reference.Checked
	if p.References != nil {
		if checked, err = p.References(ctx, slug, content.Text, p.Now().Format(time.DateOnly)); err != nil {
			return nil, nil, err
		}
	}
	return d, revision.Review(content, checked), nil
}

func (p *pages) review(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	d, all, err := p.findings(r, v)
	if err != nil {
		return err
	}
	body := reviewBody{Record: *d, Total: len(all)}
	for _, f := range all {
		n := len(body.Groups)
		if n == 0 || body.Groups[n-1].Code != f.Code {
			body.Groups = append(body.Groups, group{Code: f.Code})
			n++
		}
		if g := &body.Groups[n-1]; len(g.List) < shown {
			g.List = append(g.List, f)
		} else {
			g.More++
		}
	}
	return v.Render(w, "review", d.Title, body)
}

type compareBody struct {
	store.Record
	Tenants []store.Tenant
	Tenant  string
	List    []store.Record
	Other   *store.Record
	Pairs   []revision.Pair
	Both    int
}

// pairs gives the document of the path beside another one, of this tenant or a public one of another.
func (p *pages) pairs(r *http.Request, v *staff.Visit, tenant, other string) (*store.Record, []revision.Pair, error) {
	ctx, slug := r.Context(), v.Tenant.Slug
	d, err := p.Store.Document(ctx, slug, r.PathValue("id"))
	if err != nil {
		return nil, nil, err
	}
	x, err := p.Store.Document(ctx, tenant, other)
	if err != nil || tenant != slug && (x.Visibility != ingest.Public || x.State != store.Live) {
		return nil, nil, fault.New(fault.NotFound, "there is no public regulation %q of %q", other, tenant)
	}
	a, err := p.Store.ContentAt(ctx, slug, d.ID, d.Version)
	if err != nil {
		return nil, nil, err
	}
	b, err := p.Store.ContentAt(ctx, tenant, x.ID, x.Version)
	if err != nil {
		return nil, nil, err
	}
	return x, revision.Match(a, b), nil
}

func (p *pages) compare(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	ctx := r.Context()
	d, err := p.Store.Document(ctx, v.Tenant.Slug, r.PathValue("id"))
	if err != nil {
		return err
	}
	body := compareBody{Record: *d, Tenant: r.URL.Query().Get("tenant")}
	if body.Tenants, err = p.Store.Tenants(ctx); err != nil {
		return err
	}
	if body.Tenant != "" {
		if body.List, err = p.regulations(ctx, body.Tenant, body.Tenant == v.Tenant.Slug); err != nil {
			return err
		}
	}
	if other := r.URL.Query().Get("other"); other != "" && body.Tenant != "" {
		if body.Other, body.Pairs, err = p.pairs(r, v, body.Tenant, other); err != nil {
			return err
		}
		for _, x := range body.Pairs {
			if x.A != nil && x.B != nil {
				body.Both++
			}
		}
	}
	return v.Render(w, "compare", v.L.T("revision_compare_title"), body)
}

func (p *pages) apiReview(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	d, all, err := p.findings(r, v)
	if err != nil {
		return err
	}
	if all == nil {
		all = []revision.Finding{}
	}
	return v.JSON(w, http.StatusOK, map[string]any{"id": d.ID, "title": d.Title, "findings": all})
}

func (p *pages) apiCompare(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	q := r.URL.Query()
	tenant, other := q.Get("tenant"), q.Get("other")
	if tenant == "" {
		tenant = v.Tenant.Slug
	}
	if other == "" || len(q["other"]) > 1 || len(q["tenant"]) > 1 {
		return fault.New(fault.Invalid, "other is the id of the regulation to compare with, tenant the comune it is of")
	}
	x, pairs, err := p.pairs(r, v, tenant, other)
	if err != nil {
		return err
	}
	if pairs == nil {
		pairs = []revision.Pair{}
	}
	return v.JSON(w, http.StatusOK, map[string]any{"other": x.ID, "title": x.Title, "pairs": pairs})
}
