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
