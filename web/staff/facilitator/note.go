package facilitator

import (
	"context"
	"net/http"
	"strings"
	"unicode/utf8"

	"sportello/assistant/fault"
	"sportello/assistant/privacy"
	"sportello/assistant/store"
	"sportello/web/site"
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
	d, err := p.keepNote(r.Context(), v, r.PostFormValue("document"), r.PostFormValue("text"), v.Person.Name)
	if err != nil {
		return err
	}
	to := v.URL("facilitator/notes")
	if id := r.PostFormValue("visit"); id != "" {
		to = v.URL("facilitator/visits/"+id+"/steps", "document", d.ID, "article", r.PostFormValue("article"), "subject", r.PostFormValue("subject"))
	}
	return v.Done(w, r, to, "facilitator_done_note")
}

// keepNote keeps a note about a document, and gives the document.
func (p *pages) keepNote(ctx context.Context, v *staff.Visit, document, text, author string) (*site.Document, error) {
	text = strings.TrimSpace(text)
	if text == "" || utf8.RuneCountInString(text) > longestNote {
		return nil, fault.New(fault.Invalid, "a note has from 1 to %d characters", longestNote)
	}
	d, err := p.Library.Document(ctx, v.Tenant.Slug, document)
	if err != nil {
		return nil, err
	}
	return d, p.Store.AddVisitNote(ctx, v.Tenant.Slug, store.VisitNote{
		Document: d.ID, Title: d.Title, Text: privacy.Masked(text), Author: author, Day: p.Now().Format("2006-01-02"),
	}, store.AuditEntry{Actor: v.Actor(), Action: "facilitator.note", Tenant: v.Tenant.Slug, Object: d.ID})
}

func (p *pages) removeNote(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	id := r.PathValue("id")
	err := p.Store.RemoveVisitNote(r.Context(), v.Tenant.Slug, id, removed(v, id))
	if err != nil {
		return err
	}
	return v.Done(w, r, v.URL("facilitator/notes"), "facilitator_done_removed")
}
