package web_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"fmt"
	"image"
	"image/png"
	"maps"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/desk"
	"sportello/assistant/drafting"
	spoken "sportello/assistant/drafting/minutes"
	"sportello/assistant/drafting/reference"
	"sportello/assistant/store"
	"sportello/assistant/webhook"
	"sportello/ingest"
	"sportello/locales"
	"sportello/prompts"
	"sportello/web"
	"sportello/web/site"
	"sportello/web/sitetest"
	"sportello/web/staff"
	"sportello/web/staff/acts"
	"sportello/web/staff/documents"
	"sportello/web/staff/facilitator"
	"sportello/web/staff/minutes"
	"sportello/web/staff/questions"
	"sportello/web/staff/revision"
	"sportello/web/staff/stafftest"
	"sportello/web/staff/webhooks"
)

// echo is a chat model that tells what was said in the same words.
type echo struct{}

func (echo) Name() string { return "eco" }

func (echo) Phrase(_ context.Context, in spoken.Speech) (string, error) { return in.Text, nil }

// archive is a retriever that finds all passages of a tenant.
type archive struct{ *store.Store }

func (a archive) Retrieve(ctx context.Context, q assistant.Question) ([]assistant.Passage, assistant.Timings, error) {
	var ids []string
	err := a.EachPoint(ctx, q.Tenant, "", func(p assistant.Point) error {
		ids = append(ids, p.ID)
		return nil
	})
	if err != nil {
		return nil, assistant.Timings{}, err
	}
	found, err := a.Passages(ctx, assistant.IndexQuery{Tenants: []string{q.Tenant}, Audience: q.Audience}, ids)
	return found, assistant.Timings{}, err
}

// scripted is a chat model that writes what it is told to.
type scripted string

func (scripted) Name() string { return "copione" }

func (s scripted) Phrase(context.Context, []prompts.Message) (string, bool, error) {
	return string(s), true, nil
}

