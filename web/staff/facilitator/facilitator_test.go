package facilitator_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/locales"
	"sportello/web/site"
	"sportello/web/staff"
	"sportello/web/staff/facilitator"
	"sportello/web/staff/stafftest"
)

const base = "/staff/t/" + stafftest.Comune + "/facilitator"

const text = `Art. 1 Passo carrabile
Chiunque intende ottenere un passo carrabile può presentare domanda al Comune.
Alla domanda si allega:
a) copia della carta d'identità;
b) una marca da bollo da € 16,00.
La domanda si presenta all'ufficio protocollo oppure via PEC a protocollo@example.it.
Il richiedente paga il canone entro il 31 gennaio di ogni anno con l'avviso di pagamento pagoPA.
L'ufficio rilascia l'autorizzazione entro 30 giorni dalla domanda.
`

// asker answers with what the test wants.
type asker struct {
	answer func(q assistant.Question) *assistant.Answer
}

func (a *asker) Ask(_ context.Context, q assistant.Question, emit func(assistant.Statement) error) (*assistant.Answer, error) {
	out := a.answer(q)
	for _, s := range out.Statements {
		if err := emit(s); err != nil {
			return nil, err
		}
	}
	return out, nil
}

type house struct {
	*stafftest.House
	asker *asker
	doc   string
	now   time.Time
}

