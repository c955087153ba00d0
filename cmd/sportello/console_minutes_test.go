package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A segretario keeps a session by keyboard: the frame, the diary line by line with entries, exits and votes, a line that breaks and comes
// back with nothing lost, a correction, a transcript whose voices get names, the verbale.
func TestMinutesLive(t *testing.T) {
	w := openWindow(t)
	w.open("/staff/t/avella/minutes")
	w.shot("minutes-empty")
	w.fill("day", "2026-03-26")
	w.click(`main form[action$="/minutes"] button[type=submit]`)
	w.until(`/\/frame$/.test(location.pathname) && document.readyState === "complete"`)
	for name, value := range map[string]string{
		"hour": "20:30", "number": "4", "place": "nella sala consiliare", "chair": "la Sindaca Anna Rolando", "secretary": "dott.ssa Bruna Oggero", "province": "Avellino",
		"members": "Anna Rolando; Sindaca\nDario Bruno; Consigliere\nElisa Peano; Consigliera\nUgo Martini; Consigliere\nSara Golè; Consigliera\n",
		"items":   "1. Approvazione del verbale della seduta precedente\n2. Tariffe della palestra comunale\n3. Nomina del revisore [segreta]\n",
	} {
		w.fill(name, value)
	}
	w.accessible("minutes-frame")
	w.shot("minutes-frame")
	w.click(`main form[action$="/frame"] button[type=submit]`)
	w.until(`document.querySelector(".alert-success") !== null`)
	w.click(`.doc-tabs a[href$="` + strings.TrimSuffix(w.value(`location.pathname.replace(/\/frame$/, "")`), "/") + `"]`)
	w.until(`document.querySelector("#line-form [data-clock]:not([hidden])") !== null`)
	w.click("#line-form [data-clock] input") // without the time of the day of this test
	write := func(line, shown string) {
		t.Helper()
		w.do(chromedp.SendKeys("#line", line+"\r"))
		w.until(`[...document.querySelectorAll(".minutes-text")].some(x => x.textContent === ` + "`" + shown + "`" + `)`)
	}
	write("assenti Golè", "assenti Golè")
	write("20:35 apre", "20:35 apre")
	write("punto 1", "punto 1")
	write("voto verbale unanime", "voto verbale unanime")
	write("20:50 punto 2", "20:50 punto 2")
	w.until(`document.querySelector(".minutes-agenda .now")?.textContent.includes("Tariffe")`)
	w.click(`button[data-line="entra Sara Golè"]`)
	w.until(`document.querySelector("#room .badge").textContent.includes("5 presenti su 5")`)
	write("21:10 voto contrari Martini", "21:10 voto contrari Martini")
	w.until(`document.querySelector(".minutes-lines .badge.good").textContent.includes("favorevoli 4, contrari 1")`)

	// the line breaks: what is typed waits on the device, also when the page is loaded anew, and goes once by itself
	w.until(`(window.realFetch = window.fetch, window.fetch = () => Promise.reject(new TypeError("no line")), true)`)
	w.do(chromedp.SendKeys("#line", "21:20 esce Peano\r"), chromedp.SendKeys("#line", "21:30 punto 3\r"))
	w.until(`document.querySelectorAll("#minutes-pending li").length === 2 && document.getElementById("minutes-status").textContent.includes("Senza linea")`)
	w.shot("minutes-offline")
	w.do(chromedp.Reload())
	w.until(`document.querySelector("#line-form [data-clock]:not([hidden])") !== null && document.getElementById("minutes-pending").hidden`)
	w.until(`[...document.querySelectorAll(".minutes-text")].filter(x => x.textContent.includes("esce Peano")).length === 1`)
	w.click("#line-form [data-clock] input")

	// who has left is not counted; the line is put right
	write("voto contrari Peano", "voto contrari Peano")
	w.until(`document.querySelector(".minutes-lines li.wrong")?.textContent.includes("chi è uscito prima non si conta")`)
	w.accessible("minutes-live")
	w.shot("minutes-live")
	w.do(chromedp.EmulateViewport(390, 844))
	w.shot("minutes-live-phone")
	w.do(chromedp.EmulateViewport(1280, 900))
	w.until(`(() => { const f = document.querySelector(".minutes-lines li.wrong form.minutes-edit"); f.elements.text.value = "voto unanime"; f.requestSubmit(f.querySelector("button")); return true; })()`)
	w.until(`document.readyState === "complete" && document.querySelector(".minutes-lines li.wrong") === null && document.querySelector("#line-form [data-clock]:not([hidden])") !== null`)
	w.click("#line-form [data-clock] input")
	write("22:00 chiude", "22:00 chiude")

	w.click(`.doc-tabs a[href$="/transcript"]`)
	w.until(`document.querySelector("#f-file") !== null`)
	w.until(`(() => {
		const text = "[00:00:05] Presidente: Passiamo al punto 2, tariffe della palestra comunale.\n[00:00:30] Martini: La tariffa di 12 euro è troppo alta per una associazione di ragazzi che paga già il custode e la luce.\n";
		const data = new DataTransfer();
		data.items.add(new File([text], "seduta.txt"));
		document.getElementById("f-file").files = data.files;
		document.getElementById("f-file").form.requestSubmit();
		return true;
	})()`)
	w.until(`document.querySelector('input[name="voce 2"]') !== null`)
	w.fill("voce 1", "Anna Rolando")
	w.fill("voce 2", "Ugo Martini")
	w.click(`form[action$="/voices"] button[type=submit]`)
	w.until(`document.readyState === "complete" && document.querySelector(".alert-success")?.textContent.includes("Nomi salvati")`)
	w.accessible("minutes-transcript")
	w.shot("minutes-transcript")
	w.click(`.doc-tabs a[href$="/verbale"]`)
	w.until(`document.querySelector(".minutes-paper") !== null`)
	text := w.text(".minutes-paper")
	for _, want := range []string{"Il Consigliere Ugo Martini: «La tariffa di 12 euro", "Entra la Consigliera Sara Golè: presenti n. 5", "trattato in seduta segreta", "favorevoli n. 4, contrari n. 1 (Ugo Martini)", "Alle ore 21:20 esce la Consigliera Elisa Peano: presenti n. 4.", "favorevoli n. 4, contrari n. 0", "La seduta è chiusa alle ore 22:00."} {
		if !strings.Contains(text, want) {
			t.Errorf("the verbale has not %q:\n%s", want, text)
		}
	}
	w.accessible("minutes-verbale")
	w.shot("minutes-verbale")
	w.open("/staff/t/avella/minutes")
	w.shot("minutes-list")
}
