package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// Every page of the console with something on it fits a desktop, a tablet and a phone, and axe-core finds nothing on it: the comune of the
// demo, with questions, an approved answer, a hand-over, addresses, people, tenants, programs that are told.
func TestConsolePagesWithContent(t *testing.T) {
	source, err := os.ReadFile(filepath.Join("..", "..", "web", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("axe-core is not installed: run npm ci in web/: %v", err)
		}
		t.Skip("axe-core is not installed: run npm ci in web/")
	}
	const slug = "montelieto"
	token := ""
	w := openComune(t, slug, "Comune di Montelieto", func(sportello func(args ...string) string) {
		sportello("office", "import", "--tenant", slug, "demo/uffici.csv")
		documents, err := filepath.Glob("demo/documents/*.*")
		if err != nil {
			t.Fatal(err)
		}
		documents = slices.DeleteFunc(documents, func(name string) bool { return strings.HasSuffix(name, ".pdf") && !strings.Contains(name, "tari") })
		sportello(append([]string{"ingest", "--tenant", slug, "--no-wait"}, documents...)...)
		sportello("user", "add", "ugo@example.it", "--name", "Ugo Neri")
		token = strings.TrimSpace(sportello("token", "add", "prova", "--tenant", slug, "--person", "ugo@example.it", "--action", "all", "--days", "1"))
	})
	var said bytes.Buffer
	if code := run(t.Context(), []string{"--data", filepath.Join(w.dir, "data"), "tenant", "add", "--slug", "colline", "--name", "Unione delle Colline", "--kind", "unione"}, &said, &said); code != exitDone {
		t.Fatal(said.String())
	}
	base := "/staff/t/" + slug + "/"
	call := func(method, path, body string) string {
		t.Helper()
		return evaluate(w, fmt.Sprintf(`fetch(%q, {method: %q, credentials: "omit", headers: {"Content-Type": "application/json", "Authorization": "Bearer %s"}, body: %s || undefined})
			.then(async r => { const text = await r.text(); if (!r.ok) throw Error(r.status + " " + text); return text })`, "/api/v1/t/"+slug+"/"+path, method, token, "`"+body+"`"))
	}
	for _, q := range []string{"Quando scade la rata della TARI?", "Dove si nuota?", "Come chiedo la riduzione per il compostaggio?", "Dove posso nuotare in piscina?", "Quanto costa il libretto degli asini?"} {
		call("POST", "ask", `{"question":"`+q+`"}`)
	}
	ids := func(path string) []string {
		t.Helper()
		return strings.Fields(evaluate(w, fmt.Sprintf(`fetch(%q, {headers: {"Authorization": "Bearer %s"}, credentials: "omit"}).then(r => r.json()).then(o => Object.values(o).find(Array.isArray).map(x => x.id).join(" "))`, "/api/v1/t/"+slug+"/manage/"+path, token)))
	}
	tari := ids("documents?q=regolamento-tari")[0]
	call("PATCH", "manage/documents/"+tari, `{"valid_from":"2026-01-01","office":"Tributi"}`)
	call("PUT", "manage/settings/page.notice", `{"value":"Dal 24 dicembre gli uffici sono chiusi."}`)
	call("POST", "manage/documents/"+ids("documents?q=biblioteca")[0]+"/repeal", `{"reason":"prova"}`)
	call("PUT", "manage/settings/crawl.hosts", `{"value":"www.comune.montelieto.example.it"}`)
	call("POST", "manage/addresses", `{"url":"https://www.comune.montelieto.example.it/regolamenti/elenco-completo-dei-regolamenti-comunali-in-vigore","kind":"section"}`)
	call("POST", "manage/webhooks", `{"url":"https://gestionale.example.it/avvisi/sportello/documenti","events":["document.changed","question.unanswered"]}`)
	call("POST", "manage/switch/off", `{"subject":"piscina","notice":"Impianto in costruzione."}`)
	w.open("/t/" + slug + "/leave")
	w.fill("text", "Posso avere la ricevuta del pagamento della TARI del 2025?")
	w.click("main form button[type=submit]")
	w.until(`!!document.querySelector(".reply-state")`)

	pages := strings.Split(func() string {
		w.open(base)
		return evaluate(w, `[...document.querySelectorAll(".staff-menu a")].map(a => a.pathname).join(" ")`)
	}(), " ")
	for _, part := range []struct{ list, id string }{{"documents", tari}, {"questions", ""}, {"answers", ""}, {"handovers", ""}, {"people", ""}, {"webhooks", ""}} {
		id := part.id
		if id == "" {
			if all := ids(part.list); len(all) > 0 {
				id = all[0]
			}
		}
		if id != "" {
			pages = append(pages, base+part.list+"/"+id)
		}
	}
	pages = append(pages, base+"documents/"+tari+"/passages", base+"documents/"+tari+"/versions", base+"documents?force=repealed", base+"questions/clusters", base+"questions/trends", base+"answers/new", base+"offices/0", base+"tenant",
		base+"tenants", base+"site", "/staff/tenants", "/staff/?all=1", "/staff/account")
	for _, size := range []struct {
		name          string
		width, height int64
	}{{"desktop", 1280, 900}, {"tablet", 768, 1024}, {"phone", 390, 844}} {
		w.do(chromedp.EmulateViewport(size.width, size.height))
		for _, page := range pages {
			w.open(page)
			if title := w.text("h1"); title == "" || title == "Non c'è" {
				t.Errorf("%s is called %q", page, title)
			}
			if size.name == "desktop" {
				evaluate(w, string(source)+"; ''")
				if found := evaluate(w, `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v => v.impact + " " + v.id + ": " + v.nodes.map(n => n.target.join(" ")).slice(0, 3).join("; ")).join("\n"))`); found != "" {
					t.Errorf("%s: %s", page, found)
				}
			}
			if wide := evaluate(w, `(() => { const w = document.documentElement.scrollWidth; return w <= innerWidth ? "" : w + " " + [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".table-scroll")).map(e => e.tagName + "." + e.className).slice(0, 5).join(" ") })()`); wide != "" {
				t.Errorf("%s on a %s is wider than the screen: %s", page, size.name, wide)
			}
			w.shot(size.name + strings.ReplaceAll(strings.ReplaceAll(strings.TrimPrefix(page, "/staff"), "/", "-"), "?", "-"))
		}
	}
	if len(pages) < 30 {
		t.Errorf("only %d pages", len(pages))
	}
}