func part(t *testing.T, s *store.Store, a *asker, now func() time.Time) staff.Part {
	t.Helper()
	catalogue, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	p, err := facilitator.New(facilitator.Config{Store: s, Asker: a, Library: site.FromStore(s), Catalogue: catalogue, PublicURL: "https://sportello.example.it", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{asker: &asker{}, now: time.Now()}
	h.House = stafftest.New(t, func(s *store.Store) []staff.Part {
		return []staff.Part{part(t, s, h.asker, func() time.Time { return h.now })}
	})
	ctx := t.Context()
	if err := h.Store.PutOffices(ctx, stafftest.Comune, []store.Office{{Name: "Polizia locale", Subjects: []string{"passo carrabile"}, Phone: "02 123456"}}); err != nil {
		t.Fatal(err)
	}
	r, err := h.Store.Put(ctx, stafftest.Comune, &ingest.Document{
		Source: "a/passo.txt", Title: "Scheda passo carrabile", Kind: ingest.Scheda, Format: "text", Language: "it", Visibility: ingest.Public, Text: text,
		PageStarts: []int{0}, Pages: 1, Sections: []ingest.Section{{Kind: ingest.SecArticle, Number: "1", Rubric: "Passo carrabile", EID: "art_1", End: len(text), Parent: -1}},
	}, []ingest.Chunk{{Section: -1, End: len(text)}}, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	h.doc = r.ID
	h.asker.answer = func(assistant.Question) *assistant.Answer { return h.quote("sq") }
	return h
}

// quote is an answer in the document's words.
func (h *house) quote(language string) *assistant.Answer {
	said := "Il richiedente paga il canone entro il 31 gennaio di ogni anno con l'avviso di pagamento pagoPA."
	at := strings.Index(text, said)
	return &assistant.Answer{
		Status: assistant.Quoted, Language: language,
		Statements: []assistant.Statement{{Text: said, Origin: assistant.FromDocument, Citations: []assistant.Citation{{
			DocumentID: h.doc, Title: "Scheda passo carrabile", Article: "1", Page: 1, Start: at, End: at + len(said), Quote: said,
		}}}},
		Contacts: []assistant.Contact{{Office: "Polizia locale", Subjects: []string{"passo carrabile"}, Phone: "02 123456"}},
	}
}

// begin starts a visit and gives its address.
func begin(c *stafftest.Client, language string) string {
	return c.Post(base+"/start", "language", language, "point", "Comune di Borgoprova").Is(http.StatusSeeOther).Header.Get("Location")
}

func TestMatrix(t *testing.T) {
	stafftest.Matrix(t, func(s *store.Store) []staff.Part { return []staff.Part{part(t, s, &asker{}, nil)} })
}

func TestVisit(t *testing.T) {
	h := open(t)
	c := h.As(access.Facilitator, stafftest.Comune)
	if got := c.Get("/staff/facilitator").Is(http.StatusSeeOther).Header.Get("Location"); got != base {
		t.Errorf("/staff/facilitator leads to %q", got)
	}
	c.Get(base).Is(http.StatusOK)
	at := begin(c, "sq")
	if at == "" || !strings.HasPrefix(at, base+"/visits/") {
		t.Fatalf("the visit is at %q", at)
	}
	var asked assistant.Question
	h.asker.answer = func(q assistant.Question) *assistant.Answer {
		asked = q
		return h.quote("sq")
	}
	c.Post(at+"/ask", "question", "Kur paguhet? Jam Mario Rossi, RSSMRA85T10A562S", "key", "1").Is(http.StatusSeeOther)
	if strings.Contains(asked.Text, "RSSMRA85T10A562S") {
		t.Errorf("the assistant was told %q", asked.Text)
	}
	if asked.PageLanguage != "sq" {
		t.Errorf("asked in %q", asked.PageLanguage)
	}
	page := c.Get(at).Is(http.StatusOK).Page()
	if got := page.Find(".half").Length(); got != 2 {
		t.Fatalf("%d sides", got)
	}
	italian, person := page.Find(".half").Eq(0), page.Find(".half.person")
	if got := person.AttrOr("lang", ""); got != "sq" {
		t.Errorf("the person's side is in %q", got)
	}
	for _, side := range []string{italian.Find("blockquote").Text(), person.Find("blockquote").Text()} {
		if side != "Il richiedente paga il canone entro il 31 gennaio di ogni anno con l'avviso di pagamento pagoPA." {
			t.Errorf("quote %q", side)
		}
	}
	if person.Find("blockquote").AttrOr("lang", "") != "it" || !strings.Contains(person.Text(), "Nga dokumenti, në italisht") {
		t.Errorf("the quote is not marked as Italian: %s", person.Text())
	}
	if got := person.Find(".term-list dt").Text(); !strings.Contains(got, "pagoPA") {
		t.Errorf("terms %q", got)
	}
	// The same form a second time, as a poor line sends it: nothing is asked again.
	asked = assistant.Question{}
	r := c.Request(http.MethodPost, at+"/ask", strings.NewReader("question=Kur+paguhet%3F+Jam+Mario+Rossi%2C+RSSMRA85T10A562S&key=1"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Piece", "1")
	r.Header.Set("X-CSRF-Token", c.Token())
	if piece := c.Do(r).Is(http.StatusOK); piece.Page().Find(".visit-turn").Length() != 1 || strings.Contains(piece.Text, "<html") || asked.Text != "" {
		t.Errorf("asked again %q: %s", asked.Text, piece.Text)
	}
	c.Post(at+"/ask", "question", " ").Is(http.StatusUnprocessableEntity)

	screen := c.Get(at + "/screen").Is(http.StatusOK)
	if html := screen.Page().Find("html"); html.AttrOr("lang", "") != "sq" || screen.Header.Get("Content-Language") != "sq" || html.Find("nav, form").Length() > 0 {
		t.Error("the screen is not the person's alone")
	}
	c.Get(at + "/screen?turn=9").Is(http.StatusNotFound)

	// In Arabic the same visit is read from right to left.
	c.Post(at+"/language", "language", "ar").Is(http.StatusSeeOther)
	if got := c.Get(at+"/screen?turn=1").Is(http.StatusOK).Page().Find("html").AttrOr("dir", ""); got != "rtl" {
		t.Errorf("the Arabic screen is %q", got)
	}
	c.Post(at+"/language", "language", "xx").Is(http.StatusUnprocessableEntity)

	// It is this facilitator's alone.
	h.As(access.Clerk, stafftest.Comune).Get(at).Is(http.StatusNotFound)

	c.Get(at + "/end").Is(http.StatusOK)
	c.Post(at+"/end", "subject", "inventata", "outcome", "solved").Is(http.StatusUnprocessableEntity)
	c.Post(at+"/end", "subject", "passo carrabile", "outcome", "form").Is(http.StatusSeeOther)
	c.Get(at).Is(http.StatusNotFound)
	counts, err := h.Store.VisitCounts(t.Context(), stafftest.Comune, "", "")
	if err != nil || len(counts) != 1 || counts[0].Language != "ar" || counts[0].Questions != 1 || counts[0].N != 1 || counts[0].Outcome != "form" {
		t.Errorf("%+v, %v", counts, err)
	}
	c.Get(base + "/statistics").Is(http.StatusOK)
	table := c.Get(base + "/statistics/csv").Is(http.StatusOK).Text
	if want := h.now.Format("2006-01") + ";Comune di Borgoprova;ar;passo carrabile;Modulo o foglio consegnato;1;1"; !strings.Contains(table, want) {
		t.Errorf("the table lacks %q:\n%s", want, table)
	}
	if asked, _, err := h.Store.AskedList(t.Context(), stafftest.Comune, assistant.AskedFilter{Limit: 10}); err != nil || len(asked) != 0 {
		t.Errorf("%d questions of a visit were recorded, %v", len(asked), err)
	}
}

// A visit that nobody touches is forgotten.
func TestForgotten(t *testing.T) {
	h := open(t)
	c := h.As(access.Facilitator, stafftest.Comune)
	at := begin(c, "it")
	h.now = h.now.Add(2 * time.Hour)
	if page := c.Get(at).Is(http.StatusOK).Page(); page.Find(".empty").Length() != 1 {
		t.Error("an empty visit does not say what to do")
	}
	h.now = h.now.Add(4 * time.Hour)
	c.Get(at).Is(http.StatusNotFound)
}

// A server that was restarted knows no visit: the tab opens its own again under the address it had, nobody else's, and nothing else.
func TestResumed(t *testing.T) {
	h := open(t)
	c := h.As(access.Facilitator, stafftest.Comune)
	at := begin(c, "sq")
	c.Post(at+"/ask", "question", "Kur paguhet?", "key", "1").Is(http.StatusSeeOther)
	h.now = h.now.Add(4 * time.Hour) // forgotten, as after a restart
	page := c.Get(at).Is(http.StatusNotFound).Page()
	if got := page.Find("form[action$='/resume'] input[name=point]").Length(); got != 1 {
		t.Errorf("the page of a lost visit has %d forms that open it again", got)
	}
	c.Post(at+"/resume", "language", "xx", "point", "Comune di Borgoprova").Is(http.StatusUnprocessableEntity)
	c.Post(base+"/visits/some-other-thing/resume", "language", "sq", "point", "x").Is(http.StatusNotFound)
	c.Post(at+"/resume", "language", "sq", "point", "a point that is gone").Is(http.StatusSeeOther)
	if got := c.Get(at).Is(http.StatusOK).Page().Find(".visit-place").Text(); got != "Comune di Borgoprova" {
		t.Errorf("resumed at %q", got)
	}
	c.Post(at+"/ask", "question", "Kur paguhet?", "key", "1").Is(http.StatusSeeOther)
	c.Post(at+"/resume", "language", "it", "point", "Comune di Borgoprova").Is(http.StatusSeeOther)
	if page := c.Get(at).Is(http.StatusOK).Page(); page.Find("[data-turn]").Length() != 1 || page.Find(".half.person").AttrOr("lang", "") != "sq" {
		t.Error("resuming an open visit changed it")
	}
	other := h.As(access.Clerk, stafftest.Comune)
	other.Post(at+"/resume", "language", "sq", "point", "Comune di Borgoprova").Is(http.StatusNotFound)
}

func TestTranslated(t *testing.T) {
	h := open(t)
	h.asker.answer = func(assistant.Question) *assistant.Answer {
		a := h.quote("uk")
		a.Status, a.Statements[0].Origin, a.Statements[0].Translated, a.Statements[0].Text = assistant.Answered, assistant.FromModel, true, "Заявник сплачує до 31 січня."
		return a
	}
	c := h.As(access.Facilitator, stafftest.Comune)
	at := begin(c, "uk")
	c.Post(at+"/ask", "question", "Коли платити?").Is(http.StatusSeeOther)
	page := c.Get(at).Is(http.StatusOK).Page()
	if got := page.Find(".half.person .said").Text(); got != "Заявник сплачує до 31 січня." {
		t.Errorf("said %q", got)
	}
	if page.Find(".half").Eq(0).Find(".said").Length() != 0 || page.Find(".half").Eq(0).Find("blockquote").Length() != 1 {
		t.Error("the Italian side has words that are not Italian")
	}
	// In another language the translation is nobody's.
	c.Post(at+"/language", "language", "zh").Is(http.StatusSeeOther)
	if c.Get(at).Page().Find(".said").Length() != 0 {
		t.Error("a Ukrainian sentence is shown as Chinese")
	}
}

func TestRefusedVisit(t *testing.T) {
	h := open(t)
	c := h.As(access.Facilitator, stafftest.Comune)
	at := begin(c, "ro")
	for _, reason := range []assistant.Reason{assistant.NoSource, assistant.Emergency, assistant.PersonalDecision} {
		h.asker.answer = func(assistant.Question) *assistant.Answer {
			return &assistant.Answer{Status: assistant.Refused, Reason: reason, Language: "ro"}
		}
		c.Post(at+"/ask", "question", "De ce? "+string(reason)).Is(http.StatusSeeOther)
		if page := c.Get(at).Is(http.StatusOK).Page(); page.Find(".visit-turn").First().Find(".refusal").Length() != 2 {
			t.Errorf("%s is not said on both sides", reason)
		}
		c.Get(at + "/screen").Is(http.StatusOK)
	}
}

func TestSteps(t *testing.T) {
	h := open(t)
	c := h.As(access.Facilitator, stafftest.Comune)
	at := begin(c, "ar")
	c.Get(at + "/find?q=passo").Is(http.StatusOK)
	if found := c.Get(at + "/find?q=passo").Page().Find(".find-list a"); found.Length() != 1 {
		t.Errorf("%d documents found", found.Length())
	}
	page := c.Get(at + "/steps?document=" + h.doc).Is(http.StatusOK).Page()
	if got := page.Find(".step-list > li").Length(); got != 7 {
		t.Fatalf("%d headings", got)
	}
	for i, want := range []string{"può presentare domanda", "copia della carta d'identità", "ufficio protocollo", "31 gennaio", "€ 16,00", "entro 30 giorni"} {
		if got := page.Find(".step-list > li").Eq(i).Text(); !strings.Contains(got, want) {
			t.Errorf("heading %d lacks %q: %s", i, want, got)
		}
	}
	if got := page.Find(".step-list > li").Eq(6).Find(".silent").Text(); !strings.Contains(got, "I documenti non lo dicono") {
		t.Errorf("what the document does not say: %q", got)
	}
	page.Find(".step-list blockquote").Each(func(_ int, s *goquery.Selection) {
		words := s.Clone()
		words.Find("ul").Remove()
		if !strings.Contains(text, words.Text()) {
			t.Errorf("not literal: %q", words.Text())
		}
	})
	if got := page.Find("section.panel a[href='https://www.pagopa.gov.it/']").Length(); got != 1 {
		t.Errorf("pagoPA is linked %d times", got)
	}
	sheet := c.Get(at + "/print?document=" + h.doc).Is(http.StatusOK)
	if html := sheet.Page().Find("html"); html.AttrOr("dir", "") != "rtl" || !strings.Contains(sheet.Text, "ما يجب إحضاره أو إرفاقه") || !strings.Contains(sheet.Text, "Che cosa portare o allegare") {
		t.Error("the sheet is not in both languages")
	}
	if !strings.Contains(sheet.Text, "https://sportello.example.it/t/borgoprova/documents/"+h.doc+"?lang=ar") || !strings.HasPrefix(sheet.Page().Find("img").AttrOr("src", ""), "data:image/svg+xml;base64,") {
		t.Error("no QR code of the document")
	}
	c.Get(at + "/steps?document=none").Is(http.StatusNotFound)
}

func TestNotes(t *testing.T) {
	h := open(t)
	c := h.As(access.Facilitator, stafftest.Comune)
	at := begin(c, "it")
	back := c.Post(base+"/notes", "document", h.doc, "visit", at[strings.LastIndex(at, "/")+1:], "text", "Si ritira il giovedì; la signora ha il numero 333 1234567").Is(http.StatusSeeOther).Header.Get("Location")
	if !strings.HasPrefix(back, at+"/steps?") {
		t.Errorf("goes on to %q", back)
	}
	note := c.Get(back).Is(http.StatusOK).Page().Find(".visit-note").Text()
	if !strings.Contains(note, "Si ritira il giovedì") || strings.Contains(note, "1234567") {
		t.Errorf("note %q", note)
	}
	c.Post(base+"/notes", "document", h.doc, "text", strings.Repeat("x", 501)).Is(http.StatusUnprocessableEntity)
	c.Post(base+"/notes", "document", "none", "text", "x").Is(http.StatusNotFound)
	action, _ := c.Get(base + "/notes").Is(http.StatusOK).Page().Find("td form").Attr("action")
	c.Post(action).Is(http.StatusSeeOther)
	c.Post(action).Is(http.StatusNotFound)
	if left, err := h.Store.VisitNotes(t.Context(), stafftest.Comune, ""); err != nil || len(left) != 0 {
		t.Errorf("%v, %v", left, err)
	}
}

func TestSettings(t *testing.T) {
	h := open(t)
	c := h.As(access.Tenant, stafftest.Comune)
	set := func(key, value string) {
		t.Helper()
		if err := h.Store.PutSetting(t.Context(), store.ActorCommand, stafftest.Comune, key, value); err != nil {
			t.Fatal(err)
		}
	}
	set(facilitator.PointsSetting, "Biblioteca\nCentro civico")
	set(site.SettingTerms, "canone = La somma che si paga al nostro Comune.")
	points := c.Get(base).Is(http.StatusOK).Page().Find("#f-point option")
	if points.Length() != 2 || points.First().Text() != "Biblioteca" {
		t.Errorf("points %q", points.Text())
	}
	c.Post(base+"/start", "language", "it", "point", "Altrove").Is(http.StatusUnprocessableEntity)
	at := c.Post(base+"/start", "language", "it", "point", "Biblioteca").Is(http.StatusSeeOther).Header.Get("Location")
	h.asker.answer = func(assistant.Question) *assistant.Answer { return h.quote("it") }
	c.Post(at+"/ask", "question", "Quando si paga?").Is(http.StatusSeeOther)
	page := c.Get(at).Page()
	if got := page.Find(".term-list").Text(); !strings.Contains(got, "La somma che si paga al nostro Comune.") || page.Find(".half").Length() != 1 {
		t.Errorf("the comune's own term is not there: %q", got)
	}
	// Somebody with several places chooses.
	if got := h.As(access.Facilitator, stafftest.Unione).Get("/staff/facilitator").Is(http.StatusOK).Page().Find(".tenant-list a").Length(); got != 3 {
		t.Errorf("%d places", got)
	}
	if h.As(access.Auditor, stafftest.Comune).Get("/staff/facilitator").Is(http.StatusOK).Page().Find(".empty").Length() != 1 {
		t.Error("an auditor is offered a visit")
	}
}
