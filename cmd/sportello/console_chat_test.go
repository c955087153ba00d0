package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A citizen leaves a question while a clerk is there, and the two write with each other: the page of each shows what the other wrote
// without being loaded again.
func TestConversationInBrowser(t *testing.T) {
	w := openWindow(t)
	list := filepath.Join(t.TempDir(), "uffici.csv")
	if err := os.WriteFile(list, []byte("nome;materie;email\nURP;;urp@example.it\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	args := []string{"--data", filepath.Join(w.dir, "data"), "--set", "embedding.address=none", "office", "import", "--tenant", "avella", list}
	if code := run(t.Context(), args, &stderr, &stderr); code != exitDone {
		t.Fatal(stderr.String())
	}
	location := func() string {
		t.Helper()
		at, err := chromedp.Run(w.ctx, chromedp.Location())
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	w.open("/t/avella/leave?lang=it")
	w.do(chromedp.SetValue("#leave-text", "Posso avere due posteggi?"))
	w.click(".leave-form button[type=submit]")
	w.until(`!!document.querySelector(".reply-state")`)
	private := location()
	if strings.Contains(w.text("main"), "Un operatore può risponderti ora") {
		t.Error("somebody is offered and nobody is there")
	}
	w.open("/staff/t/avella/handovers")
	w.click(`button[name=there][value="1"]`)
	w.until(`!!document.querySelector("#waiting .badge.good")`)
	w.open(private)
	w.until(`!!document.querySelector(".chat-offer")`)
	w.shot("conversazione-offerta")
	w.click(".chat-offer button")
	w.until(`!!document.querySelector("#chat-message")`)
	w.do(chromedp.SetValue("#chat-message", "Sono Mario Rossi, vendo formaggi."))
	w.click("#chat form button[type=submit]")
	w.until(`document.querySelectorAll("#chat .chat-log li").length === 1 && document.querySelector("#chat-message").value === ""`)
	w.open("/staff/t/avella/handovers")
	w.until(`!!document.querySelector(".waiting-list a")`)
	w.shot("conversazione-elenco")
	w.click(".waiting-list a")
	w.until(`!!document.querySelector("form[action$='/join'] button")`)
	w.click("form[action$='/join'] button")
	w.until(`!!document.querySelector("#f-message")`)
	if got := w.text("#chat-log"); !strings.Contains(got, "[nome]") || strings.Contains(got, "Rossi") {
		t.Errorf("the clerk reads %q", got)
	}
	w.fill("message", "Uno solo per giorno di mercato: può chiederne uno anche al sabato.")
	w.click("form[action$='/say'] button")
	w.until(`document.querySelectorAll("#chat-log .mine").length === 1`)
	w.shot("conversazione-ufficio")
	office := location()
	w.open(private)
	w.until(`document.querySelectorAll("#chat .theirs").length === 1`)
	if got := w.text("#chat-log"); !strings.Contains(got, "Una persona,") || !strings.Contains(got, "al sabato") {
		t.Errorf("the citizen reads %q", got)
	}
	w.shot("conversazione-cittadino")
	w.open(office)
	w.until(`(() => { const end = document.querySelector("form[action$='/end'] button"); end?.click(); return !end; })()`) // the page moves while it is told that the citizen left
	w.open(private)
	w.until(`document.querySelector("#chat-log").dataset.state === "ended" && !document.querySelector("#chat form")`)
	w.open("/staff/t/avella/settings")
	w.shot("impostazioni")
}
