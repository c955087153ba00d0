package web_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"sportello/assistant"
	"sportello/locales"
	"sportello/web/sitetest"
)

// strictPolicy is what docs/widget.md asks a site with the strictest policy to allow, and nothing else.
const strictPolicy = "default-src 'none'; script-src SERVER; connect-src SERVER; require-trusted-types-for 'script'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// hosts serves the pages of web/widget/testdata from another origin than the server's, which may or may not be on the list.
func hosts(t *testing.T, h *harness, server string, named bool) string {
	t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		html, err := os.ReadFile("widget/testdata/" + strings.TrimPrefix(r.URL.Path, "/") + ".html")
		if err != nil {
			http.NotFound(w, r)
			return
		}
		if r.URL.Path == "/strict" {
			w.Header().Set("Content-Security-Policy", strings.ReplaceAll(strictPolicy, "SERVER", server))
		}
		if lang := r.URL.Query().Get("lang"); lang != "" {
			html = bytes.Replace(html, []byte(`<html lang="it"`), []byte(`<html lang="`+lang+`"`), 1)
		}
		html = bytes.Replace(html, []byte(`data-tenant`), []byte(`data-theme="`+r.URL.Query().Get("theme")+`" data-tenant`), 1)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(strings.ReplaceAll(string(html), "SERVER", server)))
	}))
	t.Cleanup(site.Close)
	origin := strings.Replace(site.URL, "127.0.0.1", "localhost", 1)
	if named {
		embedding(h, origin)
	}
	return origin
}

// inside is JavaScript that finds something in the widget.
func inside(selector string) string {
	return `document.querySelector("sportello-widget").shadowRoot.querySelector("` + selector + `")`
}

// Before any page runs: what moves, what a policy blocks, what goes wrong.
const watch = `window.moved = ""; window.shift = 0; window.blocked = []; window.wrong = [];
new PerformanceObserver(l => l.getEntries().forEach(e => { if (e.hadRecentInput) return; window.shift += e.value; window.moved += e.value + " " + e.sources.map(s => s.node?.className || s.node?.nodeName).join() + "; " })).observe({type: "layout-shift", buffered: true});
document.addEventListener("securitypolicyviolation", e => window.blocked.push(e.violatedDirective + " " + e.blockedURI + " " + e.sample));
addEventListener("error", e => window.wrong.push(e.message));`

func TestWidgetInABrowser(t *testing.T) {
	h := newHarness(t, nil)
	h.asker.Script = byQuestion
	b := browser(t, h)
	site := hosts(t, h, b.base, true)
	b.before(watch)
	server := b.base
	b.base = site
	for _, tc := range []struct {
		name string
		test func(tab)
	}{
		{"plain", widgetPlain}, {"cards", widgetCards}, {"reset", widgetReset}, {"z-index", widgetOnTop}, {"right to left", widgetArabic}, {"a link", widgetLink}, {"a strict policy", widgetStrict}, {"a phone", widgetPhone},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := tab{t, b.ctx, b.base}
			b.screen(1280, 900)
			tc.test(b)
			if got := eval[string](b, `JSON.stringify([window.blocked, window.wrong])`); got != "[[],[]]" {
				t.Errorf("blocked, wrong: %s", got)
			}
			if got := eval[string](b, `JSON.stringify([localStorage.length, sessionStorage.length, document.cookie])`); got != `[0,0,""]` {
				t.Errorf("stored: %s", got)
			}
		})
	}
	t.Run("without JavaScript", func(t *testing.T) {
		b := tab{t, b.ctx, b.base}
		script := func(off bool) {
			if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: off}); err != nil {
				t.Fatal(err)
			}
		}
		script(true)
		defer script(false)
		for _, path := range []string{"/plain", "/link"} {
			b.open(path)
			b.view("widget-no-script" + strings.ReplaceAll(path, "/", "-"))
			ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
			text, err := chromedp.Run(ctx, chromedp.Text(`a[href*="/t/borgoprova/"]`))
			cancel()
			if err != nil || text == "" {
				t.Errorf("%s: no link without JavaScript: %q %v", path, text, err)
			}
		}
	})
	t.Run("a site that is not named", func(t *testing.T) {
		b := tab{t, b.ctx, hosts(t, h, server, false)}
		b.open("/plain")
		b.launch()
		b.until(`location.href.startsWith("` + server + `/t/borgoprova/") && document.getElementById("ask") !== null`)
	})
}

