package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// The pages around the editor: a repealed law is told from one in force, an act of the archive lends a passage with its name, the text for
// publication stands beside the act, and a template is changed with its preview. axe-core finds nothing on any of them.
func TestAroundTheEditor(t *testing.T) {
	file := filepath.Join(t.TempDir(), "determina-12.md")
	determina := "# COMUNE DI AVELLA\n\nDETERMINAZIONE N. 12 DEL 10/02/2025\n\nOGGETTO: quota associativa all'Unione Montana per l'anno 2025\n\nIL RESPONSABILE\n\nVista la richiesta dell'Unione Montana della quota associativa;\n\nDETERMINA\n\n1. di impegnare la quota associativa all'Unione Montana per l'anno 2025.\n"
	if err := os.WriteFile(file, []byte(determina), 0o600); err != nil {
		t.Fatal(err)
	}
	w := openComune(t, "avella", "Comune di Avella", func(sportello func(args ...string) string) {
		sportello("ingest", "--tenant", "avella", "--visibility", "staff", "--kind", "determina", "--no-wait", file)
	})
	at := w.beginAct("determina-impegno")
	w.write("oggetto", "Quota associativa all'Unione Montana")
	w.saved()
	w.open(at + "/references?q=d.lgs.+50%2F2016")
	w.until(`document.querySelector(".act-found .badge.bad")?.innerText.includes("non più in vigore")`)
	w.accessible("the search of references")
	w.shot("atti-riferimenti")
	w.open(at + "/similar")
	w.until(`!!document.querySelector("input[name=passage]")`)
	w.accessible("similar acts")
	w.shot("atti-simili")
	w.click(`form[action$="/reuse"] button`)
	w.until(`!!document.querySelector("#p-premesse .o-passage")`)
	w.open(at + "?part=premesse")
	w.writeAt("#text-premesse", "Vista l'istanza della sig.ra Maria Bruni, nata il 3 maggio 1950, invalida civile;")
	w.saved()
	w.open(at + "/publish")
	w.until(`document.querySelector(".differs mark")?.innerText.includes("omissis")`)
	w.accessible("the text for publication")
	w.shot("atti-pubblicazione")
	w.open(at + "/revisions?at=2")
	w.accessible("the revisions")
	w.open("/staff/t/avella/templates/lettera")
	w.accessible("a template")
	w.until(`(() => { const text = document.querySelector("#text"); text.value += "\n{ogetto}\n"; document.querySelector('button[name=preview]').click(); return true; })()`)
	w.until(`document.querySelector(".alert-danger")?.innerText.includes("line")`)
	w.accessible("a template with an error")
	w.shot("atti-modello")
	for _, page := range []string{at + "/references?q=tuel", at + "/similar", at + "/publish", "/staff/t/avella/templates/lettera", "/staff/t/avella/acts"} {
		w.do(chromedp.EmulateViewport(390, 844))
		w.open(page)
		if wide := w.value(`document.documentElement.scrollWidth > innerWidth ? document.documentElement.scrollWidth + "" : ""`); wide != "" {
			t.Errorf("%s is %s pixels wide on a phone", page, wide)
		}
	}
}
