package web_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"sportello/web"
	"sportello/web/sitetest"
)

// What a headless browser has not: a voice, an ear, a clipboard and a printer, which only note what they were given.
const senses = `window.noted = {spoken: [], copied: "", printed: ""};
const voices = [{lang: "it-IT", name: "a", localService: true}, {lang: "ar-SA", name: "b", localService: true}, {lang: "de-DE", name: "far", localService: false}];
Object.defineProperty(window, "speechSynthesis", {value: {getVoices: () => voices, cancel() {}, speak(u) { window.noted.spoken.push(u.lang + ":" + u.text); u.onend?.() }, addEventListener() {}}});
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text } };
Object.defineProperty(navigator, "clipboard", {value: {writeText: async (t) => { window.noted.copied = t }}});
window.print = () => { window.noted.printed = [...document.querySelectorAll(".print-this .question bdi")].map(e => e.textContent).join(); dispatchEvent(new Event("afterprint")) };
window.SpeechRecognition = window.webkitSpeechRecognition = class { start() { setTimeout(() => { this.onresult({results: [[{transcript: "quando apre il centro"}]]}); this.onend() }, 10) } stop() {} };`

func TestConversationInABrowser(t *testing.T) {
	// A Sunday; the office is open on Monday and Thursday.
	h := newHarness(t, nil, func(c *web.Config) {
		c.Now = func() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }
	})
	h.asker.Script = byQuestion
	b := browser(t, h)
	b.screen(1280, 900)
	b.before(senses)
	b.open("/t/borgoprova/?lang=it")
	press := func(label string) {
		t.Helper()
		if !eval[bool](b, `(() => { const e = [...document.querySelectorAll("button, a")].find(e => e.checkVisibility() && e.textContent.trim() === "`+label+`"); e?.focus(); e?.click(); return !!e })()`) {
			t.Fatalf("there is no button %q", label)
		}
	}
	is := func(expression, want string) {
		t.Helper()
		if got := eval[string](b, expression); got != want {
			t.Errorf("%s = %q, want %q", expression, got, want)
		}
	}
	// Dictation says first where the voice may go.
	press("Detta la domanda")
	b.until(`document.querySelector("#dictation:not([hidden]) [data-go]") === document.activeElement`)
	b.shot("dictation-it")
	press("Va bene, detto")
	b.until(`document.getElementById("question").value === "quando apre il centro"`)
	b.press("\r")
	b.until(`document.querySelector(".tools [data-speak]") !== null`)
	is(`document.querySelector("label[for=question]").textContent`, "Un'altra domanda")
	// The office says whether it is open.
	is(`document.querySelector(".answer-contacts .door").textContent`, "Chiuso adesso. Riapre domani alle 09:00")
	// The cited words, beside the answer.
	b.do(chromedp.Focus("#log .cite"))
	b.press("\r")
	b.until(`document.querySelector("#panel[open] mark") !== null`)
	is(`document.querySelector("#panel mark").textContent`, sitetest.Hours)
	is(`document.querySelector("#panel .act").textContent`, "delibera C.C. n. 28 del 31 marzo 2021, in vigore dal 15 aprile 2021")
	is(`String(document.querySelector("#panel").contains(document.activeElement))`, "true")
	b.view("panel-it")
	b.press("\x1b")
	b.until(`!document.getElementById("panel").open && document.activeElement.className === "cite"`)
	press("Copia")
	b.until(`window.noted.copied !== ""`)
	if got := eval[string](b, `window.noted.copied`); !strings.HasPrefix(got, "quando apre il centro\n\nIl centro di raccolta apre il martedì e il sabato, dalle 9.00 alle 12.30. [1]") || !strings.Contains(got, "[1] Regolamento per la gestione dei rifiuti, art. 2, pag. 1: http") {
		t.Errorf("copied %q", got)
	}
	press("Leggi ad alta voce")
	is(`window.noted.spoken.join("|")`, "it-IT:Il centro di raccolta apre il martedì e il sabato, dalle 9.00 alle 12.30.|it-IT:I residenti entrano con la tessera.")
	press("Stampa")
	is(`window.noted.printed`, "quando apre il centro")
	b.shot("answer-tools-it")
	// A refusal and an emergency have nothing to copy.
	b.ask("la luna")
	b.ask("odore di gas")
	is(`String(document.querySelectorAll(".tools").length)`, "1")
	press("Ricomincia")
	is(`String(document.querySelectorAll(".turn").length) + document.getElementById("starters").hidden + document.activeElement.id`, "0falsequestion")
	// No voice on the device for German: the button is not there.
	b.open("/t/borgoprova/?lang=de")
	b.ask("Wann öffnet es?")
	is(`String(document.querySelectorAll(".tools button").length) + document.querySelectorAll(".tools [data-speak]").length`, "30")
	b.open("/t/borgoprova/?lang=ar")
	b.ask("متى يفتح المركز؟")
	b.shot("answer-tools-ar")
	is(`document.querySelector(".tools [data-speak]").textContent`, "اقرأ بصوت عالٍ")
	b.do(chromedp.Focus("#log .cite"))
	b.press("\r")
	b.until(`document.querySelector("#panel[open] mark") !== null`)
	b.view("panel-ar")
	b.screen(320, 640)
	b.view("panel-phone-ar")
	is(`String(document.querySelector("#panel").scrollWidth <= 320)`, "true")
}

// Without JavaScript the same things are there: sources are links, starting over is a link, doors say their hours.
func TestWithoutJavaScript(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	doc := page(t, h.ask("/t/borgoprova/", "Quando apre?"), 200)
	if got := has(t, doc, 1, "#again:not([hidden]) a").AttrOr("href", ""); got != "/t/borgoprova/" {
		t.Errorf("starting over leads to %q", got)
	}
	if got := words(doc.Find(".answer-contacts .door")); got != "Chiuso adesso. Riapre domani alle 09:00" {
		t.Errorf("door %q", got)
	}
	has(t, page(t, h.get("/t/borgoprova/"), 200), 1, "#again[hidden]")
	href, _, _ := strings.Cut(doc.Find(".cite").AttrOr("href", ""), "#")
	whole := page(t, h.get(href), 200)
	has(t, whole, 1, "html > body mark#cited")
	piece := page(t, h.get(href, "Accept", "text/html;fragment=1"), 200)
	has(t, piece, 1, ".panel-text mark#cited")
	has(t, piece, 0, "header, footer, main")
	if got := words(piece.Find("mark")); got != sitetest.Hours || strings.Contains(words(piece.Find(".document-text")), "Riduzioni") {
		t.Errorf("the panel says %q", words(piece.Find(".document-text")))
	}
	if got := piece.Find(".panel-links a").First().AttrOr("href", ""); got != href+"#cited" {
		t.Errorf("the whole document is %q, want %q", got, href)
	}
	if r := h.get(href); !strings.Contains(r.Header.Get("Permissions-Policy"), "microphone=()") {
		t.Error("a document may listen")
	}
	if r := h.get("/t/borgoprova/"); !strings.Contains(r.Header.Get("Permissions-Policy"), "microphone=(self)") {
		t.Error("dictation is not let")
	}
}
