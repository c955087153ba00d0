package staff

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"sportello/assistant/store"
)

// tenantsPage lists where the person has a role. Who has one place only goes there at once.
func (c *Console) tenantsPage(w http.ResponseWriter, r *http.Request, v *Visit) error {
	mine, err := c.mine(r.Context(), v)
	if err != nil {
		return err
	}
	if len(mine) == 1 && r.URL.Query().Get("all") == "" {
		http.Redirect(w, r, v.URL("/staff/t/"+mine[0].Slug+"/"), http.StatusSeeOther)
		return nil
	}
	return v.Render(w, "tenants", v.L.T("staff_tenants_title"), mine)
}

// mine gives the tenants where the person has a role, by name.
func (c *Console) mine(ctx context.Context, v *Visit) ([]store.Tenant, error) {
	all, err := c.store.Tenants(ctx)
	if err != nil {
		return nil, err
	}
	var out []store.Tenant
	for _, t := range all {
		if len(store.RolesIn(v.Members, lineageOf(all, t.Slug))) > 0 {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b store.Tenant) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// lineageOf gives a tenant and its ancestors, of a list of all.
func lineageOf(all []store.Tenant, slug string) (line []string) {
	for slug != "" && len(line) <= len(all) {
		line = append(line, slug)
		i := slices.IndexFunc(all, func(t store.Tenant) bool { return t.Slug == slug })
		if i < 0 {
			break
		}
		slug = all[i].Parent
	}
	return line
}

// names gives the name of each tenant.
func (c *Console) names(ctx context.Context) (map[string]string, error) {
	all, err := c.store.Tenants(ctx)
	out := map[string]string{}
	for _, t := range all {
		out[t.Slug] = t.Name
	}
	return out, err
}

// home is the first page of a tenant: figures that were counted, and what a new tenant still has to do.
func (c *Console) home(w http.ResponseWriter, r *http.Request, v *Visit) error {
	var body struct {
		Tiles []Tile
		Steps []Step
	}
	for _, p := range c.parts {
		if p.Tiles != nil {
			tiles, err := p.Tiles(r.Context(), v)
			if err != nil {
				return err
			}
			body.Tiles = append(body.Tiles, tiles...)
		}
		if p.Steps != nil {
			steps, err := p.Steps(r.Context(), v)
			if err != nil {
				return err
			}
			body.Steps = append(body.Steps, steps...)
		}
	}
	slices.SortStableFunc(body.Steps, func(a, b Step) int { return a.Order - b.Order })
	if !slices.ContainsFunc(body.Steps, func(s Step) bool { return !s.Done }) {
		body.Steps = nil // all done: the list has done its work
	}
	return v.Render(w, "home", v.Tenant.Name, body)
}
