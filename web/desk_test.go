package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"sportello/assistant"
	"sportello/assistant/desk"
	"sportello/assistant/store"
	"sportello/locales"
	"sportello/web"
	"sportello/web/sitetest"
)

// behind is a harness with a real desk on a real store.
type behind struct {
	*harness
	desk  *desk.Desk
	store *store.Store
}

type nobody struct{}

func (nobody) Send(context.Context, string, string, string, string) error { return nil }

func newBehind(t *testing.T, answer *assistant.Answer, change ...func(*web.Config)) *behind {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Dir: t.TempDir(), Analyze: func(string) []assistant.Term { return nil }, AnalyzerVersion: 1})
	if err != nil {
		t.Fatal(err)
	}
	b := &behind{store: s}
	if err := s.AddTenant(t.Context(), store.Tenant{Slug: sitetest.Comune, Name: "Comune di Borgoprova"}); err != nil {
		t.Fatal(err)
	}
	if err := s.PutOffices(t.Context(), sitetest.Comune, []store.Office{{Name: "Ufficio Ambiente", Subjects: []string{"rifiuti"}, Email: "ambiente@example.it"}, {Name: "URP"}}); err != nil {
		t.Fatal(err)
	}
	catalogue, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	b.desk, err = desk.New(desk.Config{Records: s, Catalogue: catalogue, Sender: nobody{}, Poll: 5 * time.Millisecond,
		Tenants: func(context.Context) (map[string]string, error) {
			return map[string]string{sitetest.Comune: "Comune di Borgoprova"}, nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { b.desk.Run(ctx); close(ended) }()
	t.Cleanup(func() {
		stop()
		<-ended
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	b.harness = newHarness(t, answer, append([]func(*web.Config){func(c *web.Config) { c.Desk = b.desk }}, change...)...)
	b.library.Offices, err = s.Contacts(t.Context(), sitetest.Comune)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// kept waits until n questions are recorded.
func (b *behind) kept(n int) []assistant.Asked {
	b.t.Helper()
	for range 500 {
		list, _, err := b.store.AskedList(b.t.Context(), sitetest.Comune, assistant.AskedFilter{})
		if err != nil {
			b.t.Fatal(err)
		}
		if len(list) >= n {
			return list
		}
		time.Sleep(10 * time.Millisecond)
	}
	b.t.Fatalf("%d questions were not recorded", n)
	return nil
}

func (b *behind) form(path string, pairs ...string) *http.Response {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept-Language", "it")
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	return w.Result()
}

func TestAskedIsNoted(t *testing.T) {
	b := newBehind(t, sitetest.Quoted())
	doc := page(t, b.ask("/t/borgoprova/", "Sono Mario Rossi, quando apre?"), 200)
	id := doc.Find(".useful input[name=question]").AttrOr("value", "")
	one := b.kept(1)[0]
	if one.ID != id || one.Question != "Sono [nome], quando apre?" || one.Status != assistant.Quoted {
		t.Errorf("%+v, on the page %q", one, id)
	}
	if strings.Contains(b.log.String(), "Rossi") {
		t.Error("a name is in the log")
	}
	res := b.post(askPath, `{"question":"E i residenti?"}`)
	var reply struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&reply); err != nil || reply.ID == "" || reply.ID == id {
		t.Errorf("%+v %v", reply, err)
	}
	b.kept(2)
}

// The official component with its attributes (WEB.md), and what it says ends up with the answer.
func TestOpinions(t *testing.T) {
	b := newBehind(t, sitetest.Quoted())
	doc := page(t, b.get("/t/borgoprova/"), 200)
	for _, element := range []string{"feedback", "feedback-title", "feedback-rate-1", "feedback-rate-2", "feedback-rate-3", "feedback-rate-4", "feedback-rate-5",
		"feedback-rating-positive", "feedback-rating-negative", "feedback-input-text"} {
		has(t, doc, 1, `[data-element="`+element+`"]`)
	}
	has(t, doc, 2, `[data-element="feedback-rating-question"]`)
	has(t, doc, 10, `[data-element="feedback-rating-answer"]`)
	if got := doc.Find(`[data-element="feedback-title"]`).Text(); got != "Quanto sono chiare le informazioni su questa pagina?" {
		t.Error(got)
	}
	// Without JavaScript a thumb leads to the component, and that to the thanks.
	more := page(t, b.form("/t/borgoprova/feedback", "question", "q1", "useful", "-1"), 200)
	if got := more.Find(`[data-element=feedback] input[name=question]`).AttrOr("value", ""); got != "q1" {
		t.Errorf("the component is about %q", got)
	}
	if r := b.form("/t/borgoprova/feedback", "question", "q1", "rate", "2", "reason", "unclear", "text", "chiamatemi al 3331234567"); r.StatusCode != 303 {
		t.Errorf("status %d", r.StatusCode)
	}
	if r := b.form("/t/borgoprova/feedback", "rate", "5", "reason", "unclear"); r.StatusCode != 303 {
		t.Errorf("status %d", r.StatusCode)
	}
	has(t, page(t, b.get("/t/borgoprova/feedback?done=1"), 200), 0, "form[data-feedback]")
	has(t, page(t, b.get("/t/borgoprova/feedback"), 200), 1, "form[data-feedback]")
	said, err := b.store.Feedback(t.Context(), sitetest.Comune, "", "")
	if err != nil || len(said) != 3 {
		t.Fatalf("%+v %v", said, err)
	}
	if f := said[1]; f.Rate != 2 || f.Reason != "unclear" || f.Text != "chiamatemi al [telefono]" || f.Question != "q1" {
		t.Errorf("%+v", f)
	}
	if said[0].Reason != "" {
		t.Errorf("a reason of the discontented with five stars: %+v", said[0])
	}
	none := newHarness(t, sitetest.Quoted())
	has(t, page(t, none.get("/t/borgoprova/"), 200), 0, "[data-element=feedback], .leave-link")
	for _, path := range []string{"/t/borgoprova/feedback", "/t/borgoprova/leave", "/t/borgoprova/reply/x"} {
		if r := none.get(path); r.StatusCode != 404 {
			t.Errorf("%s without a desk: %d", path, r.StatusCode)
		}
	}
}

// A question is left for an office without JavaScript, and the reply read on the private page.
func TestLeaveAQuestion(t *testing.T) {
	b := newBehind(t, sitetest.Refusal(assistant.NoSource))
	doc := page(t, b.ask("/t/borgoprova/", "Posso tenere un pavone?"), 200)
	has(t, doc, 1, ".leave-button")
	form := page(t, b.form("/t/borgoprova/leave", "asked", "q1", "text", "Posso tenere un pavone?", "office", "URP"), 200)
	if got := form.Find("#leave-text").Text() + "|" + form.Find("#leave-office option[selected]").AttrOr("value", ""); got != "Posso tenere un pavone?|URP" {
		t.Error(got)
	}
	for field, pairs := range map[string][]string{
		"text": {"text", " ", "office", "URP"}, "office": {"text", "x", "office", "Nessuno"}, "email": {"text", "x", "office", "URP", "email", "anna"},
	} {
		wrong := page(t, b.form("/t/borgoprova/leave", append(pairs, "step", "send")...), 200)
		has(t, wrong, 1, "#leave-problem")
		has(t, wrong, 1, "#leave-"+field+"[aria-invalid]")
	}
	has(t, page(t, b.form("/t/borgoprova/leave", "step", "send", "text", strings.Repeat("a", 2001), "office", "URP"), 200), 1, "#leave-problem")
	r := b.form("/t/borgoprova/leave", "step", "send", "asked", "q1", "text", "Sono Mario Rossi, posso tenere un pavone?", "office", "URP", "email", "anna@example.it")
	if r.StatusCode != 303 {
		t.Fatalf("status %d", r.StatusCode)
	}
	private := r.Header.Get("Location")
	res := b.get(private)
	if res.Header.Get("X-Robots-Tag") == "" || res.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Error("the private page may be found")
	}
	if got := page(t, res, 200).Find("main").Text(); !strings.Contains(got, "Sono [nome], posso tenere un pavone?") || strings.Contains(got, "anna@") || !strings.Contains(got, "In attesa") {
		t.Error(got)
	}
	left, err := b.store.HandOvers(t.Context(), sitetest.Comune, "", "")
	if err != nil || len(left) != 1 {
		t.Fatalf("%+v %v", left, err)
	}
	if err := b.desk.Answer(t.Context(), sitetest.Comune, left[0].ID, "Sì.\nSe non disturba <b>.", "anna", store.ActorSystem); err != nil {
		t.Fatal(err)
	}
	answered := page(t, b.get(private), 200)
	has(t, answered, 2, ".office-reply p")
	has(t, answered, 0, ".office-reply b")
	if r := b.get("/t/borgoprova/reply/AAAA"); r.StatusCode != 404 {
		t.Errorf("another link: %d", r.StatusCode)
	}
	second := b.form("/t/borgoprova/leave", "step", "send", "text", "x", "office", "URP").Header.Get("Location")
	left, _ = b.store.HandOvers(t.Context(), sitetest.Comune, assistant.HandOverOpen, "")
	if err := b.store.CloseHandOver(t.Context(), sitetest.Comune, left[0].ID, "anna", store.ActorSystem); err != nil {
		t.Fatal(err)
	}
	has(t, page(t, b.get(second), 200), 0, ".office-reply")
	if strings.Contains(b.log.String(), "pavone") || strings.Contains(b.log.String(), "anna@") {
		t.Error("what was left is in the log")
	}
	if !strings.Contains(b.get("/robots.txt").Header.Get("Content-Type"), "text") {
		t.Error("robots")
	}
}

// The private page becomes a conversation when somebody of the office is there; everything works by forms and by reloading.
func TestChatOnThePrivatePage(t *testing.T) {
	b := newBehind(t, sitetest.Refusal(assistant.NoSource))
	private := b.form("/t/borgoprova/leave?lang=de", "step", "send", "text", "Darf ich?", "office", "URP").Header.Get("Location")
	path, _, _ := strings.Cut(private, "?")
	has(t, page(t, b.get(private), 200), 0, ".chat-offer, #chat")
	if r := b.get(path + "/chat"); r.StatusCode != 404 {
		t.Errorf("a conversation that nobody asked for: %d", r.StatusCode)
	}
	if got := words(has(t, page(t, b.form(private, "step", "ask"), 200), 1, "[role=alert]")); !strings.Contains(got, "niemand") {
		t.Errorf("nobody is there: %q", got)
	}
	if err := b.store.SetAvailable(t.Context(), "anna", sitetest.Comune, time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	offer := page(t, b.get(private), 200)
	if got := words(has(t, offer, 1, ".chat-offer h2")); got != "Jemand kann Ihnen jetzt antworten" {
		t.Errorf("offer %q", got)
	}
	if r := b.form(private, "step", "ask"); r.StatusCode != 303 || !strings.HasSuffix(r.Header.Get("Location"), "?lang=de#chat") {
		t.Errorf("%d %s", r.StatusCode, r.Header.Get("Location"))
	}
	has(t, page(t, b.form(private, "message", " "), 200), 1, "[role=alert]")
	long := page(t, b.form(private, "message", strings.Repeat("a", 2001)), 200)
	has(t, long, 1, "[role=alert]")
	if r := b.form(private, "message", "Ich bin anna@example.it"); r.StatusCode != 303 {
		t.Errorf("%d", r.StatusCode)
	}
	left, err := b.store.HandOvers(t.Context(), sitetest.Comune, "", "")
	if err != nil || len(left) != 1 {
		t.Fatal(left, err)
	}
	id := left[0].ID
	if err := b.store.JoinChat(t.Context(), sitetest.Comune, id, "Anna Bianchi", store.ActorSystem); err != nil {
		t.Fatal(err)
	}
	if err := b.desk.WriteBack(t.Context(), sitetest.Comune, id, "Guten Tag"); err != nil {
		t.Fatal(err)
	}
	doc := page(t, b.get(private), 200)
	if got := words(has(t, doc, 1, ".chat-log .theirs")); !strings.Contains(got, "Eine Person, URP") || !strings.Contains(got, "Guten Tag") || strings.Contains(got, "Anna") {
		t.Errorf("the office wrote %q", got)
	}
	if got := words(has(t, doc, 1, ".chat-log .mine .chat-text")); strings.Contains(got, "anna@") {
		t.Errorf("not masked: %q", got)
	}
	has(t, doc, 1, "#chat form textarea[name=message]")
	r := b.get(path + "/chat?lang=de")
	if r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Error("messages may be kept or found")
	}
	has(t, page(t, r, 200), 2, ".chat-log li")
	if err := b.store.EndChat(t.Context(), sitetest.Comune, id, "Anna Bianchi", store.ActorSystem); err != nil {
		t.Fatal(err)
	}
	over := page(t, b.get(private), 200)
	has(t, over, 0, "#chat form")
	has(t, over, 2, ".chat-log li")
	has(t, page(t, b.form(private, "message", "noch"), 200), 1, "[role=alert]")
	if text := b.log.String(); strings.Contains(text, "Guten Tag") || strings.Contains(text, strings.TrimPrefix(path, "/t/borgoprova/reply/")) {
		t.Error("the conversation or its address is in the log")
	}
}

// Switched off: nobody is asked, the notice and the offices stand in the place of an answer; an emergency is answered all the same.
func TestSwitchedOff(t *testing.T) {
	b := newBehind(t, sitetest.Quoted())
	off := func(c assistant.Closure) {
		t.Helper()
		changed := b.desk.Changed()
		c.Tenant = sitetest.Comune
		if err := b.store.SwitchOff(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		<-changed
	}
	off(assistant.Closure{Subject: "rifiuti", Notice: "Tariffe in revisione"})
	has(t, page(t, b.get("/t/borgoprova/"), 200), 0, ".closure")
	doc := page(t, b.ask("/t/borgoprova/", "Quando portano via i rifiuti?"), 200)
	if got := doc.Find(".refusal").Text(); !strings.Contains(got, "Tariffe in revisione") || doc.Find(".statement").Length() != 0 {
		t.Error(got)
	}
	if got := doc.Find(".answer-contacts .office").Text(); got != "Ufficio Ambiente" {
		t.Errorf("offices %q", got)
	}
	if len(b.asker.Asked) != 0 {
		t.Error("the documents were searched")
	}
	// The question says nothing of it, but the document that answers is about it.
	if doc := page(t, b.ask("/t/borgoprova/", "Quando apre?"), 200); doc.Find(".statement").Length() != 0 {
		t.Error("an answer from a document of the subject")
	}
	off(assistant.Closure{Notice: "Torniamo lunedì"})
	has(t, page(t, b.get("/t/borgoprova/"), 200), 1, ".closure")
	res := b.post(askPath, `{"question":"Come cambio residenza?"}`)
	var reply assistant.AnswerJSON
	if err := json.NewDecoder(res.Body).Decode(&reply); err != nil || reply.Reason != assistant.Closed || reply.Notice != "Torniamo lunedì" || reply.Language != "it" {
		t.Errorf("%+v %v", reply, err)
	}
	before := len(b.asker.Asked)
	page(t, b.ask("/t/borgoprova/", "Aiuto, sento odore di gas in casa"), 200)
	if len(b.asker.Asked) != before+1 {
		t.Error("an emergency is not answered")
	}
	for _, a := range b.kept(3) {
		if a.Reason == assistant.Closed && len(a.Statements) != 0 {
			t.Errorf("%+v", a)
		}
	}
}

// A running answer ends within a second of the switch, and what was shown of it is replaced.
func TestSwitchedOffWhileAnswering(t *testing.T) {
	b := newBehind(t, sitetest.Quoted())
	first := make(chan struct{})
	b.asker.Script = func(ctx context.Context, _ assistant.Question, emit func(assistant.Statement) error) (*assistant.Answer, error) {
		if err := emit(sitetest.Quoted().Statements[0]); err != nil {
			return nil, err
		}
		close(first)
		<-ctx.Done() // a slow model
		return nil, ctx.Err()
	}
	go func() {
		<-first
		if err := b.store.SwitchOff(context.Background(), assistant.Closure{Tenant: sitetest.Comune, Notice: "Sospeso"}); err != nil {
			t.Error(err)
		}
	}()
	r := httptest.NewRequest(http.MethodPost, "/t/borgoprova/", strings.NewReader("question=Quando+apre"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "text/event-stream")
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	if got := w.Body.String(); !strings.Contains(got, "event: statement") || !strings.Contains(got, `"replace":true`) || !strings.Contains(got, "Sospeso") {
		t.Error(got)
	}
}

func approvedAnswer() *assistant.Answer {
	a := &assistant.Approved{ID: "p1", Language: "it", Office: "Ufficio Ambiente", On: "2026-11-03", Text: "Il martedì e il sabato.\n\nServe la tessera.",
		Sources: []assistant.Citation{sitetest.Cite(sitetest.Hours, "2", 1)}}
	return &assistant.Answer{Status: assistant.Answered, Statements: a.Statements(), Approved: a, Confidence: 1}
}

func TestApprovedAnswerIsMarked(t *testing.T) {
	b := newBehind(t, approvedAnswer())
	doc := page(t, b.ask("/t/borgoprova/", "Quando apre?"), 200)
	has(t, doc, 2, ".statement .said")
	if got := doc.Find(".approved-note").Text(); !strings.Contains(got, "Risposta approvata da «Ufficio Ambiente», 3 novembre 2026.") {
		t.Errorf("%q", got)
	}
	has(t, doc, 1, ".sources blockquote")
	has(t, doc, 0, "[data-ai-generated]")
	if got := doc.Find(".made").Text(); !strings.Contains(got, "Parole dell'ufficio") {
		t.Error(got)
	}
	var reply assistant.AnswerJSON
	res := b.post(askPath, `{"question":"Quando apre?"}`)
	if res.Header.Get("X-AI-Generated") != "false" {
		t.Error("marked as written by a model")
	}
	if err := json.NewDecoder(res.Body).Decode(&reply); err != nil || reply.Approved == nil || reply.Approved.Office != "Ufficio Ambiente" || reply.Statements[0].Origin != assistant.FromOffice {
		t.Errorf("%+v %v", reply, err)
	}
}

// In a browser: the approved answer, thumbs and stars in place, a question left, and the switch.
func TestDeskInTheBrowser(t *testing.T) {
	b := newBehind(t, approvedAnswer())
	tab := browser(t, b.harness)
	check := axe(tab)
	tab.open("/t/borgoprova/?lang=it")
	tab.ask("Quando apre il centro di raccolta?")
	tab.until(`!!document.querySelector("#log .approved-note")`)
	tab.click(`#log .useful button[value="1"]`)
	tab.until(`!!document.querySelector("#log [data-rating] .rating-thanks")`)
	tab.click(`#log label[data-element="feedback-rate-5"]`)
	tab.until(`getComputedStyle(document.querySelector("#log .rating-good")).display !== "none"`)
	if eval[string](tab, `getComputedStyle(document.querySelector("#log .rating-bad")).display`) != "none" {
		t.Error("who is content is asked for difficulties")
	}
	tab.shot("opinion")
	check("an approved answer with stars")
	tab.click(`#log .rating-good .form-check:nth-of-type(1) label`)
	tab.click(`#log [data-rating] button[type=submit]`)
	tab.until(`!document.querySelector("#log [data-rating]") && !!document.querySelector("#log .rating-thanks")`)
	said, err := b.store.FeedbackCounts(t.Context(), sitetest.Comune, "", "")
	if err != nil || len(said) != 3 {
		t.Errorf("%+v %v", said, err)
	}
	tab.click(`#log .leave-button button`)
	tab.until(`!!document.querySelector(".leave-form")`)
	tab.do(chromedp.SendKeys("#leave-email", "anna@example.it"))
	tab.click(`.leave-form button[type=submit]`)
	tab.until(`!!document.querySelector(".reply-state")`)
	tab.shot("left")
	check("a question that was left")
	tab.open("/t/borgoprova/?lang=it")
	changed := b.desk.Changed()
	if err := b.store.SwitchOff(t.Context(), assistant.Closure{Tenant: sitetest.Comune, Notice: "Torniamo lunedì"}); err != nil {
		t.Fatal(err)
	}
	<-changed
	tab.ask("Quando apre?")
	if got := eval[string](tab, `document.querySelector("#log .refusal").textContent`); !strings.Contains(got, "Torniamo lunedì") {
		t.Error(got)
	}
	for _, lang := range []string{"ar", "de"} {
		tab.screen(320, 640)
		for _, path := range []string{"/t/borgoprova/", "/t/borgoprova/leave", "/t/borgoprova/feedback"} {
			tab.open(path + "?lang=" + lang)
			if wide := eval[int](tab, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
				t.Errorf("%s in %s is %d pixels too wide", path, lang, wide)
			}
			check(path + " in " + lang)
		}
	}
}
