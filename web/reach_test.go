package web_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"sportello/locales"
)

// node is what an assistive technology is told of one thing on the page.
type node struct{ Role, Name, Live string }

// tree gives the accessibility tree of the page that is open, the shadow roots in it too.
func (b tab) tree() []node {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	full, err := chromedp.Call(ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		b.t.Fatal(err)
	}
	text := func(v *accessibility.Value) string {
		if v == nil {
			return ""
		}
		return strings.Trim(string(v.Value), `"`)
	}
	var out []node
	for _, n := range full.Nodes {
		if n.Ignored {
			continue
		}
		one := node{Role: text(n.Role), Name: text(n.Name)}
		for _, p := range n.Properties {
			if p.Name == "live" {
				one.Live = text(p.Value)
			}
		}
		out = append(out, one)
	}
	return out
}

func find(nodes []node, role, name string) *node {
	for i := range nodes {
		if nodes[i].Role == role && strings.HasPrefix(nodes[i].Name, name) {
			return &nodes[i]
		}
	}
	return nil
}

// What a screen reader says: names of all that can be used, and a log that is polite.
func TestNamesAndLiveRegions(t *testing.T) {
	h := public(t)
	b := browser(t, h.harness)
	site := hosts(t, h.harness, b.base, true)
	b.screen(1280, 900)
	named := func(nodes []node) {
		t.Helper()
		for _, n := range nodes {
			if slices.Contains([]string{"button", "link", "textbox", "combobox", "checkbox", "radio", "dialog", "log", "region"}, n.Role) && strings.TrimSpace(n.Name) == "" {
				t.Errorf("a %s has no name", n.Role)
			}
		}
	}
	wants := func(nodes []node, want ...node) {
		t.Helper()
		for _, w := range want {
			switch got := find(nodes, w.Role, w.Name); {
			case got == nil:
				t.Errorf("there is no %s %q", w.Role, w.Name)
			case w.Live != "" && got.Live != w.Live:
				t.Errorf("%s %q is %q, want %q", w.Role, w.Name, got.Live, w.Live)
			}
		}
	}
	b.open("/t/borgoprova/?lang=it")
	b.ask("Quando apre?")
	nodes := b.tree()
	named(nodes)
	wants(nodes, node{"log", "Domande e risposte", "polite"}, node{"textbox", "Un'altra domanda", ""}, node{"button", "Chiedi", ""}, node{"link", "Fonte 1: Regolamento", ""},
		node{"heading", "Hai chiesto: Quando apre?", ""}, node{"link", "Vai al contenuto", ""}, node{"complementary", "Ti risponde un assistente automatico", ""},
		node{"button", "Copia", ""}, node{"main", "", ""}, node{"banner", "", ""}, node{"contentinfo", "", ""}, node{"link", "Che cosa succede ai miei dati", ""})
	b.do(chromedp.Focus("#log .cite"))
	b.press("\r")
	b.until(`document.querySelector("#panel[open] mark") !== null`)
	nodes = b.tree()
	named(nodes)
	wants(nodes, node{"dialog", "Il testo citato", ""}, node{"button", "Chiudi", ""}, node{"mark", "", ""})
	b.base = site
	b.open("/plain")
	b.until(inside(".launcher") + ` !== null`)
	wants(b.tree(), node{"button", "Fai una domanda", ""}, node{"region", "Fai una domanda", ""})
	b.launch()
	b.opened()
	b.asks("Quando apre?")
	nodes = b.tree()
	named(nodes)
	wants(nodes, node{"dialog", "Comune di Borgoprova", ""}, node{"log", "Domande e risposte", "polite"}, node{"textbox", "Un'altra domanda", ""}, node{"button", "Fonte 1: ", ""},
		node{"button", "Ricomincia", ""}, node{"button", "Chiudi", ""}, node{"link", "Apri a tutta pagina (si apre in una nuova scheda)", ""}, node{"heading", "Hai chiesto: Quando apre?", ""})
}

