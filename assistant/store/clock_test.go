package store

import (
	"strings"
	"testing"
	"time"

	"sportello/assistant"
	"sportello/ingest"
)

// A process whose clock said 2099 leased everything and died; another one whose clock is right waits no longer than for any dead process. And a
// clock that is set back by an hour, as a correction does, keeps nothing waiting for ever either.
func TestWrongClock(t *testing.T) {
	ctx := t.Context()
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	s := opened(t, Config{Dir: t.TempDir(), Now: func() time.Time { return now }})
	comune(t, s, "avella")
	put(t, s, "avella", "tari.txt", "TARI", "uno", "due", "tre")
	u := must[*Upload](t)(s.NewUpload(ctx, "avella", "rossi", ingest.JobOptions{}))
	ok(t, u.Add("a.txt", "caricati/a.txt", strings.NewReader("a"), 1<<20))
	must[string](t)(u.Commit(ctx))
	ok(t, s.PutSetting(ctx, "rossi", "avella", SettingHosts, "www.comune.it"))
	must[string](t)(s.PutAddress(ctx, "avella", "rossi", Address{Hours: 24, Watched: ingest.Watched{Address: ingest.Address{URL: "https://www.comune.it/tari", Kind: ingest.AddressPage}}}))
	ok(t, s.AddHandOver(ctx, assistant.HandOver{ID: "h1", Tenant: "avella", Office: "URP", Text: "x", Token: "t"}, true))
	hook := must[string](t)(s.AddWebhook(ctx, "rossi", assistant.Webhook{Tenant: "avella", URL: "https://www.example.it/", Events: []string{assistant.EventDocument}}, "whsec_x"))
	must[int64](t)(s.TestWebhook(ctx, "rossi", "avella", hook))

	claim := func(when string, want bool) {
		t.Helper()
		for what, got := range map[string]bool{
			"vectors": len(must[[]assistant.Pending](t)(s.PendingVectors(ctx, "m", 10))) == 3,
			"upload":  must[*ingest.Job](t)(s.LeaseJob(ctx)) != nil,
			"address": must[*ingest.Watched](t)(s.LeaseAddress(ctx)) != nil,
			"message": must[*assistant.Mail](t)(s.ClaimMail(ctx, s.now().Add(2*time.Minute))) != nil,
			"webhook": must[*assistant.Delivery](t)(s.ClaimDelivery(ctx, s.now().Add(time.Minute))) != nil,
		} {
			if got != want {
				t.Errorf("%s: %s is given: %v", when, what, got)
			}
		}
	}
	right := now
	now = time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)
	claim("in 2099", true)
	claim("in 2099, a moment later", false)
	now = right.Add(time.Minute)
	claim("when the clock is right again", true)
	claim("a moment later", false)
	now = now.Add(-30 * time.Minute) // set back: what is leased stays leased, for half an hour more and not for good
	claim("set back", false)
	now = now.Add(34 * time.Minute)
	claim("after that", true)
}
