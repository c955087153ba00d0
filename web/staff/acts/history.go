package acts

import (
	"context"
	"net/http"
	"strconv"

	"sportello/assistant/drafting/workbench"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/web/staff"
)

// undo takes the last change back.
func (p *pages) undo(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	revision, err := revisionOf(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if _, err := p.undoOne(r.Context(), v, id, revision); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("acts/"+id), "acts_done_undone")
}

// undoOne brings back what the act was before its last change. Undoing twice goes back two: what an undo brought back is not a change.
func (p *pages) undoOne(ctx context.Context, v *staff.Visit, id string, revision int) (int, error) {
	present, err := p.Store.ActRevision(ctx, v.Tenant.Slug, id, revision)
	if err != nil {
		return 0, err
	}
	at := present.Revision
	if present.What == "undo" {
		at = present.Restores
	}
	if at > 1 {
		before, err := p.Store.ActRevision(ctx, v.Tenant.Slug, id, at-1)
		if err != nil {
			return 0, err
		}
		at = before.Revision
		if before.What == "undo" {
			at = before.Restores
		}
		return p.bringBack(ctx, v, id, revision, at, "undo")
	}
	return 0, fault.New(fault.Conflict, "there is nothing to take back")
}

// bringBack makes an earlier content the present one again.
func (p *pages) bringBack(ctx context.Context, v *staff.Visit, id string, revision, to int, what string) (int, error) {
	b, err := p.open(ctx, v, id)
	if err != nil {
		return 0, err
	}
	if b.act.Revision != revision {
		return 0, fault.New(fault.Conflict, "the act was changed meanwhile by %s: it is at revision %d, not %d", b.act.ChangedBy, b.act.Revision, revision)
	}
	old, err := p.Store.ActRevision(ctx, v.Tenant.Slug, id, to)
	if err != nil {
		return 0, err
	}
	work, err := workbench.Read(old.Content)
	if err != nil {
		return 0, err
	}
	return p.keep(ctx, v, b, work, what, to)
}

type revisionsBody struct {
	*store.Act
	List    []store.ActRevision
	Text    string // of the one that is looked at
	At      int
	MayEdit bool
}

// revisions lists what the act was, and shows one of them.
func (p *pages) revisions(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	ctx, id := r.Context(), r.PathValue("id")
	act, err := p.Store.Act(ctx, v.Tenant.Slug, id)
	if err != nil {
		return err
	}
	body := revisionsBody{Act: act, MayEdit: mayEdit(v, act)}
	if body.List, err = p.Store.ActRevisions(ctx, v.Tenant.Slug, id); err != nil {
		return err
	}
	if at, err := strconv.Atoi(r.URL.Query().Get("at")); err == nil {
		work, err := p.at(ctx, v, id, at)
		if err != nil {
			return err
		}
		if work != nil {
			body.At, body.Text = at, work.Draft.Text()
		}
	}
	return v.Render(w, "revisions", v.L.T("acts_revisions_title"), body)
}

// restore makes one of them the present one again.
func (p *pages) restore(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	revision, err := revisionOf(r)
	if err != nil {
		return err
	}
	to, err := strconv.Atoi(r.PostFormValue("to"))
	if err != nil {
		return fault.New(fault.Invalid, "the form does not say what to bring back")
	}
	id := r.PathValue("id")
	if _, err := p.bringBack(r.Context(), v, id, revision, to, "restored"); err != nil {
		return err
	}
	return v.Done(w, r, v.URL("acts/"+id), "acts_done_restored")
}
