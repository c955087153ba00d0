package citizen

import (
	"encoding/json"
	"net/http"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// dataBody is the part of the page about one's own conversation.
type dataBody struct {
	Own     bool   // conversations are kept at all
	Code    string // as it was typed
	Problem string // what is wrong, in words
	Kept    *assistant.Kept
	Erased  bool
}

// Data says what happens to what a person writes here, and asks for the code of a conversation.
func (p *Pages) Data(w http.ResponseWriter, r *http.Request, slug string) error {
	return p.data(w, r, slug, dataBody{})
}

// OwnData shows what is kept of the conversation of a code, gives it as a file, or erases it. The code is in the body of the request, so
// that no address holds it.
func (p *Pages) OwnData(w http.ResponseWriter, r *http.Request, slug string) error {
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "the form cannot be read")
	}
	if p.cfg.Desk == nil {
		return fault.New(fault.NotFound, "no conversations are kept here")
	}
	v, err := p.tenantView(r, slug)
	if err != nil {
		return err
	}
	body := dataBody{Code: r.PostFormValue("code")}
	if r.PostFormValue("step") == "erase" {
		gone, err := p.cfg.Desk.Erase(r.Context(), slug, body.Code)
		switch {
		case fault.CodeOf(err) == fault.Invalid:
			body.Problem = v.L.T("own_wrong")
		case err != nil:
			return err
		case gone == assistant.Erased{}:
			body.Problem = v.L.T("own_none")
		default:
			body.Code, body.Erased = "", true
		}
		return p.data(w, r, slug, body)
	}
	kept, err := p.cfg.Desk.Kept(r.Context(), slug, body.Code)
	switch {
	case fault.CodeOf(err) == fault.Invalid:
		body.Problem = v.L.T("own_wrong")
	case err != nil:
		return err
	case len(kept.Questions)+len(kept.Left) == 0:
		body.Problem = v.L.T("own_none")
	case r.PostFormValue("step") == "file":
		file, err := json.MarshalIndent(kept, "", "  ")
		if err != nil {
			return fault.Wrap(fault.Internal, err, "encode")
		}
		h := w.Header()
		h.Set("Content-Type", "application/json; charset=utf-8")
		h.Set("Content-Disposition", `attachment; filename="sportello.json"`)
		h.Set("Cache-Control", "no-store")
		_, _ = w.Write(append(file, '\n'))
		return nil
	default:
		body.Kept = kept
	}
	return p.data(w, r, slug, body)
}

func (p *Pages) data(w http.ResponseWriter, r *http.Request, slug string, body dataBody) error {
	v, err := p.tenantView(r, slug)
	if err != nil {
		return err
	}
	body.Own = p.cfg.Desk != nil
	v.Title, v.Here, v.Body = v.L.T("data_title"), "data", body
	return p.write(w, "data", v)
}

// Accessibility is the statement after AgID's model (linee guida of legge 4/2004, annex 1), for what Sportello is; that of the whole site
// is the comune's own.
func (p *Pages) Accessibility(w http.ResponseWriter, r *http.Request, slug string) error {
	return p.withContacts(w, r, slug, "accessibility", "footer_accessibility_link")
}

// Offline is what an installed page shows without a network. It says nothing that holds for a moment only.
func (p *Pages) Offline(w http.ResponseWriter, r *http.Request, slug string) error {
	return p.withContacts(w, r, slug, "offline", "offline_title")
}

func (p *Pages) withContacts(w http.ResponseWriter, r *http.Request, slug, name, title string) error {
	v, err := p.tenantView(r, slug)
	if err != nil {
		return err
	}
	if v.Body, err = p.cfg.Library.Contacts(r.Context(), slug); err != nil {
		return err
	}
	v.Title, v.Here = v.L.T(title), name
	return p.write(w, name, v)
}
