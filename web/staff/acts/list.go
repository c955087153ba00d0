package acts

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sportello/assistant/access"
	"sportello/assistant/drafting"
	"sportello/assistant/drafting/workbench"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/web/staff"
)

// perPage is how many acts a page of the list shows.
const perPage = 50

type listBody struct {
	List     []store.Act
	Total    int
	Filter   store.ActFilter
	States   []store.ActState
	Families []string
	From, To int
	Before   int
	Next     int // where the next page begins, 0: that was all
	Any      bool
}

var states = []store.ActState{store.ActDraft, store.ActInReview, store.ActApproved}

func (p *pages) list(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	q := r.URL.Query()
	from, _ := strconv.Atoi(q.Get("from")) // nonsense is the beginning
	b := listBody{
		Filter: store.ActFilter{State: store.ActState(q.Get("state")), Family: q.Get("family"), Text: strings.TrimSpace(q.Get("q")), Limit: perPage, Offset: max(from, 0)},
		States: states, Families: p.families(p.shipped),
	}
	var err error
	if b.List, b.Total, err = p.Store.Acts(r.Context(), v.Tenant.Slug, b.Filter); err != nil {
		return err
	}
	b.From, b.To = b.Filter.Offset+1, b.Filter.Offset+len(b.List)
	b.Before = max(0, b.Filter.Offset-perPage)
	if b.To < b.Total {
		b.Next = b.To
	}
	b.Any = b.Total > 0 || b.Filter.State != "" || b.Filter.Family != "" || b.Filter.Text != ""
	return v.Render(w, "list", v.L.T("acts_title"), b)
}

func (p *pages) families(l *drafting.Library) []string {
	seen := map[string]bool{}
	for _, name := range l.Names() {
		if t, err := l.Template(name); err == nil {
			seen[t.Family] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// kind is a template in the list to choose from.
type kind struct {
	*drafting.Template
	Own bool // of the comune or of those above it
}

type chooseBody struct {
	Families []family
}

type family struct {
	Name  string
	Kinds []kind
}

// choose shows the templates.
func (p *pages) choose(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	l, owns, err := p.templatesOf(r.Context(), v.Lineage)
	if err != nil {
		return err
	}
	return v.Render(w, "choose", v.L.T("acts_new_title"), chooseBody{byFamily(l, owns)})
}

func byFamily(l *drafting.Library, owns map[string]workbench.Own) []family {
	var out []family
	for _, name := range []string{"determina", "delibera", "ordinanza", "decreto", "provvedimento", "lettera", "avviso", "verbale", ""} {
		f := family{Name: name}
		for _, n := range l.Names() {
			t, err := l.Template(n)
			if err != nil {
				continue
			}
			if t.Family == name || name == "" && !slices.ContainsFunc(out, func(o family) bool { return o.Name == t.Family }) {
				f.Kinds = append(f.Kinds, kind{t, owns[n].Version > 0})
			}
		}
		if len(f.Kinds) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// add begins an act.
func (p *pages) add(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id, err := p.begin(r.Context(), v, r.PostFormValue("template"), nil, true)
	if err != nil {
		return err
	}
	return v.Done(w, r, v.URL("acts/"+id), "acts_done_added")
}

// begin makes an act from a template and facts. again: what all acts of the comune say alike is taken from its last one.
func (p *pages) begin(ctx context.Context, v *staff.Visit, template string, facts map[string]any, again bool) (id string, err error) {
	l, owns, err := p.templatesOf(ctx, v.Lineage)
	if err != nil {
		return "", err
	}
	t, err := l.Template(template)
	if err != nil {
		return "", err
	}
	all := map[string]any{}
	if again {
		if all, err = p.repeated(ctx, v, t); err != nil {
			return "", err
		}
	}
	maps.Copy(all, facts)
	work, err := workbench.New(l, template, all, owns[template], p.Now())
	if err != nil {
		return "", err
	}
	content, err := work.JSON()
	if err != nil {
		return "", err
	}
	return p.Store.AddAct(ctx, v.Actor(), store.Act{Tenant: v.Tenant.Slug, Template: template, Family: t.Family, Title: work.Title(), AuthorName: by(v), Content: content})
}

// repeatedGroups are the groups of fields that all acts of a comune say alike. Amounts, firms and the budget are none of them.
var repeatedGroups = []string{"ente", "responsabile", "procedimento"}

// repeated gives the facts of the last act that another one repeats, and the day of today.
func (p *pages) repeated(ctx context.Context, v *staff.Visit, t *drafting.Template) (map[string]any, error) {
	out := map[string]any{}
	for _, f := range t.Fields {
		switch f.Name {
		case "ente.nome":
			out[f.Name] = v.Tenant.Name
		case "data":
			out[f.Name] = p.Now().Format("2006-01-02")
		}
	}
	last, _, err := p.Store.Acts(ctx, v.Tenant.Slug, store.ActFilter{Limit: 1})
	if err != nil || len(last) == 0 {
		return out, err
	}
	act, err := p.Store.Act(ctx, v.Tenant.Slug, last[0].ID)
	if fault.CodeOf(err) == fault.NotFound {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	work, err := workbench.Read(act.Content)
	if err != nil {
		return nil, err
	}
	for _, g := range t.Groups() {
		if !slices.Contains(repeatedGroups, g.Name) {
			continue
		}
		for _, f := range g.Fields {
			if value, ok := work.Facts[f.Name]; ok && f.Name != "data" {
				out[f.Name] = value
			}
		}
	}
	return out, nil
}

// drop deletes a draft.
func (p *pages) drop(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	if err := p.Store.DropAct(r.Context(), v.Actor(), v.Tenant.Slug, r.PathValue("id")); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("acts"), "acts_done_deleted")
}

// mayEdit says whether who is there may write in the act as it is.
func mayEdit(v *staff.Visit, a *store.Act) bool {
	return v.May(access.EditActs) && a.State != store.ActApproved
}
