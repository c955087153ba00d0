package documents

import (
	"net/http"
	"strconv"
	"strings"

	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/web/staff"
)

// edit does one thing to the document of the path. What is wrong with the form is said on the page.
func (p *pages) edit(w http.ResponseWriter, r *http.Request, v *staff.Visit, e store.Edit, done, problem string, again func(*showBody)) error {
	id := r.PathValue("id")
	_, err := p.store.Edit(r.Context(), v.Tenant.Slug, v.Actor(), []string{id}, e)
	if err != nil && wrong(err) {
		v.Problem, v.Status = v.L.T(problem), http.StatusUnprocessableEntity
		return p.draw(w, r, v, again)
	}
	if err != nil {
		return err
	}
	return v.Done(w, r, v.URL("documents/"+id), done)
}

// fix sets by hand what the form holds: what is as the file says is no fix, the store sees to that.
func (p *pages) fix(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	value := func(name string) *string {
		s := strings.TrimSpace(r.PostFormValue(name))
		return &s
	}
	kind, visibility := ingest.Kind(*value("kind")), ingest.Visibility(*value("visibility"))
	e := store.Edit{Office: value("office"), Fix: store.Fix{
		Title: value("title"), Kind: &kind, Visibility: &visibility, Date: value("date"), ValidFrom: value("valid_from"), ValidTo: value("valid_to"),
		Year:     value("year"),
		Approval: &ingest.Act{Type: *value("act_type"), Body: *value("act_body"), Number: *value("act_number"), Date: *value("act_date")},
	}}
	problem := "documents_fix_wrong"
	switch {
	case *e.Fix.Title == "":
		problem = "documents_fix_title"
	case *e.Fix.ValidFrom != "" && *e.Fix.ValidTo != "" && *e.Fix.ValidTo < *e.Fix.ValidFrom:
		problem = "documents_fix_order"
	}
	return p.edit(w, r, v, e, "documents_done_fixed", problem, func(b *showBody) {
		b.Form = form{Title: *e.Fix.Title, Kind: string(kind), Visibility: string(visibility), Office: *e.Office, Date: *e.Fix.Date, ValidFrom: *e.Fix.ValidFrom,
			ValidTo: *e.Fix.ValidTo, Year: *e.Fix.Year, ActType: e.Fix.Approval.Type, ActBody: e.Fix.Approval.Body, ActNumber: e.Fix.Approval.Number, ActDate: e.Fix.Approval.Date}
	})
}

// forget goes back to what the file says.
func (p *pages) forget(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.edit(w, r, v, store.Edit{Forget: true}, "documents_done_forgotten", "documents_fix_wrong", nil)
}

func (p *pages) repeal(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	reason := strings.TrimSpace(r.PostFormValue("reason"))
	return p.edit(w, r, v, store.Edit{State: store.Repealed, Reason: reason}, "documents_done_repealed", "documents_fix_wrong", nil)
}

func (p *pages) restore(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.edit(w, r, v, store.Edit{State: store.Live}, "documents_done_restored", "documents_fix_wrong", nil)
}

func (p *pages) supersede(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	by := r.PostFormValue("by")
	if by == "" {
		v.Problem, v.Status = v.L.T("documents_supersede_none"), http.StatusUnprocessableEntity
		return p.draw(w, r, v, nil)
	}
	return p.edit(w, r, v, store.Edit{State: store.Repealed, SupersededBy: by, Reason: strings.TrimSpace(r.PostFormValue("reason"))},
		"documents_done_superseded", "documents_supersede_circle", nil)
}

// revert makes an earlier version count again.
func (p *pages) revert(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	number, err := strconv.Atoi(r.PostFormValue("number"))
	if err != nil || number < 1 {
		return fault.New(fault.NotFound, "there is no version %q", r.PostFormValue("number"))
	}
	return p.edit(w, r, v, store.Edit{Version: number}, "documents_done_reverted", "documents_fix_wrong", nil)
}

// maxQuestion bounds a question that is tried, in characters.
const maxQuestion = 1000

// try answers a question with this document alone.
func (p *pages) try(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	question := strings.TrimSpace(r.PostFormValue("question"))
	if p.cfg.Try == nil {
		return fault.New(fault.NotFound, "questions are not tried here")
	}
	if question == "" || len([]rune(question)) > maxQuestion {
		v.Problem, v.Status = v.L.T("documents_try_wrong"), http.StatusUnprocessableEntity
		return p.draw(w, r, v, func(b *showBody) { b.Question = question })
	}
	answer, err := p.cfg.Try(r.Context(), v.Tenant.Slug, r.PathValue("id"), question)
	if err != nil {
		return err
	}
	return p.draw(w, r, v, func(b *showBody) { b.Question, b.Answer = question, answer })
}
