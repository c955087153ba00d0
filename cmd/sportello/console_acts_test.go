package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"sportello/assistant/drafting/export"
	"sportello/ingest"
	"sportello/web/browsertest"
)

// write types into a field of the act's form as a person does: the page hears of it.
func (w *window) write(name, value string) {
	w.t.Helper()
	w.writeAt(`#act-fields [name="`+name+`"]`, value)
}

// writeAt types into what a selector finds.
func (w *window) writeAt(selector, value string) {
	w.t.Helper()
	w.until(fmt.Sprintf(`(() => {
		const field = document.querySelector(%q);
		if (!field) return false;
		field.focus();
		field.value = %q;
		field.dispatchEvent(new Event("input", { bubbles: true }));
		field.dispatchEvent(new Event("change", { bubbles: true }));
		return true;
	})()`, selector, value))
}

// snap keeps a picture of what is on the screen, of a page that is long.
func (w *window) snap(name string) {
	w.t.Helper()
	folder := os.Getenv("SCREENSHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// saved waits until the page says that the server has all.
func (w *window) saved() {
	w.t.Helper()
	w.until(`["saved", "joined"].includes(document.getElementById("act-saved").dataset.state)`)
}

// exampleFacts are the facts of an act of the tests of drafting, by the names of its fields.
func exampleFacts(t *testing.T, name string) map[string]string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "assistant", "drafting", "testdata", "acts", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var facts map[string]any
	if err := json.Unmarshal(raw, &facts); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	var flatten func(prefix string, group map[string]any)
	flatten = func(prefix string, group map[string]any) {
		for k, v := range group {
			switch v := v.(type) {
			case map[string]any:
				flatten(prefix+k+".", v)
			case float64:
				out[prefix+k] = strconv.FormatFloat(v, 'f', -1, 64)
			case string:
				out[prefix+k] = v
			default:
				t.Fatalf("%s%s is %T", prefix, k, v)
			}
		}
	}
	flatten("", facts)
	return out
}

// beginAct chooses a template and gives the address of the new act.
func (w *window) beginAct(template string) string {
	w.t.Helper()
	w.open("/staff/t/avella/acts/new")
	w.until(`!!document.querySelector('input[value="` + template + `"]')`)
	w.until(`(() => { document.querySelector('input[value="` + template + `"]').form.requestSubmit(); return true; })()`)
	w.until(`!!document.querySelector(".act-grid")`)
	return w.value("location.pathname")
}

// A determina from nothing to its file: the form is filled, the act writes itself, nothing is left to verify, it is reviewed, approved and
// exported, and the file says what the page says.
func TestActFromNothingToDOCX(t *testing.T) {
	w := openWindow(t)
	w.open("/staff/t/avella/acts")
	w.accessible("the empty list of acts")
	w.open("/staff/t/avella/acts/new")
	w.accessible("the templates to choose from")
	w.shot("atti-modelli")
	at := w.beginAct("determina-affidamento-diretto")
	w.accessible("a new act")
	for name, value := range exampleFacts(t, "determina-affidamento-diretto") {
		w.write(name, value)
	}
	w.saved()
	w.until(`document.querySelector("#act-report .badge").textContent.startsWith("0 ")`)
	if got := w.text("#p-dispositivo .sheet"); !strings.Contains(got, "Edilverde S.r.l.") || !strings.Contains(got, "10.309,00") {
		t.Errorf("the dispositivo is %q", got)
	}
	if got := w.value(`document.querySelector("#p-premesse .ref a").href`); !strings.Contains(got, "normattiva.it") {
		t.Errorf("the first reference leads to %s", got)
	}
	w.open(at)
	w.accessible("a whole act")
	w.do(chromedp.EmulateViewport(1360, 1400))
	w.snap("atti-editor")
	for _, size := range [][2]int64{{768, 1024}, {390, 844}} {
		w.do(chromedp.EmulateViewport(size[0], size[1]))
		if wide := w.value(`document.documentElement.scrollWidth > innerWidth ? document.documentElement.scrollWidth + "" : ""`); wide != "" {
			t.Errorf("the editor is %s pixels wide on %d", wide, size[0])
		}
		w.accessible(fmt.Sprintf("a whole act at %d pixels", size[0]))
		w.shot(fmt.Sprintf("atti-editor-%d", size[0]))
	}
	w.do(chromedp.EmulateViewport(1280, 900))

	w.open(at + "?part=premesse")
	w.until(`!!document.querySelector("#text-premesse")`)
	w.accessible("a part that is being written")
	text := w.value(`document.querySelector("#text-premesse").value`)
	w.writeAt("#text-premesse", text+"\nVista la segnalazione della dirigente scolastica;")
	w.saved()
	w.open(at)
	w.until(`document.querySelector("#p-premesse .o-person")?.textContent.includes("dirigente scolastica")`)

	w.click(`form[action$="/state"] button`)
	w.until(`document.querySelector(".alert-success")?.innerText.includes("in revisione")`)
	w.click(`form[action$="/approve"] button`)
	w.until(`document.querySelector(".alert-success")?.innerText.includes("approvato")`)
	w.until(`document.querySelector("#f-oggetto").disabled`)
	file, name := w.download(at+"/export", "format=docx&final=1")
	if !strings.HasSuffix(name, ".docx") || strings.Contains(name, "bozza") {
		t.Errorf("the file is called %q", name)
	}
	w.open(at)
	w.shot("atti-approvato")
	if got := w.text(".act-exports"); !strings.Contains(got, "definitivo") {
		t.Errorf("the files made: %s", got)
	}
	link := w.value(`document.querySelector(".act-exports a").getAttribute("href")`)
	manifest := w.value(`fetch("` + link + `").then(r => r.text())`)
	verdict, m, err := export.Check([]byte(manifest), file, nil)
	if err != nil || !verdict.Signed || !verdict.Same || !m.Final || m.Origins["person"] == 0 || m.Origins["field"] == 0 {
		t.Errorf("manifest: %+v %+v %v", verdict, m, err)
	}
	parsers, err := (&config{}).parsers()
	if err != nil {
		t.Fatal(err)
	}
	defer release(parsers)
	read, err := parsers.Parse(context.Background(), ingest.Input{Name: name, Bytes: file})
	if err != nil {
		t.Fatal(err)
	}
	said := ingest.Structure(name, read).Text
	for _, want := range []string{"Vista la segnalazione della dirigente scolastica", "Edilverde S.r.l.", "diecimilatrecentonove/00"} {
		if !strings.Contains(said, want) {
			t.Errorf("the file does not say %q", want)
		}
	}
}

// download sends a form as the page does and gives what comes.
func (w *window) download(path, form string) (file []byte, name string) {
	w.t.Helper()
	answer := w.value(`fetch("` + path + `", { method: "POST", headers: { "Content-Type": "application/x-www-form-urlencoded" },
		body: "` + form + `&csrf=" + encodeURIComponent(document.querySelector('input[name=csrf]').value) })
		.then(async r => JSON.stringify({ status: r.status, name: r.headers.get("Content-Disposition"), bytes: [...new Uint8Array(await r.arrayBuffer())] }))`)
	var got struct {
		Status int
		Name   string
		Bytes  []int
	}
	if err := json.Unmarshal([]byte(answer), &got); err != nil || got.Status != 200 {
		w.t.Fatalf("%s: %d %v", path, got.Status, err)
	}
	for _, b := range got.Bytes {
		file = append(file, byte(b))
	}
	if m := regexp.MustCompile(`filename\*?=(?:utf-8'')?"?([^";]+)`).FindStringSubmatch(got.Name); m != nil {
		name = m[1]
	}
	return file, name
}

// Two people in two browsers: what they change in different places comes together while they write, the same thing is put side by side.
func TestTwoEditorsAtOnce(t *testing.T) {
	link := ""
	w := openComune(t, "avella", "Comune di Avella", func(sportello func(args ...string) string) {
		link = regexp.MustCompile(`/staff/link/\S+`).FindString(sportello("user", "add", "bruno.neri@example.it", "--name", "Bruno Neri", "--tenant", "avella", "--role", "clerk"))
	})
	other := &window{t, browsertest.Open(t), w.base, w.dir, w.said, w.restart}
	other.open(link)
	other.fill("new", "tre topi sotto il letto")
	other.fill("again", "tre topi sotto il letto")
	other.click("main button[type=submit]")
	other.until(`location.pathname === "/staff/login"`)
	other.fill("email", "bruno.neri@example.it")
	other.fill("password", "tre topi sotto il letto")
	other.click("main button[type=submit]")
	other.until(`location.pathname === "/staff/t/avella/"`)

	at := w.beginAct("determina-impegno")
	other.open(at)
	other.until(`!!document.querySelector(".act-grid")`)
	w.write("oggetto", "Quota associativa")
	w.saved()
	other.write("capitolo", "1805/2")
	other.saved()
	other.until(`document.querySelector("[name=oggetto]").value === "Quota associativa"`) // the other's words are here too
	w.write("oggetto", "Quota associativa 2026")
	w.saved()
	w.until(`document.querySelector("[name=capitolo]").value === "1805/2"`)

	other.write("oggetto", "Quota dell'Unione")
	other.until(`!document.getElementById("act-conflict").hidden`)
	if got := other.text("#act-conflict"); !strings.Contains(got, "Anna Conti") {
		t.Errorf("the conflict says %q", got)
	}
	other.click("#act-conflict button")
	other.until(`!!document.querySelector(".merge")`)
	other.accessible("two changes side by side")
	other.shot("atti-confronto")
	if got := other.text(".merge"); !strings.Contains(got, "Quota associativa 2026") || !strings.Contains(got, "Quota dell'Unione") {
		t.Errorf("side by side: %s", got)
	}
	if kept := other.value(`JSON.stringify(sessionStorage)`); !strings.Contains(kept, "Quota dell'Unione") {
		t.Error("what was typed is not kept while the merge is not saved")
	}
	w.open(at)
	if got := w.value(`document.querySelector("[name=oggetto]").value`); got != "Quota associativa 2026" {
		t.Errorf("overwritten by %q", got)
	}
	other.click(`input[value=mine]`)
	other.click(`main form[action$="/merge"] button[type=submit]`)
	other.until(`document.querySelector("[name=oggetto]")?.value === "Quota dell'Unione"`)
	other.until(`!Object.keys(sessionStorage).some(kept => kept.startsWith("act:"))`) // the merge is saved: the tab forgets
}

// What was typed and not yet saved comes back after a crash, a line that is down and a session that is over; and the page says so.
func TestNothingTypedIsLost(t *testing.T) {
	w := openWindow(t)
	at := w.beginAct("determina-impegno")
	w.do(chromedp.Evaluate[chromedp.Void](`window.fetch = () => Promise.reject(new TypeError("no line")); undefined`))
	w.write("oggetto", "Quota associativa")
	w.until(`document.getElementById("act-saved").dataset.state === "unsaved"`)
	w.open(at) // as after a crash: the tab is there again, the server knows nothing
	w.until(`document.getElementById("act-saved").textContent.includes("Ripristinato") || document.getElementById("act-saved").dataset.state === "saved"`)
	w.saved()
	w.open(at)
	if got := w.value(`document.querySelector("[name=oggetto]").value`); got != "Quota associativa" {
		t.Fatalf("after the crash: %q", got)
	}

	w.value(`fetch("/staff/logout", { method: "POST", body: new URLSearchParams({ csrf: document.querySelector("input[name=csrf]").value }) }).then(() => "")`)
	w.write("capitolo", "1805/2")
	w.until(`["lost", "refused"].includes(document.getElementById("act-saved").dataset.state)`)
	w.shot("atti-sessione-finita")
	w.open(at)
	w.until(`location.pathname === "/staff/login"`)
	w.fill("email", "anna.conti@example.it")
	w.fill("password", "quattro gatti sul tetto")
	w.click("main button[type=submit]")
	w.until(`location.pathname === "` + at + `" && !!document.querySelector(".act-grid")`)
	w.saved()
	w.open(at)
	if got := w.value(`document.querySelector("[name=capitolo]").value`); got != "1805/2" {
		t.Errorf("after the lost session: %q", got)
	}
	if kept := w.value(`JSON.stringify(Object.keys(sessionStorage))`); strings.Contains(kept, "act:") {
		t.Errorf("what the server has is still in the tab: %s", kept)
	}
}
