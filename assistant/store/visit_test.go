package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

func TestVisits(t *testing.T) {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Config{Dir: t.TempDir(), Analyze: func(string) []assistant.Term { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for _, slug := range []string{"uno", "due"} {
		if err := s.AddTenant(ctx, store.Tenant{Slug: slug, Name: "Comune " + slug}); err != nil {
			t.Fatal(err)
		}
	}
	november, december := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	visit := store.VisitCount{Point: "Biblioteca", Language: "sq", Subject: "TARI", Outcome: "solved", Questions: 2}
	for _, at := range []time.Time{november, november, december} {
		if err := s.CountVisit(ctx, "uno", at, visit); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.VisitCounts(ctx, "uno", "2026-11", "2026-11")
	want := visit
	want.Month, want.N, want.Questions = "2026-11", 2, 4
	if diff := cmp.Diff([]store.VisitCount{want}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if all, err := s.VisitCounts(ctx, "uno", "", ""); err != nil || len(all) != 2 || all[0].Month != "2026-12" {
		t.Errorf("%v, %v", all, err)
	}
	if other, err := s.VisitCounts(ctx, "due", "", ""); err != nil || len(other) != 0 {
		t.Errorf("of another tenant: %v, %v", other, err)
	}

	note := store.VisitNote{Document: "d-1", Title: "Passo carrabile", Text: "Si ritira il giovedì.", Author: "Facilitatrice", Day: "2026-11-23"}
	entry := store.AuditEntry{Actor: store.ActorSystem, Action: "visit.note", Tenant: "uno", Object: "d-1"}
	if err := s.AddVisitNote(ctx, "uno", note, entry); err != nil {
		t.Fatal(err)
	}
	notes, err := s.VisitNotes(ctx, "uno", "d-1")
	if diff := cmp.Diff([]store.VisitNote{note}, notes, cmpopts.IgnoreFields(store.VisitNote{}, "ID")); err != nil || diff != "" {
		t.Fatalf("%v (-want +got):\n%s", err, diff)
	}
	for tenant, document := range map[string]string{"uno": "d-2", "due": ""} {
		if more, err := s.VisitNotes(ctx, tenant, document); err != nil || len(more) != 0 {
			t.Errorf("%s %q: %v, %v", tenant, document, more, err)
		}
	}
	if err := s.RemoveVisitNote(ctx, "due", notes[0].ID); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("of another tenant: %v", err)
	}
	if err := s.RemoveVisitNote(ctx, "uno", notes[0].ID, entry); err != nil {
		t.Error(err)
	}
	if left, err := s.VisitNotes(ctx, "uno", ""); err != nil || len(left) != 0 {
		t.Errorf("%v, %v", left, err)
	}
}
