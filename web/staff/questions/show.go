package questions

import (
	"net/http"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/web/staff"
)

type showBody struct {
	*assistant.Asked
	Feedback []assistant.Feedback
	Offices  []string
	MayEdit  bool
	MayAdd   bool
}

func (p *pages) show(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	ctx, tenant := r.Context(), v.Tenant.Slug
	a, err := p.Store.Asked(ctx, tenant, r.PathValue("id"))
	if err != nil {
		return err
	}
	b := showBody{Asked: a, MayEdit: v.May(access.EditAnswers), MayAdd: v.May(access.EditDocuments)}
	all, err := p.Store.Feedback(ctx, tenant, a.At.Format("2006-01-02"), "")
	if err != nil {
		return err
	}
	for _, f := range all {
		if f.Question == a.ID {
			b.Feedback = append(b.Feedback, f)
		}
	}
	if b.Offices, _, err = p.offices(ctx, tenant); err != nil {
		return err
	}
	return v.Render(w, "question", v.L.T("questions_one_title"), b)
}

// mark assigns a question to an office, and takes it off the list of those to look at.
func (p *pages) mark(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id, office := r.PathValue("id"), r.PostFormValue("office")
	names, _, err := p.offices(r.Context(), v.Tenant.Slug)
	if err != nil {
		return err
	}
	known := office == ""
	for _, n := range names {
		known = known || n == office
	}
	if !known {
		return fault.New(fault.Invalid, "there is no office %q", office)
	}
	done := r.PostFormValue("seen") == "1"
	state := "open"
	if done {
		state = "done"
	}
	if err := p.Store.MarkAsked(r.Context(), v.Tenant.Slug, id, office, done, entry(v, "question.mark", id, state)); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("questions/"+id), "questions_done_marked")
}
