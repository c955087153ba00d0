package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"sportello/assistant"
	"sportello/web/browsertest"
	"sportello/web/sitetest"
)

// browser opens a tab on the handler.
func browser(t *testing.T, h *harness) tab {
	t.Helper()
	ctx := browsertest.Open(t)
	server := httptest.NewServer(h.handler)
	t.Cleanup(server.Close)
	return tab{t, ctx, server.URL}
}

// tab is one page of the browser.
type tab struct {
	t    *testing.T
	ctx  context.Context
	base string
}

func (b tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	browsertest.Do(b.ctx, b.t, actions...)
}

func (b tab) open(path string) { b.t.Helper(); b.do(chromedp.Navigate(b.base + path)) }

// click presses what a selector finds first. Not at a place on the screen: an answer that grows moves what is below it.
func (b tab) click(selector string) {
	b.t.Helper()
	b.do(chromedp.WaitVisible(selector))
	b.until(fmt.Sprintf(`(() => { const one = document.querySelector(%q); one?.click(); return !!one; })()`, selector))
}

func (b tab) press(keys string) { b.t.Helper(); b.do(chromedp.KeyEvent(keys)) }

// eval gives the value of a JavaScript expression, awaited when it is a promise.
func eval[T any](b tab, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return out
}

// until waits for a JavaScript condition.
func (b tab) until(condition string) {
	b.t.Helper()
	browsertest.Until(b.ctx, b.t, condition)
}

// ask writes a question in the page's field, sends it and waits for the whole answer.
func (b tab) ask(question string) {
	b.t.Helper()
	answers := eval[int](b, `document.querySelectorAll("#log .rest").length`)
	b.do(chromedp.SendKeys("#question", question), chromedp.KeyEvent("\r"))
	b.until(`document.querySelectorAll("#log .rest").length > ` + itoa(answers))
}

func (b tab) screen(width, height int64) { b.t.Helper(); b.do(chromedp.EmulateViewport(width, height)) }

