package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/ingest"
)

// territory makes a provincia with a unione of two comuni below it, and a third comune by itself.
func territory(t *testing.T, s *Store) {
	t.Helper()
	for _, x := range []Tenant{
		{Slug: "provincia-av", Name: "Provincia", Kind: Provincia},
		{Slug: "unione", Name: "Unione", Kind: Unione, Parent: "provincia-av"},
		{Slug: "avella", Name: "Comune di Avella", Parent: "unione", ISTAT: "064007", IPA: "c_a508", Hosts: []string{"www.comune.example"}},
		{Slug: "baiano", Name: "Comune di Baiano", Kind: Comune, Parent: "unione"},
		{Slug: "nola", Name: "Comune di Nola", Kind: Comune},
	} {
		ok(t, s.AddTenant(t.Context(), x))
	}
}

func testTenants(t *testing.T, s *Store) {
	ctx := t.Context()
	territory(t, s)
	got := must[*Tenant](t)(s.Tenant(ctx, "avella"))
	want := &Tenant{Slug: "avella", Name: "Comune di Avella", Kind: Comune, Parent: "unione", ISTAT: "064007", IPA: "c_a508", Hosts: []string{"www.comune.example"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tenant (-want +got):\n%s", diff)
	}
	if all := must[[]Tenant](t)(s.Tenants(ctx)); len(all) != 5 || all[0].Slug != "avella" {
		t.Errorf("tenants %+v", all)
	}
	if line := must[[]string](t)(s.Lineage(ctx, "avella")); strings.Join(line, " ") != "avella unione provincia-av" {
		t.Errorf("lineage %v", line)
	}
	if line := must[[]string](t)(s.Lineage(ctx, "nola")); strings.Join(line, " ") != "nola" {
		t.Errorf("lineage %v", line)
	}
	_, err := s.Lineage(ctx, "none")
	wantCode(t, err, fault.NotFound)
	_, err = s.Tenant(ctx, "none")
	wantCode(t, err, fault.NotFound)
	for _, c := range []struct {
		tenant Tenant
		code   fault.Code
	}{
		{Tenant{Slug: "avella", Name: "A"}, fault.Conflict},
		{Tenant{Slug: "Avella", Name: "A"}, fault.Invalid},
		{Tenant{Slug: "a/b", Name: "A"}, fault.Invalid},
		{Tenant{Slug: "forlì", Name: "A"}, fault.Invalid},
		{Tenant{Slug: "-a", Name: "A"}, fault.Invalid},
		{Tenant{Slug: "", Name: "A"}, fault.Invalid},
		{Tenant{Slug: strings.Repeat("a", 64), Name: "A"}, fault.Invalid},
		{Tenant{Slug: "x"}, fault.Invalid},
		{Tenant{Slug: "x", Name: "A", Kind: "regione"}, fault.Invalid},
		{Tenant{Slug: "x", Name: "A", ISTAT: "1234"}, fault.Invalid},
		{Tenant{Slug: "x", Name: "A", Parent: "x"}, fault.Invalid},
		{Tenant{Slug: "x", Name: "A", Parent: "none"}, fault.Invalid},
		{Tenant{Slug: "x", Name: "A", Parent: "nola"}, fault.Invalid},
		{Tenant{Slug: "x", Name: "A", Kind: Unione, Parent: "unione"}, fault.Invalid},
	} {
		if err := s.AddTenant(ctx, c.tenant); fault.CodeOf(err) != c.code {
			t.Errorf("%+v: %v, want %s", c.tenant, err, c.code)
		}
	}
}

func testOffices(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella")
	ok(t, s.PutOffices(ctx, "avella", []Office{{Name: "URP"}, {Name: "Tributi"}}))
	want := []Office{{Name: "Tributi", Subjects: []string{"TARI", "IMU"}, Hours: "lun 9-12", Phone: "081 1", Email: "t@example.it", Address: "Piazza 1"}, {Name: "Anagrafe"}}
	ok(t, s.PutOffices(ctx, "avella", want))
	if diff := cmp.Diff(want, must[[]Office](t)(s.Offices(ctx, "avella"))); diff != "" {
		t.Errorf("offices (-want +got):\n%s", diff)
	}
	contacts := must[[]assistant.Contact](t)(s.Contacts(ctx, "avella"))
	if len(contacts) != 2 || contacts[0].Office != "Tributi" || contacts[0].Phone != "081 1" || contacts[0].Subjects[1] != "IMU" {
		t.Errorf("contacts %+v", contacts)
	}
	wantCode(t, s.PutOffices(ctx, "avella", []Office{{Hours: "lun"}}), fault.Invalid)
	wantCode(t, s.PutOffices(ctx, "none", want), fault.NotFound)
	_, err := s.Contacts(ctx, "none")
	wantCode(t, err, fault.NotFound)
}

// What no office is about goes to the administration itself, by its own settings or those above.
func testGeneralContact(t *testing.T, s *Store) {
	ctx := t.Context()
	territory(t, s)
	last := func() assistant.Contact {
		t.Helper()
		contacts := must[[]assistant.Contact](t)(s.Contacts(ctx, "avella"))
		if len(contacts) == 0 || !contacts[len(contacts)-1].General {
			return assistant.Contact{}
		}
		return contacts[len(contacts)-1]
	}
	ok(t, s.PutOffices(ctx, "avella", []Office{{Name: "URP"}}))
	if c := last(); c.General {
		t.Errorf("%+v", c)
	}
	ok(t, s.PutSetting(ctx, ActorCommand, Everywhere, SettingLink, "https://www.example.it/contatti"))
	if c := last(); c.Office != "Comune di Avella" || c.Link == "" {
		t.Errorf("%+v", c)
	}
	ok(t, s.PutSetting(ctx, ActorCommand, "unione", SettingPhone, "0824 1"))
	ok(t, s.DropSetting(ctx, ActorCommand, Everywhere, SettingLink))
	if c := last(); c.Office != must[*Tenant](t)(s.Tenant(ctx, "unione")).Name || c.Phone != "0824 1" {
		t.Errorf("%+v", c)
	}
	ok(t, s.PutSetting(ctx, ActorCommand, "avella", SettingPEC, "protocollo@pec.example.it"))
	ok(t, s.PutSetting(ctx, ActorCommand, "unione", SettingHours, "lunedì-venerdì 9-12"))
	if c := last(); c.Office != "Comune di Avella" || c.Phone != "0824 1" || c.PEC == "" || c.Hours != "lunedì-venerdì 9-12" {
		t.Errorf("%+v", c)
	}
}

// What chats took is counted by tenant and day, and its limit inherits; what answers took of the machine is summed.
func testUse(t *testing.T, s *Store) {
	ctx := t.Context()
	territory(t, s)
	took := assistant.Energy{Answers: 2, CPU: 1500 * time.Millisecond, Joules: 12.5, Measured: 2.5}
	ok(t, s.AddEnergy(ctx, "avella", took))
	ok(t, s.AddEnergy(ctx, "avella", assistant.Energy{Answers: 1, CPU: 500 * time.Millisecond, Joules: 0.5}))
	if e := must[assistant.Energy](t)(s.Energy(ctx, "avella", "2000-01-01")); e != (assistant.Energy{Answers: 3, CPU: 2 * time.Second, Joules: 13, Measured: 2.5}) {
		t.Errorf("%+v", e)
	}
	if e := must[assistant.Energy](t)(s.Energy(ctx, "avella", "9999-01-01")); e != (assistant.Energy{}) {
		t.Errorf("of days to come: %+v", e)
	}
	if err := s.AddEnergy(ctx, "altrove", took); fault.CodeOf(err) != fault.NotFound {
		t.Error(err)
	}
	for _, x := range []struct{ read, written int }{{300, 40}, {200, 60}} {
		ok(t, s.Spend(ctx, "avella", x.read, x.written, x.written == 60))
	}
	if u := must[Use](t)(s.UseToday(ctx, "avella")); u != (Use{Read: 500, Written: 100, Answers: 2, Guessed: 1}) || u.Tokens() != 600 {
		t.Errorf("%+v", u)
	}
	for _, tt := range []struct {
		value         string
		avella, other bool
	}{{"0", false, false}, {"601", false, false}, {"600", true, false}, {"x", false, false}} {
		ok(t, s.PutSetting(ctx, ActorCommand, "unione", SettingTokens, tt.value))
		for tenant, want := range map[string]bool{"avella": tt.avella, "baiano": tt.other, "nola": false} {
			if got := must[bool](t)(s.Spent(ctx, tenant)); got != want {
				t.Errorf("with %s %s has spent: %v", tt.value, tenant, got)
			}
		}
	}
	_, err := s.Spent(ctx, "none")
	wantCode(t, err, fault.NotFound)
}

func testAudience(t *testing.T, s *Store) {
	ctx := t.Context()
	territory(t, s)
	var all []string
	documents := map[string]string{}
	for _, tenant := range []string{"provincia-av", "unione", "avella", "baiano", "nola"} {
		for _, visibility := range []ingest.Visibility{ingest.Public, ingest.Staff} {
			d, chunks, original := document(string(visibility)+".txt", tenant+" "+string(visibility), "uno")
			d.Visibility, d.Kind = visibility, ingest.Delibera // of which none takes another's place
			documents[d.Title] = must[PutResult](t)(s.Put(ctx, tenant, d, chunks, original)).ID
		}
		all = append(all, ids(points(t, s, tenant, ""))...)
	}
	look := func(tenant string, audience ingest.Visibility) string {
		q := assistant.IndexQuery{Tenants: must[[]string](t)(s.Lineage(ctx, tenant)), Audience: audience}
		return strings.Join(seen(t, s, q, all...), ", ")
	}
	check := func(tenant string, audience ingest.Visibility, want string) {
		t.Helper()
		if got := look(tenant, audience); got != want {
			t.Errorf("%s, %s sees %q, want %q", tenant, audience, got, want)
		}
	}
	check("avella", ingest.Public, "provincia-av public, unione public, avella public")
	check("avella", ingest.Staff, "provincia-av public, unione public, avella public, avella staff")
	check("avella", "", "provincia-av public, unione public, avella public")
	check("unione", ingest.Staff, "provincia-av public, unione public, unione staff")
	check("nola", ingest.Staff, "nola public, nola staff")
	before := must[int64](t)(s.Seq(ctx))
	ok(t, s.Share(ctx, "unione", documents["unione staff"], true))
	ok(t, s.Share(ctx, "unione", documents["unione public"], false))
	check("avella", ingest.Staff, "provincia-av public, unione staff, avella public, avella staff")
	check("avella", ingest.Public, "provincia-av public, avella public")
	if changed := must[[]assistant.Change](t)(s.Changes(ctx, before, 10)); len(changed) != 2 {
		t.Errorf("changes %+v", changed)
	}
	if r := must[*Record](t)(s.Document(ctx, "unione", documents["unione public"])); r.Shared {
		t.Errorf("record %+v", r)
	}
}

func testValidity(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella")
	for _, span := range [][2]string{{"", ""}, {"2023-01-01", "2023-12-31"}, {"2024-01-01", ""}, {"", "2022-12-31"}, {"2023", "31/12/2023"}} {
		d, chunks, original := document(span[0]+"-"+span[1], "T "+span[0]+" "+span[1], "uno")
		d.ValidFrom, d.ValidTo = span[0], span[1]
		must[PutResult](t)(s.Put(ctx, "avella", d, chunks, original))
	}
	all := points(t, s, "avella", "")
	for at, want := range map[string]string{
		"":           "T  , T 2023-01-01 2023-12-31, T 2024-01-01 , T  2022-12-31, T 2023 31/12/2023",
		"2023-12-31": "T  , T 2023-01-01 2023-12-31, T 2023 31/12/2023",
		"2023-01-01": "T  , T 2023-01-01 2023-12-31, T 2023 31/12/2023",
		"2024-01-01": "T  , T 2024-01-01 , T 2023 31/12/2023",
		"2022-12-31": "T  , T  2022-12-31, T 2023 31/12/2023",
	} {
		q := assistant.IndexQuery{Tenants: []string{"avella"}, At: at}
		if got := strings.Join(seen(t, s, q, ids(all)...), ", "); got != want {
			t.Errorf("on %q: %q, want %q", at, got, want)
		}
	}
	odd := must[*Record](t)(s.Document(ctx, "avella", all[4].DocumentID)) // what is no day is left out, and said
	if odd.ValidFrom != "" || odd.ValidTo != "" || len(odd.Warnings) != 2 || all[1].ValidFrom != "2023-01-01" || all[1].ValidTo != "2023-12-31" {
		t.Errorf("record %+v, point %+v", odd, all[1])
	}
}

func testOutbox(t *testing.T, s *Store) {
	ctx := t.Context()
	comune(t, s, "avella")
	if seq := must[int64](t)(s.Seq(ctx)); seq != 0 {
		t.Errorf("a new store begins at %d", seq)
	}
	a, b := put(t, s, "avella", "a", "A", "uno").ID, put(t, s, "avella", "b", "B", "due").ID
	ok(t, s.Repeal(ctx, "avella", a, ""))
	put(t, s, "avella", "b", "B", "due") // unchanged: no change
	want := []assistant.Change{{Seq: 2, Tenant: "avella", DocumentID: b}, {Seq: 3, Tenant: "avella", DocumentID: a}}
	if diff := cmp.Diff(want, must[[]assistant.Change](t)(s.Changes(ctx, 0, 10))); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[:1], must[[]assistant.Change](t)(s.Changes(ctx, 1, 1))); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if seq := must[int64](t)(s.Seq(ctx)); seq != 3 {
		t.Errorf("seq %d", seq)
	}
	if seq := must[int64](t)(s.Cursor(ctx, "qdrant")); seq != 0 {
		t.Errorf("cursor %d", seq)
	}
	ok(t, s.SetCursor(ctx, "qdrant", 2))
	ok(t, s.SetCursor(ctx, "qdrant", 3))
	if seq := must[int64](t)(s.Cursor(ctx, "qdrant")); seq != 3 {
		t.Errorf("cursor %d", seq)
	}
}