// byQuestion answers by a word of the question.
func byQuestion(ctx context.Context, q assistant.Question, emit func(assistant.Statement) error) (*assistant.Answer, error) {
	a := sitetest.Phrased()
	switch {
	case strings.Contains(q.Text, "gas"):
		a = sitetest.Refusal(assistant.Emergency)
	case strings.Contains(q.Text, "luna"):
		a = sitetest.Refusal(assistant.NoSource)
	case strings.Contains(q.Text, "hapet"):
		a = sitetest.Refusal(assistant.NoSource)
		a.Language = "sq"
	case strings.Contains(q.Text, "parole"):
		a = sitetest.Quoted()
	case strings.Contains(q.Text, "modulo"):
		a = sitetest.Quoted()
		a.Passages[0].DocumentID, a.Passages[0].Title, a.Passages[0].Form = "d-form", "Domanda di compostiera", sitetest.New().List[0].Form
		c := &a.Statements[0].Citations[0]
		c.DocumentID, c.Title, c.Article, c.Start, c.End, c.Quote = "d-form", "Domanda di compostiera", "", 0, len("Domanda di compostiera"), "Domanda di compostiera"
		a.Statements[0].Text = c.Quote
	}
	return sitetest.Says(a, 0)(ctx, q, emit)
}

// A form is a card, an office says whether it is open, and an answer is said in simpler words; all of it in the page's language.
func widgetCards(b tab) {
	b.open("/plain?lang=uk")
	b.launch()
	b.opened()
	b.asks("un modulo")
	card := eval[string](b, inside(".card")+`.innerText`)
	for _, want := range []string{"Domanda di compostiera", "richiesta di una compostiera", "copia del documento d'identità", "Ufficio Tributi", "Що додати", "Завантажити"} {
		if !strings.Contains(card, want) {
			b.t.Errorf("the card lacks %q: %s", want, card)
		}
	}
	if got := eval[string](b, inside(".card a")+`.href`); !strings.HasSuffix(got, "/t/borgoprova/documents/d-form/original") {
		b.t.Errorf("the form is at %s", got)
	}
	if got := eval[string](b, inside(".door")+`.innerText`); !strings.Contains(got, "9:00") {
		b.t.Errorf("the door says %q", got)
	}
	b.asks("le parole")
	eval[int](b, `[...document.querySelector("sportello-widget").shadowRoot.querySelectorAll(".answer button.choice")].filter(x => x.textContent === "Простішими словами").at(-1).click(), 0`)
	b.until(inside(".plain") + ` !== null`)
	if got := eval[string](b, inside(".plain")+`.innerText`); !strings.Contains(got, sitetest.Hours) || !strings.Contains(got, "Дати й строки") {
		b.t.Errorf("in simpler words: %s", got)
	}
	if got := eval[string](b, `document.querySelector("sportello-widget").shadowRoot.activeElement.textContent`); got != "Простішими словами" {
		b.t.Errorf("the focus is on %q", got)
	}
	b.view("widget-cards")
}

// launch opens the panel by its button, where a finger would touch it.
func (b tab) launch() {
	b.t.Helper()
	b.until(inside(".launcher") + ` !== null`)
	at := eval[[]float64](b, `(() => { const r = `+inside(".launcher")+`.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2, r.width, r.height] })()`)
	if at[2] < 44 || at[3] < 44 {
		b.t.Errorf("the button is %v x %v", at[2], at[3])
	}
	b.do(chromedp.MouseClickXY(at[0], at[1]))
}

// opened waits for the panel, with the focus in its field.
func (b tab) opened() {
	b.t.Helper()
	b.until(inside(".panel") + `?.checkVisibility() && document.querySelector("sportello-widget").shadowRoot.activeElement?.id === "field"`)
}

// asks puts a question in the widget by keyboard and waits for the whole answer.
func (b tab) asks(question string) {
	b.t.Helper()
	turns := `document.querySelector("sportello-widget").shadowRoot.querySelectorAll(".answer [aria-live], .emergency").length`
	before := eval[int](b, turns)
	b.press(question)
	b.press("\r")
	b.until(turns + ` > ` + itoa(before))
}

// words speaks a language of the pages.
func (b tab) words(tag string) *locales.Localizer {
	b.t.Helper()
	c, err := locales.New()
	if err != nil {
		b.t.Fatal(err)
	}
	return c.For(tag)
}

// still fails when something moved without anybody touching it (layout shift, as browsers count it).
func (b tab) still() {
	b.t.Helper()
	if got := eval[string](b, `window.moved`); got != "" {
		b.t.Errorf("the page moved: %v", got)
	}
}

