package web_test

import (
	"bufio"
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"sportello/assistant"
	"sportello/assistant/turn"
	"sportello/web"
	"sportello/web/sitetest"
)

// crowded is a harness that answers one question at a time, and only when it is let; started says that one is being answered.
func crowded(t *testing.T) (h *harness, started chan string, let chan struct{}) {
	t.Helper()
	started, let = make(chan string, 10), make(chan struct{})
	h = newHarness(t, nil, func(c *web.Config) { c.MaxConcurrent, c.AskWait = 1, time.Minute })
	h.asker.Script = func(ctx context.Context, q assistant.Question, emit func(assistant.Statement) error) (*assistant.Answer, error) {
		if strings.Contains(q.Text, "modello") {
			turn.Yield(ctx) // the search is over, a model writes
		}
		started <- q.Text
		select {
		case <-let:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		return sitetest.Says(sitetest.Phrased(), 0)(ctx, q, emit)
	}
	return h, started, let
}

func TestAQueueTellsThePlace(t *testing.T) {
	h, started, let := crowded(t)
	go h.post(askPath, `{"question":"la prima"}`)
	<-started
	server := httptest.NewServer(h.handler)
	defer server.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+askPath, strings.NewReader(`{"question":"la seconda"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var events []string
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		name, ok := strings.CutPrefix(lines.Text(), "event: ")
		if !ok {
			continue
		}
		if events = append(events, name); len(events) > 1 {
			continue
		}
		if lines.Scan(); lines.Text() != `data: {"place":1}` {
			t.Errorf("%s", lines.Text())
		}
		let <- struct{}{}
		<-started
		go func() { let <- struct{}{} }()
	}
	if got := strings.Join(events, " "); got != "queue statement statement answer" {
		t.Errorf("events %s", got)
	}
}

// A question that waits for a model does not keep others from being searched.
func TestWhoWaitsForAModelKeepsNobodyWaiting(t *testing.T) {
	h, started, let := crowded(t)
	go h.post(askPath, `{"question":"con il modello"}`)
	<-started
	go h.post(askPath, `{"question":"senza"}`)
	if got := <-started; got != "senza" {
		t.Errorf("%q", got)
	}
	let <- struct{}{}
	let <- struct{}{}
}

// The page and the widget show the place while somebody waits, and no longer.
func TestTheQueueInABrowser(t *testing.T) {
	h, started, let := crowded(t)
	b := browser(t, h)
	site := hosts(t, h, b.base, true)
	hold := func() {
		go func() {
			if res, err := http.Post(b.base+askPath, "application/json", bytes.NewReader([]byte(`{"question":"prima"}`))); err == nil {
				_ = res.Body.Close()
			}
		}()
		<-started
	}
	next := func() {
		let <- struct{}{}
		<-started
		let <- struct{}{}
	}
	hold()
	b.screen(390, 844)
	b.open("/t/borgoprova/?lang=it")
	b.do(chromedp.Focus("#question"))
	b.press("Quando apre?")
	b.press("\r")
	b.until(`document.querySelector("#working:not([hidden])")?.textContent.trim() === "Molte domande in questo momento. Il tuo posto in coda: 1."`)
	b.shot("queue-phone-it")
	next()
	b.until(`document.querySelector("#log .rest") !== null && document.getElementById("working").hidden`)

	hold()
	b.screen(1280, 900)
	b.base = site
	b.open("/plain")
	b.launch()
	b.opened()
	b.press("Quando apre?")
	b.press("\r")
	b.until(inside(".working:not([hidden])") + `?.textContent === "Molte domande in questo momento. Il tuo posto in coda: 1."`)
	b.view("queue-widget-it")
	next()
	b.until(inside(".working") + `.hidden && ` + inside(".said") + ` !== null`)
}
