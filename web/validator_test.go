package web_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The criteria of the validator of municipal sites (italia/pa-website-validator-ng) that hold for pages like these, see docs/widget.md for
// those that are the site's own.
func TestMunicipalValidator(t *testing.T) {
	h := public(t)
	for i := range h.library.TenantList {
		one := &h.library.TenantList[i]
		one.Accessibility, one.Privacy, one.Legal = "https://form.agid.gov.it/view/1", "https://www.comune.borgoprova.example.it/privacy", "https://www.comune.borgoprova.example.it/note"
		one.FAQ, one.Report = "https://www.comune.borgoprova.example.it/faq", "https://www.comune.borgoprova.example.it/segnalazioni"
	}
	css := text(t, h.get(page(t, h.get("/t/borgoprova/"), 200).Find(`link[rel=stylesheet]`).First().AttrOr("href", "")))
	if strings.Contains(css, "Stands in for bootstrap-italia") {
		t.Fatal("bootstrap-italia is not built in: run npm ci && npm run build in web/")
	}
	known := map[string]bool{}
	for _, m := range regexp.MustCompile(`\.(-?[a-zA-Z_][\w-]*)`).FindAllStringSubmatch(css, -1) {
		known[m[1]] = true
	}
	if packages, err := os.ReadFile("package.json"); err != nil || !regexp.MustCompile(`"bootstrap-italia": "2\.`).Match(packages) {
		t.Errorf("bootstrap-italia is not of the second version: %v", err)
	}
	for _, path := range []string{"/t/borgoprova/", "/t/borgoprova/documents", "/t/borgoprova/documents/d-tari", "/t/borgoprova/leave", "/t/borgoprova/accessibility", "/t/borgoprova/data", "/t/borgoprova/feedback"} {
		r := h.get(path)
		if len(r.Cookies()) != 0 {
			t.Errorf("%s sets a cookie", path)
		}
		doc := page(t, r, 200)
		// C.SI.1.2: at least 30 % of the classes are of bootstrap-italia.
		classes, ours := map[string]bool{}, 0
		doc.Find("[class]").Each(func(_ int, s *goqs) {
			for _, class := range strings.Fields(s.AttrOr("class", "")) {
				classes[class] = true
			}
		})
		for class := range classes {
			if known[class] {
				ours++
			}
		}
		share := 100 * ours / len(classes)
		t.Logf("%s: %d of %d classes, %d %%", path, ours, len(classes), share)
		if share < 30 {
			t.Errorf("%s: %d %% of the classes are of bootstrap-italia", path, share)
		}
		// The links at the foot.
		for element, want := range map[string]string{
			"faq": "domande frequenti", "report-inefficiency": "disservizio", "accessibility-link": "accessibilità", "privacy-policy-link": "privacy", "legal-notes": "note legali",
		} {
			link := doc.Find(`footer a[data-element="` + element + `"]`)
			if link.Length() != 1 || !strings.Contains(strings.ToLower(words(link)), want) || !strings.HasPrefix(link.AttrOr("href", ""), "https://") {
				t.Errorf("%s: %s is %q to %s", path, element, words(link), link.AttrOr("href", ""))
			}
		}
		if to := doc.Find(`[data-element="accessibility-link"]`).AttrOr("href", ""); !strings.HasPrefix(to, "https://form.agid.gov.it/") {
			t.Errorf("%s: the statement is at %s", path, to)
		}
	}
	// C.SI.2.5: the rating component, element by element.
	doc := page(t, h.get("/t/borgoprova/"), 200)
	rating := has(t, doc, 1, `[data-element="feedback"]`)
	if got := words(rating.Find(`[data-element="feedback-title"]`)); got != "Quanto sono chiare le informazioni su questa pagina?" {
		t.Errorf("title %q", got)
	}
	for element, n := range map[string]int{
		"feedback-rate-1": 1, "feedback-rate-2": 1, "feedback-rate-3": 1, "feedback-rate-4": 1, "feedback-rate-5": 1, "feedback-rating-positive": 1, "feedback-rating-negative": 1,
		"feedback-rating-question": 2, "feedback-rating-answer": 10, "feedback-input-text": 1,
	} {
		if got := rating.Find(`[data-element="` + element + `"]`).Length(); got != n {
			t.Errorf("%d of %s, want %d", got, element, n)
		}
	}
	for side, want := range map[string]string{"positive": "Quali sono stati gli aspetti che hai preferito?", "negative": "Dove hai incontrato le maggiori difficoltà?"} {
		if got := words(rating.Find(`[data-element="feedback-rating-` + side + `"] [data-element="feedback-rating-question"]`)); got != want {
			t.Errorf("%s asks %q", side, got)
		}
	}
	// C.SI.1.1: the fonts of the kit and no other are loaded, from here.
	own := text(t, h.get(doc.Find(`link[rel=stylesheet]`).Eq(1).AttrOr("href", "")))
	for _, m := range regexp.MustCompile(`@font-face \{ font-family: "([^"]+)"`).FindAllStringSubmatch(own, -1) {
		if m[1] != "Titillium Web" && m[1] != "Lora" && m[1] != "Roboto Mono" {
			t.Errorf("the font %s", m[1])
		}
	}
	if regexp.MustCompile(`url\(["']?(https?:)?//`).MatchString(own + css) {
		t.Error("a style sheet loads from elsewhere")
	}
}

// A comune that set no address gets our statement at the foot of its pages, which is not taken for the one on form.agid.gov.it.
func TestStatementOfItsOwn(t *testing.T) {
	h := public(t)
	doc := page(t, h.get("/t/borgoprova/"), 200)
	has(t, doc, 0, `[data-element="accessibility-link"]`)
	to := has(t, doc, 1, `footer a[href="/t/borgoprova/accessibility"]`).AttrOr("href", "")
	statement := page(t, h.get(to), 200)
	for _, want := range []string{"legge 9 gennaio 2004, n. 4", "Parzialmente conforme", "Contenuti non accessibili", "Difensore civico per il digitale", "Ufficio Ambiente", "30 giorni"} {
		if !strings.Contains(words(statement.Find("main")), want) {
			t.Errorf("the statement lacks %q", want)
		}
	}
}
