package facilitator

import (
	"net/http"
	"slices"

	"sportello/assistant/fault"
	"sportello/locales"
	"sportello/web/staff"
)

// homeBody is the page where a visit begins.
type homeBody struct {
	Points    []string
	Languages []locales.Language
	Open      []visit
	Known     bool // the tenant has a list of points
}

func (p *pages) home(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	points, err := p.points(r.Context(), v)
	if err != nil {
		return err
	}
	languages, err := p.languages(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	open := p.visits.of(v.Tenant.Slug, v.Person.ID)
	slices.SortFunc(open, func(a, b visit) int { return b.Started.Compare(a.Started) })
	known := len(points) > 1 || points[0] != v.Tenant.Name
	return v.Render(w, "start", v.L.T("facilitator_title"), homeBody{points, languages, open, known})
}

func (p *pages) start(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	points, err := p.points(r.Context(), v)
	if err != nil {
		return err
	}
	language, point := r.PostFormValue("language"), r.PostFormValue("point")
	if !locales.Known(language) || !slices.Contains(points, point) {
		return fault.New(fault.Invalid, "choose a language and a point of the list")
	}
	one, err := p.visits.start(v.Tenant.Slug, v.Person.ID, language, point)
	if err != nil {
		return err
	}
	return v.Done(w, r, v.URL("facilitator/visits/"+one.ID), "")
}

// resume opens a visit again that the server forgot when it was restarted. The tab has its answers; its script asks the questions again.
func (p *pages) resume(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	points, err := p.points(r.Context(), v)
	if err != nil {
		return err
	}
	language, point, id := r.PostFormValue("language"), r.PostFormValue("point"), r.PathValue("id")
	if !locales.Known(language) {
		return fault.New(fault.Invalid, "choose a language of the list")
	}
	if !slices.Contains(points, point) {
		point = points[0] // the list was changed meanwhile
	}
	if err := p.visits.resume(v.Tenant.Slug, v.Person.ID, id, language, point); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("facilitator/visits/"+id), "")
}

// language changes the language of the person: what was answered is shown in the new one, too.
func (p *pages) language(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	one, err := p.open(r, v)
	if err != nil {
		return err
	}
	language := r.PostFormValue("language")
	if !locales.Known(language) {
		return fault.New(fault.Invalid, "choose a language of the list")
	}
	p.visits.change(one.ID, func(x *visit) { x.Language = language })
	return v.Done(w, r, v.URL("facilitator/visits/"+one.ID), "")
}

// open gives the visit of the path.
func (p *pages) open(r *http.Request, v *staff.Visit) (visit, error) {
	return p.visits.get(v.Tenant.Slug, v.Person.ID, r.PathValue("id"))
}