func testAnalyzer(t *testing.T, s *Store) {
	comune(t, s, "avella")
	for i := range 3 {
		put(t, s, "avella", fmt.Sprint(i), "T", "Uno uno due")
	}
	before := must[int64](t)(s.Seq(t.Context()))
	s.analyzer = 2
	s.analyze = func(text string) []assistant.Term { return []assistant.Term{{Text: "nuovo", Count: len(text)}} }
	for _, p := range points(t, s, "avella", "") {
		if len(p.Terms) != 1 || p.Terms[0].Text != "nuovo" {
			t.Errorf("terms of the old analyser: %v", p.Terms)
		}
	}
	if changed := must[[]assistant.Change](t)(s.Changes(t.Context(), before, 10)); len(changed) != 3 {
		t.Errorf("changes %+v", changed)
	}
}

func testNoAnalyzer(t *testing.T, s *Store) {
	comune(t, s, "avella")
	put(t, s, "avella", "a", "T", "uno")
	s.analyze, s.analyzer = nil, 0
	d, chunks, original := document("b", "T", "uno")
	_, err := s.Put(t.Context(), "avella", d, chunks, original)
	wantCode(t, err, fault.Internal)
	if p := points(t, s, "avella", ""); len(p) != 1 || len(p[0].Terms) == 0 {
		t.Errorf("points %+v", p)
	}
}

func testManyPassages(t *testing.T, s *Store) {
	comune(t, s, "avella")
	articles := make([]string, 700)
	for i := range articles {
		articles[i] = fmt.Sprint("articolo ", i)
	}
	put(t, s, "avella", "a", "T", articles...)
	wanted := ids(points(t, s, "avella", ""))
	got := must[[]assistant.Passage](t)(s.Passages(t.Context(), assistant.IndexQuery{Tenants: []string{"avella"}}, wanted))
	if len(got) != 700 || got[699].Text != "articolo 699" || got[0].ID != wanted[0] {
		t.Errorf("%d passages", len(got))
	}
	if none := must[[]assistant.Passage](t)(s.Passages(t.Context(), assistant.IndexQuery{Tenants: []string{"avella"}}, nil)); len(none) != 0 {
		t.Errorf("passages %v", none)
	}
}
