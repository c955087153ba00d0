package main

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The documents of a real comune that the visits need.
var visitDocuments = []string{
	"2021-regolamento-tariffa-corrispettiva-tari-con-modifiche-18-11-21-vigente-dal-1-1-2021.pdf", "domanda-aut-passo-carrabile-condominio.pdf",
	"regolamento-canone-unico-legge-160-2019-con-tariffa-cc-28-del-31-3-2021.pdf", "richiesta-contrassegno-invalidi-europeo.pdf",
	"richiesta-rateizzazione-sanzione-amministrativa.pdf", "modello-idoneita-2024.pdf", "regolamento-manomissioni-definitivo.pdf",
}

// openVisits serves a comune with these documents and signs its administrator in.
func openVisits(t *testing.T) *window {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "abbiategrasso")
	if err := os.MkdirAll(folder, 0o750); err != nil {
		t.Fatal(err)
	}
	for _, name := range visitDocuments {
		data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "documents", "abbiategrasso", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	offices := filepath.Join(t.TempDir(), "uffici.csv")
	if err := os.WriteFile(offices, []byte("nome;materie;telefono;orari\nPolizia locale;contrassegno|passo carrabile|sanzioni;02 946921;lun-ven 9-12\nTributi;TARI|IMU;02 946922;mar 9-12\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return openComune(t, "abbiategrasso", "Comune di Abbiategrasso", func(sportello func(args ...string) string) {
		sportello("office", "import", "--tenant", "abbiategrasso", offices)
		sportello("ingest", "--tenant", "abbiategrasso", folder)
	})
}

// visit begins a visit in a language.
func (w *window) visit(language string) {
	w.t.Helper()
	w.open("/facilitator")
	w.until(`location.pathname === "/staff/t/abbiategrasso/facilitator" && !!document.querySelector("#f-point")`)
	w.click(`input[name="language"][value="` + language + `"]`)
	w.click("main form button[type=submit]")
	w.until(`!!document.getElementById("visit-ask")`)
}

// asked asks in a visit and gives what stands on the sides of the answer.
func (w *window) asked(question string) (italian, person string) {
	w.t.Helper()
	n := w.value(`String(document.querySelectorAll("[data-turn]").length)`)
	w.do(chromedp.SendKeys("#question", question))
	w.click("#visit-ask button[type=submit]")
	w.until(`document.querySelectorAll("[data-turn]").length > ` + n + ` && document.getElementById("visit-status").textContent === ""`)
	return w.text("[data-turn] .half"), w.text("[data-turn] .half.person")
}

func (w *window) value(expression string) string {
	w.t.Helper()
	got, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatalf("%s: %v", expression, err)
	}
	return got
}

// accessible checks the page by axe-core.
func (w *window) accessible(what string) {
	w.t.Helper()
	source, err := os.ReadFile(filepath.Join("..", "..", "web", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		if os.Getenv("CI") != "" {
			w.t.Fatalf("axe-core is not installed: run npm ci in web/: %v", err)
		}
		w.t.Logf("%s is not checked by axe-core, which is not installed: run npm ci in web/", what)
		return
	}
	found := w.value(string(source) + `; axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations.map(v => v.impact + " " + v.id + ": " + v.nodes.map(n => n.target.join(" ") + " " + (n.any[0]?.message || "")).slice(0, 3).join("; "))))`)
	var violations []string
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		w.t.Fatal(err)
	}
	for _, v := range violations {
		w.t.Errorf("%s: %s", what, v)
	}
}

// A facilitator with people who speak Albanian, Arabic and Ukrainian, on the documents of a real comune: the right article, the screen, the
// steps, the sheet as PDF with its text in both languages, and at the end a number and nothing else.
func TestFacilitator(t *testing.T) {
	w := openVisits(t)
	w.open("/facilitator")
	w.until(`!!document.querySelector("#f-point")`)
	w.shot("facilitatore-inizio")
	w.accessible("where the first visit begins")
	t.Run("right articles", func(t *testing.T) { rightArticles(t, w) })
	t.Run("to the printed sheet", func(t *testing.T) { printedSheet(t, w) })
	t.Run("a poor line", func(t *testing.T) { poorLine(t, w) })
	t.Run("a restart", func(t *testing.T) { restarted(t, w) })
	t.Run("a phone", func(t *testing.T) { onPhone(t, w) })
	t.Run("the end", func(t *testing.T) { endOfVisit(t, w) })
}

