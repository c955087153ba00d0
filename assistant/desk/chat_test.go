package desk

import (
	"context"
	"testing"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/store"
)

// Somebody can write with a citizen when they said so, the comune lets them, and the office is open.
func TestCanChat(t *testing.T) {
	b := open(t)
	ctx := t.Context()
	allowed, hours := true, map[string]bool{"mattina": true, "sera": false}
	b.cfg.Chat = func(context.Context, string) (bool, error) { return allowed, nil }
	b.cfg.Open = func(text string, _ time.Time) (bool, bool) { open, known := hours[text]; return open, known }
	if err := b.store.PutOffices(ctx, "borgo", []store.Office{
		{Name: "Aperto", Hours: "mattina"}, {Name: "Chiuso", Hours: "sera"}, {Name: "Chissà", Hours: "su appuntamento"},
		{Name: "In ferie", Hours: "mattina", Closed: []store.Closed{{From: "2026-11-20", To: "2026-11-30"}}},
	}); err != nil {
		t.Fatal(err)
	}
	check := func(want map[string]bool) {
		t.Helper()
		for office, can := range want {
			if got, err := b.CanChat(ctx, "borgo", office); got != can || err != nil {
				t.Errorf("%s: %v, %v", office, got, err)
			}
		}
	}
	check(map[string]bool{"Aperto": false, "Chissà": false})
	if err := b.store.SetAvailable(ctx, "anna", "borgo", b.now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	check(map[string]bool{"Aperto": true, "Chiuso": false, "Chissà": true, "In ferie": false, "Nessuno": false})
	allowed = false
	check(map[string]bool{"Aperto": false})
	allowed = true

	for _, err := range []error{b.AskChat(ctx, "borgo", "none"), b.Write(ctx, "borgo", "none", "x")} {
		if fault.CodeOf(err) != fault.NotFound {
			t.Errorf("of nobody's link: %v", err)
		}
	}
	left, err := b.Leave(ctx, assistant.HandOver{Tenant: "borgo", Office: "Chiuso", Text: "Come?"})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.AskChat(ctx, "borgo", left.Token); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("of an office that is closed: %v", err)
	}
	if _, c, err := b.Conversation(ctx, "borgo", left.Token); c != nil || err != nil {
		t.Errorf("%+v %v", c, err)
	}
	for text, code := range map[string]fault.Code{" ": fault.Invalid, "\xff": fault.Invalid, "x": fault.Conflict} {
		if err := b.WriteBack(ctx, "borgo", left.ID, text); fault.CodeOf(err) != code {
			t.Errorf("%q: %v", text, err)
		}
	}
}
