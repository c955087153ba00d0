package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/web/sitetest"
)

func TestAskPage(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	doc := page(t, h.get("/t/borgoprova/"), 200)
	if lang, _ := has(t, doc, 1, "html").Attr("lang"); lang != "it" {
		t.Errorf("lang %q", lang)
	}
	if got := words(has(t, doc, 1, "h1")); got != "Fai una domanda" {
		t.Errorf("h1 %q", got)
	}
	if got := words(has(t, doc, 1, ".notice")); !strings.Contains(got, "intelligenza artificiale (Comune di Borgoprova), non una persona") || !strings.Contains(got, "14 anni") {
		t.Errorf("notice %q", got)
	}
	form := has(t, doc, 1, "form#ask[method=post]")
	if action, _ := form.Attr("action"); action != "/t/borgoprova/#answer" {
		t.Errorf("action %q", action)
	}
	has(t, doc, 1, "textarea[name=question][required][maxlength='1000']")
	has(t, doc, 1, "#log[role=log][aria-live=polite]")
	has(t, doc, 10, ".languages a[hreflang]")
	has(t, doc, 1, ".languages a[lang=ar][dir=rtl]")
	var starters []string
	doc.Find(".starters button[name=question]").Each(func(_ int, s *goqs) { starters = append(starters, words(s)) })
	want := []string{
		"Quale modulo serve per: richiesta di una compostiera?",
		"Che cosa prevede «Regolamento per la gestione dei rifiuti» su: Orari del centro di raccolta?",
		"Che cosa prevede «Regolamento per la gestione dei rifiuti» su: Riduzioni?",
	}
	if diff := cmp.Diff(want, starters); diff != "" {
		t.Errorf("starters (-want +got):\n%s", diff)
	}
	if got := has(t, doc, 1, ".side a[href='tel:+39025550100']"); words(got) != "+39 02 555 0100" {
		t.Errorf("telephone %q", words(got))
	}
	if len(h.asker.Asked) != 0 {
		t.Error("showing the page asked something")
	}
	doc = page(t, h.get("/t/borgoprova/?q=orari"), 200)
	if got := doc.Find("textarea").Text(); got != "orari" || len(h.asker.Asked) != 0 {
		t.Errorf("?q= gives %q and asked %d", got, len(h.asker.Asked))
	}
}

func TestAnswerWithoutJavaScript(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	doc := page(t, h.ask("/t/borgoprova/", "  Quando apre\nil centro? "), 200)
	if got := h.asker.Asked[0]; got.Text != "Quando apre il centro?" || got.Tenant != "borgoprova" || got.Audience != "public" || got.PageLanguage != "it" {
		t.Errorf("asked %+v", got)
	}
	quote := has(t, doc, 1, ".statement blockquote[lang=it]")
	if words(quote) != sitetest.Hours {
		t.Errorf("quote %q", words(quote))
	}
	cite := has(t, doc, 1, ".statement a.cite")
	href, _ := cite.Attr("href")
	if !strings.HasPrefix(href, "/t/borgoprova/documents/d-tari?article=2&end=") || !strings.HasSuffix(href, "#cited") {
		t.Errorf("source %q", href)
	}
	if got := words(cite); got != "1 Fonte 1: Regolamento per la gestione dei rifiuti, art. 2, pag. 1" {
		t.Errorf("source reads %q", got)
	}
	if got := words(has(t, doc, 1, ".sources li .act")); got != "delibera C.C. n. 28 del 31 marzo 2021" {
		t.Errorf("act %q", got)
	}
	if got := words(doc.Find(".answer-contacts .office")); got != "Ufficio Tributi" {
		t.Errorf("contacts %q", got)
	}
	next := has(t, doc, 2, ".next button") // found, and next to the article that was quoted
	for i, rubric := range []string{"Riduzioni", "Esenzioni"} {
		if got := words(next.Eq(i)); got != "Che cosa prevede «Regolamento per la gestione dei rifiuti» su: "+rubric+"?" {
			t.Errorf("next %q", got)
		}
	}
	has(t, doc, 0, ".marker")
	has(t, doc, 0, "[data-ai-generated]")
	has(t, doc, 0, ".starters")
	has(t, doc, 1, "form input[type=hidden][name=conversation]")

	// The source opens the document with the quoted words marked.
	doc = page(t, h.get(strings.TrimSuffix(href, "#cited")), 200)
	if got := words(has(t, doc, 1, "mark#cited")); got != sitetest.Hours {
		t.Errorf("marked %q", got)
	}
}