// programs are the subjects of the console, for programs too.
func programs(t *testing.T) func(*store.Store) []staff.Part {
	return func(s *store.Store) []staff.Part {
		t.Helper()
		catalogue, err := locales.New()
		if err != nil {
			t.Fatal(err)
		}
		library := site.FromStore(s)
		counter, err := desk.New(desk.Config{
			Records: s, Catalogue: catalogue, Tenants: func(context.Context) (map[string]string, error) { return map[string]string{}, nil },
			SourceText: func(ctx context.Context, tenant, id string) (string, error) {
				c, err := library.Content(ctx, tenant, id)
				if err != nil {
					return "", err
				}
				return c.Text, nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		asked, err := questions.New(questions.Config{Store: s, Library: library, Desk: counter})
		if err != nil {
			t.Fatal(err)
		}
		helping, err := facilitator.New(facilitator.Config{Store: s, Asker: &sitetest.Asker{Script: sitetest.Says(sitetest.Quoted(), 0)}, Library: library, Catalogue: catalogue})
		if err != nil {
			t.Fatal(err)
		}
		sender, err := webhook.New(webhook.Config{Queue: s})
		if err != nil {
			t.Fatal(err)
		}
		templates, err := drafting.Shipped()
		if err != nil {
			t.Fatal(err)
		}
		_, key, err := ed25519.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		writing, err := acts.New(acts.Config{
			Store: s, Retriever: archive{s}, Writer: scripted("La spesa serve al Comune di Milano."), Key: func() (ed25519.PrivateKey, error) { return key, nil },
			Shelf: func(context.Context, string, string) (reference.Library, error) { return reference.NewShelf(nil), nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		return []staff.Part{asked, helping, writing, minutes.New(minutes.Config{Store: s, Library: templates, Phraser: echo{}, Key: func() (ed25519.PrivateKey, error) { return key, nil }}), webhooks.New(webhooks.Config{Store: s, Check: sender.Check}), revision.New(revision.Config{Store: s}), documents.New(documents.Config{
			Store: s, Allowed: func(string, []string) error { return nil },
			Try: func(context.Context, string, string, string) (*assistant.Answer, error) {
				return sitetest.Quoted(), nil
			},
		})}
	}
}

// manager is a house with something in it of every kind, and a token that may do everything.
type manager struct {
	*harness
	house           *stafftest.House
	secret          string
	document, newer string // ids
}

func newManager(t *testing.T) *manager {
	t.Helper()
	house := stafftest.New(t, programs(t))
	m := &manager{house: house, harness: newHarness(t, sitetest.Quoted(), func(c *web.Config) { c.Console = house.Console })}
	ctx, s := t.Context(), house.Store
	m.secret = m.token(t, stafftest.Unione, access.Territory, access.Actions()...)
	for source, id := range map[string]*string{"tari.txt": &m.document, "tari-2027.txt": &m.newer} {
		text := "La prima rata si paga entro il 16 giugno. Vedi il regolamento TARI."
		put, err := s.Put(ctx, stafftest.Unione, &ingest.Document{
			Source: source, Title: "Regolamento TARI " + source, Kind: ingest.Regolamento, Format: "text", Language: "it", Visibility: ingest.Public, Text: text,
			Sections: []ingest.Section{{Kind: ingest.SecArticle, Number: "1", EID: "art_1", Parent: -1, End: len(text)}},
		}, []ingest.Chunk{{Section: -1, End: len(text)}}, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		*id = put.ID
	}
	determina := "DETERMINA n. 5 del 2 febbraio 2025. Di impegnare la quota associativa."
	if _, err := s.Put(ctx, stafftest.Unione, &ingest.Document{
		Source: "determina-5.txt", Title: "Determina n. 5 del 02/02/2025", Kind: ingest.Determina, Format: "text", Language: "it", Visibility: ingest.Staff, Text: determina,
		Approval: ingest.Act{Type: "determina", Number: "5", Date: "2025-02-02"},
	}, []ingest.Chunk{{Section: -1, End: len(determina)}}, []byte(determina)); err != nil {
		t.Fatal(err)
	}
	for i, a := range []assistant.Asked{{Status: assistant.Quoted, Question: "Quando apre?"}, {Status: assistant.Refused, Reason: assistant.NoSource, Question: "Dove si nuota?"}} {
		a.ID, a.Tenant, a.At, a.Language = fmt.Sprintf("q%d", i+1), stafftest.Unione, time.Now(), "it"
		if err := s.AddAsked(ctx, a, true); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.AddFeedback(ctx, assistant.Feedback{Tenant: stafftest.Unione, Question: "q1", At: time.Now(), Useful: 1, Text: "Chiaro"}, true); err != nil {
		t.Fatal(err)
	}
	if err := s.CountVisit(ctx, stafftest.Unione, time.Now(), store.VisitCount{Point: "Biblioteca", Language: "ar", Outcome: "solved", Questions: 2}); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"AAAA2222", "BBBB2222"} {
		if err := s.AddHandOver(ctx, assistant.HandOver{ID: id, Tenant: stafftest.Unione, Office: "Tributi", Language: "it", Text: "Aiuto", Token: id}, false); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func (m *manager) token(t *testing.T, tenant string, role access.Role, actions ...access.Action) string {
	t.Helper()
	secret, err := m.house.Store.AddToken(t.Context(), store.ActorCommand, store.Token{
		Name: "prova", Person: m.house.Person(role, stafftest.Provincia).ID, Tenant: tenant, Expires: time.Now().Add(time.Hour), Actions: actions,
	})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// files makes a form with files; fields come first, as the description says.
func files(t *testing.T, fields map[string]string, names ...string) (kind, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range fields {
		if err := w.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range names {
		part, err := w.CreateFormFile("files", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte("# " + name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.String()
}

func picture(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 64))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The console's interface for programs answers what its description says, and changes what it says: every operation, with what goes
// well and what does not. What an answer gives, "id":"…", goes into later paths as @name.
func TestManage(t *testing.T) {
	m := newManager(t)
	doc, router := description(t, m.harness)
	kept := map[string]string{"doc": m.document, "newer": m.newer, "person": m.house.Person(access.Clerk, stafftest.Unione).ID}
	filesKind, filesBody := files(t, map[string]string{"visibility": "staff", "folder": "atti"}, "a.md", "b.md")
	oneKind, oneBody := files(t, nil, "nuovo.txt")
	noneKind, noneBody := files(t, map[string]string{"kind": "romanzo"}, "a.md")
	answer := `{"question":"Quando si paga?","text":"Entro il 16 giugno.","office":"Tributi","expires":"2099-12-31","sources":[{"document":"@doc","quote":"entro il 16 giugno"}]`
	done := map[string]bool{}
	for _, tc := range []struct {
		method, path, body string
		status             int
		want               string
		keep, field        string
	}{
		{"GET", "documents", "", 200, "Regolamento TARI", "", ""}, {"GET", "documents?limit=x", "", 422, "limit", "", ""}, {"GET", "documents?limit=0", "", 422, "1 to 500", "", ""},
		{"GET", "documents?limit=1&limit=2", "", 422, "2 times", "", ""}, {"GET", "documents?state=repealed", "", 200, `"documents":[]`, "", ""}, {"GET", "documents?state=x", "", 422, "state", "", ""},
		{"GET", "documents?force=in_force&kind=regolamento&visibility=public&sort=added&q=tari&offset=1", "", 200, `"total":2`, "", ""},
		{"GET", "documents?force=x", "", 422, "force", "", ""}, {"GET", "documents?kind=x", "", 422, "kind", "", ""}, {"GET", "documents?visibility=x", "", 422, "visibility", "", ""}, {"GET", "documents?sort=x", "", 422, "sort", "", ""},
		{"GET", "documents/@doc", "", 200, `"findings"`, "", ""}, {"GET", "documents/none", "", 404, "not_found", "", ""},
		{"PATCH", "documents/@doc", `{"title":"Regolamento della TARI","valid_from":"2026-01-01","office":"Tributi","approval":{"number":"28","date":"2025-12-20"}}`, 200, "Regolamento della TARI", "", ""},
		{"PATCH", "documents/@doc", `{}`, 422, "nothing is said", "", ""}, {"PATCH", "documents/@doc", `{"title":null}`, 422, "null", "", ""}, {"PATCH", "documents/@doc", `{"kind":"romanzo"}`, 422, "kind", "", ""},
		{"PATCH", "documents/@doc", `{"title":" "}`, 422, "title", "", ""}, {"PATCH", "documents/@doc", `{"valid_to":"ieri"}`, 422, "day", "", ""},
		{"GET", "documents/@doc/passages", "", 200, "16 giugno", "", ""}, {"GET", "documents/@doc/versions?all=1", "", 200, `"present":true`, "", ""}, {"GET", "documents/@doc/versions?old=0", "", 422, "old", "", ""},
		{"GET", "documents/none/passages", "", 404, "", "", ""}, {"GET", "documents/none/versions", "", 404, "", "", ""},
		{"GET", "documents/@doc/original", "", 200, "16 giugno", "", ""}, {"GET", "documents/@doc/akn", "", 200, "akomaNtoso", "", ""}, {"GET", "documents/none/akn", "", 404, "", "", ""}, {"POST", "documents/@doc/try", `{"question":"Quando?"}`, 200, `"statements"`, "", ""}, {"POST", "documents/@doc/try", `{"question":" "}`, 422, "1000", "", ""},
		{"POST", "documents/@doc/accept", `{"keys":[]}`, 201, `"waiting"`, "", ""}, {"POST", "documents/@doc/accept", `{"keys":["x"]}`, 422, "no finding", "", ""}, {"POST", "documents/@doc/accept", `{}`, 422, "keys", "", ""}, {"POST", "documents/none/accept", `{"keys":[]}`, 404, "", "", ""},
		{"POST", "documents/@doc/forget", "", 200, "Regolamento TARI tari.txt", "", ""}, {"POST", "documents/@doc/forget", `{"x":1}`, 422, "x", "", ""}, {"POST", "documents/@doc/version", `{"number":1}`, 200, `"version":1`, "", ""}, {"POST", "documents/@doc/version", `{"number":0}`, 422, "number", "", ""}, {"POST", "documents/@doc/version", `{"number":9}`, 404, "", "", ""},
		{"POST", "documents/@doc/repeal", `{"reason":"sostituito","superseded_by":"@newer"}`, 200, `"superseded"`, "", ""}, {"POST", "documents/none/repeal", `{}`, 404, "not_found", "", ""},
		{"POST", "documents/@doc/repeal", `{"x":1}`, 422, "invalid", "", ""}, {"POST", "documents/@doc/restore", "", 200, `"live"`, "", ""}, {"POST", "documents/@doc/restore", "{}", 200, `"live"`, "", ""},
		{"POST", "bulk/set", `{"ids":["@doc","@newer"],"visibility":"staff"}`, 200, `"documents":2`, "change", "change"}, {"POST", "bulk/set", `{"ids":["@doc"]}`, 422, "say what", "", ""}, {"POST", "bulk/set", `{"ids":["none"],"kind":"modulo"}`, 404, "", "", ""},
		{"GET", "changes?limit=5", "", 200, `"visibility"`, "", ""}, {"POST", "changes/@change/undo", "", 204, "", "", ""}, {"POST", "changes/@change/undo", "", 409, "", "", ""}, {"POST", "changes/x/undo", "", 404, "", "", ""},
		{"POST", "bulk/force", `{"ids":["@newer"],"force":"repeal","reason":"prova"}`, 200, `"documents":1`, "", ""}, {"POST", "bulk/force", `{"ids":["@newer"],"force":"restore"}`, 200, "", "", ""}, {"POST", "bulk/force", `{"ids":["@newer"],"force":"burn"}`, 422, "restore", "", ""},
		{"POST", "uploads", filesKind + "\n" + filesBody, 201, `"atti/a.md"`, "job", "id"}, {"GET", "uploads", "", 200, `"waiting"`, "", ""}, {"GET", "uploads/@job", "", 200, `"b.md"`, "", ""}, {"GET", "uploads/none", "", 404, "", "", ""},
		{"POST", "uploads", noneKind + "\n" + noneBody, 422, "kind", "", ""}, {"POST", "uploads", `{"files":[]}`, 415, "multipart", "", ""},
		{"POST", "uploads/@job/stop", "", 200, `"cancelled"`, "", ""}, {"POST", "uploads/@job/retry", "", 409, "", "", ""}, {"POST", "documents/@doc/upload", oneKind + "\n" + oneBody, 201, `"tari.txt"`, "", ""},
		{"POST", "addresses", `{"url":"https://www.example.it/atti/","kind":"section"}`, 201, `"id"`, "address", "id"}, {"POST", "addresses", `{"url":"ftp://x"}`, 422, "http", "", ""}, {"POST", "addresses", `{"url":"https://x.it","pages":0}`, 422, "pages", "", ""}, {"POST", "addresses", `{"url":"https://x.it","visibility":"all"}`, 422, "", "", ""},
		{"GET", "addresses", "", 200, "example.it", "", ""}, {"POST", "addresses/@address/visit", "", 204, "", "", ""}, {"DELETE", "addresses/@address", "", 204, "", "", ""}, {"DELETE", "addresses/@address", "", 404, "", "", ""},

		{"GET", "questions?limit=10&what=answered&open=true", "", 200, "Quando apre?", "", ""}, {"GET", "questions?what=x", "", 422, "what", "", ""}, {"GET", "questions?from=ieri", "", 422, "day", "", ""}, {"GET", "questions?open=yes", "", 422, "open", "", ""},
		{"GET", "questions/q1", "", 200, `"Chiaro"`, "", ""}, {"GET", "questions/none", "", 404, "", "", ""}, {"GET", "counts?from=2020-01-01", "", 200, `"n":1`, "", ""}, {"GET", "counts?to=x", "", 422, "to", "", ""},
		{"PUT", "offices", `{"offices":[{"name":"Tributi","email":"tributi@example.it","closed":[{"from":"2026-12-24"}]},{"name":"Anagrafe"}]}`, 200, "Tributi", "", ""}, {"PUT", "offices", `{"offices":[{"name":""}]}`, 422, "name", "", ""},
		{"PUT", "offices", `{}`, 422, "missing", "", ""}, {"PUT", "offices", `{"offices":[]} {}`, 422, "one JSON", "", ""}, {"GET", "offices", "", 200, "2026-12-24", "", ""},
		{"POST", "questions/q2/mark", `{"office":"Tributi","done":false}`, 204, "", "", ""}, {"POST", "questions/q2/mark", `{"office":"Sport","done":true}`, 422, "Sport", "", ""},
		{"GET", "questions/clusters", "", 200, `"Dove si nuota?"`, "", ""}, {"GET", "questions/trends?weeks=4&by=language", "", 200, `"it"`, "", ""}, {"GET", "questions/trends?by=moon", "", 422, "by", "", ""},
		{"GET", "questions/export/csv", "", 200, "Quando apre?", "", ""}, {"GET", "questions/export/json", "", 200, "Quando apre?", "", ""}, {"GET", "questions/export/xml", "", 404, "xml", "", ""},
		{"GET", "questions/trends/csv", "", 200, "domande", "", ""}, {"GET", "questions/trends/json?by=office", "", 200, `"asked":2`, "", ""},
		{"POST", "answers", answer + `,"asked":"q2"}`, 201, `"trouble":""`, "answer", "id"}, {"POST", "answers", strings.Replace(answer, "entro il 16 giugno", "entro il 3 maggio", 1) + `}`, 422, "sources", "", ""},
		{"POST", "answers", strings.Replace(answer, "16 giugno.", "18 giugno.", 1) + `}`, 422, "18", "", ""}, {"POST", "answers", strings.Replace(answer, "16 giugno.", "18 giugno.", 1) + `,"sure":true}`, 201, "18", "", ""}, {"POST", "answers", answer + `,"language":"xx"}`, 422, "language", "", ""},
		{"GET", "answers", "", 200, `"total":2`, "", ""}, {"GET", "answers/@answer", "", 200, "16 giugno", "", ""}, {"GET", "answers/none", "", 404, "", "", ""}, {"PUT", "answers/@answer", answer + `,"wordings":["Entro quando?"]}`, 200, "Entro quando?", "", ""}, {"PUT", "answers/none", answer + `}`, 404, "", "", ""},
		{"POST", "answers/@answer/withdraw", "", 200, `"trouble":"withdrawn"`, "", ""}, {"POST", "answers/@answer/restore", "", 200, `"withdrawn":false`, "", ""},
		{"GET", "handovers?state=open", "", 200, `"total":2`, "", ""}, {"GET", "handovers?state=x", "", 422, "state", "", ""}, {"GET", "handovers/AAAA2222", "", 200, "Aiuto", "", ""}, {"GET", "handovers/none", "", 404, "", "", ""},
		{"POST", "handovers/AAAA2222/move", `{"office":"Anagrafe"}`, 200, "Anagrafe", "", ""}, {"POST", "handovers/AAAA2222/move", `{"office":"Sport"}`, 422, "Sport", "", ""},
		{"POST", "handovers/AAAA2222/answer", `{"reply":"Venga lunedì."}`, 200, `"answered"`, "", ""}, {"POST", "handovers/AAAA2222/answer", `{"reply":"Ancora"}`, 409, "", "", ""}, {"POST", "handovers/BBBB2222/answer", `{"reply":" "}`, 422, "reply", "", ""}, {"POST", "handovers/BBBB2222/close", "", 200, `"closed"`, "", ""},
		{"POST", "switch/off", `{"subject":"rifiuti","notice":"Torniamo presto"}`, 200, "Torniamo", "", ""}, {"POST", "switch/off", `{"subject":" "}`, 422, "subject", "", ""}, {"GET", "switch", "", 200, "rifiuti", "", ""}, {"POST", "switch/on", `{"subject":"rifiuti"}`, 200, `"off":[]`, "", ""}, {"POST", "switch/on", `{}`, 200, "", "", ""},

		{"PUT", "settings/page.notice", `{"value":"Ciao"}`, 200, `"own":true`, "", ""}, {"PUT", "settings/page.colour", `{"value":"#ffffff"}`, 422, "contrasto", "", ""}, {"PUT", "settings/none", `{"value":""}`, 404, "not_found", "", ""}, {"PUT", "settings/page.notice", `{}`, 422, "missing", "", ""},
		{"PUT", "settings/page.logo/picture", "image/png\n" + picture(t), 200, `"page.logo"`, "", ""}, {"PUT", "settings/page.logo/picture", "image/png\nx", 422, "PNG", "", ""}, {"PUT", "settings/page.logo/picture", `{}`, 415, "", "", ""}, {"PUT", "settings/page.notice/picture", "image/png\nx", 404, "", "", ""},
		{"GET", "settings", "", 200, `"Ciao"`, "", ""}, {"DELETE", "settings/page.notice", "", 204, "", "", ""}, {"DELETE", "settings/none", "", 404, "not_found", "", ""},
		{"POST", "people", `{"email":"nuova@example.it","name":"Nuova","role":"clerk"}`, 201, "/staff/link/", "new", "person"}, {"POST", "people", `{"email":"nuova","name":"Nuova","role":"clerk"}`, 422, "", "", ""}, {"POST", "people", `{"email":"nuova@example.it","name":"Nuova","role":"king"}`, 422, "", "", ""},
		{"GET", "people", "", 200, `"nuova@example.it"`, "", ""}, {"GET", "people/@new", "", 200, `"clerk"`, "", ""}, {"GET", "people/none", "", 404, "", "", ""}, {"POST", "people/@new/grant", `{"role":"editor"}`, 204, "", "", ""}, {"POST", "people/@new/grant", `{"role":"king"}`, 422, "role", "", ""},
		{"POST", "people/@new/revoke", `{"role":"editor"}`, 204, "", "", ""}, {"POST", "people/@new/link", "", 201, "/staff/link/", "", ""}, {"GET", "people/@new/sessions", "", 200, `"sessions":[]`, "", ""}, {"DELETE", "people/@new/sessions", "", 204, "", "", ""},
		{"POST", "people/@new/disable", "", 204, "", "", ""}, {"POST", "people/@new/enable", "", 204, "", "", ""}, {"POST", "people/@new/totp", "", 204, "", "", ""}, {"POST", "people/@new/erase", "", 409, "", "", ""}, {"POST", "people/@new/disable", "", 204, "", "", ""}, {"POST", "people/@new/erase", "", 204, "", "", ""},
		{"GET", "tenants", "", 200, stafftest.Comune, "", ""}, {"POST", "tenants", `{"name":"Avella"}`, 201, `"064007"`, "", ""}, {"POST", "tenants", `{"name":"Avella"}`, 422, "", "", ""}, {"POST", "tenants", `{"name":"Avella","parent":"isolaprova"}`, 403, "below", "", ""},
		{"POST", "tenants/import", "text/csv\nnome;istat\nAlbiano;022002\n", 200, `"added":1`, "", ""}, {"POST", "tenants/import", "text/csv\nx", 422, "", "", ""}, {"POST", "tenants/import", `{}`, 415, "csv", "", ""}, {"GET", "tenant", "", 200, `"unione"`, "", ""}, {"PATCH", "tenant", `{"name":"Unione dei Prova"}`, 200, "Unione dei Prova", "", ""}, {"PATCH", "tenant", `{"name":" "}`, 422, "", "", ""},
		{"POST", "tokens", `{"name":"sito","actions":["documents.read"],"days":365}`, 201, "sportello_", "", ""}, {"POST", "tokens", `{"name":"sito","actions":[]}`, 422, "", "", ""}, {"POST", "tokens", `{"name":"sito","actions":["fly"]}`, 422, "fly", "", ""}, {"GET", "tokens", "", 200, `"sito"`, "", ""}, {"DELETE", "tokens/none", "", 404, "", "", ""},
		{"POST", "visits/notes", `{"document":"@doc","text":"Chiedere il codice dell'avviso."}`, 204, "", "", ""}, {"POST", "visits/notes", `{"document":"@doc","text":" "}`, 422, "500", "", ""}, {"POST", "visits/notes", `{"document":"none","text":"x"}`, 404, "", "", ""},
		{"GET", "visits/notes", "", 200, "Chiedere", "note", "id"}, {"DELETE", "visits/notes/@note", "", 204, "", "", ""}, {"DELETE", "visits/notes/@note", "", 404, "", "", ""}, {"GET", "visits/counts", "", 200, `"solved"`, "", ""},
		{"GET", "revision/@doc", "", 200, `"findings"`, "", ""}, {"GET", "revision/none", "", 404, "", "", ""}, {"GET", "revision/@doc/compare?other=@doc", "", 200, `"pairs"`, "", ""}, {"GET", "revision/@doc/compare?other=none", "", 404, "", "", ""}, {"GET", "revision/@doc/compare", "", 422, "other", "", ""},
		{"POST", "minutes", `{"organo":"consiglio","data":"2026-03-26","componenti":[{"nome":"Anna Rolando","carica":"Sindaca"},{"nome":"Dario Bruno"}],"punti":[{"titolo":"Bilancio"}],"diario":[{"id":"a","testo":"presenti tutti"}]}`, 201, `"present":2`, "meeting", "id"}, {"POST", "minutes", `{"organo":"lega"}`, 422, "organo", "", ""}, {"POST", "minutes", `{"organo":"giunta","diario":[{"id":"a","x":1}]}`, 422, "", "", ""},
		{"GET", "minutes", "", 200, `"consiglio"`, "", ""}, {"GET", "minutes/@meeting", "", 200, `"esito_manca"`, "", ""}, {"GET", "minutes/none", "", 404, "", "", ""}, {"POST", "minutes/@meeting/lines", `{"id":"b","text":"punto 1"}`, 201, `"punto 1"`, "", ""}, {"POST", "minutes/@meeting/lines", `{"text":" "}`, 422, "", "", ""},
		{"POST", "minutes/@meeting/lines", `{"id":"c","text":"voto contrari Verdi"}`, 201, `"nome_sconosciuto"`, "", ""}, {"PATCH", "minutes/@meeting/lines/c", `{"was":"altro","text":"voto unanime"}`, 409, "", "", ""}, {"PATCH", "minutes/@meeting/lines/c", `{"text":"voto unanime"}`, 200, `"voto unanime"`, "", ""}, {"PATCH", "minutes/@meeting/lines/z", `{"text":"x"}`, 404, "", "", ""},
		{"PUT", "minutes/@meeting", `{"revision":1,"session":{"organo":"giunta"}}`, 409, "", "", ""}, {"PUT", "minutes/@meeting", `{"revision":4}`, 422, "session", "", ""}, {"PATCH", "minutes/@meeting/transcript", `{"voice":"voce 1","name":"Dario Bruno"}`, 404, "no transcript", "", ""},
		{"PUT", "minutes/@meeting/transcript", "application/octet-stream\n[00:00:10] Bruno: Il bilancio ha un avanzo di 12.000 euro, e va speso per la scuola del paese. Il tetto della scuola perde acqua da due anni e i bambini hanno i secchi in aula. Chiedo che la Giunta presenti un progetto per il tetto entro la primavera, perché i lavori si fanno soltanto con la scuola chiusa.", 200, `"voce 1"`, "", ""}, {"PUT", "minutes/@meeting/transcript", "application/octet-stream\n ", 422, "no words", "", ""}, {"PUT", "minutes/@meeting/transcript", `{}`, 415, "", "", ""},
		{"PATCH", "minutes/@meeting/transcript", `{"voice":"voce 1","name":"Dario Bruno"}`, 200, `"given":"Dario Bruno"`, "", ""}, {"PATCH", "minutes/@meeting/transcript", `{"voice":"voce 7","name":"x"}`, 404, "", "", ""}, {"PATCH", "minutes/@meeting/transcript", `{"turn":0,"item":1}`, 200, `"person"`, "", ""}, {"PATCH", "minutes/@meeting/transcript", `{"turn":9,"item":1}`, 422, "", "", ""}, {"PATCH", "minutes/@meeting/transcript", `{"turn":0}`, 422, "", "", ""},
		{"GET", "minutes/@meeting/verbale", "", 200, "12.000 euro", "", ""}, {"POST", "minutes/@meeting/parts", `{"part":"1 voce 1","text":"Il Consigliere propone la scuola."}`, 200, "propone la scuola", "", ""}, {"POST", "minutes/@meeting/parts", `{"part":"9 voce 9","text":"x"}`, 404, "", "", ""},
		{"POST", "minutes/@meeting/parts", `{"part":"1 voce 1"}`, 200, "", "", ""}, {"POST", "minutes/@meeting/accept", `{"part":"1 voce 1"}`, 409, "model", "", ""}, {"POST", "minutes/@meeting/propose", `{"part":"9 voce 9"}`, 404, "", "", ""}, {"POST", "minutes/@meeting/propose", `{"part":"1 voce 1"}`, 200, `"origin":"model"`, "", ""},
		{"POST", "minutes/@meeting/final", `{"format":"txt","reason":"scade oggi"}`, 409, "accepted", "", ""}, {"POST", "minutes/@meeting/accept", `{"part":"1 voce 1"}`, 200, `"origin":"person"`, "", ""}, {"POST", "minutes/@meeting/final", `{"format":"txt","reason":"scade oggi"}`, 200, "", "", ""}, {"POST", "minutes/@meeting/final", `{"format":"txt","reason":""}`, 422, "reason", "", ""}, {"POST", "minutes/@meeting/final", `{"format":"exe","reason":"x"}`, 422, "format", "", ""},
		{"GET", "minutes/@meeting/export?format=txt", "", 200, "", "", ""}, {"GET", "minutes/@meeting/export?final=true", "", 409, "not final", "", ""}, {"GET", "minutes/@meeting/export?format=xls", "", 422, "format", "", ""}, {"PUT", "minutes/@meeting", `{"revision":11,"session":{"organo":"consiglio","data":"2026-03-26"}}`, 200, `"diario":[]`, "", ""}, {"DELETE", "minutes/@meeting", "", 204, "", "", ""}, {"DELETE", "minutes/@meeting", "", 404, "", "", ""},
		{"POST", "webhooks", `{"url":"https://www.example.it/avvisi","events":["question.unanswered"]}`, 201, `"whsec_`, "hook", "id"}, {"POST", "webhooks", `{"url":"http://www.example.it/","events":["document.changed"]}`, 422, "https", "", ""}, {"POST", "webhooks", `{"url":"https://www.example.it/","events":["x"]}`, 422, "", "", ""},
		{"PATCH", "webhooks/@hook", `{"events":["document.changed","handover.left"]}`, 200, `"handover.left"`, "", ""}, {"PATCH", "webhooks/@hook", `{}`, 422, "nothing is said", "", ""}, {"PATCH", "webhooks/@hook", `{"url":"ftp://x"}`, 422, "", "", ""}, {"PATCH", "webhooks/none", `{"active":true}`, 404, "", "", ""},
		{"POST", "documents/@doc/repeal", `{}`, 200, "", "", ""}, {"GET", "webhooks/@hook/deliveries?limit=1", "", 200, `"change":"repealed"`, "delivery", "id"}, {"POST", "webhooks/@hook/deliveries/@delivery/retry", "", 409, "", "", ""}, {"POST", "webhooks/@hook/deliveries/x/retry", "", 404, "", "", ""},
		{"POST", "webhooks/@hook/test", "", 201, "", "", ""}, {"POST", "webhooks/none/test", "", 404, "", "", ""}, {"GET", "webhooks", "", 200, `"waiting":2`, "", ""}, {"PATCH", "webhooks/@hook", `{"active":false,"url":"https://altro.example.it/"}`, 200, `"active":false`, "", ""}, {"GET", "webhooks/@hook", "", 200, "altro", "", ""}, {"POST", "webhooks/@hook/secret", "", 200, `"whsec_`, "", ""},
		{"DELETE", "webhooks/@hook", "", 204, "", "", ""}, {"GET", "webhooks/@hook/deliveries", "", 404, "", "", ""}, {"DELETE", "webhooks/@hook", "", 404, "", "", ""},
		{"POST", "acts", `{"template":"lettera","facts":{"ente":{"nome":"Unione di Prova"},"termine":"30 giorni"}}`, 201, "UNIONE DI PROVA", "act", "id"}, {"POST", "acts", `{"template":"romanzo"}`, 422, "romanzo", "", ""}, {"POST", "acts", `{"template":"lettera","facts":{"colore":"blu"}}`, 422, "colore", "", ""},
		{"GET", "acts?q=richiesta&state=draft&family=lettera&limit=5", "", 200, `"total":1`, "", ""}, {"GET", "acts?state=lost", "", 422, "state", "", ""}, {"GET", "acts/@act", "", 200, `"origin":"field"`, "", ""}, {"GET", "acts/none", "", 404, "", "", ""},
		{"PATCH", "acts/@act", `{"revision":1,"facts":{"termine":"","data":"ieri","risposta":"Sì, può."}}`, 200, `"field":"data"`, "", ""}, {"PATCH", "acts/@act", `{"revision":1,"facts":{"risposta":"No."}}`, 409, "risposta", "", ""}, {"PATCH", "acts/@act", `{"revision":1}`, 422, "facts", "", ""}, {"PATCH", "acts/@act", `{"revision":9,"facts":{}}`, 409, "9", "", ""}, {"PATCH", "acts/@act", `{"revision":2,"facts":{"colore":"blu"}}`, 422, "colore", "", ""},
		{"PUT", "acts/@act/parts/testo", `{"revision":2,"text":"Sì, può venire."}`, 200, `"changed":true`, "", ""}, {"PUT", "acts/@act/parts/none", `{"revision":2,"text":"x"}`, 404, "", "", ""}, {"PUT", "acts/@act/parts/testo", `{"revision":2}`, 422, "text", "", ""}, {"POST", "acts/@act/parts/testo/reset", "", 200, `"revision":4`, "", ""}, {"POST", "acts/@act/parts/none/reset", "", 404, "", "", ""},
		{"POST", "acts/@act/undo", `{"revision":4}`, 200, "Sì, può venire.", "", ""}, {"POST", "acts/@act/undo", `{"revision":4}`, 409, "", "", ""}, {"GET", "acts/@act/revisions", "", 200, `"what":"undo"`, "", ""}, {"POST", "acts/@act/restore", `{"revision":5,"to":2}`, 200, `"revision":6`, "", ""}, {"POST", "acts/@act/restore", `{"revision":6,"to":99}`, 404, "99", "", ""},
		{"POST", "acts/@act/comments", `{"part":"testo","text":"Chiaro?"}`, 201, "", "comment", "id"}, {"POST", "acts/@act/comments", `{"text":" "}`, 422, "2000", "", ""}, {"POST", "acts/@act/comments", `{"part":"coda","text":"x"}`, 422, "coda", "", ""}, {"GET", "acts/@act/comments", "", 200, "Chiaro?", "", ""}, {"POST", "acts/@act/comments/@comment/resolve", "", 204, "", "", ""}, {"POST", "acts/@act/comments/@comment/resolve", "", 404, "", "", ""},
		{"POST", "acts/@act/export", `{"format":"docx"}`, 200, "PK", "", ""}, {"POST", "acts/@act/export", `{"format":"exe"}`, 422, "format", "", ""}, {"POST", "acts/@act/export", `{"format":"txt","final":true}`, 409, "approved", "", ""}, {"POST", "acts/@act/export", `{"format":"txt","obscured":true}`, 200, "UNIONE", "", ""},
		{"POST", "acts/@act/state", `{"revision":6,"state":"in_review"}`, 200, `"in_review"`, "", ""}, {"POST", "acts/@act/state", `{"revision":6,"state":"approved"}`, 422, "state", "", ""}, {"POST", "acts/@act/approve", `{"revision":6}`, 200, `"approved"`, "", ""}, {"POST", "acts/@act/approve", `{"revision":5}`, 409, "", "", ""}, {"PUT", "acts/@act/parts/testo", `{"revision":6,"text":"x"}`, 409, "approved", "", ""},
		{"POST", "acts/@act/final", `{"format":"odt","reason":"scade oggi"}`, 200, "PK", "", ""}, {"POST", "acts/@act/final", `{"format":"odt","reason":""}`, 422, "reason", "", ""}, {"GET", "acts/@act/exports", "", 200, "scade oggi", "export", "id"}, {"GET", "acts/@act/exports/@export/manifest", "", 200, `"override":"scade oggi"`, "", ""}, {"GET", "acts/@act/exports/none/manifest", "", 404, "", "", ""}, {"GET", "acts/@act/exports/@export/metadata", "", 200, "DocumentoAmministrativoInformatico", "", ""}, {"GET", "acts/@act/exports/none/metadata", "", 404, "", "", ""}, {"POST", "acts/@act/export", `{"format":"xml"}`, 422, "regulation", "", ""},
		{"POST", "acts", `{"template":"delibera-regolamento","facts":{"regolamento":"Regolamento delle sale","schema":"Art. 1 - Oggetto\n1. Si prestano le sale.\nArt. 2 - Uso\n1. Si chiede prima."}}`, 201, "Art. 2", "rules", "id"}, {"POST", "acts/@rules/export", `{"format":"xml"}`, 200, "art_2__para_1", "", ""},
		{"DELETE", "acts/@act", "", 409, "approved", "", ""}, {"POST", "acts/@act/state", `{"revision":6,"state":"draft"}`, 200, `"draft"`, "", ""}, {"DELETE", "acts/@act", "", 204, "", "", ""}, {"DELETE", "acts/@act", "", 404, "", "", ""},

		{"POST", "acts", `{"template":"determina-impegno","facts":{"oggetto":"Quota associativa"}}`, 201, "Quota", "spend", "id"}, {"POST", "acts/@spend/parts/premesse/propose", `{"after":1}`, 200, "VERIFICARE: Comune di Milano", "", ""}, {"POST", "acts/@spend/parts/oggetto/propose", `{}`, 409, "", "", ""}, {"POST", "acts/@spend/parts/none/propose", `{}`, 404, "", "", ""}, {"POST", "acts/@spend/parts/premesse/propose", `{"after":-1}`, 422, "after", "", ""},
		{"POST", "acts/@spend/parts/premesse/accept", `{"revision":1}`, 409, "revision 2", "", ""}, {"POST", "acts/@spend/parts/premesse/accept", `{"revision":2}`, 200, "proposta di copione", "", ""}, {"POST", "acts/@spend/parts/premesse/refuse", `{"revision":3}`, 409, "model", "", ""}, {"POST", "acts/@spend/undo", `{"revision":3}`, 200, `"unaccepted":["premesse"]`, "", ""}, {"POST", "acts/@spend/parts/premesse/refuse", `{"revision":4}`, 200, `"unaccepted":[]`, "", ""},
		{"GET", "acts/@spend/references?q=legge+190+del+2012", "", 200, "6 novembre 2012", "", ""}, {"GET", "acts/@spend/references?q=determina", "", 200, "determinazione n. 5 del 2 febbraio 2025", "", ""}, {"GET", "acts/@spend/references?q=", "", 422, "300", "", ""}, {"POST", "acts/@spend/refer", `{"part":"premesse","after":2,"style":"legge 6 novembre 2012, n. 190"}`, 200, "Vista la legge 6 novembre 2012, n. 190;", "", ""}, {"POST", "acts/@spend/refer", `{"part":"premesse","style":" "}`, 422, "style", "", ""}, {"POST", "acts/@spend/refer", `{"part":"none","style":"x"}`, 404, "", "", ""},
		{"GET", "acts/@spend/similar?q=quota", "", 200, "Determina n. 5", "passage", "id"}, {"GET", "acts/none/similar?q=quota", "", 404, "", "", ""}, {"POST", "acts/@spend/reuse", `{"part":"premesse","passage":"@passage"}`, 200, `"origin":"passage"`, "", ""}, {"POST", "acts/@spend/reuse", `{"part":"premesse","passage":"none"}`, 404, "", "", ""}, {"GET", "acts/@spend/publish", "", 200, `"differ":0`, "", ""},
		{"GET", "templates", "", 200, `"lettera"`, "", ""}, {"GET", "templates/lettera", "", 200, "== oggetto", "", ""}, {"GET", "templates/romanzo", "", 404, "", "", ""}, {"GET", "templates/lettera/file", "", 200, "Modello di Sportello", "", ""}, {"POST", "templates/lettera/copy", `{"to":"lettera-breve"}`, 201, `"lettera-breve"`, "", ""}, {"POST", "templates/lettera/copy", `{"to":"lettera-breve"}`, 409, "", "", ""}, {"POST", "templates/lettera/copy", `{"to":"Lettera Breve"}`, 422, "", "", ""},
		{"PUT", "templates/lettera-breve", `{"model":"titolo = \"Lettera breve\"\nfamiglia = \"lettera\"\nversione = 1\n","text":"== testo: Testo ==\nCiao {chi}\n"}`, 422, "line 2", "", ""}, {"PUT", "templates/lettera-breve", `{"model":"titolo = \"Lettera breve\"\nfamiglia = \"lettera\"\nversione = 1\n","text":"== testo: Testo ==\nBuongiorno.\n"}`, 200, `"version":2`, "", ""}, {"POST", "templates/lettera-breve/restore", `{"version":1}`, 200, `"version":3`, "", ""}, {"POST", "templates/lettera-breve/restore", `{"version":9}`, 404, "", "", ""},
		{"POST", "templates/lettera-breve/withdraw", "", 204, "", "", ""}, {"POST", "templates/lettera-breve/withdraw", "", 404, "", "", ""}, {"POST", "templates/import", "text/plain\n-- ordine/modello.toml --\ntitolo = \"Ordine\"\nfamiglia = \"altro\"\nversione = 1\n-- ordine/testo.txt --\n== testo: Testo ==\nSi ordina.\n", 201, `"ordine"`, "", ""}, {"POST", "templates/import", "text/plain\nniente", 422, "", "", ""}, {"POST", "templates/import", `{}`, 415, "", "", ""},

		{"GET", "audit?limit=500", "", 200, "document.repeal", "", ""}, {"GET", "audit?before=3&from=2020-01-01&to=2099-01-01&action=person.add", "", 200, `"entries"`, "", ""}, {"GET", "audit?before=x", "", 422, "before", "", ""}, {"GET", "audit?from=x", "", 422, "day", "", ""}, {"GET", "audit/verify", "", 200, `"whole":true`, "", ""},
	} {
		fill := func(text string) string {
			for _, name := range slices.Backward(slices.Sorted(maps.Keys(kept))) { // "newer" before "new"
				text = strings.ReplaceAll(text, "@"+name, kept[name])
			}
			return text
		}
		kind, body := "application/json", fill(tc.body)
		if first, rest, ok := strings.Cut(body, "\n"); ok {
			kind, body = first, rest
		}
		r := request(tc.method, "/api/v1/t/"+stafftest.Unione+"/manage/"+fill(tc.path), body, "Content-Type", kind, "Authorization", "Bearer "+m.secret)
		res := m.do(r)
		conforms(t, router, r, body, res)
		got := text(t, res)
		if res.StatusCode != tc.status || !strings.Contains(got, tc.want) {
			t.Errorf("%s %s %s: %d %s, want %d %s", tc.method, tc.path, body, res.StatusCode, got, tc.status, tc.want)
		}
		if res.StatusCode < 300 {
			route, _, _ := router.FindRoute(r)
			done[route.Operation.OperationID] = true
		}
		if tc.keep != "" {
			_, after, _ := strings.Cut(got, `"`+tc.field+`":`)
			kept[tc.keep], _, _ = strings.Cut(strings.Trim(strings.TrimPrefix(after, `"`), "{"), `"`)
			kept[tc.keep] = strings.TrimRight(kept[tc.keep], ",}\n")
			kept[tc.keep], _, _ = strings.Cut(kept[tc.keep], ",")
		}
	}
	for _, item := range doc.Paths.Map() {
		for _, o := range item.Operations() {
			if slices.Contains(o.Tags, "manage") && !done[o.OperationID] && !slices.Contains([]string{"revokeToken", "retryUpload", "retryDelivery"}, o.OperationID) {
				t.Errorf("%s was not done once", o.OperationID)
			}
		}
	}
	for name, token := range map[string]string{"none": "", "wrong": "Bearer sportello_wrong", "another scheme": "Basic eA=="} {
		if r := m.do(request("GET", "/api/v1/t/"+stafftest.Unione+"/manage/documents", "", "Authorization", token)); r.StatusCode != 401 {
			t.Errorf("token %s: %d", name, r.StatusCode)
		}
	}
}

// A token gives nobody more than it has itself, although the person who made it may.
func TestTokenGivesNoMoreThanItHas(t *testing.T) {
	m := newManager(t)
	narrow := m.token(t, stafftest.Unione, access.Territory, access.EditPeople, access.ReadPeople, access.EditTokens)
	clerk := m.house.Person(access.Clerk, stafftest.Unione)
	for _, tc := range []struct {
		method, path, body string
		status             int
	}{
		{"POST", "people", `{"email":"nuova@example.it","name":"Nuova","role":"tenant"}`, 422},
		{"POST", "people", `{"email":"nuova@example.it","name":"Nuova","role":"clerk"}`, 422},
		{"POST", "people/" + clerk.ID + "/grant", `{"role":"territory"}`, 403},
		{"POST", "people/" + clerk.ID + "/link", "", 403},
		{"POST", "tokens", `{"name":"altro","actions":["documents.edit"]}`, 403},
		{"POST", "tokens", `{"name":"altro","actions":["people.read"]}`, 201},
		{"GET", "documents", "", 403},
	} {
		r := request(tc.method, "/api/v1/t/"+stafftest.Unione+"/manage/"+tc.path, tc.body, "Content-Type", "application/json", "Authorization", "Bearer "+narrow)
		if res := m.do(r); res.StatusCode != tc.status {
			t.Errorf("%s %s: %d %s, want %d", tc.method, tc.path, res.StatusCode, text(t, res), tc.status)
		}
	}
	tokens, err := m.house.Store.Tokens(t.Context(), stafftest.Unione)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range tokens {
		if x.Expires.After(time.Now().Add(2 * time.Hour)) {
			t.Errorf("the token %s of a token lives until %s", x.Name, x.Expires)
		}
	}
}

// Every address of the program interface is described, and everything described is there.
func TestOpenAPIHasEveryRoute(t *testing.T) {
	m := newManager(t)
	doc, _ := description(t, m.harness)
	var described, served []string
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			described = append(described, method+" "+strings.NewReplacer("{", ":", "}", "").Replace(path))
		}
	}
	for _, r := range web.Routes(m.handler) {
		if strings.HasPrefix(r, http.MethodOptions) {
			continue // what browsers ask beforehand is not of the interface
		}
		if path := r[strings.Index(r, "/"):]; strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/v1/") {
			served = append(served, r)
		}
	}
	slices.Sort(described)
	slices.Sort(served)
	if !slices.Equal(served, described) {
		t.Errorf("routes: served and not described %v, described and not served %v", without(served, described), without(described, served))
	}
	// What a token needs is said as the route table has it.
	for _, route := range m.house.Console.Routes() {
		if !route.API() {
			continue
		}
		item := doc.Paths.Value(route.Path)
		if item == nil || item.GetOperation(route.Method) == nil {
			continue
		}
		if o := item.GetOperation(route.Method); !strings.HasPrefix(o.Description, "Token with `"+string(route.Action)+"`.") {
			t.Errorf("%s %s takes %s; the description says %q", route.Method, route.Path, route.Action, o.Description)
		}
	}
}

func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
}
