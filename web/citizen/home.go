package citizen

import (
	"net/http"

	"sportello/web/site"
)

// Home lists the tenants, or leads to the only one.
func (p *Pages) Home(w http.ResponseWriter, r *http.Request) error {
	tenants, err := p.cfg.Library.Tenants(r.Context())
	if err != nil {
		return err
	}
	v := p.set.View(r)
	if len(tenants) == 1 {
		http.Redirect(w, r, v.URL("/t/"+tenants[0].Slug+"/"), http.StatusFound)
		return nil
	}
	v.Title = v.L.T("home_title")
	v.Body = struct{ Tenants []site.Tenant }{tenants}
	return p.write(w, "home", v)
}
