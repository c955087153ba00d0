package webhooks_test

import (
	"strings"
	"testing"
	"time"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/store"
	"sportello/assistant/webhook"
	"sportello/ingest"
	"sportello/web/staff"
	"sportello/web/staff/stafftest"
	"sportello/web/staff/webhooks"
)

func parts(t *testing.T) func(*store.Store) []staff.Part {
	return func(s *store.Store) []staff.Part {
		sender, err := webhook.New(webhook.Config{Queue: s})
		if err != nil {
			t.Fatal(err)
		}
		return []staff.Part{webhooks.New(webhooks.Config{Store: s, Check: sender.Check})}
	}
}

func TestMatrix(t *testing.T) { stafftest.Matrix(t, parts(t)) }

// An administrator adds an address, sees the secret once, sees what was sent and what was given up, and has it sent again.
func TestPages(t *testing.T) {
	h := stafftest.New(t, parts(t))
	c := h.As(access.Tenant, stafftest.Comune)
	base := "/staff/t/" + stafftest.Comune + "/webhooks"
	if got := c.Get(base).Is(200); !strings.Contains(got.Text, "Nessun programma da avvisare") {
		t.Error("no empty state")
	}
	for _, bad := range [][]string{{"url", "http://www.example.it/", "event", assistant.EventDocument}, {"url", "https://www.example.it/"}, {"url", "https://www.example.it/", "event", "x"}} {
		c.Post(base, bad...).Is(422)
	}
	made := c.Post(base, "url", "https://www.example.it/avvisi", "event", assistant.EventDocument, "event", assistant.EventHandOver).Is(200).Page()
	secret := made.Find("#token").Text()
	if !strings.HasPrefix(secret, "whsec_") {
		t.Fatalf("secret %q", secret)
	}
	all, err := h.Store.Webhooks(t.Context(), stafftest.Comune)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	one := base + "/" + all[0].ID
	if got := c.Get(one).Is(200); strings.Contains(got.Text, secret) {
		t.Error("the secret is shown again")
	}
	doc := &ingest.Document{Source: "tari.txt", Title: "Regolamento TARI", Kind: ingest.Regolamento, Format: "text", Language: "it", Visibility: ingest.Public, Text: "Testo"}
	if _, err := h.Store.Put(t.Context(), stafftest.Comune, doc, []ingest.Chunk{{Section: -1, End: 5}}, []byte("Testo")); err != nil {
		t.Fatal(err)
	}
	deliveries, err := h.Store.Deliveries(t.Context(), stafftest.Comune, all[0].ID, 10, 0)
	if err != nil || len(deliveries) != 1 {
		t.Fatal(deliveries, err)
	}
	if err := h.Store.Delivered(t.Context(), deliveries[0].ID, assistant.DeliveryFailed, time.Time{}, 500, "www.example.it answers with 500"); err != nil {
		t.Fatal(err)
	}
	if got := c.Get(one).Is(200); !strings.Contains(got.Text, "Riprova") || !strings.Contains(got.Text, "codice 500") || !strings.Contains(got.Text, "un documento cambia") {
		t.Error("the message that was given up is not shown")
	}
	if got := c.Get(base).Is(200); !strings.Contains(got.Text, "1 non consegnato") {
		t.Error("the list does not say that one was given up")
	}
	c.Post(one + "/deliveries/1/retry").Is(303)
	c.Post(one + "/deliveries/1/retry").Is(303) // it waits already
	c.Post(one + "/deliveries/x/retry").Is(404)
	if got := c.Get(one).Is(200); !strings.Contains(got.Text, "in attesa") {
		t.Error("it does not wait")
	}
	c.Post(one + "/test").Is(303)
	c.Post(one, "url", "https://altro.example.it/", "event", assistant.EventUnanswered).Is(303)
	if now, err := h.Store.Webhook(t.Context(), stafftest.Comune, all[0].ID); err != nil || now.Active || now.URL != "https://altro.example.it/" || len(now.Events) != 1 {
		t.Errorf("%+v %v", now, err)
	}
	c.Post(one, "url", "x").Is(422)
	if renewed := c.Post(one + "/secret").Is(200).Page().Find("#token").Text(); renewed == secret || !strings.HasPrefix(renewed, "whsec_") {
		t.Errorf("the new secret is %q", renewed)
	}
	h.As(access.Tenant, stafftest.Sibling).Get("/staff/t/" + stafftest.Sibling + "/webhooks/" + all[0].ID).Is(404)
	c.Post(one + "/delete").Is(303)
	c.Get(one).Is(404)
}
