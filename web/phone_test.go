package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// counted notes what is asked of a server and how many bytes it sends.
type counted struct {
	inner http.Handler
	mu    sync.Mutex
	asked []string
	bytes map[string]int
}

type countingWriter struct {
	http.ResponseWriter
	c    *counted
	path string
}

func (w countingWriter) Write(b []byte) (int, error) {
	w.c.mu.Lock()
	w.c.bytes[w.path] += len(b)
	w.c.mu.Unlock()
	return w.ResponseWriter.Write(b)
}

func (w countingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (c *counted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	c.asked = append(c.asked, r.Method+" "+r.URL.Path)
	c.mu.Unlock()
	c.inner.ServeHTTP(countingWriter{w, c, r.URL.Path}, r)
}

// take gives what was asked since it was last called.
func (c *counted) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.asked
	c.asked = nil
	return out
}

// On the profile of a slow phone (150 ms there and back, 1.6 Mbit/s down, 0.75 up, a processor four times slower): the widget moves nothing,
// weighs little, and its first answer takes one request. `go test ./web -run PhoneProfile -v` prints the figures of docs/FIGURES.md.
func TestPhoneProfile(t *testing.T) {
	h := public(t)
	c := &counted{inner: h.handler, bytes: map[string]int{}}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	b := browser(t, h.harness)
	site := hosts(t, h.harness, server.URL, true)
	b.before(watch)
	b.screen(360, 740)
	if _, err := chromedp.Call(b.ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(b.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{{Latency: 150, DownloadThroughput: 1.6e6 / 8, UploadThroughput: .75e6 / 8}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(b.ctx, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: 4}); err != nil {
		t.Fatal(err)
	}
	// first asks and waits for the first whole sentence; it gives milliseconds as the person would count them.
	first := func(field, sentence, question string) float64 {
		eval[int](b, `(window.began = 0, window.shown = 0, `+field+`.addEventListener("keydown", e => { if (e.key === "Enter") window.began = performance.now() }, {capture: true}), (function look() { if (`+sentence+`) window.shown = performance.now(); else requestAnimationFrame(look) })(), 0)`)
		b.press(question)
		b.press("\r")
		b.until(`window.shown > 0`)
		return eval[float64](b, `window.shown - window.began`)
	}
	b.base = site
	b.open("/plain")
	b.until(inside(".launcher") + ` !== null`)
	before := c.take()
	script := c.bytes["/widget.js"]
	b.launch()
	b.opened()
	b.until(`performance.getEntriesByType("resource").some(e => e.name.endsWith("/ask"))`) // what the browser asks beforehand
	opening := c.take()
	ms := first(inside("#field"), inside(".said"), "Quando apre?")
	asked := c.take()
	b.still()
	t.Logf("widget: %d bytes before it is opened (%s), %d when it is (%s); first sentence %.0f ms after Enter, requests %s; layout shift 0",
		script, strings.Join(before, ", "), c.bytes["/t/borgoprova/widget.json"], strings.Join(opening, ", "), ms, strings.Join(asked, ", "))
	if len(before) != 1 || script == 0 || script > maxWidget {
		t.Errorf("the closed widget asks for %v, %d bytes", before, script)
	}
	if len(asked) != 1 || asked[0] != "POST /api/v1/t/borgoprova/ask" {
		t.Errorf("the first answer takes %v, not one request", asked)
	}
	b.base = server.URL
	b.open("/t/borgoprova/?lang=it")
	c.take()
	b.do(chromedp.Focus("#question"))
	ms = first(`document.getElementById("question")`, `document.querySelector("#log .said")`, "Quando apre?")
	posts := 0
	for _, one := range c.take() {
		if strings.HasPrefix(one, http.MethodPost) {
			posts++
		}
	}
	shift := eval[float64](b, `window.shift`) // when the fonts come, and when an answer that took long makes room for itself
	t.Logf("page: %d bytes of its own, first sentence %.0f ms after Enter; layout shift %.3f", c.bytes["/t/borgoprova/"], ms, shift)
	if posts != 1 {
		t.Errorf("the first answer takes %d questions", posts)
	}
}
