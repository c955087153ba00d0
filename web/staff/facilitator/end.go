package facilitator

import (
	"net/http"
	"slices"

	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/locales"
	"sportello/web/staff"
)

// endBody is the form that ends a visit.
type endBody struct {
	Visit    visit
	L        *locales.Localizer
	Subjects []string
	Subject  string // chosen, or what the answers' offices suggest
	Outcomes []string
}

func (p *pages) subjects(r *http.Request, v *staff.Visit) ([]string, error) {
	offices, err := p.Store.Offices(r.Context(), v.Tenant.Slug)
	var out []string
	for _, o := range offices {
		for _, s := range o.Subjects {
			if !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	slices.Sort(out)
	return out, err
}

func (p *pages) endPage(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	one, err := p.open(r, v)
	if err != nil {
		return err
	}
	subjects, err := p.subjects(r, v)
	if err != nil {
		return err
	}
	return v.Render(w, "end", v.L.T("facilitator_end_title"), endBody{one, p.in(one.Language), subjects, likely(one, subjects), outcomes})
}

// likely is the subject of the office that the answers named.
func likely(one visit, subjects []string) string {
	for _, t := range one.Turns {
		for _, c := range t.Answer.Contacts {
			for _, s := range c.Subjects {
				if len(c.Subjects) == 1 && slices.Contains(subjects, s) {
					return s
				}
			}
		}
	}
	return ""
}

// end counts the visit and forgets it.
func (p *pages) end(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	one, err := p.open(r, v)
	if err != nil {
		return err
	}
	subjects, err := p.subjects(r, v)
	if err != nil {
		return err
	}
	subject, outcome := r.PostFormValue("subject"), r.PostFormValue("outcome")
	if !slices.Contains(outcomes, outcome) || subject != "" && !slices.Contains(subjects, subject) {
		return fault.New(fault.Invalid, "choose a subject and an outcome of the lists")
	}
	if p.visits.end(one.ID) {
		count := store.VisitCount{Point: one.Point, Language: one.Language, Subject: subject, Outcome: outcome, Questions: len(one.Turns)}
		if err := p.Store.CountVisit(r.Context(), v.Tenant.Slug, p.Now(), count); err != nil {
			return err
		}
	}
	return v.Done(w, r, v.URL("facilitator", "ended", one.ID), "facilitator_done_ended")
}
