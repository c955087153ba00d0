package questions

import (
	"context"
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
	a, feedback, err := p.question(r, v)
	if err != nil {
		return err
	}
	b := showBody{Asked: a, Feedback: feedback, MayEdit: v.May(access.EditAnswers), MayAdd: v.May(access.EditDocuments)}
	if b.Offices, _, err = p.offices(r.Context(), v.Tenant.Slug); err != nil {
		return err
	}
	return v.Render(w, "question", v.L.T("questions_one_title"), b)
}

// question gives the question of the path with what was thought of its answer.
func (p *pages) question(r *http.Request, v *staff.Visit) (a *assistant.Asked, feedback []assistant.Feedback, err error) {
	ctx, tenant := r.Context(), v.Tenant.Slug
	if a, err = p.Store.Asked(ctx, tenant, r.PathValue("id")); err != nil {
		return nil, nil, err
	}
	all, err := p.Store.Feedback(ctx, tenant, a.At.Format("2006-01-02"), "")
	for _, f := range all {
		if f.Question == a.ID {
			feedback = append(feedback, f)
		}
	}
	return a, feedback, err
}

// mark assigns a question to an office, and takes it off the list of those to look at.
func (p *pages) mark(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id := r.PathValue("id")
	if err := p.assign(r.Context(), v, id, r.PostFormValue("office"), r.PostFormValue("seen") == "1"); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("questions/"+id), "questions_done_marked")
}

// assign gives a question to an office, "" for none, and says whether somebody has looked at it.
func (p *pages) assign(ctx context.Context, v *staff.Visit, id, office string, done bool) error {
	names, _, err := p.offices(ctx, v.Tenant.Slug)
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
	state := "open"
	if done {
		state = "done"
	}
	return p.Store.MarkAsked(ctx, v.Tenant.Slug, id, office, done, entry(v, "question.mark", id, state))
}
