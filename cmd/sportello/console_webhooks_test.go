package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"sportello/assistant/webhook"
)

// An administrator has another program told of documents: the secret is shown once, a document is uploaded, the program gets a message
// signed with that secret, and the page says that it arrived; one that did not arrive is sent again by its button.
func TestWebhooksInTheConsole(t *testing.T) {
	t.Setenv("SPORTELLO_WEBHOOKS_PRIVATE", "127.0.0.1")
	type message struct {
		header http.Header
		body   string
	}
	got := make(chan message, 16)
	status := make(chan int, 1)
	status <- http.StatusGone
	program := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		select {
		case code := <-status:
			w.WriteHeader(code)
		default:
			w.WriteHeader(http.StatusNoContent)
		}
		got <- message{r.Header, string(body)}
	}))
	t.Cleanup(program.Close)
	w := openWindow(t)
	w.open("/staff/t/avella/webhooks")
	w.shot("webhooks-empty")
	w.fill("url", program.URL+"/avvisi")
	w.click(`main form[action$="/webhooks"] button[type=submit]`)
	w.until(`document.querySelector("#token") !== null`)
	secret := w.text("#token")
	w.shot("webhooks-secret")
	w.upload("tari.md", "# Regolamento TARI\n\n## Art. 1 Scadenza\n\nLa prima rata si paga entro il 16 giugno.\n")
	first := <-got // the program says 410: it is given up at once
	if !strings.Contains(first.body, `"change":"added"`) || !strings.Contains(first.body, "Regolamento TARI") {
		t.Errorf("told %s", first.body)
	}
	w.open("/staff/t/avella/webhooks")
	w.click(`main td a[href*="/webhooks/"]`)
	w.until(`/webhooks\/.+/.test(location.pathname)`)
	w.until(`document.querySelector('form[action$="/retry"]') !== null || (location.reload(), false)`)
	w.shot("webhooks-failed")
	w.click(`form[action$="/retry"] button`)
	second := <-got
	if second.header.Get("Webhook-Id") != first.header.Get("Webhook-Id") || second.body != first.body {
		t.Errorf("sent again as %v %s", second.header, second.body)
	}
	w.until(`document.querySelector("main .badge.good") !== null || (location.reload(), false)`)
	w.shot("webhooks-sent")
	w.do(chromedp.EmulateViewport(390, 844))
	w.shot("webhooks-phone")
	seconds, err := strconv.ParseInt(second.header.Get("Webhook-Timestamp"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	want, err := webhook.Sign(secret, second.header.Get("Webhook-Id"), time.Unix(seconds, 0), []byte(second.body))
	if err != nil || want != second.header.Get("Webhook-Signature") {
		t.Errorf("signed %s, want %s (%v)", second.header.Get("Webhook-Signature"), want, err)
	}
}
