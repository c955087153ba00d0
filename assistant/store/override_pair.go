package store

import (
	"context"
	"slices"

	"sportello/assistant/lexicon"
	"sportello/ingest"
)

// Pair says that a document of one tenant takes the place of one that a tenant above shares.
type Pair struct{ Own, Above Placed }

// Placed is a document with whose it is.
type Placed struct{ Tenant, Name, ID, Title string }

// Pairs gives the pairs on a day of which one document is the tenant's: what its own take the place of, and what those of tenants below take the place
// of. It is what Overridden goes by, said for people.
func (s *Store) Pairs(ctx context.Context, tenant, day string) (out []Pair, err error) {
	tenants, err := s.Tenants(ctx)
	if err != nil {
		return nil, err
	}
	parent, name := map[string]string{}, map[string]string{}
	for _, t := range tenants {
		parent[t.Slug], name[t.Slug] = t.Parent, t.Name
	}
	live := func(slug string, shared bool) ([]Record, error) {
		all, err := s.Documents(ctx, slug, Filter{State: Live, Visibility: ingest.Public})
		return slices.DeleteFunc(all, func(r Record) bool { return !slices.Contains(overriding, r.Kind) || shared && !r.Shared }), err
	}
	pair := func(below, above string, own, shared []Record) {
		places := map[string]bool{}
		for slug := below; slug != ""; slug = parent[slug] {
			for _, w := range lexicon.Analyze(name[slug]) {
				places[w] = true
			}
		}
		for i := range shared {
			a := &shared[i]
			about := subjects(a.Title, places)
			for j := range own {
				o := &own[j]
				same := slices.ContainsFunc(subjects(o.Title, places), func(x string) bool { return slices.Contains(about, x) })
				if same && o.Kind == a.Kind && (span{o.ValidFrom, o.ValidTo}).holds(day) {
					out = append(out, Pair{Placed{below, name[below], o.ID, o.Title}, Placed{above, name[above], a.ID, a.Title}})
				}
			}
		}
	}
	own, err := live(tenant, false)
	if err != nil {
		return nil, err
	}
	for up := parent[tenant]; up != "" && len(own) > 0; up = parent[up] {
		shared, err := live(up, true)
		if err != nil {
			return nil, err
		}
		pair(tenant, up, own, shared)
	}
	shared := slices.DeleteFunc(own, func(r Record) bool { return !r.Shared })
	for _, t := range tenants {
		if len(shared) == 0 || !under(parent, t.Slug, tenant) {
			continue
		}
		theirs, err := live(t.Slug, false)
		if err != nil {
			return nil, err
		}
		pair(t.Slug, tenant, theirs, shared)
	}
	return out, nil
}

// under says whether a tenant is somewhere below another.
func under(parent map[string]string, slug, above string) bool {
	for up := parent[slug]; up != ""; up = parent[up] {
		if up == above {
			return true
		}
	}
	return false
}
