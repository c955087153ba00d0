package store

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"sportello/assistant"
)

// TestUpgrade opens a data folder as the first version left it, with a tenant below another, an office, a document in its second
// version, a repealed one and vectors, and finds all of it. The dump is of that version's own making: never write it anew, add
// another beside it when the schema changes.
func TestUpgrade(t *testing.T) {
	onlySQLite(t, "the first version knew nothing else")
	dump := must[[]byte](t)(os.ReadFile(filepath.Join("testdata", "schema1.sql")))
	dir := t.TempDir()
	db := must[*sql.DB](t)(sql.Open("sqlite", filepath.Join(dir, fileName)))
	must[sql.Result](t)(db.ExecContext(t.Context(), string(dump)))
	ok(t, db.Close())

	for range 2 { // the second time there is nothing left to do
		s := opened(t, Config{Dir: dir})
		tenant := must[*Tenant](t)(s.Tenant(t.Context(), "avella"))
		if tenant.Name != "Comune di Avella" || tenant.Parent != "provincia" {
			t.Errorf("tenant = %+v", tenant)
		}
		offices := must[[]Office](t)(s.Offices(t.Context(), "avella"))
		if len(offices) != 1 || offices[0].Name != "Ufficio Tributi" || offices[0].Hours != "lun 9-12" {
			t.Errorf("offices = %+v", offices)
		}
		states := map[State]int{}
		for _, r := range must[[]Record](t)(s.Documents(t.Context(), "avella", Filter{})) {
			states[r.State]++
			if r.State == Live && r.Version != 2 {
				t.Errorf("%s is in version %d", r.Source, r.Version)
			}
		}
		if states[Live] != 1 || states[Repealed] != 1 {
			t.Errorf("documents by state: %v", states)
		}
		var text string
		vectors := 0
		ok(t, s.EachPoint(t.Context(), "avella", "m", func(p assistant.Point) error {
			if len(p.Vector) == 2 {
				vectors++
			}
			for _, passage := range must[[]assistant.Passage](t)(s.Passages(t.Context(), assistant.IndexQuery{Tenants: []string{"avella"}}, []string{p.ID})) {
				text += passage.Text + "\n"
			}
			return nil
		}))
		if want := "Art. 1 Scadenza\nLa tassa si paga entro il 30 settembre.\n"; vectors != 2 || len(text) < len(want) || text[len(text)-len(want):] != want {
			t.Errorf("%d vectors, passages:\n%s", vectors, text)
		}
		ok(t, s.Close())
	}
}