// A screen reader is told whole sentences, each once, and not what comes around them.
func TestWholeSentencesAreAnnounced(t *testing.T) {
	h := public(t)
	b := browser(t, h.harness)
	site := hosts(t, h.harness, b.base, true)
	note := `window.said = []; new MutationObserver(list => list.forEach(m => m.addedNodes.forEach(n => {
		const quiet = (n.nodeType === 1 ? n : n.parentElement)?.closest?.("[aria-live=off]");
		if (!quiet) window.said.push((n.innerText ?? n.textContent).trim().replace(/\s+/g, " "));
	}))).observe(%, {childList: true, subtree: true}), 0`
	sentences := []string{"Il centro di raccolta apre il martedì e il sabato, dalle 9.00 alle 12.30.", "I residenti entrano con la tessera."}
	check := func(said []string) {
		t.Helper()
		for _, s := range sentences {
			times := 0
			for _, one := range said {
				if strings.Contains(one, s) {
					times++
				} else if strings.Contains(s, one) && len(one) > 3 {
					t.Errorf("a part of a sentence is announced: %q", one)
				}
			}
			if times != 1 {
				t.Errorf("%q is announced %d times: %q", s, times, said)
			}
		}
	}
	b.open("/t/borgoprova/?lang=it")
	eval[int](b, strings.Replace(note, "%", `document.getElementById("log")`, 1))
	b.ask("Quando apre?")
	check(eval[[]string](b, `window.said`))
	b.base = site
	b.open("/plain")
	b.launch()
	b.opened()
	eval[int](b, strings.Replace(note, "%", inside("[role=log]"), 1))
	b.asks("Quando apre?")
	check(eval[[]string](b, `window.said`))
}