func rightArticles(t *testing.T, w *window) {
	w.t = t
	for _, tc := range []struct{ language, question, title, words, marked string }{
		{"sq", "A ka zbritje të taksës së mbeturinave për shtëpitë që përdoren vetëm në stinë?", "art. 27", "la tariffa è ridotta", "Nga dokumenti, në italisht"},
		{"ar", "هل يجب دفع رسوم على مدخل السيارات؟", "art. 49", "passi carrabili", "من الوثيقة، بالإيطالية"},
		{"uk", "Як розтермінувати штраф?", "rateizzazione", "ENTRO 30 GIORNI", "З документа, італійською"},
		{"it", "Quale modulo serve per il contrassegno disabili?", "Contrassegno di parcheggio per disabili", "", ""},
	} {
		w.visit(tc.language)
		italian, person := w.asked(tc.question)
		if !strings.Contains(italian, tc.title) || !strings.Contains(italian, tc.words) {
			t.Errorf("%s: the Italian side has neither %q nor %q: %s", tc.language, tc.title, tc.words, italian)
		}
		if tc.language != "it" && (!strings.Contains(person, tc.marked) || !strings.Contains(person, tc.words)) {
			t.Errorf("%s: the person's side: %s", tc.language, person)
		}
		w.shot("facilitatore-visita-" + tc.language)
		w.accessible("a visit in " + tc.language)
		screen := w.value(`document.querySelector("a[target='sportello-screen']").getAttribute("href")`)
		w.open(screen)
		w.until(`document.documentElement.lang === "` + tc.language + `"`)
		w.shot("facilitatore-schermo-" + tc.language)
		w.accessible("the screen in " + tc.language)
	}
}

