package store

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/ingest"
)

func ptr[T any](v T) *T { return &v }

func edit(t *testing.T, s *Store, id string, e Edit) int64 {
	t.Helper()
	return must[int64](t)(s.Edit(t.Context(), "avella", "rossi", []string{id}, e))
}

func record(t *testing.T, s *Store, id string) *Record {
	t.Helper()
	return must[*Record](t)(s.Document(t.Context(), "avella", id))
}

// What a person set by hand outlives new versions of the file, and can be taken back.
func testFix(t *testing.T, s *Store) {
	comune(t, s, "avella")
	id := put(t, s, "avella", "tari.txt", "TARI", "uno", "due").ID
	edit(t, s, id, Edit{Fix: Fix{Title: ptr("Regolamento rifiuti"), Kind: ptr(ingest.Norma), ValidTo: ptr("2025-12-31"),
		Visibility: ptr(ingest.Staff), Date: ptr("2021-04-01"), Year: ptr("2021"), ValidFrom: ptr("2022-01-01"),
		Approval: &ingest.Act{Type: "delibera", Number: "30"}}, Office: ptr("Tributi"), Shared: ptr(true)})
	check := func(when string) {
		t.Helper()
		r := record(t, s, id)
		got := []string{r.Title, string(r.Kind), r.ValidFrom, r.ValidTo, string(r.Visibility), r.Date, r.Year, r.Approval.Number, r.Office}
		want := []string{"Regolamento rifiuti", "norma", "2022-01-01", "2025-12-31", "staff", "2021-04-01", "2021", "30", "Tributi"}
		if diff := cmp.Diff(want, got); diff != "" || !r.Shared {
			t.Errorf("%s: %s", when, diff)
		}
		var all []string
		for _, p := range points(t, s, "avella", "m") {
			all = append(all, p.ID)
		}
		passages := must[[]assistant.Passage](t)(s.Passages(t.Context(), assistant.IndexQuery{Tenants: []string{"avella"}, Audience: ingest.Staff}, all))
		if len(passages) == 0 || !strings.HasPrefix(passages[0].Breadcrumb, "Regolamento rifiuti") {
			t.Errorf("%s: passages %+v", when, passages)
		}
	}
	check("fixed")
	put(t, s, "avella", "tari.txt", "TARI", "uno", "due", "tre")
	check("new version")
	if r := put(t, s, "avella", "tari.txt", "TARI", "uno", "due", "tre"); r.Outcome != ingest.Unchanged {
		t.Errorf("the same bytes: %s", r.Outcome)
	}
	fields, parsed, err := s.Fixed(t.Context(), "avella", id)
	ok(t, err)
	if *fields.Title != "Regolamento rifiuti" || *parsed.Title != "TARI" {
		t.Errorf("fixed %v, file %v", *fields.Title, *parsed.Title)
	}
	edit(t, s, id, Edit{Forget: true})
	if r := record(t, s, id); r.Title != "TARI" || r.Kind != ingest.Regolamento || r.Visibility != ingest.Public || r.ValidTo != "" {
		t.Errorf("forgotten: %+v", r)
	}
	if fields, _, err := s.Fixed(t.Context(), "avella", id); err != nil || !fields.Empty() {
		t.Errorf("still fixed: %+v, %v", fields, err)
	}
}

