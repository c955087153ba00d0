package documents

import (
	"mime"
	"net/http"
	"path"
	"strings"

	"sportello/assistant/drafting/export"
	"sportello/web/staff"
)

// akn hands a regulation over as Akoma Ntoso, of the version that counts, with what was set by hand.
func (p *pages) akn(w http.ResponseWriter, r *http.Request, v *staff.Visit) error {
	d, err := p.document(r, v)
	if err != nil {
		return err
	}
	content, err := p.store.ContentAt(r.Context(), v.Tenant.Slug, d.ID, d.Version)
	if err != nil {
		return err
	}
	content.Title, content.Approval, content.Date = d.Title, d.Approval, d.Date
	file, err := export.AKN(content, v.Tenant.Name, p.cfg.Now())
	if err != nil {
		return err
	}
	name := path.Base(strings.TrimRight(d.Source, "/"))
	name = strings.TrimSuffix(name, path.Ext(name)) + ".xml"
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, _ = w.Write(file) // a reader that left is no error of ours
	return nil
}