func widgetPlain(b tab) {
	b.open("/plain")
	b.until(inside(".launcher") + ` !== null`)
	b.view("widget-closed-it")
	b.do(chromedp.Focus("button"))
	b.press("\t") // from the last element of the page to the widget
	b.press("\r")
	b.opened()
	b.view("widget-open-it")
	b.asks("Quando apre?")
	// Whole sentences in a live region, sources as numbered buttons.
	for expression, want := range map[string]string{
		inside("[role=log]") + `.getAttribute("aria-live")`:                                       "polite",
		inside(".said") + `.textContent`:                                                          "Il centro di raccolta apre il martedì e il sabato, dalle 9.00 alle 12.30.",
		inside(".cite") + `.textContent`:                                                          "Fonte 1: 1Regolamento per la gestione dei rifiuti, art. 2, pag. 1",
		inside(".cite") + `.getAttribute("aria-expanded")`:                                        "false",
		inside(".answer") + `.dataset.aiGenerated`:                                                "true",
		inside(".notice b") + `.textContent`:                                                      "Ti risponde un assistente automatico",
		inside(".panel") + `.getAttribute("aria-labelledby")`:                                     "title",
		`document.querySelector("sportello-widget").shadowRoot.querySelector(".panel").localName`: "dialog",
	} {
		if got := eval[string](b, expression); got != want {
			b.t.Errorf("%s = %q, want %q", expression, got, want)
		}
	}
	eval[int](b, inside(".cite")+`.focus(), 0`)
	b.press("\r")
	b.until(inside(".cite") + `.getAttribute("aria-expanded") === "true" && ` + inside(".source") + `.checkVisibility()`)
	link := eval[string](b, inside(".source a")+`.href`)
	if !strings.Contains(link, "/t/borgoprova/documents/d-tari?") || !strings.Contains(link, "article=2") || !strings.HasSuffix(link, "#cited") {
		b.t.Errorf("the source leads to %s", link)
	}
	if got := eval[string](b, inside(".source blockquote")+`.textContent`); got != sitetest.Hours {
		b.t.Errorf("quote %q", got)
	}
	b.view("widget-source-it")
	// Esc closes, the focus goes back to the button.
	b.press("\x1b")
	b.until(`!` + inside(".panel") + `.checkVisibility() && document.querySelector("sportello-widget").shadowRoot.activeElement?.className === "launcher"`)
	b.press("\r")
	b.opened()
	if got := eval[int](b, `document.querySelector("sportello-widget").shadowRoot.querySelectorAll(".turn").length`); got != 1 {
		b.t.Errorf("%d turns after opening again", got)
	}
	b.asks("la luna")
	b.asks("odore di gas")
	if !eval[bool](b, `(() => { const r = `+inside(".emergency")+`.getBoundingClientRect(), p = `+inside(".scroll")+`.getBoundingClientRect(); return r.top >= p.top && r.top < p.bottom - 100 && p.top > `+inside(".head")+`.getBoundingClientRect().top })()`) {
		b.t.Error("the emergency is out of sight")
	}
	b.view("widget-emergency-it")
	if got := eval[string](b, `[...`+inside(".emergency")+`.querySelectorAll("a")].map(a => a.getAttribute("href")).join(" ")`); got != "tel:112 tel:1522 tel:114 tel:19696" {
		b.t.Errorf("emergency: %s", got)
	}
	eval[int](b, inside(".tool")+`.click(), 0`) // start over
	if got := eval[int](b, `document.querySelector("sportello-widget").shadowRoot.querySelectorAll(".turn").length`); got != 0 {
		b.t.Errorf("%d turns after starting over", got)
	}
	b.still()
}

func widgetReset(b tab) {
	b.open("/reset")
	b.launch()
	b.opened()
	b.asks("Quando apre?")
	b.view("widget-reset")
	for expression, want := range map[string]string{
		`getComputedStyle(` + inside(".said") + `).textTransform`:  "none",
		`getComputedStyle(` + inside(".said") + `).writingMode`:    "horizontal-tb",
		`getComputedStyle(` + inside(".said") + `).letterSpacing`:  "normal",
		`getComputedStyle(` + inside(".said") + `).color`:          "rgb(23, 50, 77)",
		`getComputedStyle(` + inside(".panel") + `).opacity`:       "1",
		`getComputedStyle(` + inside(".panel") + `).pointerEvents`: "auto",
		`Math.round(` + inside(".panel") + `.offsetWidth) + ""`:    "416",
		`getComputedStyle(` + inside(".notice p") + `).fontSize`:   "15.2px",
	} {
		if got := eval[string](b, expression); got != want {
			b.t.Errorf("%s = %q, want %q", expression, got, want)
		}
	}
}

