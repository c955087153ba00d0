package site_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/web/site"
)

// A comune under a union: what its public pages may show of the store.
func TestFromStore(t *testing.T) {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Config{Dir: t.TempDir(), Analyze: func(string) []assistant.Term { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	for _, tenant := range []store.Tenant{
		{Slug: "unione", Name: "Unione di Prova", Kind: store.Unione},
		{Slug: "borgoprova", Name: "Comune di Borgoprova", Parent: "unione"}, {Slug: "altroprova", Name: "Comune di Altroprova", Parent: "unione"},
	} {
		if err := s.AddTenant(ctx, tenant); err != nil {
			t.Fatal(err)
		}
	}
	put := func(tenant, source string, v ingest.Visibility) string {
		t.Helper()
		d := &ingest.Document{Source: source, Title: "Titolo di " + source, Kind: ingest.Regolamento, Format: "text", Language: "it", Visibility: v, Text: "Testo di " + source}
		r, err := s.Put(ctx, tenant, d, []ingest.Chunk{{Section: -1, End: len(d.Text)}}, []byte(d.Text))
		if err != nil {
			t.Fatal(err)
		}
		return r.ID
	}
	ids := map[string]string{
		"own": put("borgoprova", "a/own.txt", ingest.Public), "staff": put("borgoprova", "a/staff.txt", ingest.Staff),
		"repealed": put("borgoprova", "a/repealed.txt", ingest.Public), "retired": put("borgoprova", "a/retired.txt", ingest.Public),
		"shared": put("unione", "u/shared.txt", ingest.Public), "kept": put("unione", "u/kept.txt", ingest.Public),
		"sibling": put("altroprova", "b/sibling.txt", ingest.Public), "shared staff": put("unione", "u/staff.txt", ingest.Staff),
	}
	for _, err := range []error{
		s.Repeal(ctx, "borgoprova", ids["repealed"], "prova"), s.Retire(ctx, "borgoprova", ids["retired"]),
		s.Share(ctx, "unione", ids["shared"], true), s.Share(ctx, "unione", ids["kept"], false), s.Share(ctx, "unione", ids["shared staff"], true),
		s.PutOffices(ctx, "borgoprova", []store.Office{{Name: "URP"}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	l := site.FromStore(s)

	docs, err := l.Documents(ctx, "borgoprova")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, d := range docs {
		got[d.Source] = d.InForce("2026-11-22")
	}
	if diff := cmp.Diff(map[string]bool{"a/own.txt": true, "a/repealed.txt": false, "u/shared.txt": true}, got); diff != "" {
		t.Errorf("documents (-want +got):\n%s", diff)
	}
	for name, id := range ids {
		want := name == "own" || name == "repealed" || name == "shared"
		_, err := l.Document(ctx, "borgoprova", id)
		content, contentErr := l.Content(ctx, "borgoprova", id)
		original, originalErr := l.Original(ctx, "borgoprova", id)
		for what, err := range map[string]error{"document": err, "content": contentErr, "original": originalErr} {
			if want && err != nil || !want && fault.CodeOf(err) != fault.NotFound {
				t.Errorf("%s of %q: %v", what, name, err)
			}
		}
		if want && (content.Text != string(original.Bytes) || original.Name != name+".txt") {
			t.Errorf("%q: %q is not %q", name, original.Name, content.Text)
		}
	}
	if _, err := l.Document(ctx, "nowhere", ids["own"]); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("unknown tenant: %v", err)
	}
	if _, err := l.Documents(ctx, "nowhere"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("unknown tenant: %v", err)
	}
	tenants, err := l.Tenants(ctx)
	if err != nil || len(tenants) != 3 {
		t.Errorf("%d tenants, %v", len(tenants), err)
	}
	if one, err := l.Tenant(ctx, "unione"); err != nil || one.Name != "Unione di Prova" || one.Kind != "unione" {
		t.Errorf("tenant %+v, %v", one, err)
	}
	if offices, err := l.Contacts(ctx, "borgoprova"); err != nil || len(offices) != 1 || offices[0].Office != "URP" {
		t.Errorf("contacts %v, %v", offices, err)
	}
}

func TestInForce(t *testing.T) {
	for _, tc := range []struct {
		d    site.Document
		want bool
	}{
		{site.Document{}, true}, {site.Document{Superseded: true}, false},
		{site.Document{ValidFrom: "2026-11-22", ValidTo: "2026-11-22"}, true},
		{site.Document{ValidFrom: "2026-11-23"}, false}, {site.Document{ValidTo: "2026-11-21"}, false},
	} {
		if got := tc.d.InForce("2026-11-22"); got != tc.want {
			t.Errorf("%+v in force: %v", tc.d, got)
		}
	}
}
