package facilitator

import (
	"net/http"

	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/web/staff"
)

// apiRoutes is what can be had without the person at the counter: the notes and the counts. A visit is for a screen.
func (p *pages) apiRoutes() []staff.Route {
	const help = access.HelpCitizens
	return []staff.Route{
		staff.APIGet("visits/counts", help, p.apiCounts),
		staff.APIGet("visits/notes", help, p.apiNotes),
		staff.APIChange(http.MethodPost, "visits/notes", help, p.apiAddNote),
		staff.APIChange(http.MethodDelete, "visits/notes/{id}", help, p.apiRemoveNote),
	}
}

type countJSON struct {
	Month     string `json:"month"`
	Point     string `json:"point"`
	Language  string `json:"language"`
	Subject   string `json:"subject"`
	Outcome   string `json:"outcome"`
	Visits    int    `json:"visits"`
	Questions int    `json:"questions"`
}

func (p *pages) apiCounts(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	body, err := p.counted(r, v)
	if err != nil {
		return err
	}
	out := []countJSON{}
	for _, c := range body.Rows {
		out = append(out, countJSON{c.Month, c.Point, c.Language, c.Subject, c.Outcome, c.N, c.Questions})
	}
	return v.JSON(w, http.StatusOK, map[string]any{"counts": out})
}

type noteJSON struct {
	ID       string `json:"id"`
	Document string `json:"document"`
	Title    string `json:"title"`
	Text     string `json:"text"`
	Author   string `json:"author"`
	Day      string `json:"day"`
}

func (p *pages) apiNotes(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	limit, offset, err := staff.Window(r)
	if err != nil {
		return err
	}
	all, err := p.Store.VisitNotes(r.Context(), v.Tenant.Slug, "")
	if err != nil {
		return err
	}
	out := []noteJSON{}
	for _, n := range staff.Cut(all, limit, offset) {
		out = append(out, noteJSON(n))
	}
	return v.JSON(w, http.StatusOK, map[string]any{"notes": out, "total": len(all)})
}

func (p *pages) apiAddNote(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	var in struct {
		Document string `json:"document"`
		Text     string `json:"text"`
	}
	if err := staff.ReadJSON(r, &in); err != nil {
		return err
	}
	if in.Document == "" {
		return fault.New(fault.Invalid, "document is missing: the id of a public document")
	}
	if err := staff.Measured("text", in.Text, longestNote); err != nil {
		return err
	}
	if _, err := p.keepNote(r.Context(), v, in.Document, in.Text, v.Actor()); err != nil {
		return err
	}
	return staff.NoContent(w)
}

func (p *pages) apiRemoveNote(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id := r.PathValue("id")
	if err := p.Store.RemoveVisitNote(r.Context(), v.Tenant.Slug, id, removed(v, id)); err != nil {
		return err
	}
	return staff.NoContent(w)
}

// removed is what the audit log says of a note that is taken away.
func removed(v *staff.Visit, id string) store.AuditEntry {
	return store.AuditEntry{Actor: v.Actor(), Action: "facilitator.note_removed", Tenant: v.Tenant.Slug, Object: id}
}
