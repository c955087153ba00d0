package citizen

import "net/http"

// Data says what happens to what a person writes here.
func (p *Pages) Data(w http.ResponseWriter, r *http.Request, slug string) error {
	v, err := p.tenantView(r, slug)
	if err != nil {
		return err
	}
	v.Title, v.Here = v.L.T("data_title"), "data"
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
