package facilitator

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"sportello/assistant/fault"
	"sportello/assistant/privacy"
	"sportello/assistant/store"
	"sportello/web/staff"
)

const longestNote = 500 // characters

func (p *pages) notes(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	all, err := p.Store.VisitNotes(r.Context(), v.Tenant.Slug, "")
	if err != nil {
		return err
	}
	return v.Render(w, "notes", v.L.T("facilitator_notes_title"), all)
}

// addNote keeps a note for the next facilitator. Names, codes and numbers are hidden first.
func (p *pages) addNote(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	text := strings.TrimSpace(r.PostFormValue("text"))
	if text == "" || utf8.RuneCountInString(text) > longestNote {
		return fault.New(fault.Invalid, "a note has from 1 to %d characters", longestNote)
	}
	d, err := p.Library.Document(r.Context(), v.Tenant.Slug, r.PostFormValue("document"))
	if err != nil {
		return err
	}
	err = p.Store.AddVisitNote(r.Context(), v.Tenant.Slug, store.VisitNote{
		Document: d.ID, Title: d.Title, Text: privacy.Masked(text), Author: v.Person.Name, Day: p.Now().Format("2006-01-02"),
	}, store.AuditEntry{Actor: v.Actor(), Action: "facilitator.note", Tenant: v.Tenant.Slug, Object: d.ID})
	if err != nil {
		return err
	}
	to := v.URL("facilitator/notes")
	if id := r.PostFormValue("visit"); id != "" {
		to = v.URL("facilitator/visits/"+id+"/steps", "document", d.ID, "article", r.PostFormValue("article"), "subject", r.PostFormValue("subject"))
	}
	return v.Done(w, r, to, "facilitator_done_note")
}

func (p *pages) removeNote(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id := r.PathValue("id")
	err := p.Store.RemoveVisitNote(r.Context(), v.Tenant.Slug, id, store.AuditEntry{Actor: v.Actor(), Action: "facilitator.note_removed", Tenant: v.Tenant.Slug, Object: id})
	if err != nil {
		return err
	}
	return v.Done(w, r, v.URL("facilitator/notes"), "facilitator_done_removed")
}