func testFixWrong(t *testing.T, s *Store) {
	comune(t, s, "avella")
	id := put(t, s, "avella", "tari.txt", "TARI", "uno").ID
	for name, e := range map[string]Edit{
		"no title": {Fix: Fix{Title: ptr("")}}, "kind": {Fix: Fix{Kind: ptr(ingest.Kind("x"))}}, "visibility": {Fix: Fix{Visibility: ptr(ingest.Visibility("x"))}},
		"no day": {Fix: Fix{ValidFrom: ptr("31/12/2025")}}, "act": {Fix: Fix{Approval: &ingest.Act{Date: "x"}}},
		"order": {Fix: Fix{ValidFrom: ptr("2026-01-01"), ValidTo: ptr("2025-01-01")}}, "state": {State: Retired},
		"place": {SupersededBy: id}, "itself": {State: Repealed, SupersededBy: id},
	} {
		_, err := s.Edit(t.Context(), "avella", "rossi", []string{id}, e)
		if fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := s.Edit(t.Context(), "avella", "rossi", nil, Edit{State: Live})
	wantCode(t, err, fault.Invalid)
	_, err = s.Edit(t.Context(), "avella", "rossi", make([]string, maxEdit+1), Edit{State: Live})
	wantCode(t, err, fault.TooLarge)
	_, err = s.Edit(t.Context(), "avella", "rossi", []string{id, "nessuno"}, Edit{State: Repealed})
	wantCode(t, err, fault.NotFound)
	if r := record(t, s, id); r.State != Live {
		t.Errorf("half of an edit was done: %s", r.State)
	}
	_, err = s.Edit(t.Context(), "avella", "rossi", []string{id}, Edit{Version: 9})
	wantCode(t, err, fault.NotFound)
	_, err = s.Versions(t.Context(), "avella", "nessuno")
	wantCode(t, err, fault.NotFound)
	_, err = s.ContentAt(t.Context(), "avella", id, 7)
	wantCode(t, err, fault.NotFound)
	if all := must[[]Entry](t)(s.Journal(t.Context(), "avella", 10, 0)); len(all) != 0 {
		t.Errorf("what failed is in the journal: %+v", all)
	}
}

// Each thing that was done can be undone, the last one first.
func testUndo(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella")
	old := put(t, s, "avella", "2020.txt", "TARI 2020", "uno").ID
	now := put(t, s, "avella", "2024.txt", "TARI 2024", "due").ID
	first := edit(t, s, old, Edit{State: Repealed, SupersededBy: now})
	second := edit(t, s, old, Edit{Fix: Fix{Title: ptr("Vecchia TARI")}})
	bulk := must[int64](t)(s.Edit(ctx, "avella", "bianchi", []string{old, now, old}, Edit{Fix: Fix{Visibility: ptr(ingest.Staff)}}))
	if r := record(t, s, old); r.State != Repealed || r.SupersededBy != now || r.Title != "Vecchia TARI" || r.Visibility != ingest.Staff {
		t.Fatalf("edited: %+v", r)
	}
	wantCode(t, s.Undo(ctx, "avella", "rossi", first), fault.Conflict)
	wantCode(t, s.Undo(ctx, "altrove", "rossi", bulk), fault.NotFound)
	ok(t, s.Undo(ctx, "avella", "rossi", bulk))
	wantCode(t, s.Undo(ctx, "avella", "rossi", bulk), fault.Conflict)
	if r := record(t, s, old); r.Visibility != ingest.Public || r.Title != "Vecchia TARI" {
		t.Errorf("after undoing the last: %+v", r)
	}
	ok(t, s.Undo(ctx, "avella", "rossi", second))
	ok(t, s.Undo(ctx, "avella", "rossi", first))
	if r := record(t, s, old); r.State != Live || r.SupersededBy != "" || r.Title != "TARI 2020" || r.Reason != "" {
		t.Errorf("after undoing all: %+v", r)
	}
	all := must[[]Entry](t)(s.Journal(ctx, "avella", 10, 0))
	var lines []string
	for _, e := range all {
		lines = append(lines, strings.Join([]string{e.Author, e.Action, e.Label, e.UndoneBy}, "|"))
	}
	if diff := cmp.Diff([]string{"bianchi|visibility|2|rossi", "rossi|fix|TARI 2020|rossi", "rossi|supersede|TARI 2020|rossi"}, lines); diff != "" {
		t.Error(diff)
	}
	if !all[0].Undone() || all[0].Items != 2 {
		t.Errorf("entry %+v", all[0])
	}
}

// An earlier version comes back as a new one.
func testRevert(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella")
	id := put(t, s, "avella", "tari.txt", "TARI", "primo testo").ID
	put(t, s, "avella", "tari.txt", "TARI", "secondo testo", "altro")
	edit(t, s, id, Edit{Fix: Fix{Title: ptr("Rifiuti")}})
	entry := edit(t, s, id, Edit{Version: 1})
	d := must[*ingest.Document](t)(s.Content(ctx, "avella", id))
	if !strings.Contains(d.Text, "primo testo") || d.Title != "Rifiuti" {
		t.Errorf("back: %q %q", d.Title, d.Text)
	}
	versions := must[[]Version](t)(s.Versions(ctx, "avella", id))
	if len(versions) != 3 || !versions[0].Present || versions[0].Number != 3 || versions[0].SHA256 != versions[2].SHA256 {
		t.Errorf("versions %+v", versions)
	}
	if blocks := must[[]Block](t)(s.Blocks(ctx, "avella", id)); len(blocks) != 1 {
		t.Errorf("blocks %+v", blocks)
	}
	ok(t, s.Undo(ctx, "avella", "rossi", entry))
	if d := must[*ingest.Document](t)(s.Content(ctx, "avella", id)); !strings.Contains(d.Text, "secondo testo") {
		t.Errorf("undone: %q", d.Text)
	}
	if r := put(t, s, "avella", "tari.txt", "TARI", "secondo testo", "altro"); r.Outcome != ingest.Unchanged {
		t.Errorf("the file that came back: %s", r.Outcome)
	}
	texts := map[string]string{}
	ok(t, s.EachText(ctx, "avella", func(id string, text []byte) error { texts[id] = string(text); return nil }))
	if !strings.Contains(texts[id], "secondo") || len(texts) != 1 {
		t.Errorf("texts %v", texts)
	}
}

func TestForceOn(t *testing.T) {
	for _, tt := range []struct {
		r    Record
		want Force
	}{
		{Record{State: Live}, InForce},
		{Record{State: Live, ValidFrom: "2026-02-01"}, NotYet},
		{Record{State: Live, ValidTo: "2025-12-31"}, Expired},
		{Record{State: Live, ValidFrom: "2026-01-01", ValidTo: "2026-01-01"}, InForce},
		{Record{State: Repealed}, Annulled},
		{Record{State: Repealed, SupersededBy: "x"}, Superseded},
		{Record{State: Retired, ValidTo: "2020-01-01"}, Aside},
	} {
		if got := tt.r.ForceOn("2026-01-01"); got != tt.want {
			t.Errorf("%+v: %s, want %s", tt.r, got, tt.want)
		}
	}
}

func TestJournalIsPruned(t *testing.T) {
	clock := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := opened(t, Config{Dir: t.TempDir(), Now: func() time.Time { return clock }})
	comune(t, s, "avella")
	id := put(t, s, "avella", "tari.txt", "TARI", "uno").ID
	entry := edit(t, s, id, Edit{State: Repealed, Reason: "C.C. 3/2026"})
	clock = clock.Add(UndoFor - time.Minute)
	if n := must[int64](t)(s.PruneJournal(t.Context())); n != 0 {
		t.Errorf("%d entries pruned too early", n)
	}
	clock = clock.Add(2 * time.Minute)
	if n := must[int64](t)(s.PruneJournal(t.Context())); n != 1 {
		t.Errorf("%d entries pruned", n)
	}
	wantCode(t, s.Undo(t.Context(), "avella", "rossi", entry), fault.NotFound)
	if r := record(t, s, id); r.Reason != "C.C. 3/2026" {
		t.Errorf("reason %q", r.Reason)
	}
}

// A setting that was changed can be made again what it was: its own value, or that of the tenant above.
// A picture stays as long as a setting shows it or can show it again.
func testPictures(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella")
	day := time.Now()
	s.now = func() time.Time { return day }
	one, two := must[string](t)(s.PutPicture(ctx, []byte("uno"))), must[string](t)(s.PutPicture(ctx, []byte("due")))
	lost := must[string](t)(s.PutPicture(ctx, []byte("tre")))
	if again := must[string](t)(s.PutPicture(ctx, []byte("uno"))); again != one || one == two {
		t.Errorf("%s and %s", one, again)
	}
	ok(t, s.PutSetting(ctx, "rossi", "avella", "page.logo", one))
	ok(t, s.PutSetting(ctx, "rossi", "avella", "page.logo", two))
	kept := func(after time.Duration, want map[string]bool) {
		t.Helper()
		s.now = func() time.Time { return day.Add(after) }
		must[int64](t)(s.PruneJournal(ctx))
		for name, there := range want {
			if _, err := s.Picture(ctx, name); (err == nil) != there {
				t.Errorf("after %v: %v", after, err)
			}
		}
	}
	kept(time.Hour, map[string]bool{one: true, two: true, lost: true})
	kept(48*time.Hour, map[string]bool{one: true, two: true, lost: false})
	kept(UndoFor+time.Hour, map[string]bool{one: false, two: true})
}

func testUndoSetting(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella")
	ok(t, s.PutSetting(ctx, "rossi", "avella", "tono", "a"))
	ok(t, s.PutSetting(ctx, "rossi", "avella", "tono", "a")) // nothing changed
	ok(t, s.PutSetting(ctx, "rossi", "avella", "tono", "b"))
	ok(t, s.DropSetting(ctx, "rossi", "avella", "tono"))
	ok(t, s.PutSetting(ctx, "rossi", Everywhere, "tono", "z"))
	ok(t, s.AddTenant(ctx, Tenant{Slug: "baiano", Name: "Comune di Baiano"}))
	ok(t, s.PutSetting(ctx, "verdi", "baiano", "tono", "altrove")) // of nobody's concern here
	entries := must[[]Entry](t)(s.Journal(ctx, "avella", 10, 0))
	if len(entries) != 3 || entries[0].Kind != "setting" || entries[0].Label != "tono" {
		t.Fatalf("journal %+v", entries)
	}
	for i, want := range []string{"b", "a", "z"} {
		ok(t, s.Undo(ctx, "avella", "rossi", entries[i].ID))
		x, _, err := s.Setting(ctx, "avella", "tono")
		ok(t, err)
		if x.Value != want {
			t.Errorf("undone %d: %q, want %q", i, x.Value, want)
		}
	}
}

// An entry that a later version of the program wrote is left alone.
func TestUndoUnknown(t *testing.T) {
	s := opened(t, Config{Dir: t.TempDir()})
	comune(t, s, "avella")
	var entry int64
	ok(t, s.write(t.Context(), func(tx *sql.Tx) (err error) {
		entry, err = s.record(t.Context(), tx, "avella", "rossi", "x", "y", []item{{"altro", "z", 1}})
		return err
	}))
	wantCode(t, s.Undo(t.Context(), "avella", "rossi", entry), fault.Unsupported)
	if e := must[*Entry](t)(s.JournalEntry(t.Context(), "avella", entry)); e.Undone() {
		t.Errorf("entry %+v", e)
	}
	_, err := s.JournalEntry(t.Context(), "altrove", entry)
	wantCode(t, err, fault.NotFound)
	_, _, err = s.Fixed(t.Context(), "avella", "nessuno")
	wantCode(t, err, fault.NotFound)
}

func testUndoTenant(t *testing.T, s *Store) {
	ctx := t.Context()
	ok(t, s.AddTenant(ctx, Tenant{Slug: "avella", Name: "Comune di Avela", ISTAT: "064007"}, AuditEntry{Actor: "rossi", Note: "table"}))
	was := *must[*Tenant](t)(s.Tenant(ctx, "avella"))
	ok(t, s.ChangeTenant(ctx, "rossi", "avella", func(x *Tenant) error { x.Name, x.IPA = "Comune di Avella", "c_a508"; return nil }))
	entries := must[[]Entry](t)(s.Journal(ctx, "avella", 10, 0))
	if len(entries) != 1 || entries[0].Action != "tenant" || entries[0].Label != "Comune di Avela" || entries[0].Kind != "tenant" {
		t.Fatalf("journal %+v", entries)
	}
	ok(t, s.Undo(ctx, "avella", "rossi", entries[0].ID))
	if diff := cmp.Diff(was, *must[*Tenant](t)(s.Tenant(ctx, "avella"))); diff != "" {
		t.Error(diff)
	}
	audit := must[[]AuditEntry](t)(s.Audit(ctx, AuditFilter{Limit: 10}))
	if last := audit[len(audit)-1]; len(audit) != 3 || last.Action != "tenant.add" || last.Tenant != "avella" || last.Actor != "rossi" || last.Note != "table" {
		t.Errorf("%+v", audit)
	}
}

func testUndoOffices(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella")
	ok(t, s.PutOffices(ctx, "avella", []Office{{Name: "URP"}, {Name: "Tributi", Subjects: []string{"TARI"}}}))
	ok(t, s.EditOffices(ctx, "rossi", "avella", []Office{{Name: "URP", Phone: "081"}}, "office.delete", "Tributi"))
	wantCode(t, s.EditOffices(ctx, "rossi", "avella", []Office{{}}, "office.change", ""), fault.Invalid)
	wantCode(t, s.EditOffices(ctx, "rossi", "nessuno", nil, "office.change", ""), fault.NotFound)
	entries := must[[]Entry](t)(s.Journal(ctx, "avella", 10, 0))
	if len(entries) != 1 || entries[0].Action != "offices" || entries[0].Label != "Tributi" {
		t.Fatalf("journal %+v", entries)
	}
	ok(t, s.Undo(ctx, "avella", "rossi", entries[0].ID))
	all := must[[]Office](t)(s.Offices(ctx, "avella"))
	if diff := cmp.Diff([]Office{{Name: "URP"}, {Name: "Tributi", Subjects: []string{"TARI"}}}, all); diff != "" {
		t.Error(diff)
	}
}
