package documents_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/web/staff"
	"sportello/web/staff/documents"
	"sportello/web/staff/stafftest"
)

func parts(s *store.Store) []staff.Part {
	return []staff.Part{documents.New(documents.Config{Store: s, MaxFile: 4000, MaxUpload: 200_000,
		Try: func(_ context.Context, _, document, question string) (*assistant.Answer, error) {
			if strings.Contains(question, "nulla") {
				return &assistant.Answer{}, nil
			}
			c := assistant.Citation{DocumentID: document, Article: "2", Page: 1, Quote: "Il canone è di 30 euro."}
			return &assistant.Answer{Statements: []assistant.Statement{{Text: "Il canone è di 30 euro.", Citations: []assistant.Citation{c}}},
				Passages: []assistant.Passage{{Breadcrumb: "Mercati > Art. 2", Text: "Il canone è di 30 euro."}}}, nil
		},
		Allowed: func(address string, hosts []string) error {
			if strings.HasPrefix(address, "https://www.comune.it/") {
				return nil
			}
			return fault.New(fault.Invalid, "not allowed")
		},
	})}
}

// Every route, every role, every place.
func TestMatrix(t *testing.T) { stafftest.Matrix(t, parts) }

// lines is a Parser of texts.
type lines struct{}

func (lines) Parse(_ context.Context, in ingest.Input) (*ingest.Parsed, error) {
	if strings.Contains(string(in.Bytes), "ROTTO") {
		return nil, fault.New(fault.Broken, "%s: it cannot be opened", in.Name)
	}
	p := &ingest.Parsed{Format: "text"}
	for line := range strings.Lines(string(in.Bytes)) {
		p.Blocks = append(p.Blocks, ingest.Block{Text: strings.TrimSpace(line)})
	}
	return p, nil
}

const mercati = `REGOLAMENTO COMUNALE PER I MERCATI
Approvato con deliberazione del Consiglio comunale n. 5 del 10/02/2020

Art. 1 Oggetto
1. Il presente regolamento disciplina i mercati comunali.

Art. 2 Canone
1. Il canone del posteggio è di 30 euro, come dice l'articolo 9 del presente regolamento.

Art. 4 Sanzioni
1. La sanzione va da 25 a 500 euro per ogni violazione.
`

const fiere = `REGOLAMENTO COMUNALE PER LE FIERE
Approvato con deliberazione del Consiglio comunale n. 8 del 12/03/2022

Art. 1 Oggetto
1. Per quanto non previsto vale la deliberazione del Consiglio comunale n. 5 del 10/02/2020.
`

