package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// From an empty installation to an answer: the link that the server prints, the comune by its name, the administrator, an office, a
// document, a question, the link for the site.
func TestFirstRun(t *testing.T) {
	w := serveWindow(t, nil)
	link := ""
	for range tries {
		if link = regexp.MustCompile(`/staff/setup/\S+`).FindString(w.said.String()); link != "" {
			break
		}
		w.open("/staff/login")
	}
	w.open("/staff/login")
	if got := w.text(".alert-warning"); !strings.Contains(got, "nuova") {
		t.Errorf("the page to sign in says %q", got)
	}
	w.open(link)
	const password = "quattro gatti sul tetto"
	for name, value := range map[string]string{"name": "avella", "who": "Anna Conti", "email": "anna.conti@example.it", "new": password, "again": password} {
		w.fill(name, value)
	}
	w.click("main button[type=submit]")
	w.until(`location.pathname === "/staff/t/avella/" && document.querySelectorAll(".steps li").length >= 4`)
	if got := w.text("h1"); got != "Comune di Avella" {
		t.Errorf("the comune is called %q", got)
	}
	w.open("/staff/t/avella/offices/new")
	w.fill("name", "Ufficio tributi")
	w.fill("subjects", "TARI, rifiuti")
	w.click("main form.panel button[type=submit]")
	w.until(`location.pathname === "/staff/t/avella/offices"`)
	w.upload("tari.md", "# Regolamento per la tassa sui rifiuti\n\n## Art. 8 - Compostaggio domestico\n\n1. La domanda di riduzione per il compostaggio si presenta entro il 31 gennaio.\n")
	if got := w.ask("Entro quando chiedo la riduzione per il compostaggio?", "31 gennaio"); !strings.Contains(got, "31 gennaio") {
		t.Errorf("answered %q", got)
	}
	w.open("/staff/t/avella/site")
	if got := w.text("#address"); got != w.base+"/t/avella/" {
		t.Errorf("the address for the site is %q", got)
	}
	w.click("main form button[type=submit]")
	w.until(`location.pathname === "/staff/t/avella/" && !document.querySelector(".steps")`)
	w.open(link)
	if got := w.text("h1"); got != "Il collegamento non vale più" {
		t.Errorf("the link a second time: %q", got)
	}
}

// axe-core finds nothing on any page of the console that an administrator reaches by its menu, on a desktop and on a tablet, and none
// is wider than the screen. `npm ci` in web/ installs axe-core; without it the test is skipped, and fails where CI is set.
func TestConsoleIsAccessible(t *testing.T) {
	source, err := os.ReadFile(filepath.Join("..", "..", "web", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("axe-core is not installed: run npm ci in web/: %v", err)
		}
		t.Skip("axe-core is not installed: run npm ci in web/")
	}
	w := openWindow(t)
	menu := strings.Split(evaluate(w, `[...document.querySelectorAll(".staff-menu a")].map(a => a.pathname).join(" ")`), " ")
	pages := append(menu, "/staff/t/avella/offices/new", "/staff/t/avella/tenant", "/staff/t/avella/site", "/staff/tenants", "/staff/?all=1", "/staff/account", "/staff/account/totp", "/staff/t/none/")
	if len(pages) < 15 {
		t.Fatalf("only %d pages", len(pages))
	}
	for _, size := range [][2]int64{{1280, 900}, {768, 1024}} {
		w.do(chromedp.EmulateViewport(size[0], size[1]))
		for _, page := range pages {
			w.open(page)
			evaluate(w, string(source)+"; ''")
			found := evaluate(w, `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v => v.impact + " " + v.id + ": " + v.nodes.map(n => n.target.join(" ")).slice(0, 3).join("; ")).join("\n"))`)
			if found != "" {
				t.Errorf("%s at %d pixels: %s", page, size[0], found)
			}
			if wide := evaluate(w, `document.documentElement.scrollWidth > innerWidth ? document.documentElement.scrollWidth + "" : ""`); wide != "" {
				t.Errorf("%s is %s pixels wide on %d", page, wide, size[0])
			}
		}
	}
}

// evaluate gives a text of a JavaScript expression, awaited when it is a promise.
func evaluate(w *window, expression string) string {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
	defer cancel()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[string](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}