func TestPhrasedAnswerShowsHowItWasMade(t *testing.T) {
	h := newHarness(t, sitetest.Phrased())
	r := h.ask("/t/borgoprova/", "Quando apre?")
	if r.Header.Get("X-AI-Generated") != "true" {
		t.Error("no mark in the header")
	}
	doc := page(t, r, 200)
	has(t, doc, 1, ".answer[data-ai-generated=true]")
	has(t, doc, 2, ".statement .said")
	has(t, doc, 2, ".statement a.cite") // both sentences rest on article 2: one source, cited twice
	has(t, doc, 1, ".sources li")
	has(t, doc, 2, ".sources li blockquote[lang=it]")
	made := words(has(t, doc, 1, "details.made"))
	for _, want := range []string{"2 brani trovati", "pertinenza 0,91", "1 frase scartata", "Apre anche la domenica.", "Dice cose che non sono nella fonte.", "Scritta dal modello e controllata", "Scrittura: 1.300,0 ms"} {
		if !strings.Contains(made, want) {
			t.Errorf("%q is not in %q", want, made)
		}
	}
}

func TestAnswerInAnotherLanguage(t *testing.T) {
	for _, tc := range []struct {
		name, path, accept, answer string
		lang, dir, marker          string
	}{
		{"language of the page", "/t/borgoprova/?lang=ar", "", "", "ar", "rtl", "من الوثيقة، بالإيطالية:"},
		{"language of the browser", "/t/borgoprova/", "de-CH,de;q=0.8", "", "de", "ltr", "Aus dem Dokument, auf Italienisch:"},
		{"language of the question", "/t/borgoprova/?lang=it", "", "sq", "sq", "ltr", "Nga dokumenti, në italisht:"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := sitetest.Quoted()
			a.Language = tc.answer
			h := newHarness(t, a)
			doc := page(t, h.ask(tc.path, "domanda", "Accept-Language", tc.accept), 200)
			has(t, doc, 1, ".answer[lang="+tc.lang+"][dir="+tc.dir+"]")
			has(t, doc, 1, ".statement blockquote[lang=it][dir=ltr]")
			if got := words(doc.Find(".statement .marker")); got != tc.marker {
				t.Errorf("marker %q", got)
			}
		})
	}
	doc := page(t, newHarness(t, sitetest.Quoted()).get("/t/borgoprova/?lang=ar"), 200)
	has(t, doc, 1, "html[lang=ar][dir=rtl]")
	if href, _ := doc.Find(".main-menu a").Eq(1).Attr("href"); href != "/t/borgoprova/documents?lang=ar" {
		t.Errorf("the language is lost on %q", href)
	}
	doc = page(t, newHarness(t, sitetest.Quoted()).get("/t/borgoprova/?lang=klingon"), 200)
	has(t, doc, 1, "html[lang=it]")
}

// A translation is marked, and the Italian words that were checked stand under it.
func TestTranslationStandsBesideItsQuote(t *testing.T) {
	doc := page(t, newHarness(t, sitetest.Phrased()).ask("/t/borgoprova/?lang=en", "opening hours"), 200)
	first := doc.Find(".statement").First()
	if got := words(first.Find(".marker").First()); got != "Automatic translation" {
		t.Errorf("marker %q", got)
	}
	if got := words(first.Find("blockquote[lang=it][dir=ltr]")); got != sitetest.Hours {
		t.Errorf("quote %q", got)
	}
	has(t, doc, 0, ".sources blockquote")
	has(t, page(t, newHarness(t, sitetest.Phrased()).ask("/t/borgoprova/?lang=it", "orari"), 200), 0, ".statement .marker")
}

// In a conversation the page says how it understood a question that leaned on another.
func TestUnderstoodQuestionIsShown(t *testing.T) {
	a := sitetest.Quoted()
	a.Question, a.Rewritten = "Quando apre il centro di raccolta il sabato?", true
	doc := page(t, newHarness(t, a).ask("/t/borgoprova/", "e il sabato?"), 200)
	if got := words(has(t, doc, 1, ".answer > .understood:first-child")); got != "Ho capito così la domanda: Quando apre il centro di raccolta il sabato?" {
		t.Errorf("understood %q", got)
	}
}

func TestConversationWithoutJavaScript(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	doc := page(t, h.ask("/t/borgoprova/", "Quando apre?"), 200)
	token := has(t, doc, 1, "form#ask input[type=hidden][name=conversation]").AttrOr("value", "")
	form := url.Values{"question": {"e il sabato?"}, "conversation": {token}}.Encode()
	page(t, h.do(request(http.MethodPost, "/t/borgoprova/", form, "Content-Type", "application/x-www-form-urlencoded")), 200)
	if after := h.asker.Asked[1].After; after == nil || after.Question != "Quando apre?" {
		t.Errorf("asked after %+v", after)
	}
}

