package acts

import (
	"context"
	"net/http"
	"strings"
	"unicode/utf8"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/web/staff"
)

// toState sends an act to review, or takes it back to draft.
func (p *pages) toState(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	to := store.ActState(r.PostFormValue("to"))
	if to != store.ActDraft && to != store.ActInReview {
		return fault.New(fault.Invalid, "there is no state %q to go to", to)
	}
	return p.stateForm(w, r, v, to)
}

// approve approves an act for export.
func (p *pages) approve(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	return p.stateForm(w, r, v, store.ActApproved)
}

func (p *pages) stateForm(w http.ResponseWriter, r *http.Request, v *staff.Visit, to store.ActState) error {
	revision, err := revisionOf(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if err := p.setState(r.Context(), v, id, revision, to); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("acts/"+id), "acts_done_state_"+string(to))
}

// setState takes an act to a state. What was approved goes back to draft only by who may approve, and nobody approves the words of a model.
func (p *pages) setState(ctx context.Context, v *staff.Visit, id string, revision int, to store.ActState) error {
	b, err := p.open(ctx, v, id)
	if err != nil {
		return err
	}
	if b.act.State == store.ActApproved && to != store.ActApproved && !v.May(access.ApproveActs) {
		return fault.New(fault.Forbidden, "an approved act is reopened by who may approve")
	}
	if to == store.ActApproved && len(b.work.Draft.Unaccepted()) > 0 {
		return fault.New(fault.Conflict, "nobody has accepted what a model wrote in %s", strings.Join(b.work.Draft.Unaccepted(), ", "))
	}
	return p.Store.SetActState(ctx, v.Actor(), v.Tenant.Slug, id, revision, to, by(v))
}

// mostComment is how long a comment may be, in characters.
const mostComment = 2000

// comment keeps what a colleague says.
func (p *pages) comment(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id, part := r.PathValue("id"), r.PostFormValue("part")
	_, err := p.addComment(r.Context(), v, id, part, typed(r.PostForm, "text"))
	if fault.CodeOf(err) == fault.Invalid {
		v.Status, v.Problem = http.StatusUnprocessableEntity, v.L.T("acts_problem_comment")
		return p.draw(w, r, v, "")
	}
	if err != nil {
		return err
	}
	to := v.URL("acts/" + id)
	if part != "" {
		to += "#p-" + part
	}
	return v.Done(w, r, to, "acts_done_comment")
}

func (p *pages) addComment(ctx context.Context, v *staff.Visit, id, part, text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" || utf8.RuneCountInString(text) > mostComment {
		return "", fault.New(fault.Invalid, "text has 1 to %d characters", mostComment)
	}
	b, err := p.open(ctx, v, id)
	if err != nil {
		return "", err
	}
	if part != "" && b.work.Part(part) == nil {
		return "", fault.New(fault.Invalid, "part = %q: the act has no such part", part)
	}
	return p.Store.AddActComment(ctx, v.Tenant.Slug, id, store.ActComment{Part: part, Text: text, By: by(v)})
}

// resolve says that a comment is dealt with.
func (p *pages) resolve(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id := r.PathValue("id")
	if err := p.Store.ResolveActComment(r.Context(), v.Tenant.Slug, id, r.PathValue("comment"), by(v)); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("acts/"+id), "acts_done_resolved")
}
