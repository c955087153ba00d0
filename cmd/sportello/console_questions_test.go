package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// From a question of a citizen to an answer that an office approved, given to whoever asks the same; a question left for an office
// and its reply; and the switch: in a browser, on the whole program.
func TestQuestionsOfCitizens(t *testing.T) {
	w := openWindow(t)
	list := filepath.Join(t.TempDir(), "uffici.csv")
	if err := os.WriteFile(list, []byte("nome;materie;email\nUfficio Commercio;mercati|posteggi;commercio@example.it\nURP;;urp@example.it\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	args := []string{"--data", filepath.Join(w.dir, "data"), "--set", "embedding.address=none", "office", "import", "--tenant", "avella", list}
	if code := run(t.Context(), args, &stderr, &stderr); code != exitDone {
		t.Fatal(stderr.String())
	}
	w.upload("mercati-2020.md", regulation)
	w.ask("quanto costa il canone del posteggio al mercato settimanale?", "30 euro")

	w.open("/staff/t/avella/questions")
	w.until(`!!document.querySelector(".questions-table tbody a")`)
	w.shot("domande-elenco")
	w.click(".questions-table tbody tr:last-child a")
	w.until(`!!document.querySelector(".asked-title")`)
	w.shot("domande-domanda")
	w.click(`a[href*="answers/new"]`)
	w.until(`document.querySelector("#quote0")?.value.includes("30 euro")`)
	w.fill("text", "Trenta euro al giorno, da pagare prima di montare il banco.")
	w.fill("wordings", "quanto si paga il posteggio al mercato")
	w.shot("domande-risposta")
	w.click(".answer-form button[type=submit]")
	w.until(`document.querySelector(".alert-success")?.innerText.includes("approvata")`)
	answer := w.ask("Buongiorno, quanto si paga il posteggio al mercato? Grazie", "prima di montare il banco")
	for _, want := range []string{"Ufficio Commercio", "30 euro al giorno"} { // who approved it, and its source
		if !strings.Contains(answer, want) {
			t.Errorf("no %q in %s", want, answer)
		}
	}
	if answer := w.ask("Quanto non si paga il posteggio al mercato?", ""); strings.Contains(answer, "montare il banco") {
		t.Errorf("given to another question: %s", answer)
	}

	w.click(`.leave-button button`)
	w.until(`!!document.querySelector(".leave-form")`)
	w.do(chromedp.SetValue("#leave-text", "Sono Mario Rossi, posso avere due posteggi?"))
	w.click(".leave-form button[type=submit]")
	w.until(`!!document.querySelector(".reply-state")`)
	if got := w.text("main"); !strings.Contains(got, "[nome]") || strings.Contains(got, "Rossi") {
		t.Errorf("what was left: %s", got)
	}
	private, err := chromedp.Run(w.ctx, chromedp.Location())
	if err != nil {
		t.Fatal(err)
	}
	w.open("/staff/t/avella/handovers")
	w.click("tbody a")
	w.until(`!!document.querySelector("#f-reply")`)
	w.fill("reply", "Uno solo per ogni giorno di mercato.")
	w.shot("domande-ufficio")
	w.click(`form[action$="/answer"] button`)
	w.until(`!!document.querySelector(".reply-text")`)
	w.open(private)
	if got := w.text(".office-reply"); !strings.Contains(got, "Uno solo") {
		t.Errorf("the reply: %q", got)
	}

	w.open("/staff/t/avella/switch")
	w.click(`input[value="subject"]`)
	w.fill("subject", "posteggio")
	w.fill("notice", "Canoni in revisione: torniamo lunedì.")
	w.shot("domande-interruttore")
	w.click("button.btn-danger")
	w.until(`!!document.querySelector(".switch-off")`)
	if answer := w.ask("quanto costa il canone del posteggio al mercato settimanale?", "torniamo lunedì"); strings.Contains(answer, "30 euro") {
		t.Errorf("answered though it is switched off: %s", answer)
	}
	w.open("/staff/t/avella/switch")
	w.click(".switch-off button")
	w.until(`!document.querySelector(".switch-off")`)
	w.ask("quanto costa il canone del posteggio al mercato settimanale?", "30 euro")
}