func TestNearMissesAreTitlesOnly(t *testing.T) {
	a := sitetest.Refusal(assistant.NoSource)
	a.Near = []assistant.Near{{DocumentID: "d-tari", Title: "Regolamento per la gestione dei rifiuti", Article: "3", Rubric: "Art. 3 Riduzioni", Start: 5, End: 9}, {DocumentID: "d-form", Title: "Domanda di compostiera", Page: 1}}
	doc := page(t, newHarness(t, a).ask("/t/borgoprova/", "sconto per il lombrico"), 200)
	near := has(t, doc, 2, ".near li a")
	if got := words(near.First()); got != "Regolamento per la gestione dei rifiuti Art. 3 Riduzioni" && got != "Regolamento per la gestione dei rifiutiArt. 3 Riduzioni" {
		t.Errorf("near %q", got)
	}
	if href := near.First().AttrOr("href", ""); !strings.HasPrefix(href, "/t/borgoprova/documents/d-tari?article=3") {
		t.Errorf("address %q", href)
	}
	has(t, doc, 0, ".statement")
	if strings.Contains(words(doc.Find(".near")), "30 per cento") {
		t.Error("the content of a near miss is shown")
	}
}

func TestRefusals(t *testing.T) {
	for _, reason := range []assistant.Reason{assistant.NoSource, assistant.OutOfScope, assistant.PersonalDecision, assistant.Unsafe, assistant.OtherComune, assistant.Overloaded} {
		h := newHarness(t, sitetest.Refusal(reason))
		for _, lang := range []string{"it", "ar", "zh"} {
			doc := page(t, h.ask("/t/borgoprova/?lang="+lang, "domanda"), 200)
			if got := words(has(t, doc, 1, ".refusal")); got == "" || strings.Contains(got, "refused_") {
				t.Errorf("%s in %s: %q", reason, lang, got)
			}
			has(t, doc, 2, ".answer-contacts .office")
			has(t, doc, 0, ".emergency")
		}
	}
}

func TestEmergencyComesFirst(t *testing.T) {
	h := newHarness(t, sitetest.Refusal(assistant.Emergency))
	for _, lang := range []string{"it", "en", "fr", "de", "es", "ro", "sq", "ar", "uk", "zh"} {
		doc := page(t, h.ask("/t/borgoprova/?lang="+lang, "domanda"), 200)
		for _, number := range []string{"112", "1522", "114", "19696"} {
			has(t, doc, 1, ".emergency a[href='tel:"+number+"']")
		}
		if !strings.Contains(words(doc.Find(".emergency-title")), "112") {
			t.Errorf("%s: no 112 in %q", lang, words(doc.Find(".emergency-title")))
		}
	}
}

func TestFormCard(t *testing.T) {
	a := sitetest.Quoted()
	a.Passages[0].DocumentID, a.Passages[0].Form = "d-form", sitetest.New().List[0].Form
	a.Statements[0].Citations[0].DocumentID = "d-form"
	doc := page(t, newHarness(t, a).ask("/t/borgoprova/", "compostiera"), 200)
	card := words(has(t, doc, 1, ".answer .form-card"))
	for _, want := range []string{"richiesta di una compostiera", "l'intestatario della tariffa", "Ufficio Tributi", "copia del documento d'identità", "Scarica il modulo"} {
		if !strings.Contains(card, want) {
			t.Errorf("%q is not in %q", want, card)
		}
	}
	has(t, doc, 1, ".form-card a[href='/t/borgoprova/documents/d-form/original']")
}

func TestProblemsWithTheQuestion(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	doc := page(t, h.ask("/t/borgoprova/", "   "), 200)
	if got := words(has(t, doc, 1, "#problem:not([hidden])")); got != "Scrivi prima la domanda." {
		t.Errorf("problem %q", got)
	}
	has(t, doc, 1, "textarea[aria-invalid=true]")
	long := strings.Repeat("a", 1001)
	doc = page(t, h.ask("/t/borgoprova/", long), 200)
	if got := words(has(t, doc, 1, "#problem:not([hidden])")); got != "La domanda è troppo lunga: al massimo 1.000 caratteri." || doc.Find("textarea").Text() != long {
		t.Errorf("problem %q", got)
	}
	if len(h.asker.Asked) != 0 {
		t.Error("a wrong question was asked")
	}
	page(t, h.ask("/t/borgoprova/", "\xff\xfe"), 200)
	if r := h.ask("/t/borgoprova/", strings.Repeat("a", 70_000)); r.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("70 kB give %d", r.StatusCode)
	}
}