func widgetOnTop(b tab) {
	b.open("/zindex")
	b.until(`document.querySelectorAll(".cover").length === 2`)
	b.view("widget-zindex-closed")
	b.launch() // by coordinates: what lies on top gets the click
	b.opened()
	b.view("widget-zindex-open")
	// Yellow is too light for white letters and for links.
	if got := eval[string](b, `getComputedStyle(`+inside(".send")+`).color + getComputedStyle(`+inside(".choice")+`).color`); got != "rgb(0, 0, 0)rgb(23, 50, 77)" {
		b.t.Errorf("colours %s", got)
	}
	if got := eval[string](b, inside(".choices")+`.textContent`); got != "Quando apre il centro di raccolta?Quanto si paga?" {
		b.t.Errorf("questions to open with: %q", got)
	}
	b.still()
}

func widgetArabic(b tab) {
	b.open("/rtl")
	b.launch()
	b.opened()
	b.asks("متى يفتح المركز؟")
	b.view("widget-ar-dark")
	for expression, want := range map[string]string{
		`getComputedStyle(` + inside(".panel") + `).direction`:              "rtl",
		`getComputedStyle(` + inside(".quote") + `).direction`:              "ltr",
		inside(".quote") + `.lang`:                                          "it",
		inside(".send") + `.textContent`:                                    "اسأل",
		`(` + inside(".panel") + `.getBoundingClientRect().left < 40) + ""`: "true",
		`(` + inside(".question") + `.getBoundingClientRect().left - ` + inside(".panel") + `.getBoundingClientRect().left < 40) + ""`: "true",
	} {
		if got := eval[string](b, expression); got != want {
			b.t.Errorf("%s = %q, want %q", expression, got, want)
		}
	}
	b.still()
}

func widgetLink(b tab) {
	b.open("/link")
	b.until(`document.querySelector("sportello-widget").shadowRoot !== null`)
	b.do(chromedp.Focus("#link"))
	b.view("widget-link-de")
	b.press("\r")
	b.opened()
	if got := eval[string](b, inside("label")+`.textContent`); got != "Ihre Frage" {
		b.t.Errorf("label %q", got)
	}
	b.press("\x1b")
	b.until(`document.activeElement.id === "link"`)
	b.still()
}

func widgetStrict(b tab) {
	b.open("/strict")
	b.launch()
	b.opened()
	b.asks("Quand ouvre le centre ?")
	b.view("widget-strict-fr")
	// An answer in another language than the page speaks that one.
	b.asks("Kur hapet qendra?")
	said := `[...document.querySelector("sportello-widget").shadowRoot.querySelectorAll(".answer")].at(-1)`
	if got := eval[string](b, said+`.lang + ": " + `+said+`.querySelector(".refusal .strong").textContent`); got != "sq: "+b.words("sq").T("refused_no_source_title") {
		b.t.Errorf("a refusal in Albanian: %q", got)
	}
	if eval[float64](b, inside(".panel")+`.getBoundingClientRect().left`) > 40 {
		b.t.Error("position=start is not heeded")
	}
	b.still()
}

// On a phone the panel takes the screen and keeps the focus.
func widgetPhone(b tab) {
	b.screen(320, 640)
	b.open("/plain")
	b.launch()
	b.opened()
	b.asks("Quando apre?")
	b.view("widget-phone-it")
	if got := eval[string](b, `(() => { const p = `+inside(".panel")+`; const r = p.getBoundingClientRect(); return [p.matches(":modal"), r.width, r.height, document.documentElement.scrollWidth <= 320, p.scrollWidth <= 320].join() })()`); got != "true,320,640,true,true" {
		b.t.Errorf("modal, width, height, nothing sideways: %s", got)
	}
	for i := range 40 {
		b.press("\t")
		if at := eval[string](b, `document.activeElement.localName`); at != "sportello-widget" && at != "body" { // body: the browser's own bar
			b.t.Fatalf("after %d tabs the focus is on %s of the page behind", i+1, at)
		}
	}
	small := `[...document.querySelector("sportello-widget").shadowRoot.querySelectorAll("button, textarea, .tool")].filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44).map(e => e.className + e.textContent).join("|")`
	if got := eval[string](b, small); got != "" {
		b.t.Errorf("targets under 44 px: %s", got)
	}
	// 400 % zoom of a screen of 1280 x 1024.
	b.screen(320, 256)
	b.view("widget-zoom-it")
	if got := eval[string](b, `(() => { const p = `+inside(".panel")+`; return [p.scrollWidth <= 320, p.scrollHeight > p.clientHeight, getComputedStyle(p).overflowY].join() })()`); got != "true,true,auto" {
		b.t.Errorf("at 400 %%: %s", got)
	}
	b.press("\x1b")
	b.until(`!` + inside(".panel") + `.checkVisibility()`)
	b.still()
}