// shot keeps a picture of the page in the folder SCREENSHOTS, for people to look at.
func (b tab) shot(name string) {
	b.t.Helper()
	folder := os.Getenv("SCREENSHOTS")
	if folder == "" {
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// view keeps a picture of what the window shows, where the whole page would be another layout.
func (b tab) view(name string) {
	b.t.Helper()
	folder := os.Getenv("SCREENSHOTS")
	if folder == "" {
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

func TestBrowser(t *testing.T) {
	h := newHarness(t, nil)
	gate := make(chan struct{}, 1)
	h.asker.Script = func(ctx context.Context, q assistant.Question, emit func(assistant.Statement) error) (*assistant.Answer, error) {
		switch {
		case strings.Contains(q.Text, "piano"): // stops after its first statement until the test goes on
			a := sitetest.Phrased()
			if err := emit(a.Statements[0]); err != nil {
				return nil, err
			}
			select {
			case <-gate:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
			a.Language = q.PageLanguage
			return a, emit(a.Statements[1])
		case strings.Contains(q.Text, "gas"):
			return sitetest.Says(sitetest.Refusal(assistant.Emergency), 0)(ctx, q, emit)
		case strings.Contains(q.Text, "luna"):
			return sitetest.Says(sitetest.Refusal(assistant.NoSource), 0)(ctx, q, emit)
		case strings.Contains(q.Text, "modulo"):
			a := sitetest.Quoted()
			a.Passages[0].DocumentID, a.Passages[0].Form = "d-form", sitetest.New().List[0].Form
			a.Statements[0].Citations[0].DocumentID = "d-form"
			return sitetest.Says(a, 0)(ctx, q, emit)
		}
		return sitetest.Says(sitetest.Phrased(), 0)(ctx, q, emit)
	}
	b := browser(t, h)
	for _, tc := range []struct {
		name string
		test func(tab, chan<- struct{})
	}{
		{"asking by keyboard only", byKeyboard}, {"a suggestion", bySuggestion}, {"Arabic", inArabic}, {"320 pixels", onAPhone},
		{"a failing connection", withoutServer},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := tab{t, b.ctx, b.base}
			b.screen(1280, 900)
			tc.test(b, gate)
		})
	}
}

func byKeyboard(b tab, gate chan<- struct{}) {
	b.open("/t/borgoprova/?lang=it")
	b.press("\t")
	if got := eval[string](b, `document.activeElement.hash`); got != "#main" {
		b.t.Errorf("the first stop is %q, not the way to the content", got)
	}
	for range 20 {
		if b.press("\t"); eval[string](b, `document.activeElement.id`) == "question" {
			break
		}
	}
	b.press("Quando apre? Con calma, piano")
	b.press("\r")
	b.until(`document.querySelectorAll("#log .statement").length === 1`)
	// While the answer goes on: the first sentence is whole and read aloud, the rest is announced as on its way.
	if got := eval[string](b, `document.querySelector("#log .said").textContent`); got != "Il centro di raccolta apre il martedì e il sabato, dalle 9.00 alle 12.30." {
		b.t.Errorf("first sentence %q", got)
	}
	if got := eval[string](b, `document.querySelector("#working:not([hidden])")?.textContent.trim()`); got != "Cerco nei documenti…" {
		b.t.Errorf("working says %q", got)
	}
	if eval[bool](b, `document.querySelector("#log .rest") !== null`) {
		b.t.Error("the answer was complete before its end")
	}
	gate <- struct{}{}
	b.until(`document.querySelector("#log .rest") !== null`)
	if got := eval[int](b, `document.querySelectorAll("#log .statement").length`); got != 2 {
		b.t.Errorf("%d statements", got)
	}
	if got := eval[string](b, `document.activeElement.id + "|" + document.activeElement.value.trim()`); got != "question|" {
		b.t.Errorf("focus is on %q", got)
	}
	if !eval[bool](b, `document.getElementById("working").hidden && document.getElementById("starters").hidden && document.querySelector(".answer").dataset.aiGenerated === "true"`) {
		b.t.Error("the page is not at rest")
	}
	b.ask("E i residenti?")
	b.shot("answer-desktop-it")
	if got := eval[int](b, `document.querySelectorAll("#log .turn").length`); got != 2 {
		b.t.Errorf("%d turns", got)
	}
	// From the source to the words in the document.
	b.do(chromedp.Focus("#log .cite"))
	b.press("\r")
	b.until(`document.querySelector("#panel[open] mark") !== null`)
	b.shot("panel-desktop-it")
	b.do(chromedp.Focus(".panel-links .btn-primary"))
	b.press("\r")
	b.until(`location.pathname.endsWith("/documents/d-tari") && document.readyState === "complete"`)
	b.until(`(() => { const r = document.querySelector("mark#cited").getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight })()`)
	b.shot("document-desktop-it")
}

func bySuggestion(b tab, _ chan<- struct{}) {
	b.open("/t/borgoprova/?lang=en")
	b.shot("ask-desktop-en")
	b.do(chromedp.Focus(".starters button"))
	b.press("\r")
	b.until(`document.querySelector("#log .rest") !== null`)
	if got := eval[string](b, `document.querySelector(".question").textContent`); !strings.HasSuffix(got, "Which form do I need for: richiesta di una compostiera?") {
		b.t.Errorf("asked %q", got)
	}
}

func inArabic(b tab, _ chan<- struct{}) {
	b.open("/t/borgoprova/?lang=ar")
	b.ask("متى يفتح المركز؟")
	b.shot("answer-desktop-ar")
	for expression, want := range map[string]string{
		`getComputedStyle(document.querySelector(".answer")).direction`:                     "rtl",
		`getComputedStyle(document.querySelector(".statement blockquote")).direction`:       "ltr",
		`document.querySelector(".statement blockquote").lang`:                              "it",
		`getComputedStyle(document.querySelector(".question")).direction`:                   "rtl",
		`document.querySelector(".contact dd a[href^='tel']").closest("dd").dir`:            "ltr",
		`document.querySelector(".languages summary").textContent.includes("العربية") + ""`: "true",
	} {
		if got := eval[string](b, expression); got != want {
			b.t.Errorf("%s = %q, want %q", expression, got, want)
		}
	}
	// The question's bubble is at the end of the line, which is the left.
	if !eval[bool](b, `(() => { const q = document.querySelector(".question").getBoundingClientRect(), l = document.getElementById("log").getBoundingClientRect(); return Math.abs(q.left - l.left) < 2 })()`) {
		b.t.Error("the page is not mirrored")
	}
}

// 320 CSS pixels are the narrowest phone, and a desktop at 400 % zoom (WCAG 1.4.10).
func onAPhone(b tab, _ chan<- struct{}) {
	b.screen(320, 640)
	wide := `(() => { const w = document.documentElement.scrollWidth; if (w <= 320) return ""; return w + " " + [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > 321).map(e => e.tagName + "." + e.className).slice(0, 5).join(" ") })()`
	for _, lang := range []string{"it", "de", "uk", "ar"} {
		for _, path := range []string{"/", "/t/borgoprova/", "/t/borgoprova/documents", "/t/borgoprova/documents/d-tari", "/nowhere"} {
			b.open(path + "?lang=" + lang)
			if got := eval[string](b, wide); got != "" {
				b.t.Errorf("%s in %s is wider than the screen: %s", path, lang, got)
			}
		}
		for _, question := range []string{"Quando apre il centro di raccolta?", "sento odore di gas", "un modulo"} {
			b.open("/t/borgoprova/?lang=" + lang)
			b.ask(question)
			eval[int](b, `document.querySelectorAll("details").forEach(d => d.open = true), 0`)
			if got := eval[string](b, wide); got != "" {
				b.t.Errorf("the answer to %q in %s is wider than the screen: %s", question, lang, got)
			}
			b.shot("answer-phone-" + lang + "-" + strings.Fields(question)[0])
		}
	}
	// Targets of a finger: 44 pixels high, links within sentences and lists of contents apart.
	b.open("/t/borgoprova/?lang=it")
	b.ask("Quando apre?")
	small := `[...document.querySelectorAll("button, summary, .cite, .main-menu a, textarea")].filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.textContent.trim()).join("|")`
	if got := eval[string](b, small); got != "" {
		b.t.Errorf("targets under 44 px: %s", got)
	}
}

func withoutServer(b tab, _ chan<- struct{}) {
	b.open("/t/borgoprova/?lang=it")
	eval[bool](b, `(window.fetch = () => Promise.reject(new TypeError("offline")), true)`)
	b.do(chromedp.SendKeys("#question", "Quando apre?"), chromedp.KeyEvent("\r"))
	b.until(`!document.getElementById("problem").hidden`)
	if got := eval[string](b, `document.getElementById("problem").textContent + "|" + document.getElementById("question").value.trim()`); got != "La connessione si è interrotta. Controlla la rete e riprova.|Quando apre?" {
		b.t.Errorf("%q", got)
	}
	if got := eval[int](b, `document.querySelectorAll(".turn").length`); got != 0 {
		b.t.Errorf("%d empty turns stay", got)
	}
}

// axe has axe-core, which `npm ci` in web/ installs, in every page that the tab opens from now on, and gives a check of the one that is open.
func axe(b tab) func(what string) {
	b.t.Helper()
	source, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	if err != nil {
		if os.Getenv("CI") != "" {
			b.t.Fatalf("axe-core is not installed: run npm ci in web/: %v", err)
		}
		b.t.Skip("axe-core is not installed: run npm ci in web/")
	}
	b.before(string(source))
	return func(what string) {
		b.t.Helper()
		found := eval[string](b, `axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations.map(v => v.impact + " " + v.id + ": " + v.nodes.map(n => n.target.join(" ") + " " + (n.any[0]?.message || n.all[0]?.message || "")).slice(0, 3).join("; "))))`)
		var violations []string
		if err := json.Unmarshal([]byte(found), &violations); err != nil {
			b.t.Fatal(err)
		}
		for _, v := range violations {
			b.t.Errorf("%s: %s", what, v)
		}
	}
}

// before runs a script in every page before anything of the page.
func (b tab) before(source string) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: source}); err != nil {
		b.t.Fatal(err)
	}
}