func TestFailureBecomesARefusalWithTheOffices(t *testing.T) {
	for name, err := range map[string]error{
		"index down": fault.New(fault.Unavailable, "qdrant at 10.0.0.7 does not answer"), "defect": errors.New("secret detail"),
	} {
		h := newHarness(t, nil)
		h.asker.Script = func(context.Context, assistant.Question, func(assistant.Statement) error) (*assistant.Answer, error) {
			return nil, err
		}
		r := h.ask("/t/borgoprova/?lang=en", "domanda segreta")
		doc := page(t, r, 200)
		if got := words(doc.Find(".refusal")); !strings.Contains(got, "I cannot answer right now") {
			t.Errorf("%s: %q", name, got)
		}
		if body := doc.Text(); strings.Contains(body, "qdrant") || strings.Contains(body, "secret detail") {
			t.Errorf("%s: internals are shown", name)
		}
		if strings.Contains(h.log.String(), "segreta") || !strings.Contains(h.log.String(), err.Error()) {
			t.Errorf("%s: log %s", name, h.log)
		}
	}
}

func TestHostileTextIsShownAsText(t *testing.T) {
	a := sitetest.Quoted()
	evil := `<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1))`
	a.Statements[0].Text, a.Statements[0].Citations[0].Title = evil, evil
	a.Contacts[0].Email, a.Contacts[0].Phone = `x" onclick="alert(1)`, "javascript:alert(1)"
	a.Drafts = []assistant.Rejection{{Text: evil, Why: assistant.NotASentence}}
	doc := page(t, newHarness(t, a).ask("/t/borgoprova/", evil), 200)
	has(t, doc, 0, "script:not([src^='/static/'])")
	has(t, doc, 0, "img")
	has(t, doc, 0, "[onclick], [onerror]")
	has(t, doc, 0, "a[href^='javascript:']")
	has(t, doc, 1, "a[href='tel:1']")
}

func TestHome(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	doc := page(t, h.get("/"), 200)
	has(t, doc, 1, "a[href='/t/borgoprova/']")
	has(t, doc, 1, "a[href='/t/altroprova/']")
	h.library.TenantList = h.library.TenantList[1:]
	if r := h.get("/?lang=uk"); r.StatusCode != http.StatusFound || r.Header.Get("Location") != "/t/borgoprova/?lang=uk" {
		t.Errorf("one tenant: %d %s", r.StatusCode, r.Header.Get("Location"))
	}
	h.library.TenantList = nil
	if got := words(page(t, h.get("/"), 200).Find(".lead")); got != "Qui non c'è ancora nessun Comune." {
		t.Errorf("no tenant: %q", got)
	}
	if r := h.get("/t/borgoprova"); r.StatusCode != http.StatusMovedPermanently {
		t.Errorf("without slash: %d", r.StatusCode)
	}
}

// What a tenant says of itself: its colour, its sign in the head of the page, and how it is reached when no office is the right one.
func TestTheTenantsOwn(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	doc := page(t, h.get("/t/borgoprova/"), 200)
	has(t, doc, 0, ".brand-logo")
	if r := h.get("/t/borgoprova/logo.png"); r.StatusCode != http.StatusNotFound {
		t.Errorf("no logo: %d", r.StatusCode)
	}
	name := strings.Repeat("a1", 32)
	h.library.TenantList[1].Logo, h.library.TenantList[1].Colour = name, "#7a1f3d"
	h.library.Offices = append(h.library.Offices, assistant.Contact{
		Office: "Comune di Borgoprova", PEC: "protocollo@pec.example.it", Link: "https://www.example.it/contatti", General: true,
	})
	doc = page(t, h.get("/t/borgoprova/?lang=ar"), 200)
	src := has(t, doc, 1, ".it-brand-wrapper img.brand-logo[alt='']").AttrOr("src", "")
	r := h.get(src)
	if src != "/t/borgoprova/logo.png?p="+name || r.StatusCode != 200 || r.Header.Get("Content-Type") != "image/png" ||
		!strings.Contains(r.Header.Get("Content-Security-Policy"), "sandbox") || !strings.Contains(r.Header.Get("Cache-Control"), "immutable") || r.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s: %d %v", src, r.StatusCode, r.Header)
	}
	if r := h.get("/t/borgoprova/logo.png?p=old"); r.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("another picture's address is kept: %s", r.Header.Get("Cache-Control"))
	}
	if r := h.get(has(t, doc, 1, "link[href*='theme.css']").AttrOr("href", "")); r.StatusCode != 200 {
		t.Errorf("theme: %d", r.StatusCode)
	}
	has(t, doc, 1, ".contact a[href='https://www.example.it/contatti']")
	has(t, doc, 1, ".contact a[href='mailto:protocollo@pec.example.it']")
}
