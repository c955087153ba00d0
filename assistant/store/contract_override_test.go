package store

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
	"sportello/ingest"
)

func TestSubjects(t *testing.T) {
	places := map[string]bool{"avell": true}
	same := func(a, b string) bool {
		return slices.ContainsFunc(subjects(a, places), func(x string) bool { return slices.Contains(subjects(b, places), x) })
	}
	const long = "Regolamento per la disciplina della tassa sui rifiuti (TARI)"
	for other, want := range map[string]bool{
		"Regolamento TARI": true, "Regolamento comunale della tassa rifiuti": true, "REGOLAMENTO COMUNALE TASSA SUI RIFIUTI - TARI": true,
		"Regolamento sulla raccolta dei rifiuti": false, "Regolamento della tassa di soggiorno": false, "Regolamento comunale": false, "Tariffe TARI 2026": false,
	} {
		if got := same(long, other); got != want {
			t.Errorf("%q and %q are the same: %v (%q)", long, other, got, subjects(other, places))
		}
	}
	if same("Tariffe 2025", "Tariffe 2026") || same("Regolamento comunale", "Regolamento del Comune") || !same("Mercati", "Regolamento dei mercati del Comune di Avella") {
		t.Error("years, empty subjects or names of places")
	}
}

// What a comune has itself takes the place of what those above it share, for it and those below, in its time, and not when it is for staff.
func testOverride(t *testing.T, s *Store) {
	ctx := t.Context()
	ok(t, s.AddTenant(ctx, Tenant{Slug: "prov", Name: "Provincia di Prova", Kind: Provincia}))
	ok(t, s.AddTenant(ctx, Tenant{Slug: "unione", Name: "Unione di Prova", Kind: Unione, Parent: "prov"}))
	ok(t, s.AddTenant(ctx, Tenant{Slug: "a", Name: "Comune di A", Parent: "unione"}))
	ok(t, s.AddTenant(ctx, Tenant{Slug: "b", Name: "Comune di B", Parent: "unione"}))
	_ = put(t, s, "prov", "tari-p.txt", "Regolamento provinciale sulla tassa rifiuti", "Della provincia.")
	u := put(t, s, "unione", "tari-u.txt", "Regolamento per la tassa sui rifiuti (TARI)", "Dell'unione.")
	_ = put(t, s, "unione", "mensa-u.txt", "Regolamento della mensa scolastica", "Della mensa.")
	var all []string
	for _, tenant := range []string{"prov", "unione", "a", "b"} {
		all = append(all, ids(points(t, s, tenant, ""))...)
	}
	sees := func(tenant, day string) (out []string) {
		t.Helper()
		line := must[[]string](t)(s.Lineage(ctx, tenant))
		for _, p := range must[[]assistant.Passage](t)(s.Passages(ctx, assistant.IndexQuery{Tenants: line, At: day}, all)) {
			out = append(out, p.Document)
		}
		slices.Sort(out)
		return out
	}
	is := func(tenant, day string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, sees(tenant, day)); diff != "" {
			t.Errorf("%s on %q: %s", tenant, day, diff)
		}
	}
	is("prov", "", "tari-p.txt")
	is("unione", "", "mensa-u.txt", "tari-u.txt")
	is("a", "", "mensa-u.txt", "tari-u.txt")
	own := put(t, s, "a", "tari-a.txt", "Regolamento comunale TARI", "Del comune.")
	all = append(all, ids(points(t, s, "a", ""))...)
	is("a", "", "mensa-u.txt", "tari-a.txt")
	is("b", "", "mensa-u.txt", "tari-u.txt")
	is("unione", "", "mensa-u.txt", "tari-u.txt")
	if taken := must[map[string]bool](t)(s.Overridden(ctx, "a", "")); !taken[u.ID] || taken[own.ID] {
		t.Errorf("taken %v", taken)
	}

	edit := func(e Edit) { t.Helper(); must[int64](t)(s.Edit(ctx, "a", "rossi", []string{own.ID}, e)) }
	from := "2027-01-01"
	edit(Edit{Fix: Fix{ValidFrom: &from}})
	is("a", "2026-06-30", "mensa-u.txt", "tari-u.txt")
	is("a", "2027-06-30", "mensa-u.txt", "tari-a.txt")
	from = ""
	staff := ingest.Staff
	edit(Edit{Fix: Fix{ValidFrom: &from, Visibility: &staff}})
	is("a", "", "mensa-u.txt", "tari-u.txt")
	public, kind := ingest.Public, ingest.Delibera
	edit(Edit{Fix: Fix{Visibility: &public, Kind: &kind}})
	is("a", "", "mensa-u.txt", "tari-a.txt", "tari-u.txt")
	kind = ingest.Regolamento
	edit(Edit{Fix: Fix{Kind: &kind}})
	is("a", "", "mensa-u.txt", "tari-a.txt")
	edit(Edit{State: Repealed})
	is("a", "", "mensa-u.txt", "tari-u.txt")
}

// What takes whose place is told to both sides, and to nobody beside them.
func testPairs(t *testing.T, s *Store) {
	ctx := t.Context()
	ok(t, s.AddTenant(ctx, Tenant{Slug: "unione", Name: "Unione di Prova", Kind: Unione}))
	ok(t, s.AddTenant(ctx, Tenant{Slug: "a", Name: "Comune di A", Parent: "unione"}))
	ok(t, s.AddTenant(ctx, Tenant{Slug: "b", Name: "Comune di B", Parent: "unione"}))
	u := put(t, s, "unione", "tari-u.txt", "Regolamento per la tassa sui rifiuti (TARI)", "Dell'unione.")
	_ = put(t, s, "unione", "mensa-u.txt", "Regolamento della mensa scolastica", "Della mensa.")
	a := put(t, s, "a", "tari-a.txt", "Regolamento TARI", "Del comune.")
	_ = put(t, s, "b", "sport-b.txt", "Regolamento degli impianti sportivi", "Altro.")
	want := []Pair{{Placed{"a", "Comune di A", a.ID, "Regolamento TARI"}, Placed{"unione", "Unione di Prova", u.ID, "Regolamento per la tassa sui rifiuti (TARI)"}}}
	for _, tenant := range []string{"a", "unione"} {
		if diff := cmp.Diff(want, must[[]Pair](t)(s.Pairs(ctx, tenant, "2026-01-01"))); diff != "" {
			t.Errorf("%s: %s", tenant, diff)
		}
	}
	if got := must[[]Pair](t)(s.Pairs(ctx, "b", "2026-01-01")); len(got) != 0 {
		t.Errorf("b: %+v", got)
	}
	over := must[map[string]bool](t)(s.Overridden(ctx, "a", "2026-01-01"))
	if len(over) != 1 || !over[u.ID] {
		t.Errorf("what is said differs from what is done: %v", over)
	}
}