// work takes in what waits.
func work(t *testing.T, h *stafftest.House) {
	t.Helper()
	w := ingest.NewWorker(ingest.WorkerConfig{Queue: h.Store, Syncer: ingest.NewSyncer(ingest.SyncConfig{Parser: lines{}, Shelf: h.Store}), MaxBytes: 4000})
	for {
		worked, err := w.Once(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !worked {
			return
		}
	}
}

// multi makes a form of fields and files, as a browser sends them; stream puts the token into a header.
func multi(t *testing.T, c *stafftest.Client, path string, stream bool, fields map[string]string, files ...string) *http.Request {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if !stream {
		fields["csrf"] = c.Token()
	}
	for name, value := range fields {
		if err := w.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	for i := 0; i+1 < len(files); i += 2 {
		h := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name="files"; filename="%s"`, files[i])}}
		part, err := w.CreatePart(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, files[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := c.Request(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	if stream {
		r.Header.Set("X-CSRF-Token", c.Token())
		r.Header.Set("Accept", "application/json")
	}
	return r
}

const base = "/staff/t/" + stafftest.Comune + "/"

func zipOf(t *testing.T, pairs ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		f, err := w.Create(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func sources(t *testing.T, h *stafftest.House) (out []string) {
	t.Helper()
	all, err := h.Store.Documents(t.Context(), stafftest.Comune, store.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		out = append(out, r.Source+" "+string(r.State)+" "+string(r.Visibility)+" "+r.Office)
	}
	return out
}

func idOf(t *testing.T, h *stafftest.House, source string) string {
	t.Helper()
	all, err := h.Store.Sources(t.Context(), stafftest.Comune, source)
	if err != nil || len(all) != 1 {
		t.Fatal(source, all, err)
	}
	return all[0].ID
}

func TestUpload(t *testing.T) {
	h := stafftest.New(t, parts)
	if err := h.Store.PutOffices(t.Context(), stafftest.Comune, []store.Office{{Name: "Commercio"}}); err != nil {
		t.Fatal(err)
	}
	c := h.As(access.Editor, stafftest.Comune)
	if text := c.Get(base + "documents").Is(200).Page().Find(".empty").Text(); !strings.Contains(text, "nessun documento") {
		t.Errorf("empty: %q", text)
	}
	c.Get(base + "upload").Is(200)
	// As a script sends it: a folder, an archive, one that is too large, one that is broken.
	r := multi(t, c, base+"upload", true, map[string]string{"folder": "atti/../2024", "office": "Commercio", "visibility": "staff"},
		"regolamenti/mercati.txt", mercati, "altri.zip", zipOf(t, "fiere.txt", fiere, "../fuori.txt", "x"), "grande.txt", strings.Repeat("x", 5000), "rotto.txt", "ROTTO")
	got := c.Do(r).Is(201)
	if !strings.Contains(got.Text, base+"uploads/") {
		t.Fatal(got.Text)
	}
	job := strings.Split(strings.Split(got.Text, "uploads/")[1], `"`)[0]
	if page := c.Get(base + "uploads/" + job).Is(200).Page(); page.Find("#progress[data-again]").Length() != 1 || !strings.Contains(page.Find("head noscript").Text(), `http-equiv="refresh"`) || !strings.Contains(page.Text(), "sto leggendo") {
		t.Errorf("waiting: %s", page.Find("main").Text())
	}
	events, stream := make(chan string, 1), c.Request(http.MethodGet, base+"uploads/"+job+"/events", nil)
	go func() {
		defer close(events)
		if res, err := c.Client.Do(stream); err == nil {
			all, _ := io.ReadAll(res.Body) // what is missing is missed below
			_ = res.Body.Close()
			events <- string(all)
		}
	}()
	work(t, h)
	if got := <-events; !strings.HasPrefix(got, "retry: ") || !strings.Contains(got, "event: progress\ndata: ") || !strings.Contains(got, "100 %") || strings.Contains(got[strings.LastIndex(got, "event: "):], "data-again") {
		t.Errorf("events: %s", got)
	}
	if got := c.Get(base + "uploads/none/events"); got.StatusCode != 404 {
		t.Errorf("events of no upload: %d", got.StatusCode)
	}
	if got := c.Get(base + "uploads/" + job).Is(200).Text; strings.Contains(got, `http-equiv="refresh"`) {
		t.Error("without JavaScript the page reloads itself for ever")
	}
	piece := c.Get(base + "uploads/" + job + "/progress").Is(200).Page()
	text := strings.Join(strings.Fields(piece.Text()), " ")
	for _, want := range []string{"100 %", "2 nuovi", "3 non letti", "Archivio aperto", "È troppo grande", "Il file è rovinato", "rinominalo"} {
		if !strings.Contains(text, want) {
			t.Errorf("progress lacks %q: %s", want, text)
		}
	}
	if piece.Find("[data-again]").Length() != 0 {
		t.Error("it asks again when all is done")
	}
	want := []string{"atti/2024/regolamenti/mercati.txt live staff Commercio", "atti/2024/altri/fiere.txt live staff Commercio"}
	if diff := cmp.Diff(want, sources(t, h)); diff != "" {
		t.Error(diff)
	}
	// As a plain form sends it, the same bytes elsewhere and nothing at all.
	got = c.Do(multi(t, c, base+"upload", false, map[string]string{}, "mercati.txt", mercati)).Is(303)
	work(t, h)
	if text := c.Get(got.Header.Get("Location")).Is(200).Page().Find("main").Text(); !strings.Contains(text, "È lo stesso file di") {
		t.Errorf("the same bytes: %s", text)
	}
	if text := c.Do(multi(t, c, base+"upload", false, map[string]string{}, "", "")).Is(422).Page().Find(".alert").Text(); !strings.Contains(text, "almeno un file") {
		t.Errorf("nothing: %q", text)
	}
	if r := c.Do(multi(t, c, base+"upload", true, map[string]string{}, "a.zip", strings.Repeat("x", 250_000))); r.StatusCode != 413 {
		t.Errorf("too much: %d", r.StatusCode)
	}
	// What somebody took out of force comes again: it stays out, the page says so and offers to put it back.
	all, err := h.Store.Documents(t.Context(), stafftest.Comune, store.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	c.Post(base+"documents/"+all[0].ID+"/repeal", "reason", "prova").Is(303)
	got = c.Do(multi(t, c, base+"upload", true, map[string]string{"folder": path.Dir(all[0].Source)}, path.Base(all[0].Source), mercati+"\nE altro ancora.\n")).Is(201)
	work(t, h)
	again := c.Get(base + "uploads/" + strings.Split(strings.Split(got.Text, "uploads/")[1], `"`)[0]).Is(200).Page()
	if text := again.Find("tbody").Text(); !strings.Contains(text, "non in vigore") {
		t.Errorf("a repealed document: %q", text)
	}
	c.Post(again.Find("form[action$='/restore']").AttrOr("action", "")).Is(303)
	if d, err := h.Store.Document(t.Context(), stafftest.Comune, all[0].ID); err != nil || d.State != store.Live {
		t.Errorf("%+v %v", d, err)
	}
	// Stopped, tried again, and by somebody else.
	got = c.Do(multi(t, c, base+"upload", false, map[string]string{}, "b.txt", "Testo di prova del Comune")).Is(303)
	path := got.Header.Get("Location")
	c.Post(path + "/stop").Is(303)
	c.Post(path + "/retry").Is(409)
	c.Post(base + "uploads/" + job + "/retry").Is(303)
	work(t, h)
	c.Get(base + "upload").Is(200)
	h.As(access.Editor, stafftest.Sibling).Get("/staff/t/" + stafftest.Sibling + "/uploads/" + job).Is(404)
	if tiles := c.Get(base).Is(200).Page().Find(".tiles").Text(); !strings.Contains(tiles, "documenti in vigore") {
		t.Errorf("tiles: %q", tiles)
	}
}

// filled gives a house with two regulations.
func filled(t *testing.T) (*stafftest.House, *stafftest.Client) {
	t.Helper()
	h := stafftest.New(t, parts)
	c := h.As(access.Segretario, stafftest.Comune)
	c.Do(multi(t, c, base+"upload", true, map[string]string{}, "mercati.txt", mercati, "fiere.txt", fiere)).Is(201)
	work(t, h)
	return h, c
}

func TestList(t *testing.T) {
	h, c := filled(t)
	titles := func(query string) string {
		return strings.Join(strings.Fields(c.Get(base+"documents?"+query).Is(200).Page().Find("a.doc-title").Text()), " ")
	}
	for query, want := range map[string]string{
		"": "Regolamento comunale per i mercatiRegolamento comunale per le fiere", "q=FIERE": "Regolamento comunale per le fiere", "q=nessuno": "", "force=repealed": "",
		"force=in_force&kind=regolamento&visibility=public&sort=kind": "Regolamento comunale per i mercatiRegolamento comunale per le fiere",
		"sort=added&page=9": "Regolamento comunale per i mercatiRegolamento comunale per le fiere", "kind=modulo": "", "office=Tributi": "",
	} {
		if got := titles(query); got != want && !(strings.Contains(query, "added") && len(got) == len(want)) {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
	a, b := idOf(t, h, "caricati/mercati.txt"), idOf(t, h, "caricati/fiere.txt")
	back := base + "documents?sort=kind"
	got := c.Post(base+"bulk/set", "set", "visibility:staff", "id", a, "id", b, "back", back).Is(303)
	if to := got.Header.Get("Location"); !strings.HasPrefix(to, back) {
		t.Errorf("back to %s", to)
	}
	c.Post(base+"bulk/set", "set", "kind:bando", "id", a, "back", "https://altrove.it/").Is(303)
	c.Post(base+"bulk/set", "set", "office:Commercio", "id", a).Is(303)
	c.Post(base+"bulk/force", "force", "repeal", "reason", "C.C. 3/2026", "id", b).Is(303)
	if diff := cmp.Diff([]string{"caricati/mercati.txt live staff Commercio", "caricati/fiere.txt repealed staff "}, sources(t, h)); diff != "" {
		t.Error(diff)
	}
	if got := titles("kind=bando"); got != "Regolamento comunale per i mercati" {
		t.Errorf("kind: %q", got)
	}
	c.Post(base+"bulk/force", "force", "restore", "id", b).Is(303)
	for _, wrong := range [][]string{{"bulk/set", "set", "visibility:staff"}, {"bulk/set", "set", "x", "id", a}, {"bulk/force", "id", a}} {
		if text := c.Post(base+wrong[0], wrong[1:]...).Is(422).Page().Find(".alert-danger").Text(); text == "" {
			t.Errorf("%v: nothing is said", wrong)
		}
	}
	c.Post(base+"bulk/set", "set", "kind:x", "id", a).Is(422)
	h.As(access.Editor, stafftest.Comune).Post(base+"bulk/force", "force", "repeal", "id", a).Is(303)
	h.As(access.Clerk, stafftest.Comune).Post(base+"bulk/set", "set", "kind:bando", "id", a).Is(403)
	if n := h.As(access.Clerk, stafftest.Comune).Get(base + "documents").Is(200).Page().Find("input[name=id], .bulk").Length(); n != 0 {
		t.Error("who may not change anything is offered it")
	}
}

func TestDocument(t *testing.T) {
	h, c := filled(t)
	id := idOf(t, h, "caricati/mercati.txt")
	at := base + "documents/" + id
	page := c.Get(at).Is(200).Page()
	findings := page.Find(".findings").Text()
	for _, want := range []string{"manca l'articolo 3", "articolo 9, che in questo documento non c'è"} {
		if !strings.Contains(findings, want) {
			t.Errorf("check list lacks %q: %s", want, findings)
		}
	}
	if cited := page.Find(".citing a").Text(); cited != "Regolamento comunale per le fiere" {
		t.Errorf("cited by %q", cited)
	}
	if outline := page.Find(".outline li").Length(); outline != 3 {
		t.Errorf("%d lines of structure", outline)
	}
	if text := c.Get(at + "/passages").Is(200).Page().Find(".passages").Text(); !strings.Contains(text, "30 euro") {
		t.Errorf("passages: %q", text)
	}
	r := c.Get(at + "/original").Is(200)
	if r.Text != mercati || !strings.Contains(r.Header.Get("Content-Disposition"), "mercati.txt") || r.Header.Get("Content-Security-Policy") == "" {
		t.Errorf("original: %v", r.Header)
	}
	// A question.
	if text := c.Post(at+"/try", "question", "quanto costa?").Is(200).Page().Find(".tried").Text(); !strings.Contains(text, "30 euro") {
		t.Errorf("tried: %q", text)
	}
	if text := c.Post(at+"/try", "question", "nulla?").Is(200).Page().Find(".tried").Text(); !strings.Contains(text, "non trova") {
		t.Errorf("nothing: %q", text)
	}
	c.Post(at+"/try", "question", " ").Is(422)
	// By hand.
	fix := []string{"title", "Mercati", "kind", "regolamento", "visibility", "public", "office", "", "date", "2020-02-10", "valid_from", "2020-03-01", "valid_to", "", "year", "2020",
		"act_type", "delibera", "act_body", "C.C.", "act_number", "6", "act_date", "2020-02-10"}
	c.Post(at+"/fix", fix...).Is(303)
	page = c.Get(at).Is(200).Page()
	if title, was := page.Find("h1").Text(), page.Find(".byhand").First().Text(); title != "Mercati" || !strings.Contains(was, "Regolamento comunale per i mercati") {
		t.Errorf("fixed: %q %q", title, was)
	}
	for i, value := range map[int]string{1: "", 11: "domani", 13: "2019-01-01"} {
		wrong := append([]string{}, fix...)
		wrong[i] = value
		if text := c.Post(at+"/fix", wrong...).Is(422).Page().Find(".alert-danger").Text(); text == "" {
			t.Errorf("%q: nothing is said", value)
		}
	}
	c.Post(at + "/forget").Is(303)
	if title := c.Get(at).Is(200).Page().Find("h1").Text(); title != "Regolamento comunale per i mercati" {
		t.Errorf("forgotten: %q", title)
	}
	for _, path := range []string{"", "/passages", "/versions", "/original"} {
		c.Get(base + "documents/nessuno" + path).Is(404)
		h.As(access.Editor, stafftest.Sibling).Get("/staff/t/" + stafftest.Sibling + "/documents/" + id + path).Is(404)
	}
	c.Post(base+"documents/nessuno/fix", fix...).Is(404)
}

func TestForce(t *testing.T) {
	h, c := filled(t)
	id, other := idOf(t, h, "caricati/mercati.txt"), idOf(t, h, "caricati/fiere.txt")
	at := base + "documents/" + id
	c.Post(at + "/supersede").Is(422)
	c.Post(at+"/supersede", "by", id).Is(422)
	c.Post(at+"/supersede", "by", other, "reason", "C.C. 8/2022").Is(303)
	page := c.Get(at).Is(200).Page()
	if text := page.Find(".alert-warning").Text(); !strings.Contains(text, "Regolamento comunale per le fiere") || !strings.Contains(text, "C.C. 8/2022") {
		t.Errorf("superseded: %q", text)
	}
	if page.Find("#question").Length() != 0 {
		t.Error("a question can be tried on what is not in force")
	}
	if text := c.Get(base + "documents/" + other).Is(200).Page().Find(".findings").Text(); !strings.Contains(text, "non è più in vigore: Regolamento comunale per i mercati") {
		t.Errorf("a reference to what is out: %q", text)
	}
	c.Post(at + "/restore").Is(303)
	c.Post(at+"/repeal", "reason", "abrogato").Is(303)
	// What was done is undone, the last first.
	entries := func() []string {
		var out []string
		c.Get(base + "changes").Is(200).Page().Find("form[action*=undo]").Each(func(_ int, s *goquery.Selection) {
			action, _ := s.Attr("action")
			out = append(out, action)
		})
		return out
	}
	all := entries()
	if len(all) != 4 {
		t.Fatalf("entries %q", all)
	}
	if text := c.Post(all[1]).Is(409).Page().Find(".alert-danger").Text(); !strings.Contains(text, "annulla prima quella") {
		t.Errorf("too early: %q", text)
	}
	h.As(access.Clerk, stafftest.Comune).Post(all[0]).Is(403)
	for _, action := range all {
		c.Post(action).Is(303)
	}
	if diff := cmp.Diff([]string{"caricati/mercati.txt retired public ", "caricati/fiere.txt retired public "}, sources(t, h)); diff != "" {
		t.Error(diff)
	}
	c.Post(base + "changes/x/undo").Is(404)
	c.Post(base + "changes/9999/undo").Is(404)
	if n := c.Get(base + "changes").Is(200).Page().Find(".badge").Length(); n != 4 {
		t.Errorf("%d undone", n)
	}
}

// Who may edit documents and not settings undoes the one and not the other.
func TestUndoSetting(t *testing.T) {
	h, c := filled(t)
	if err := h.Store.PutSetting(t.Context(), store.ActorCommand, stafftest.Comune, "tono", "a"); err != nil {
		t.Fatal(err)
	}
	entries, err := h.Store.Journal(t.Context(), stafftest.Comune, 10, 0)
	if err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("%schanges/%d/undo", base, entries[0].ID)
	c.Post(path).Is(403)
	if text := c.Get(base + "changes").Is(200).Page().Find("tbody tr").First().Text(); !strings.Contains(text, "Dalla riga di comando") || strings.Contains(text, "Annulla") {
		t.Errorf("the setting: %q", text)
	}
	h.As(access.Tenant, stafftest.Comune).Post(path).Is(303)
}

func TestVersions(t *testing.T) {
	h, c := filled(t)
	id := idOf(t, h, "caricati/mercati.txt")
	at := base + "documents/" + id
	if text := c.Get(at + "/versions").Is(200).Page().Find("main").Text(); !strings.Contains(text, "una sola versione") {
		t.Errorf("one: %q", text)
	}
	c.Do(multi(t, c, at+"/upload", false, map[string]string{}, "altro-nome.txt", strings.Replace(mercati, "30 euro", "45 euro", 1))).Is(303)
	c.Do(multi(t, c, at+"/upload", false, map[string]string{}, "", "")).Is(422)
	work(t, h)
	page := c.Get(at + "/versions").Is(200).Page()
	if got := page.Find(".compare del").Text() + "→" + page.Find(".compare ins").Text(); got != " 30→ 45" {
		t.Errorf("changed: %q", got)
	}
	if n := c.Get(at + "/versions?all=1&old=2&new=1").Is(200).Page().Find(".compare-part").Length(); n < 3 {
		t.Errorf("%d parts with the same ones", n)
	}
	c.Get(at + "/versions?old=7").Is(404)
	c.Post(at+"/version", "number", "1").Is(303)
	c.Post(at+"/version", "number", "x").Is(404)
	if text := c.Get(at + "/passages").Is(200).Text; !strings.Contains(text, "30 euro") {
		t.Error("the first version does not count again")
	}
}

func TestAddresses(t *testing.T) {
	h, c := filled(t)
	at := base + "addresses"
	if text := c.Get(at).Is(200).Page().Find(".empty").Text(); text == "" {
		t.Error("nothing is taught")
	}
	form := []string{"url", "https://www.comune.it/regolamenti/", "kind", "section", "hours", "24", "depth", "2", "pages", "50", "prefix", "", "visibility", "public", "office", ""}
	for i, value := range map[int]string{1: "www.comune.it", 3: "x", 11: "regolamenti"} {
		wrong := append([]string{}, form...)
		wrong[i] = value
		c.Post(at, wrong...).Is(422)
	}
	wrong := append([]string{}, form...)
	wrong[1] = "https://altrove.it/"
	if text := c.Post(at, wrong...).Is(422).Page().Find(".alert-danger").Text(); !strings.Contains(text, "Siti da cui prendere i documenti") {
		t.Errorf("not allowed: %q", text)
	}
	c.Post(at, form...).Is(303)
	all, err := h.Store.Addresses(t.Context(), stafftest.Comune)
	if err != nil || len(all) != 1 || all[0].Address.Depth != 2 || all[0].Hours != 24 {
		t.Fatal(all, err)
	}
	began := time.Now()
	report := ingest.WatchReport{Visit: ingest.Visit{Fetched: 3, Gone: []string{"https://www.comune.it/x"}, Skipped: []ingest.Failure{{Error: "robots"}}}, Added: 2, Error: "x", Code: "timeout"}
	if err := h.Store.Visited(t.Context(), all[0].ID, began, report, true); err != nil {
		t.Fatal(err)
	}
	text := c.Get(at).Is(200).Page().Find(".address").Text()
	for _, want := range []string{"3 documenti scaricati", "2 nuovi", "https://www.comune.it/x", "non ha risposto in tempo", "1 pagina non letta"} {
		if !strings.Contains(text, want) {
			t.Errorf("address lacks %q: %s", want, text)
		}
	}
	c.Post(at + "/" + all[0].ID + "/visit").Is(303)
	c.Post(at + "/" + all[0].ID + "/drop").Is(303)
	c.Post(at + "/nessuno/visit").Is(404)
	c.Post(at + "/nessuno/drop").Is(404)
	h.As(access.Clerk, stafftest.Comune).Post(at, form...).Is(403)
}