// Everything by keyboard: each stop can be seen and has a name, and Tab comes round.
func TestKeyboardWalk(t *testing.T) {
	h := public(t)
	b := browser(t, h.harness)
	b.screen(1280, 900)
	b.media(&emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"}) // a page that glides to where the focus is cannot be judged on the way
	for _, path := range everywhere(t, h) {
		b.open(in(path, "it"))
		want := eval[int](b, `[...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")].filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.type !== "hidden" && e.tabIndex >= 0).length`)
		seen := map[string]bool{}
		for range want + 8 {
			b.press("\t")
			at := eval[string](b, `(() => { const e = document.activeElement; if (e === document.body) return "";
				window.stops ||= new Map(); if (!window.stops.has(e)) window.stops.set(e, window.stops.size);
				const r = e.getBoundingClientRect(), s = getComputedStyle(e);
				const shown = r.width > 1 && r.height > 1 && r.bottom > 0 && r.top < innerHeight && (s.outlineStyle !== "none" || s.boxShadow !== "none" || e.type === "radio");
				return window.stops.get(e) + "|" + (shown ? "" : "hidden: " + e.outerHTML.slice(0, 120)); })()`)
			key, hidden, _ := strings.Cut(at, "|")
			if hidden != "" {
				t.Errorf("%s: %s", path, hidden)
			}
			if key != "" {
				seen[key] = true
			}
		}
		if len(seen) < want-4 { // five stars are one stop
			t.Errorf("%s: %d of %d stops are reached by Tab", path, len(seen), want)
		}
	}
}

// Nothing is wider than 320 pixels, which is 400 % zoom of a desktop too (WCAG 1.4.10), in the languages with the longest words and the other direction.
func TestNarrowEverywhere(t *testing.T) {
	h := public(t)
	b := browser(t, h.harness)
	b.screen(320, 256)
	wide := `(() => { const w = document.documentElement.scrollWidth; if (w <= 320) return ""; return w + " " + [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > 321).map(e => e.tagName + "." + e.className).slice(0, 5).join(" ") })()`
	for _, lang := range []string{"de", "uk", "ar"} {
		for _, path := range everywhere(t, h) {
			if strings.HasSuffix(path, "/kiosk") {
				continue // a screen that nobody zooms
			}
			b.open(in(path, lang))
			eval[int](b, `document.querySelectorAll("details").forEach(d => d.open = true), 0`)
			if got := eval[string](b, wide); got != "" {
				t.Errorf("%s in %s is wider than the screen: %s", path, lang, got)
			}
		}
		b.open(in("/t/borgoprova/", lang))
		b.ask("Quando apre?")
		b.ask("un modulo")
		b.do(chromedp.Focus("#log .cite"))
		b.press("\r")
		b.until(`document.querySelector("#panel[open] mark") !== null`)
		if got := eval[string](b, `String(document.getElementById("panel").scrollWidth)`); got > "320" {
			t.Errorf("the panel in %s is %s wide", lang, got)
		}
		b.view("zoom-panel-" + lang)
	}
}

// A kiosk forgets, leads nowhere and leaves no history; an installed page shows the offices without a network.
func TestKioskAndInstalledPage(t *testing.T) {
	h := public(t)
	b := browser(t, h.harness)
	b.screen(1080, 1920)
	b.before(`window.later = 0; Date.now = (real => () => real() + window.later)(Date.now)`)
	b.open("/t/borgoprova/kiosk?lang=ar")
	b.ask("Quando apre?")
	b.view("kiosk-ar")
	if got := eval[string](b, `[...document.querySelectorAll("a[href]")].filter(a => a.checkVisibility() && !a.closest("#log, .languages") && a.id !== "again" && !a.closest("#again, .skiplinks")).map(a => a.href).join()`); got != "" {
		t.Errorf("these lead out: %s", got)
	}
	if got := eval[string](b, `[...document.querySelectorAll("[href^='tel:'], [href^='mailto:'], [href^='http']")].length + getComputedStyle(document.documentElement).fontSize`); got != "026px" {
		t.Errorf("links to elsewhere, size of type: %s", got)
	}
	long := eval[int](b, `history.length`)
	eval[int](b, `window.later = 92000, 0`)
	b.until(`document.getElementById("idle").open && document.activeElement.closest("#idle") !== null`)
	b.press("\r") // still here
	b.until(`!document.getElementById("idle").open && document.querySelectorAll(".turn").length === 1`)
	eval[int](b, `window.later = 300000, 0`)
	b.until(`document.querySelectorAll(".turn").length === 0 && document.readyState === "complete" && document.documentElement.lang === "it" && location.search === "?lang=it"`)
	if now := eval[int](b, `history.length`); now != long {
		t.Errorf("the history grew from %d to %d", long, now)
	}
	b.view("kiosk-it")

	// A server of its own, which goes away.
	server := httptest.NewServer(h.handler)
	b.base = server.URL
	b.screen(390, 844)
	b.open("/t/borgoprova/?lang=uk")
	if got := eval[int](b, `navigator.serviceWorker.getRegistrations().then(r => r.length)`); got != 0 {
		t.Errorf("a page that is not installed keeps %d workers", got)
	}
	eval[int](b, `dispatchEvent(new Event("appinstalled")), 0`)
	eval[bool](b, `navigator.serviceWorker.ready.then(() => true)`)
	b.ask("Quando apre? Mario Rossi")
	kept := eval[[]string](b, `(async () => { const out = []; for (const name of await caches.keys()) for (const r of await (await caches.open(name)).keys()) out.push(new URL(r.url).pathname + new URL(r.url).search); return out.sort() })()`)
	for _, address := range kept {
		if !strings.HasPrefix(address, "/static/") && address != "/t/borgoprova/offline?lang=uk" {
			t.Errorf("the device keeps %s", address)
		}
	}
	if len(kept) < 4 {
		t.Errorf("kept: %v", kept)
	}
	server.CloseClientConnections()
	server.Close()
	b.do(chromedp.Navigate(b.base + "/t/borgoprova/?lang=uk"))
	b.until(`document.querySelector("h1")?.textContent === "Немає з’єднання" && document.querySelectorAll(".contact").length === 2`)
	if !eval[bool](b, `document.querySelector(".door") === null && getComputedStyle(document.querySelector(".it-header-center-wrapper")).backgroundColor !== "rgba(0, 0, 0, 0)"`) {
		t.Error("without a network the page has no style, or says that an office is open")
	}
	b.view("offline-uk")
}

func TestManifest(t *testing.T) {
	h := public(t)
	for _, l := range locales.Languages() {
		r := h.get("/t/borgoprova/manifest.webmanifest?lang=" + l.Tag)
		var m map[string]any
		if err := json.Unmarshal([]byte(text(t, r)), &m); err != nil || r.Header.Get("Content-Type") != "application/manifest+json" {
			t.Fatalf("%v %s", err, r.Header.Get("Content-Type"))
		}
		if m["lang"] != l.Tag || m["dir"] != l.Dir || m["scope"] != "/t/borgoprova/" || m["start_url"] != "/t/borgoprova/?lang="+l.Tag || m["display"] != "standalone" || !strings.Contains(m["name"].(string), "Borgoprova") {
			t.Errorf("%v", m)
		}
		for _, icon := range m["icons"].([]any) {
			if got := h.get(icon.(map[string]any)["src"].(string)); got.StatusCode != 200 || got.Header.Get("Content-Type") != "image/png" {
				t.Errorf("%v gives %d", icon, got.StatusCode)
			}
		}
	}
	if r := h.get("/t/nowhere/manifest.webmanifest"); r.StatusCode != 404 {
		t.Errorf("%d", r.StatusCode)
	}
}

// Without JavaScript, in the browser: the question is a form, the answer a page, a source a link to the marked words.
func TestWholeWayWithoutJavaScript(t *testing.T) {
	h := public(t)
	b := browser(t, h.harness)
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	b.open("/t/borgoprova/?lang=it")
	follow := func(steps ...chromedp.Action[chromedp.Void]) { // steps that lead to another page
		t.Helper()
		ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
		defer cancel()
		if _, err := chromedp.RunResponse(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	follow(chromedp.SendKeys("#question", "Quando apre?"), chromedp.Click("#ask button[type=submit]"))
	b.do(chromedp.WaitVisible("#log .rest"))
	b.shot("no-script-answer")
	source, err := chromedp.Run(b.ctx, chromedp.AttributeValue("#log a.cite", "href"))
	if err != nil {
		t.Fatal(err)
	}
	b.open(source.Value)
	b.do(chromedp.WaitVisible("mark#cited"))
	b.shot("no-script-document")
}
