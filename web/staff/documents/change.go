package documents

import (
	"net/http"
	"strconv"
	"strings"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/web/staff"
)

type changesBody struct {
	List []changeItem
	Days int
}

type changeItem struct {
	store.Entry
	Who   string
	What  string
	Until int  // days that it can still be undone
	Can   bool // by who is there
}

// right is what undoing an entry takes: the same as doing it.
func right(e store.Entry) access.Action {
	switch e.Action {
	case "repeal", "restore", "supersede":
		return access.RepealDocuments
	case "setting", "offices":
		return access.EditSettings
	case "tenant":
		return access.EditTenants
	}
	return access.EditDocuments
}

func (p *pages) changes(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	all, err := p.store.Journal(r.Context(), v.Tenant.Slug, undoLimit, 0)
	if err != nil {
		return err
	}
	body := changesBody{Days: int(store.UndoFor.Hours() / 24)}
	names := map[string]string{}
	for _, e := range all {
		left := store.UndoFor - p.cfg.Now().Sub(e.At)
		if left <= 0 {
			break
		}
		who, ok := names[e.Author]
		if !ok {
			who = p.who(r, v, e.Author)
			names[e.Author] = who
		}
		if key := "setting_" + strings.ReplaceAll(e.Label, ".", "_"); e.Kind == "setting" && v.L.Has(key) {
			e.Label = v.L.T(key)
		}
		what := v.L.T("changes_" + e.Action)
		if e.Items > 1 {
			what = v.L.N("changes_many_"+e.Action, e.Items)
		}
		body.List = append(body.List, changeItem{Entry: e, Who: who, What: what, Until: int(left.Hours()/24) + 1, Can: !e.Undone() && v.May(right(e)) && v.May(access.EditDocuments)})
	}
	return v.Render(w, "changes", v.L.T("changes_title"), body)
}

// who gives the name of an actor of the audit log.
func (p *pages) who(r *http.Request, v *staff.Visit, actor string) string {
	if id, ok := strings.CutPrefix(actor, "person:"); ok {
		if person, err := p.store.Person(r.Context(), id); err == nil {
			return person.Name
		}
		return v.L.T("changes_somebody")
	}
	if strings.HasPrefix(actor, "token:") {
		return v.L.T("changes_program")
	}
	if actor == store.ActorSystem {
		return v.L.T("changes_system")
	}
	return v.L.T("changes_command")
}

// undo takes back one entry. What was done later to the same thing has to be taken back first.
func (p *pages) undo(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	err := p.takeBack(r, v)
	if fault.CodeOf(err) == fault.Conflict {
		v.Problem, v.Status = v.L.T("changes_later"), http.StatusConflict
		return p.changes(w, r, v)
	}
	if err != nil {
		return err
	}
	return v.Done(w, r, v.URL("changes"), "changes_done_undone")
}

// takeBack undoes the entry of the path for who may do what it did.
func (p *pages) takeBack(r *http.Request, v *staff.Visit) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "there is no change %q", r.PathValue("id"))
	}
	e, err := p.store.JournalEntry(r.Context(), v.Tenant.Slug, id)
	if err != nil {
		return err
	}
	if !v.May(right(*e)) {
		return fault.New(fault.Forbidden, "undoing this takes the right %q", right(*e))
	}
	return p.store.Undo(r.Context(), v.Tenant.Slug, v.Actor(), id)
}
