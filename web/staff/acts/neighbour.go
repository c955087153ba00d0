package acts

import (
	"context"
	"slices"

	"sportello/assistant"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/web/staff"
)

// LendSetting is the permission of a comune: "1" lets others on the same installation read and take up its acts, the public ones and no others.
// It is of the comune itself: nobody above it gives it for it.
const LendSetting = "acts.lend"

// mostNeighbours bounds how many comuni are searched for one page.
const mostNeighbours = 40

// lends says whether a comune has given its permission.
func (p *pages) lends(ctx context.Context, tenant string) (bool, error) {
	x, ok, err := p.Store.Setting(ctx, tenant, LendSetting)
	return ok && x.Own && x.Value == "1", err
}

// neighbours are the other comuni that lend their acts, by name.
func (p *pages) neighbours(ctx context.Context, v *staff.Visit) ([]store.Tenant, error) {
	all, err := p.Store.Tenants(ctx)
	if err != nil {
		return nil, err
	}
	var out []store.Tenant
	for _, t := range all {
		if t.Slug == v.Tenant.Slug {
			continue
		}
		yes, err := p.lends(ctx, t.Slug)
		if err != nil {
			return nil, err
		}
		if yes && len(out) < mostNeighbours {
			out = append(out, t)
		}
	}
	return out, nil
}

// archiveOf gives a passage of an act that a tenant may take up: one of its own, or a public one of a comune that lends them.
func (p *pages) archiveOf(ctx context.Context, v *staff.Visit, tenant, passage string) (x assistant.Passage, whose string, ok bool, err error) {
	audience := ingest.Staff
	if tenant == "" {
		tenant = v.Tenant.Slug
	}
	if tenant != v.Tenant.Slug {
		lent, err := p.neighbours(ctx, v)
		i := slices.IndexFunc(lent, func(t store.Tenant) bool { return t.Slug == tenant })
		if err != nil || i < 0 {
			return x, "", false, err
		}
		audience, whose = ingest.Public, lent[i].Name
	}
	found, err := p.Store.Passages(ctx, assistant.IndexQuery{Tenants: []string{tenant}, Audience: audience}, []string{passage})
	if err != nil || len(found) == 0 || found[0].Tenant != tenant || !slices.Contains(archive, found[0].Kind) {
		return x, "", false, err
	}
	return found[0], whose, true, nil
}
