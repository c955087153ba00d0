package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sportello/assistant"
)

// Every call that is given up says so, and nothing of it stays.
func TestQuestionsGivenUp(t *testing.T) {
	s := opened(t, Config{Dir: t.TempDir()})
	comune(t, s, "avella")
	ok(t, s.AddHandOver(t.Context(), assistant.HandOver{ID: "h1", Tenant: "avella", Office: "URP", Text: "x", Token: "t"}, true))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	only := func(_ any, err error) error { return err }
	listed := func(_ []assistant.Asked, _ int, err error) error { return err }
	for name, err := range map[string]error{
		"ask":             s.AddAsked(ctx, asked("a1", noon), true),
		"one":             only(s.Asked(ctx, "avella", "a1")),
		"list":            listed(s.AskedList(ctx, "avella", assistant.AskedFilter{})),
		"disliked":        listed(s.AskedList(ctx, "avella", assistant.AskedFilter{What: "disliked"})),
		"mark":            s.MarkAsked(ctx, "avella", "a1", "", true),
		"counts":          only(s.Counts(ctx, "avella", "", "")),
		"feedback":        s.AddFeedback(ctx, assistant.Feedback{Tenant: "avella", At: noon, Useful: 1}, true),
		"feedback list":   only(s.Feedback(ctx, "avella", "", "")),
		"feedback counts": only(s.FeedbackCounts(ctx, "avella", "", "")),
		"approve":         s.PutApproved(ctx, assistant.Approved{ID: "p", Tenant: "avella"}),
		"approved":        only(s.Approved(ctx, "avella", "p")),
		"approved list":   only(s.ApprovedList(ctx, "avella")),
		"approved seq":    only(s.ApprovedSeq(ctx)),
		"off":             s.SwitchOff(ctx, assistant.Closure{Tenant: "avella"}),
		"on":              s.SwitchOn(ctx, "avella", ""),
		"closures":        only(s.Closures(ctx)),
		"leave":           s.AddHandOver(ctx, assistant.HandOver{ID: "h2", Tenant: "avella", Token: "u"}, true),
		"left":            only(s.HandOver(ctx, "avella", "h1")),
		"left list":       only(s.HandOvers(ctx, "avella", "", "")),
		"waiting":         only(s.OpenHandOvers(ctx, "avella")),
		"answer":          s.AnswerHandOver(ctx, "avella", "h1", "x", "y", ActorSystem, true),
		"forget address":  s.ForgetEmail(ctx, "avella", "h1"),
		"claim":           only(s.ClaimMail(ctx, time.Now())),
		"sent":            s.MailSent(ctx, 1),
		"mails":           only(s.Mails(ctx, "avella", "")),
		"expire":          only(s.Expire(ctx, "avella", "2026-11-20")),
		"expire left":     only(s.ExpireHandOvers(ctx, time.Now().Add(time.Hour))),
		"forget":          only(s.Forget(ctx)),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if counts, err := s.Counts(t.Context(), "avella", "", ""); err != nil || counts != nil {
		t.Errorf("%+v %v", counts, err)
	}
}

// A change and what the audit log says of it are one: neither is there without the other.
func TestQuestionsAudited(t *testing.T) {
	ctx := t.Context()
	s := opened(t, Config{Dir: t.TempDir()})
	comune(t, s, "avella")
	note := AuditEntry{Actor: ActorCommand, Action: "x.y", Tenant: "avella"}
	ok(t, s.AddAsked(ctx, asked("a1", noon), true))
	ok(t, s.MarkAsked(ctx, "avella", "a1", "", true, note))
	ok(t, s.PutApproved(ctx, assistant.Approved{ID: "p", Tenant: "avella"}, note))
	ok(t, s.SwitchOff(ctx, assistant.Closure{Tenant: "avella"}, note))
	ok(t, s.SwitchOn(ctx, "avella", "", note))
	if err := s.SwitchOn(ctx, "avella", "", note); err == nil {
		t.Error("switched on twice")
	}
	if entries := must[[]AuditEntry](t)(s.Audit(ctx, AuditFilter{Action: "x.y"})); len(entries) != 4 {
		t.Errorf("%d entries", len(entries))
	}
}

// Without a folder for keys nothing is kept, and nothing is kept readable.
func TestNoPlaceForKeys(t *testing.T) {
	onlySQLite(t, "keys are rows")
	s := opened(t, Config{Dir: t.TempDir()})
	comune(t, s, "avella")
	ok(t, os.WriteFile(filepath.Join(s.dir, keysDir), nil, 0o600))
	for name, err := range map[string]error{
		"ask":      s.AddAsked(t.Context(), asked("a1", noon), true),
		"feedback": s.AddFeedback(t.Context(), assistant.Feedback{Tenant: "avella", At: noon, Useful: 1}, true),
		"leave":    s.AddHandOver(t.Context(), assistant.HandOver{ID: "h", Tenant: "avella", Token: "t"}, false),
	} {
		if err == nil {
			t.Errorf("%s: kept without a key", name)
		}
	}
	if counts := must[[]assistant.Count](t)(s.Counts(t.Context(), "avella", "", "")); counts != nil {
		t.Errorf("%+v", counts)
	}
}
