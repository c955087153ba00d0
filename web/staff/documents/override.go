package documents

import (
	"net/http"

	"sportello/assistant/store"
	"sportello/web/staff"
)

// placed is what a document has to do with those of tenants above and below: whose place it takes, and who below have their own.
type placed struct {
	Takes []store.Placed
	Taken []store.Placed
}

// placed gives it for each document of the tenant that has to do with one of another.
func (p *pages) placed(r *http.Request, v *staff.Visit) (map[string]placed, error) {
	pairs, err := p.store.Pairs(r.Context(), v.Tenant.Slug, p.today())
	if err != nil {
		return nil, err
	}
	out := map[string]placed{}
	for _, one := range pairs {
		if one.Own.Tenant == v.Tenant.Slug {
			x := out[one.Own.ID]
			x.Takes = append(x.Takes, one.Above)
			out[one.Own.ID] = x
		}
		if one.Above.Tenant == v.Tenant.Slug {
			x := out[one.Above.ID]
			x.Taken = append(x.Taken, one.Own)
			out[one.Above.ID] = x
		}
	}
	return out, nil
}
