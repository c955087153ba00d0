package desk

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/locales"
)

// post is a Sender that keeps what it is given, or fails with err.
type post struct {
	mu  sync.Mutex
	got []letter
	err error
}

type letter struct{ to, subject, text string }

func (p *post) Send(_ context.Context, _, to, subject, text string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return p.err
	}
	p.got = append(p.got, letter{to, subject, text})
	return nil
}

type bench struct {
	*Desk
	store *store.Store
	post  *post
	now   time.Time
	days  int
	texts map[string]string
}

func open(t *testing.T) *bench {
	t.Helper()
	b := &bench{post: &post{}, now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.Local), days: 7, texts: map[string]string{}}
	s, err := store.Open(t.Context(), store.Config{Dir: t.TempDir(), Now: func() time.Time { return b.now }, Analyze: func(string) []assistant.Term { return nil }, AnalyzerVersion: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, tenant := range []store.Tenant{{Slug: "unione", Name: "Unione", Kind: store.Unione}, {Slug: "borgo", Name: "Comune di Borgo", Parent: "unione"}} {
		if err := s.AddTenant(t.Context(), tenant); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.PutOffices(t.Context(), "borgo", []store.Office{
		{Name: "URP", Email: "urp@borgo.example.it"},
		{Name: "Ufficio Tributi", Subjects: []string{"TARI e rifiuti", "IMU"}, Email: "tributi@borgo.example.it"},
		{Name: "Anagrafe", Subjects: []string{"residenza", "carta d'identità"}},
	}); err != nil {
		t.Fatal(err)
	}
	catalogue, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	b.store = s
	b.Desk, err = New(Config{
		Records: s, Catalogue: catalogue, Sender: b.post, PublicURL: "https://sportello.example.it/", Now: func() time.Time { return b.now },
		Poll: time.Millisecond,
		Days: func(context.Context, string) (int, error) { return b.days, nil },
		Tenants: func(context.Context) (map[string]string, error) {
			return map[string]string{"borgo": "Comune di Borgo"}, nil
		},
		SourceText: func(_ context.Context, _, document string) (string, error) {
			if text, ok := b.texts[document]; ok {
				return text, nil
			}
			return "", fault.New(fault.NotFound, "no document")
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func answer(status assistant.Status, reason assistant.Reason, question string, titles ...string) *assistant.Answer {
	a := &assistant.Answer{Status: status, Reason: reason, Language: "it", Question: question, Confidence: .9, Contacts: []assistant.Contact{{Office: "Ufficio Tributi"}}}
	for i, title := range titles {
		a.Passages = append(a.Passages, assistant.Passage{DocumentID: fmt.Sprint(title), Title: title, Text: strings.Repeat("à", 1000), Article: fmt.Sprint(i)})
	}
	return a
}

func TestRecord(t *testing.T) {
	b := open(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { b.Run(ctx); close(ended) }()
	b.Record("q1", "", "borgo", "Sono Mario Rossi, RSSMRA85T10A562S: quanto pago di TARI?", answer(assistant.Quoted, "", "quanto pago di TARI?", "Regolamento TARI"))
	b.Record("q2", "", "borgo", "aiuto", answer(assistant.Refused, assistant.Emergency, "aiuto"))
	said := answer(assistant.Answered, "", "x")
	said.Rewritten, said.Language = true, "fr"
	said.Approved = &assistant.Approved{ID: "p1"}
	said.Statements = []assistant.Statement{{Text: "Chiami 3331234567", Origin: assistant.FromModel}}
	b.Record("q3", "", "borgo", "et pour Mario Rossi?", said)
	stop()
	<-ended
	list, n, err := b.store.AskedList(t.Context(), "borgo", assistant.AskedFilter{})
	if err != nil || n != 2 {
		t.Fatalf("%d questions kept, %v", n, err)
	}
	got, err := b.store.Asked(t.Context(), "borgo", "q1")
	if err != nil {
		t.Fatal(err)
	}
	if got.Question != "Sono [nome], [codice fiscale]: quanto pago di TARI?" || got.Subject != "TARI e rifiuti" || got.Office != "Ufficio Tributi" {
		t.Errorf("%+v", got)
	}
	if r := []rune(got.Passages[0].Text); len(r) != keptRunes+1 {
		t.Errorf("%d characters of a passage kept", len(r))
	}
	for _, a := range list {
		if a.ID == "q3" && (a.Approved != "p1" || a.Statements[0].Text != "Chiami [telefono]") {
			t.Errorf("%+v", a)
		}
	}
	counts, err := b.store.Counts(t.Context(), "borgo", "", "")
	if err != nil || len(counts) != 3 {
		t.Errorf("%+v %v", counts, err)
	}
}

// 0 days: counts and nothing else.
func TestRecordNothing(t *testing.T) {
	b := open(t)
	b.days = 0
	b.record(t.Context(), recorded{"q1", "", "borgo", "Quanto pago?", answer(assistant.Quoted, "", "Quanto pago?"), b.now})
	if err := b.Desk.Feedback(t.Context(), assistant.Feedback{Tenant: "borgo", Question: "q1", Useful: 1, Text: "bravi"}); err != nil {
		t.Fatal(err)
	}
	_, n, err := b.store.AskedList(t.Context(), "borgo", assistant.AskedFilter{})
	counts, _ := b.store.Counts(t.Context(), "borgo", "", "")
	feedback, _ := b.store.Feedback(t.Context(), "borgo", "", "")
	said, _ := b.store.FeedbackCounts(t.Context(), "borgo", "", "")
	if err != nil || n != 0 || len(counts) != 1 || feedback != nil || len(said) != 1 {
		t.Errorf("%d kept, %v counted, feedback %v, %v counted, %v", n, counts, feedback, said, err)
	}
}

// A flood fills the queue and nothing waits.
func TestRecordNeverWaits(t *testing.T) {
	b := open(t)
	for range waiting + 5 {
		b.Record("q", "", "borgo", "Quanto pago?", answer(assistant.Quoted, "", "Quanto pago?"))
	}
	if b.Dropped() != 5 {
		t.Errorf("%d dropped", b.Dropped())
	}
}

func TestFeedbackIsCleaned(t *testing.T) {
	b := open(t)
	for _, f := range []assistant.Feedback{
		{}, {Rate: 9, Reason: "none of ours"}, {Useful: -7, Rate: 2, Reason: "unclear", Question: "q1", Text: "scrivetemi a anna@example.it " + strings.Repeat("x", 300)},
		{Rate: 4, Question: strings.Repeat("q", 100)},
	} {
		f.Tenant = "borgo"
		if err := b.Desk.Feedback(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	list, err := b.store.Feedback(t.Context(), "borgo", "", "")
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v %v", list, err)
	}
	if f := list[1]; f.Useful != -1 || !strings.HasPrefix(f.Text, "scrivetemi a [e-mail] x") || len([]rune(f.Text)) > feedbackRunes+1 {
		t.Errorf("%+v", f)
	}
	if list[0].Question != "" {
		t.Errorf("%+v", list[0])
	}
}

func TestForgetOld(t *testing.T) {
	b := open(t)
	for age := range 10 {
		r := recorded{fmt.Sprint("q", age), "", "borgo", "Quanto pago?", answer(assistant.Quoted, "", "Quanto pago?"), b.now.AddDate(0, 0, -age)}
		b.record(t.Context(), r)
	}
	h, err := b.Leave(t.Context(), assistant.HandOver{Tenant: "borgo", Office: "URP", Text: "Come si fa?"})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Answer(t.Context(), "borgo", h.ID, "Così.", "anna", "person:x"); err != nil {
		t.Fatal(err)
	}
	if err := b.ForgetOld(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, n, err := b.store.AskedList(t.Context(), "borgo", assistant.AskedFilter{}); err != nil || n != 7 {
		t.Errorf("%d questions after a week, %v", n, err)
	}
	b.days = 1
	b.now = b.now.AddDate(0, 0, handOverDays+1)
	if err := b.ForgetOld(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, n, err := b.store.AskedList(t.Context(), "borgo", assistant.AskedFilter{}); err != nil || n != 0 {
		t.Errorf("%d questions, %v", n, err)
	}
	if _, err := b.store.HandOver(t.Context(), "borgo", h.ID); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("the hand-over: %v", err)
	}
}

func TestApproved(t *testing.T) {
	b := open(t)
	ctx := t.Context()
	b.texts["doc"] = "Art. 1. Il centro è aperto il martedì. Altro. Il centro è aperto il martedì."
	a := assistant.Approved{
		ID: "p1", Tenant: "borgo", Language: "it", Question: "Quando apre il centro di raccolta?", Wordings: []string{"orari del centro raccolta"}, Text: "Il martedì.",
		Sources: []assistant.Citation{{DocumentID: "doc", Quote: "Il centro è aperto il martedì", Start: 40}}, Office: "URP", On: "2026-11-20", Expires: "2026-12-31",
	}
	put := func() {
		t.Helper()
		if err := b.store.PutApproved(ctx, a); err != nil {
			t.Fatal(err)
		}
	}
	ask := func(text, language string) *assistant.Approved {
		t.Helper()
		got, err := b.Approved(ctx, assistant.Question{Tenant: "borgo", Text: text, Language: language})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if ask("Quando apre il centro di raccolta?", "it") != nil {
		t.Error("an answer without any")
	}
	put()
	for text, want := range map[string]bool{
		"quando apre il centro di raccolta": true, "Salve, vorrei sapere gli orari di apertura del centro raccolta, grazie": true,
		"Quando apre il centro sportivo?": false, "Dov'è il centro di raccolta?": false, "Quando non apre il centro di raccolta?": false, "": false,
	} {
		if got := ask(text, "it"); (got != nil) != want {
			t.Errorf("%q: %+v", text, got)
		}
	}
	if ask("quando apre il centro di raccolta", "fr") != nil {
		t.Error("given in another language")
	}
	if got := ask(a.Question, "it"); got.Sources[0].Start < 40 || b.texts["doc"][got.Sources[0].Start:got.Sources[0].End] != a.Sources[0].Quote {
		t.Errorf("source %+v", got.Sources[0])
	}

	trouble := func(want Trouble) {
		t.Helper()
		put()
		one := a
		got, err := b.Check(ctx, "borgo", &one)
		if err != nil || got != want {
			t.Errorf("trouble %q %v, want %q", got, err, want)
		}
		if (ask(a.Question, "it") == nil) != (want != "") {
			t.Errorf("%q: given or not", want)
		}
	}
	trouble("")
	text := b.texts["doc"]
	b.texts["doc"] = "Tutto cambiato."
	trouble(SourceChanged)
	delete(b.texts, "doc")
	trouble(SourceGone)
	b.texts["doc"] = text
	a.Expires = "2026-11-22"
	trouble(Expired)
	a.Expires, a.Withdrawn = "", true
	trouble(Withdrawn)
	a.Withdrawn, a.Sources = false, nil
	trouble(NoSource)

	a.ID, a.Tenant, a.Sources = "p2", "unione", []assistant.Citation{{DocumentID: "doc", Quote: "martedì"}}
	put()
	if got := ask(a.Question, "it"); got == nil || got.ID != "p2" {
		t.Errorf("the answer of the union above: %+v", got)
	}
}

func TestClosed(t *testing.T) {
	b := open(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { b.Run(ctx); close(ended) }()
	defer func() { stop(); <-ended }()
	if c := b.Closed(ctx, "borgo", "Quanto pago di TARI?", "it", nil); c != nil {
		t.Fatalf("%+v", c)
	}
	off := func(subject string) {
		t.Helper()
		changed := b.Changed()
		if err := b.store.SwitchOff(ctx, assistant.Closure{Tenant: "borgo", Subject: subject, Notice: "Torna domani", By: "anna"}); err != nil {
			t.Fatal(err)
		}
		<-changed
	}
	off("TARI")
	for question, want := range map[string]bool{"Quanto pago di TARI?": true, "Come cambio residenza?": false} {
		if c := b.Closed(ctx, "borgo", question, "it", nil); (c != nil) != want {
			t.Errorf("%q: %+v", question, c)
		}
	}
	if b.Closed(ctx, "borgo", "How much?", "en", []string{"Regolamento TARI"}) == nil || b.Closed(ctx, "unione", "TARI", "it", nil) != nil {
		t.Error("the title of what answers it, or another tenant")
	}
	off("TARI e rifiuti")
	if c := b.Closed(ctx, "borgo", "Dove butto i rifiuti?", "it", nil); c == nil || c.Subject != "TARI e rifiuti" {
		t.Errorf("%+v", c)
	}
	off("")
	if c := b.Closed(ctx, "borgo", "Come cambio residenza?", "it", nil); c == nil || c.Notice != "Torna domani" {
		t.Errorf("%+v", c)
	}
	changed := b.Changed()
	if err := b.store.SwitchOn(ctx, "borgo", ""); err != nil {
		t.Fatal(err)
	}
	<-changed
	if c := b.Closed(ctx, "borgo", "Come cambio residenza?", "it", nil); c != nil {
		t.Errorf("%+v", c)
	}
}

func TestHandOver(t *testing.T) {
	b := open(t)
	ctx := t.Context()
	for name, tc := range map[string]struct {
		h    assistant.HandOver
		code fault.Code
	}{
		"empty":          {assistant.HandOver{Office: "URP"}, fault.Invalid},
		"too long":       {assistant.HandOver{Office: "URP", Text: strings.Repeat("a", MostText+1)}, fault.TooLarge},
		"no such office": {assistant.HandOver{Office: "Nessuno", Text: "x"}, fault.Invalid},
		"no address":     {assistant.HandOver{Office: "URP", Text: "x", Email: "anna"}, fault.Invalid},
		"two addresses":  {assistant.HandOver{Office: "URP", Text: "x", Email: "a@example.it, b@example.it"}, fault.Invalid},
	} {
		tc.h.Tenant = "borgo"
		if _, err := b.Leave(ctx, tc.h); fault.CodeOf(err) != tc.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := b.Leave(ctx, assistant.HandOver{Tenant: "unione", Text: "x"}); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("a tenant without offices: %v", err)
	}
	h, err := b.Leave(ctx, assistant.HandOver{Tenant: "borgo", Office: "URP", Language: "en", Text: "Sono Mario Rossi, come faccio?", Email: "mario@example.it"})
	if err != nil {
		t.Fatal(err)
	}
	if h.Text != "Sono [nome], come faccio?" || len(h.ID) != 8 || len(h.Token) < 20 {
		t.Errorf("%+v", h)
	}
	if err := b.Move(ctx, "borgo", h.ID, "Ufficio Tributi", "person:x"); err != nil {
		t.Fatal(err)
	}
	if err := b.Move(ctx, "borgo", h.ID, "Nessuno", "person:x"); fault.CodeOf(err) != fault.Invalid {
		t.Error(err)
	}
	for _, reply := range []string{" ", strings.Repeat("a", MostReply+1)} {
		if err := b.Answer(ctx, "borgo", h.ID, reply, "anna", "person:x"); err == nil {
			t.Error("a reply that is none")
		}
	}
	if err := b.Answer(ctx, "borgo", h.ID, "Si fa così.", "anna", "person:x"); err != nil {
		t.Fatal(err)
	}
	// The server is away: nothing is lost, and the address is not in what the office reads.
	b.post.err = fault.New(fault.Unavailable, "451 <mario@example.it> try later")
	if n, err := b.SendMail(ctx); n != 0 || err != nil {
		t.Errorf("%d %v", n, err)
	}
	mails, err := b.store.Mails(ctx, "borgo", h.ID)
	if err != nil || len(mails) != 3 || mails[2].State != "queued" || strings.Contains(mails[2].Error, "mario@") || !mails[2].Next.After(b.now) {
		t.Fatalf("%+v %v", mails, err)
	}
	b.post.err = nil
	if n, _ := b.SendMail(ctx); n != 0 {
		t.Errorf("%d sent before their time", n)
	}
	b.now = b.now.Add(2 * time.Minute)
	if n, err := b.SendMail(ctx); n != 3 || err != nil {
		t.Fatalf("%d sent, %v", n, err)
	}
	// The first message was written for the URP; the question had moved when it left.
	if b.post.got[0].to != "tributi@borgo.example.it" || !strings.Contains(b.post.got[0].text, "https://sportello.example.it/staff/t/borgo/handovers/"+h.ID) ||
		!strings.Contains(b.post.got[0].text, "> Sono [nome], come faccio?") || strings.Contains(b.post.got[0].text, "mario@") {
		t.Errorf("%+v", b.post.got[0])
	}
	last := b.post.got[2]
	if last.to != "mario@example.it" || !strings.Contains(last.text, "Si fa così.") || !strings.Contains(last.text, "/t/borgo/reply/"+h.Token) || !strings.Contains(last.subject, h.ID) {
		t.Errorf("%+v", last)
	}
	if kept, err := b.store.HandOver(ctx, "borgo", h.ID); err != nil || kept.Email != "" {
		t.Errorf("the address is kept after the reply has left: %+v %v", kept, err)
	}
}

func TestMailGivenUp(t *testing.T) {
	b := open(t)
	ctx := t.Context()
	h, err := b.Leave(ctx, assistant.HandOver{Tenant: "borgo", Office: "URP", Text: "x"})
	if err != nil {
		t.Fatal(err)
	}
	b.post.err = fault.New(fault.Unavailable, "away")
	tries := 0
	for range 20 {
		if _, err := b.SendMail(ctx); err != nil {
			t.Fatal(err)
		}
		mails, err := b.store.Mails(ctx, "borgo", h.ID)
		if err != nil {
			t.Fatal(err)
		}
		tries = mails[0].Tries
		if mails[0].State == "failed" {
			break
		}
		b.now = mails[0].Next.Add(time.Second)
	}
	if tries != len(mailAgain)+1 {
		t.Errorf("given up after %d tries", tries)
	}
	other, err := b.Leave(ctx, assistant.HandOver{Tenant: "borgo", Office: "URP", Text: "y"})
	if err != nil {
		t.Fatal(err)
	}
	b.post.err = fault.New(fault.Invalid, "550 no such mailbox")
	if _, err := b.SendMail(ctx); err != nil {
		t.Fatal(err)
	}
	if mails, err := b.store.Mails(ctx, "borgo", other.ID); err != nil || mails[0].State != "failed" || mails[0].Tries != 1 {
		t.Errorf("%+v %v", mails, err)
	}
	// Anagrafe has no address: nothing is queued. Without a server no address of a citizen is taken.
	third, err := b.Leave(ctx, assistant.HandOver{Tenant: "borgo", Office: "Anagrafe", Text: "z"})
	if err != nil {
		t.Fatal(err)
	}
	if mails, err := b.store.Mails(ctx, "borgo", third.ID); err != nil || len(mails) != 0 {
		t.Errorf("%+v %v", mails, err)
	}
	b.cfg.Sender = nil
	if h, err := b.Leave(ctx, assistant.HandOver{Tenant: "borgo", Office: "URP", Text: "z", Email: "mario@example.it"}); err != nil || h.Email != "" {
		t.Errorf("%+v %v", h, err)
	}
}

func TestClusters(t *testing.T) {
	b := open(t)
	var list []assistant.Asked
	add := func(question, language, document string) {
		a := assistant.Asked{ID: fmt.Sprintf("q%02d", len(list)), Question: question, Language: language, Status: assistant.Refused, Reason: assistant.NoSource, Subject: "s", Confidence: .45}
		if document != "" {
			a.Passages = []assistant.PassageJSON{{DocumentID: document}}
		}
		list = append(list, a)
	}
	for _, q := range []string{"Quando si svuota il bidone del vetro?", "Che giorno passano per il vetro?", "raccolta del vetro giorno"} {
		add(q, "it", "rifiuti")
	}
	for _, q := range []string{"Posso sposarmi in villa comunale?", "Si celebrano matrimoni civili in villa?", "matrimonio civile villa comunale prezzo"} {
		add(q, "it", "matrimoni")
	}
	add("When is the glass collected?", "en", "rifiuti")
	add("Dove si rinnova il passaporto?", "it", "")
	got := b.Clusters(list)
	sizes := []int{}
	for _, c := range got {
		sizes = append(sizes, c.N)
		if c.Unanswered != c.N || c.Subject != "s" || c.Label == "" {
			t.Errorf("%+v", c)
		}
	}
	if d := cmp.Diff([]int{4, 3, 1}, sizes); d != "" {
		t.Errorf("%s", d)
		for _, c := range got {
			t.Log(c.N, c.Label, c.Words)
		}
	}
	if d := cmp.Diff([]string{"it", "en"}, got[0].Languages); d != "" {
		t.Error(d)
	}
	for range 5 {
		if !reflect.DeepEqual(got, b.Clusters(list)) {
			t.Fatal("the same questions, other groups")
		}
	}
	if len(b.Clusters(nil)) != 0 {
		t.Error("groups of nothing")
	}
}

func TestTrends(t *testing.T) {
	counts := []assistant.Count{
		{Day: "2026-11-15", Language: "it", Subject: "IMU", Office: "Tributi", Status: assistant.Quoted, N: 3, Weak: true},
		{Day: "2026-11-16", Language: "fr", Subject: "IMU", Office: "Tributi", Status: assistant.Refused, Reason: assistant.NoSource, N: 2},
		{Day: "2026-11-17", Language: "it", Subject: "", Office: "URP", Status: assistant.Refused, Reason: assistant.Unsafe, N: 1},
		{Day: "2026-11-18", Language: "it", Subject: "IMU", Office: "Tributi", Status: assistant.Answered, N: 4, Approved: true},
	}
	if d := cmp.Diff([]Trend{
		{Key: "2026-W46", Asked: 3, Answered: 3, Weak: 3}, {Key: "2026-W47", Asked: 7, Answered: 4, Approved: 4, Unanswered: 2, Refused: 1},
	}, Trends(counts, ByWeek)); d != "" {
		t.Error(d)
	}
	for by, keys := range map[By][]string{BySubject: {"IMU", ""}, ByLanguage: {"it", "fr"}, ByOffice: {"Tributi", "URP"}} {
		var got []string
		for _, one := range Trends(counts, by) {
			got = append(got, one.Key)
		}
		if d := cmp.Diff(keys, got); d != "" {
			t.Errorf("%s: %s", by, d)
		}
	}
	if Week("never") != "never" || Week("2027-01-01") != "2026-W53" {
		t.Error(Week("2027-01-01"))
	}
}

// No cell of an export is run by a spreadsheet.
func TestExport(t *testing.T) {
	evil := []string{"=1+1", "+39", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1", "|calc", "%0A=1", "\n=1"}
	var list []assistant.Asked
	for _, e := range evil {
		list = append(list, assistant.Asked{ID: "a", Question: e, Subject: e, Office: e, Assigned: e,
			Statements: []assistant.StatementJSON{{Text: e, Citations: []assistant.CitationJSON{{Title: e, Article: "1"}, {}}}}})
	}
	var b bytes.Buffer
	if err := WriteAsked(&b, list); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(rows) != len(evil)+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n|%") || strings.HasPrefix(strings.TrimSpace(cell), "=") {
				t.Errorf("cell %q", cell)
			}
		}
	}
	b.Reset()
	if err := WriteTrends(&b, []Trend{{Key: "=cmd", Asked: 2}}); err != nil || !strings.Contains(b.String(), "'=cmd,2,0") {
		t.Errorf("%q %v", b.String(), err)
	}
}

func TestNewRefuses(t *testing.T) {
	if _, err := New(Config{}); fault.CodeOf(err) != fault.Internal {
		t.Error(err)
	}
}