func printedSheet(t *testing.T, w *window) {
	w.t = t
	for _, tc := range []struct{ language, person string }{{"ar", "ما يجب إحضاره أو إرفاقه"}, {"zh", "需要携带或附上的材料"}, {"uk", "Що принести або додати"}, {"sq", "Çfarë duhet sjellë ose bashkëngjitur"}} {
		w.visit(tc.language)
		w.click(`a[href$="/find"]`)
		w.until(`!!document.querySelector("#f-q")`)
		w.shot("facilitatore-cerca")
		w.fill("q", "contrassegno")
		w.click("main form button[type=submit]")
		w.until(`document.querySelectorAll(".find-list a").length === 1`)
		w.click(".find-list a")
		w.until(`!!document.querySelector(".step-list")`)
		w.shot("facilitatore-passi-" + tc.language)
		w.accessible("the steps in " + tc.language)
		w.open(w.value(`document.querySelector("a[href*='/print?']").getAttribute("href")`))
		w.until(`!!document.querySelector("body.sheet")`)
		w.shot("facilitatore-foglio-" + tc.language)
		w.accessible("the sheet in " + tc.language)
		file, err := chromedp.Run(w.ctx, chromedp.PrintToPDF())
		if err != nil {
			t.Fatal(err)
		}
		text := pdfText(t, file)
		for _, want := range []string{tc.person, "Che cosa portare o allegare", "fototessere", "Comando Polizia Locale"} {
			if !strings.Contains(squeezed(text), squeezed(want)) {
				t.Errorf("%s: the PDF lacks %q:\n%s", tc.language, want, text)
			}
		}
		if folder := os.Getenv("SCREENSHOTS"); folder != "" {
			if err := os.WriteFile(filepath.Join(folder, "foglio-"+tc.language+".pdf"), file, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// squeezed is a text without white space and the marks of direction that pdftotext writes around Arabic.
func squeezed(text string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0xA0 || r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E {
			return -1
		}
		return r
	}, text)
}

// pdfText reads a PDF with pdftotext, as whoever gets the sheet by mail may.
func pdfText(t *testing.T, file []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "foglio.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", path, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v: install poppler-utils", err)
	}
	return string(out)
}

// A line that breaks: the question is sent again by itself and asked once, the answers stay on the device until the visit ends, and pages are small.
func poorLine(t *testing.T, w *window) {
	w.t = t
	w.visit("ro")
	w.value(`(() => { const real = window.fetch; let broken = 2; window.fetch = (...all) => broken-- > 0 ? Promise.reject(new TypeError("no line")) : real(...all); return "" })()`)
	w.asked("passo carrabile: quanto costa?")
	if got := w.value(`String(document.querySelectorAll("[data-turn]").length)`); got != "1" {
		t.Errorf("asked %s times", got)
	}
	if got := w.value(`String(Object.keys(sessionStorage).filter((k) => k.startsWith("sportello-visit-")).length + "/" + localStorage.length)`); got != "1/0" {
		t.Errorf("kept on the device: %s", got)
	}
	size := w.value(`fetch(location.href).then((r) => r.text()).then((t) => String(t.length))`)
	t.Logf("the page of a visit with one answer: %s bytes of HTML before compression", size)
	if len(size) > 5 { // 100 kB
		t.Errorf("the page has %s bytes", size)
	}
}

// A server that is restarted during a visit: the next question opens it again by itself, and so does the button of a page that is loaded anew.
// Nothing that was on the screen is lost, and steps and screen work again.
func restarted(t *testing.T, w *window) {
	w.t = t
	w.visit("sq")
	w.asked("passo carrabile: quanto costa?")
	w.asked("contrassegno: quali documenti?")
	w.restart()
	italian, _ := w.asked("rateizzazione di una sanzione")
	if !strings.Contains(italian, "10.628,16") && !strings.Contains(strings.ToLower(italian), "rateizzazione") {
		t.Errorf("after the restart: %s", italian)
	}
	if got := w.value(`[...document.querySelectorAll("[data-turn] > h2")].map(h => h.textContent).join("|")`); got != "rateizzazione di una sanzione|contrassegno: quali documenti?|passo carrabile: quanto costa?" {
		t.Errorf("the visit has %s", got)
	}
	w.restart()
	w.open(w.value("location.pathname"))
	w.until(`!!document.querySelector("[data-visit-lost] form:not([hidden])")`)
	if got := w.text("[data-kept]"); !strings.Contains(got, "passo carrabile") {
		t.Errorf("what was answered is not on the page: %s", got)
	}
	w.shot("facilitatore-ripresa")
	w.accessible("a visit that the server forgot")
	w.click("[data-visit-lost] form button")
	w.until(`document.querySelectorAll("[data-turn] .turn-actions").length === 3 && document.getElementById("visit-status").textContent === ""`)
	w.open(w.value(`document.querySelector("a[target='sportello-screen']").getAttribute("href")`))
	w.until(`document.documentElement.lang === "sq"`)
}

// On a phone of 320 pixels, and on a desktop at 400 %, nothing has to be scrolled sideways.
func onPhone(t *testing.T, w *window) {
	w.t = t
	w.visit("ar")
	w.asked("passo carrabile")
	visit := w.value("location.pathname")
	steps := w.value(`document.querySelector(".turn-actions a[href*='/steps']").getAttribute("href")`)
	w.do(chromedp.EmulateViewport(320, 640))
	defer w.do(chromedp.EmulateViewport(1280, 900))
	for _, path := range []string{"/staff/t/abbiategrasso/facilitator", visit, visit + "/screen", visit + "/find", visit + "/end", steps, strings.Replace(steps, "/steps?", "/print?", 1)} {
		w.open(path)
		w.until(`document.readyState === "complete"`)
		if got := w.value(`document.documentElement.scrollWidth > 320 ? document.documentElement.scrollWidth + " " + [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > 321 || e.getBoundingClientRect().left < -1).map(e => e.tagName + "." + e.className).slice(0, 5).join(" ") : ""`); got != "" {
			t.Errorf("%s is wider than the screen: %s", path, got)
		}
		name := path[strings.LastIndex(path, "/")+1:]
		name, _, _ = strings.Cut(name, "?")
		w.shot("telefono-" + name[:min(8, len(name))])
	}
}

func endOfVisit(t *testing.T, w *window) {
	w.t = t
	w.visit("ar")
	w.asked("passo carrabile")
	w.accessible("a visit")
	w.click(`a[href$="/end"]`)
	w.until(`!!document.querySelector("input[name=outcome]")`)
	w.shot("facilitatore-chiudi")
	w.accessible("the end of a visit")
	address := w.value("location.pathname")
	w.click(`input[name="outcome"][value="form"]`)
	w.click("main form button[type=submit]")
	w.until(`!!document.querySelector(".alert-success")`)
	w.accessible("where a visit begins")
	if got := w.value(`String(Object.keys(sessionStorage).filter((k) => k.startsWith("sportello-visit-")).length)`); got != "0" {
		t.Errorf("%s visits are left on the device", got)
	}
	if got := w.value(`fetch("` + strings.TrimSuffix(address, "/end") + `").then((r) => String(r.status))`); got != "404" {
		t.Errorf("the visit that ended answers %s, not %d", got, http.StatusNotFound)
	}
	w.open("/staff/t/abbiategrasso/facilitator/statistics")
	if got := w.text("main"); !strings.Contains(got, "Modulo o foglio consegnato") || !strings.Contains(got, "العربية") {
		t.Errorf("statistics: %s", got)
	}
	w.shot("facilitatore-statistiche")
	w.accessible("statistics")
	w.open("/staff/t/abbiategrasso/facilitator/notes")
	w.accessible("notes")
}
