package main

import (
	"regexp"
	"strings"
	"testing"
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
