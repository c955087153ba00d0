package questions_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/desk"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/locales"
	"sportello/web/site"
	"sportello/web/staff"
	"sportello/web/staff/questions"
	"sportello/web/staff/stafftest"
)

// post is a mail server that takes everything.
type post struct{ to []string }

func (p *post) Send(_ context.Context, _, to, _, _ string) error {
	p.to = append(p.to, to)
	return nil
}

type house struct {
	*stafftest.House
	desk *desk.Desk
	post *post
	doc  string
}

func counter(t *testing.T, s *store.Store, sender desk.Sender) *desk.Desk {
	t.Helper()
	catalogue, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	d, err := desk.New(desk.Config{
		Records: s, Catalogue: catalogue, Sender: sender,
		Tenants: func(context.Context) (map[string]string, error) {
			return map[string]string{stafftest.Comune: "Comune di Borgoprova"}, nil
		},
		SourceText: func(ctx context.Context, tenant, id string) (string, error) {
			l := site.FromStore(s)
			d, err := l.Document(ctx, tenant, id)
			if err != nil {
				return "", err
			}
			if d.Superseded {
				return "", fault.New(fault.NotFound, "repealed")
			}
			c, err := l.Content(ctx, tenant, id)
			if err != nil {
				return "", err
			}
			return c.Text, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{post: &post{}}
	h.House = stafftest.New(t, func(s *store.Store) []staff.Part {
		h.desk = counter(t, s, h.post)
		return []staff.Part{part(t, s, h.desk)}
	})
	if err := h.Store.PutOffices(t.Context(), stafftest.Comune, []store.Office{
		{Name: "URP", Email: "urp@example.it"}, {Name: "Ufficio Tributi", Subjects: []string{"TARI"}},
	}); err != nil {
		t.Fatal(err)
	}
	const text = "Art. 1 Orari\nIl centro di raccolta è aperto il martedì\ndalle 9 alle 12.\n"
	r, err := h.Store.Put(t.Context(), stafftest.Comune, &ingest.Document{
		Source: "a/tari.txt", Title: "Regolamento TARI", Kind: ingest.Regolamento, Format: "text", Language: "it", Visibility: ingest.Public, Text: text,
		PageStarts: []int{0}, Sections: []ingest.Section{{Kind: ingest.SecArticle, Number: "1", EID: "art_1", Start: 0, End: len(text), Parent: -1}},
	}, []ingest.Chunk{{Section: -1, End: len(text)}}, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	h.doc = r.ID
	return h
}

func part(t *testing.T, s *store.Store, d *desk.Desk) staff.Part {
	t.Helper()
	p, err := questions.New(questions.Config{Store: s, Library: site.FromStore(s), Desk: d})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (h *house) ask(id, question string, change ...func(*assistant.Asked)) {
	h.T.Helper()
	a := assistant.Asked{
		ID: id, Tenant: stafftest.Comune, At: time.Now(), Language: "it", Subject: "TARI", Office: "URP", Status: assistant.Quoted, Confidence: .9, Question: question,
		Statements: []assistant.StatementJSON{{Text: "Il martedì.", Origin: assistant.FromDocument, Citations: []assistant.CitationJSON{{DocumentID: h.doc, Title: "Regolamento TARI", Article: "1", Quote: "aperto il martedì"}}}},
		Passages:   []assistant.PassageJSON{{DocumentID: h.doc, Title: "Regolamento TARI", Article: "1", Page: 1, Score: .8, Text: "Il centro"}},
	}
	for _, f := range change {
		f(&a)
	}
	if err := h.Store.AddAsked(h.T.Context(), a, true); err != nil {
		h.T.Fatal(err)
	}
}

func unanswered(a *assistant.Asked) {
	a.Status, a.Reason, a.Confidence, a.Statements = assistant.Refused, assistant.NoSource, .2, nil
}

const base = "/staff/t/" + stafftest.Comune + "/"

func TestMatrix(t *testing.T) {
	stafftest.Matrix(t, func(s *store.Store) []staff.Part { return []staff.Part{part(t, s, counter(t, s, nil))} })
}

// Every reason, outcome and opinion has words: a key without a message would show itself.
func TestEveryQuestionCanBeShown(t *testing.T) {
	h := open(t)
	c := h.As(access.Editor, stafftest.Comune)
	if got := c.Get(base + "questions").Is(200); !strings.Contains(got.Text, "Non c&#39;è ancora nessuna domanda") {
		t.Error("no empty state")
	}
	for i, reason := range []assistant.Reason{
		assistant.NoSource, assistant.OutOfScope, assistant.PersonalDecision, assistant.Unsafe, assistant.OtherComune, assistant.Overloaded, assistant.Closed, assistant.Emergency,
	} {
		h.ask(fmt.Sprint("r", i), "Domanda "+string(reason)+"?", func(a *assistant.Asked) { unanswered(a); a.Reason = reason })
	}
	h.ask("weak", "Poco sicura?", func(a *assistant.Asked) { a.Confidence = .6; a.Language = "en"; a.Understood = "Del tutto?" })
	h.ask("approved", "Approvata?", func(a *assistant.Asked) { a.Approved = "p"; a.Statements[0].Origin = assistant.FromOffice })
	h.ask("model", "Modello?", func(a *assistant.Asked) { a.Statements[0].Origin = assistant.FromModel; a.Subject = "" })
	for _, list := range [][]string{assistant.FeedbackReasons.Positive, assistant.FeedbackReasons.Negative} {
		for i, reason := range list {
			if err := h.Store.AddFeedback(t.Context(), assistant.Feedback{Tenant: stafftest.Comune, Question: "model", At: time.Now(), Reason: reason, Rate: i + 1, Useful: i%3 - 1, Text: "bene <b>"}, true); err != nil {
				t.Fatal(err)
			}
		}
	}
	paths := []string{"questions", "questions/clusters", "questions/clusters?what=weak", "questions/clusters?what=disliked", "questions/trends", "questions/trends?weeks=4", "answers", "answers/new", "handovers", "handovers?state=closed", "handovers?state=answered", "switch", ""}
	for i := range 8 {
		paths = append(paths, fmt.Sprint("questions/r", i))
	}
	admin := h.As(access.Tenant, stafftest.Comune)
	for _, path := range append(paths, "questions/weak", "questions/approved", "questions/model", "questions?what=disliked", "questions?what=weak&language=en&subject=TARI", "questions?subject=-&words=mod", "questions?from=2026-01-01&to=oggi&page=9") {
		got := admin.Get(base + path).Is(200)
		main := got.Page().Find("main").Text()
		for _, bad := range []string{"questions_", "answers_", "handovers_", "switch_", "rate_", "<no value>", "%!"} {
			if strings.Contains(main, bad) {
				t.Errorf("%s: %q on the page:\n%s", path, bad, main)
			}
		}
		if strings.Contains(got.Text, "bene <b>") {
			t.Errorf("%s: what somebody wrote is HTML", path)
		}
	}
	if got := admin.Get(base + "questions?words=zzz").Is(200); !strings.Contains(got.Text, "Nessuna domanda con questi filtri") {
		t.Error("no empty state for the filter")
	}
	if got := admin.Get(base + "questions?what=disliked").Page().Find(".questions-table tbody tr").Length(); got != 1 {
		t.Errorf("%d disliked", got)
	}
	admin.Get(base + "questions/none").Is(404)
	if h.As(access.Auditor, stafftest.Comune).Get(base+"questions/model").Is(200).Page().Find("form[action*=mark]").Length() != 0 {
		t.Error("an auditor is offered to change things")
	}
}

func TestMark(t *testing.T) {
	h := open(t)
	h.ask("q1", "Quanto pago?", unanswered)
	c := h.As(access.Editor, stafftest.Comune)
	c.Post(base+"questions/q1/mark", "office", "Ufficio Tributi", "seen", "1").Is(303)
	a, err := h.Store.Asked(t.Context(), stafftest.Comune, "q1")
	if err != nil || !a.Done || a.Assigned != "Ufficio Tributi" {
		t.Errorf("%+v %v", a, err)
	}
	c.Post(base+"questions/q1/mark", "office", "Nessuno").Is(422)
	if n := c.Get(base + "questions?what=unanswered&open=1").Is(200).Page().Find(".questions-table").Length(); n != 0 {
		t.Error("a question that was looked at still waits")
	}
}

func TestExports(t *testing.T) {
	h := open(t)
	h.ask("q1", "=HYPERLINK(1)")
	h.ask("q2", "Altra?", unanswered)
	c := h.As(access.Clerk, stafftest.Comune)
	got := c.Get(base + "questions/export/csv?what=answered").Is(200)
	rows, err := csv.NewReader(strings.NewReader(got.Text)).ReadAll()
	if err != nil || len(rows) != 2 || !strings.Contains(got.Text, "'=HYPERLINK") || !strings.Contains(got.Header.Get("Content-Disposition"), "domande.csv") {
		t.Errorf("%v %q", err, got.Text)
	}
	var list []assistant.Asked
	if err := json.Unmarshal([]byte(c.Get(base+"questions/export/json").Is(200).Text), &list); err != nil || len(list) != 2 {
		t.Errorf("%v %v", list, err)
	}
	if err := json.Unmarshal([]byte(c.Get(base+"questions/export/json?words=zzz").Is(200).Text), &list); err != nil {
		t.Error(err)
	}
	var trends []desk.Trend
	if err := json.Unmarshal([]byte(c.Get(base+"questions/trends/json?by=subject").Is(200).Text), &trends); err != nil || len(trends) != 1 || trends[0].Asked != 2 {
		t.Errorf("%v %v", trends, err)
	}
	if got := c.Get(base + "questions/trends/csv").Is(200).Text; !strings.Contains(got, "-W") {
		t.Error(got)
	}
	c.Get(base + "questions/export/xls").Is(404)
	c.Get(base + "questions/trends/xls").Is(404)
}

// From a question to an approved answer that is given, and no longer given when its source is repealed.
func TestApprovedAnswer(t *testing.T) {
	h := open(t)
	h.ask("q1", "Quando apre il centro di raccolta?")
	h.ask("q2", "Dove?", unanswered)
	c := h.As(access.Editor, stafftest.Comune)
	form := c.Get(base + "answers/new?question=q1").Is(200).Page()
	if got := form.Find("#f-question").AttrOr("value", ""); got != "Quando apre il centro di raccolta?" {
		t.Errorf("question %q", got)
	}
	if got := form.Find("#quote0").Text(); got != "aperto il martedì" {
		t.Errorf("quote %q", got)
	}
	if got := c.Get(base+"answers/new?question=q2").Is(200).Page().Find("#document0 option[selected]").AttrOr("value", ""); got != h.doc {
		t.Errorf("document %q", got)
	}
	expires := time.Now().AddDate(0, 6, 0).Format(time.DateOnly)
	good := []string{"asked", "q1", "question", "Quando apre il centro di raccolta?", "wordings", "orari del centro di raccolta\r\n\r\n", "text", "Il martedì mattina.",
		"office", "Ufficio Tributi", "expires", expires, "language", "it", "document0", h.doc, "quote0", "«è aperto il martedì dalle 9 alle 12»"}
	with := func(pairs ...string) []string {
		out := append([]string{}, good...)
		for i := 0; i < len(pairs); i += 2 {
			for j := 0; j < len(out); j += 2 {
				if out[j] == pairs[i] {
					out[j+1] = pairs[i+1]
				}
			}
		}
		return out
	}
	for name, pairs := range map[string][]string{
		"no question": {"question", " "}, "no text": {"text", ""}, "no office": {"office", ""}, "expired": {"expires", "2020-01-01"}, "no day": {"expires", "domani"},
		"no source": {"quote0", ""}, "words that are not there": {"quote0", "aperto la domenica"}, "no such document": {"document0", "none"},
	} {
		got := c.Post(base+"answers/save", with(pairs...)...).Is(422)
		if got.Page().Find(".problem").Length() == 0 || got.Page().Find("#f-question").Length() == 0 {
			t.Errorf("%s: what is wrong is not said", name)
		}
	}
	c.Post(base+"answers/save", good...).Is(303)
	given := func() *assistant.Approved {
		t.Helper()
		a, err := h.desk.Approved(t.Context(), assistant.Question{Tenant: stafftest.Comune, Language: "it", Text: "Salve, orari del centro di raccolta?"})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	a := given()
	if a == nil || a.Sources[0].Article != "1" || a.Sources[0].Page != 1 || a.Sources[0].EID != "art_1" || a.Sources[0].Quote != "è aperto il martedì\ndalle 9 alle 12" {
		t.Fatalf("%+v", a)
	}
	if q, err := h.Store.Asked(t.Context(), stafftest.Comune, "q1"); err != nil || !q.Done {
		t.Errorf("the question still waits: %v", err)
	}
	list := c.Get(base + "answers").Is(200).Page()
	if !strings.Contains(list.Find("table").Text(), "in uso") {
		t.Error(list.Find("table").Text())
	}
	edit := c.Get(base + "answers/" + a.ID).Is(200).Page()
	if !strings.Contains(edit.Find("#quote0").Text(), "martedì") {
		t.Error("the source is not in the form")
	}
	c.Post(base+"answers/save", with("text", "Il martedì, dalle 9 alle 12.")...).Is(303)
	if got := c.Post(base+"answers/save", with("text", "Costa 35 euro.")...).Is(422); !strings.Contains(got.Page().Find(".problem").Text(), "35") {
		t.Error("a number that no source has is not seen")
	}
	c.Post(base+"answers/save", append(with("text", "Costa 35 euro."), "sure", "1")...).Is(303)
	c.Post(base+"answers/save", append(with("text", "Cambiata."), "id", a.ID)...).Is(303)
	c.Post(base+"answers/save", append(with(), "id", "none")...).Is(404)
	c.Post(base + "answers/" + a.ID + "/withdraw").Is(303)
	c.Post(base+"answers/"+a.ID+"/withdraw", "back", "1").Is(303)
	if given() == nil {
		t.Error("not given after it was brought back")
	}
	if err := h.Store.Repeal(t.Context(), stafftest.Comune, h.doc, "prova"); err != nil {
		t.Fatal(err)
	}
	if given() != nil {
		t.Error("given though its source is repealed")
	}
	if got := c.Get(base + "answers").Is(200).Page().Find(".badge.bad").First().Text(); got != "fonte non più in vigore" {
		t.Errorf("the editor is told %q", got)
	}
	if got := c.Get(base + "answers/" + a.ID).Is(200).Page().Find(".alert-warning").Text(); !strings.Contains(got, "non viene data") {
		t.Errorf("%q", got)
	}
}

func TestHandOver(t *testing.T) {
	h := open(t)
	h.ask("q1", "Quanto pago?", unanswered)
	left := func(text, email string) *assistant.HandOver {
		t.Helper()
		one, err := h.desk.Leave(t.Context(), assistant.HandOver{Tenant: stafftest.Comune, Office: "URP", Language: "it", Asked: "q1", Text: text, Email: email})
		if err != nil {
			t.Fatal(err)
		}
		return one
	}
	one, two := left("Quanto pago?", "anna@example.it"), left("Scherzo", "")
	c := h.As(access.Clerk, stafftest.Comune)
	page := c.Get(base + "handovers/" + one.ID).Is(200)
	if strings.Contains(page.Text, "anna@example.it") || strings.Contains(page.Text, one.Token) {
		t.Error("the address or the private link is shown")
	}
	if rows := c.Get(base + "handovers").Is(200).Page().Find("tbody tr").Length(); rows != 2 {
		t.Errorf("%d rows", rows)
	}
	if got := c.Get(base).Is(200).Page().Find(".alert-tile .tile-number").First().Text(); got != "2" {
		t.Errorf("tile %q", got)
	}
	c.Post(base+"handovers/"+one.ID+"/answer", "reply", " ").Is(422)
	long := c.Post(base+"handovers/"+one.ID+"/answer", "reply", strings.Repeat("à", desk.MostReply+1)).Is(422)
	if len(long.Page().Find("#f-reply").Text()) < desk.MostReply {
		t.Error("the reply that was too long is lost")
	}
	c.Post(base+"handovers/"+one.ID+"/move", "office", "Ufficio Tributi").Is(303)
	c.Post(base+"handovers/"+one.ID+"/answer", "reply", "Cinquanta euro.").Is(303)
	c.Post(base+"handovers/"+one.ID+"/answer", "reply", "Anzi no.").Is(409)
	c.Post(base + "handovers/" + two.ID + "/close").Is(303)
	c.Get(base + "handovers/" + two.ID).Is(200)
	if _, err := h.desk.SendMail(t.Context()); err != nil {
		t.Fatal(err)
	}
	if last := h.post.to[len(h.post.to)-1]; last != "anna@example.it" {
		t.Errorf("mail to %v", h.post.to)
	}
	if got := c.Get(base + "handovers/" + one.ID).Is(200).Page().Find("main").Text(); !strings.Contains(got, "Cinquanta euro.") || !strings.Contains(got, "partito") {
		t.Error(got)
	}
	read, err := h.desk.Left(t.Context(), stafftest.Comune, one.Token)
	if err != nil || read.Reply != "Cinquanta euro." {
		t.Errorf("%+v %v", read, err)
	}
	entries, err := h.Store.Audit(t.Context(), store.AuditFilter{Tenants: []string{stafftest.Comune}})
	if err != nil {
		t.Fatal(err)
	}
	var actions []string
	for _, e := range entries {
		actions = append(actions, e.Action)
		if strings.Contains(e.Note+e.Object, "Cinquanta") {
			t.Error("the reply is in the audit log")
		}
	}
	if got := strings.Join(actions, " "); !strings.Contains(got, "handover.close handover.answer handover.move") {
		t.Error(got)
	}
}

func TestSwitch(t *testing.T) {
	h := open(t)
	c := h.As(access.Segretario, stafftest.Comune)
	c.Post(base+"switch/off", "what", "subject", "subject", " ").Is(422)
	c.Post(base+"switch/off", "what", "all", "notice", strings.Repeat("x", 501)).Is(422)
	c.Post(base+"switch/off", "what", "subject", "subject", "TARI", "notice", "In revisione").Is(303)
	c.Post(base+"switch/off", "what", "all", "notice", "Chiuso").Is(303)
	page := c.Get(base + "switch").Is(200).Page()
	if n := page.Find(".switch-off").Length(); n != 2 {
		t.Errorf("%d things are off", n)
	}
	if h.desk.Closed(t.Context(), stafftest.Comune, "Come va?", "it", nil) == nil {
		t.Error("it answers")
	}
	c.Post(base+"switch/on", "subject", "TARI").Is(303)
	c.Post(base+"switch/on", "subject", "").Is(303)
	c.Post(base+"switch/on", "subject", "").Is(303)
	all, err := h.Store.Closures(t.Context())
	if err != nil || len(all) != 0 {
		t.Errorf("%+v %v", all, err)
	}
	if entries, err := h.Store.Audit(t.Context(), store.AuditFilter{Action: "assistant.off"}); err != nil || len(entries) != 2 {
		t.Errorf("%+v %v", entries, err)
	}
}

// What answers took is shown and told, per answer, and that it is an estimate when it is one.
func TestEnergyOfAnswers(t *testing.T) {
	h := open(t)
	h.ask("q1", "Quando si paga?")
	c := h.As(access.Clerk, stafftest.Comune)
	if got := c.Get(base + "questions/trends").Is(200).Text; strings.Contains(got, "Energia e costo") {
		t.Error("energy is shown before any is known")
	}
	add := func(e assistant.Energy) {
		t.Helper()
		if err := h.Store.AddEnergy(t.Context(), stafftest.Comune, e); err != nil {
			t.Fatal(err)
		}
	}
	add(assistant.Energy{Answers: 4, CPU: 2 * time.Second, Joules: 7200})
	got := c.Get(base + "questions/trends").Is(200).Text
	for _, want := range []string{"Energia e costo", "4 risposte", "2,00 Wh", "0,500 secondi", "0,5000 Wh", "è una stima"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q", want)
		}
	}
	add(assistant.Energy{Answers: 1, CPU: time.Second, Joules: 3600, Measured: 3600})
	if got := c.Get(base + "questions/trends").Is(200).Text; !strings.Contains(got, "5 risposte") || !strings.Contains(got, "letta dal contatore") {
		t.Error("what a counter told is not said to be measured")
	}
}
