package acts_test

import (
	"context"
	"crypto/ed25519"
	"mime/multipart"
	"regexp"
	"strings"
	"testing"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/drafting/reference"
	"sportello/assistant/fault"
	"sportello/assistant/store"
	"sportello/ingest"
	"sportello/prompts"
	"sportello/web/staff"
	"sportello/web/staff/acts"
	"sportello/web/staff/stafftest"
)

const here = "/staff/t/" + stafftest.Comune + "/"

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
type scripted struct {
	says string
	err  error
}

func (scripted) Name() string { return "copione" }

func (s scripted) Phrase(_ context.Context, m []prompts.Message) (string, bool, error) {
	return s.says, s.err == nil, s.err
}

func part(t *testing.T, more ...func(*acts.Config)) func(*store.Store) []staff.Part {
	return func(s *store.Store) []staff.Part {
		t.Helper()
		_, key, err := ed25519.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		c := acts.Config{
			Store: s, Retriever: archive{s}, Tool: "prova", Key: func() (ed25519.PrivateKey, error) { return key, nil },
			Shelf: func(context.Context, string, string) (reference.Library, error) { return reference.NewShelf(nil), nil },
		}
		for _, f := range more {
			f(&c)
		}
		p, err := acts.New(c)
		if err != nil {
			t.Fatal(err)
		}
		return []staff.Part{p}
	}
}

var revisionForm = regexp.MustCompile(`name="revision" value="(\d+)"`)

// revision is the one that a page shows.
func revision(t *testing.T, a *stafftest.Answer) string {
	t.Helper()
	m := revisionForm.FindStringSubmatch(a.Text)
	if m == nil {
		t.Fatal("the page has no revision")
	}
	return m[1]
}

// begin makes an act and gives the address of its page.
func begin(t *testing.T, c *stafftest.Client, template string) string {
	t.Helper()
	to := c.Post(here+"acts", "template", template).Is(303).Header.Get("Location")
	at, _, _ := strings.Cut(to, "?")
	return at
}

func TestMatrix(t *testing.T) { stafftest.Matrix(t, part(t)) }

// A letter from nothing to its file, by forms alone.
func TestLetter(t *testing.T) {
	h := stafftest.New(t, part(t))
	c := h.As(access.Clerk, stafftest.Comune)
	c.Get(here + "acts").Is(200)
	c.Get(here + "acts/new").Is(200)
	at := begin(t, c, "lettera")
	page := c.Get(at).Is(200)
	if got := page.Page().Find(`[name="ente.nome"]`).AttrOr("value", ""); got != "Comune di Borgoprova" {
		t.Errorf("the body is %q", got)
	}
	open := page.Page().Find("#act-report a.verify").Length()
	if open == 0 {
		t.Fatal("nothing is to be verified in a new act")
	}
	for _, a := range page.Page().Find("#act-report a.verify").EachIter() {
		link := a.AttrOr("href", "")
		if id, ok := strings.CutPrefix(link, "#"); ok && page.Page().Find("#"+id).Length() != 1 {
			t.Errorf("%s leads to no field", link)
		}
	}
	c.Post(at+"/fields", "revision", "1", "istanza.oggetto", "un <b>bonus</b> per la mensa", "istanza.protocollo", "7/2026", "ente.nome", "Comune di Borgoprova", "data", "ieri").Is(303)
	page = c.Get(at).Is(200)
	if !strings.Contains(page.Page().Find(".sheet").Text(), "un <b>bonus</b> per la mensa") || page.Page().Find(".wrong #f-data").AttrOr("value", "") != "ieri" {
		t.Error("what was asked is not in the act, or the wrong date is lost")
	}
	if got := c.Get(here + "acts?q=risposta").Is(200).Page().Find("tbody tr").Length(); got != 1 {
		t.Errorf("%d acts found", got)
	}
	c.Get(at + "?part=oggetto").Is(200)
	c.Post(at+"/parts/oggetto", "revision", "2", "text", "Oggetto: risposta alla Sua richiesta protocollo n. 7/2026 di chiarimenti").Is(303)
	c.Post(at+"/parts/niente", "revision", "2", "text", "x").Is(404)
	if got := c.Get(at).Page().Find("#p-oggetto .o-person").Text(); !strings.Contains(got, "chiarimenti") {
		t.Errorf("by hand: %q", got)
	}
	c.Post(at+"/undo", "revision", "3").Is(303)
	if got := c.Get(at).Page().Find("#p-oggetto .sheet").Text(); strings.Contains(got, "chiarimenti") {
		t.Errorf("not undone: %q", got)
	}
	c.Post(at+"/undo", "revision", "4").Is(303) // one further back: the fields
	if got := c.Get(at).Page().Find("#p-oggetto .sheet").Text(); strings.Contains(got, "7/2026") {
		t.Errorf("undone twice: %q", got)
	}
	c.Post(at+"/undo", "revision", "5").Is(409)
	c.Get(at + "/revisions?at=3").Is(200)
	c.Post(at+"/restore", "revision", "5", "to", "3").Is(303)
	c.Post(at + "/parts/oggetto/reset").Is(303)
	c.Post(at+"/comments", "part", "oggetto", "text", "Manca la data").Is(303)
	c.Post(at+"/comments", "text", " ").Is(422)
	id := regexp.MustCompile(`comments/([^/]+)/resolve`).FindStringSubmatch(c.Get(at).Text)[1]
	c.Post(at + "/comments/" + id + "/resolve").Is(303)

	rev := revision(t, c.Get(at))
	if a := c.Post(at+"/export", "format", "docx").Is(200); !strings.HasPrefix(a.Text, "PK") || !strings.Contains(a.Header.Get("Content-Disposition"), "bozza.docx") {
		t.Errorf("the draft is %q", a.Header)
	}
	c.Post(at+"/export", "format", "docx", "final", "1").Is(409)
	c.Post(at+"/export", "format", "exe").Is(422)
	c.Post(at+"/state", "revision", rev, "to", "in_review").Is(303)
	c.Post(at+"/approve", "revision", rev).Is(403)
	s := h.As(access.Segretario, stafftest.Comune)
	s.Post(at+"/approve", "revision", "1").Is(409)
	s.Post(at+"/approve", "revision", rev).Is(303)
	c.Post(at+"/fields", "revision", rev, "oggetto", "Altro").Is(409)
	c.Post(at+"/state", "revision", rev, "to", "draft").Is(403)
	c.Post(at + "/delete").Is(409)

	c.Post(at+"/export", "format", "odt", "final", "1").Is(409)
	c.Post(at+"/final", "format", "odt", "reason", "urgenza").Is(403)
	s.Post(at+"/final", "format", "odt", "reason", " ").Is(422)
	if a := s.Post(at+"/final", "format", "odt", "reason", "Scade oggi, i dati mancanti sono a penna").Is(200); strings.Contains(a.Header.Get("Content-Disposition"), "bozza") {
		t.Errorf("the final file is %q", a.Header)
	}
	page = c.Get(at).Is(200)
	if !strings.Contains(page.Page().Find(".act-exports").Text(), "Scade oggi") {
		t.Error("the reason is not shown")
	}
	link := page.Page().Find(".act-exports a").First().AttrOr("href", "")
	if m := c.Get(link).Is(200).Text; !strings.Contains(m, `"override": "Scade oggi`) || !strings.Contains(m, `"signature"`) {
		t.Errorf("manifest %s", m)
	}
	log, err := h.Store.Audit(t.Context(), store.AuditFilter{Tenants: []string{stafftest.Comune}, Action: "act.override"})
	if err != nil || len(log) != 1 || !strings.HasPrefix(log[0].Note, "Scade oggi") {
		t.Errorf("audited %+v %v", log, err)
	}
	s.Post(at+"/state", "revision", rev, "to", "draft").Is(303)
	c.Post(at + "/delete").Is(303)
	c.Get(at).Is(404)
	h.As(access.Clerk, stafftest.Sibling).Get(at).Is(404)
}

// Two people: different fields come together, the same one is put beside the other, and nothing is overwritten.
func TestTwoAtOnce(t *testing.T) {
	h := stafftest.New(t, part(t))
	a, b := h.As(access.Clerk, stafftest.Comune), h.As(access.Editor, stafftest.Comune)
	at := begin(t, a, "determina-impegno")
	send := func(c *stafftest.Client, rev string, pairs ...string) *stafftest.Answer {
		t.Helper()
		return c.Post(at+"/fields", append([]string{"revision", rev, "ente.nome", "Comune di Borgoprova"}, pairs...)...)
	}
	send(a, "1", "oggetto", "Quota", "capitolo", "10").Is(303)
	send(b, "2", "oggetto", "Quota", "capitolo", "20").Is(303)
	send(a, "2", "oggetto", "Quota associativa", "capitolo", "10").Is(303)
	page := a.Get(at).Page()
	if o, c := page.Find("#f-oggetto").Text(), page.Find("#f-capitolo").AttrOr("value", ""); o != "Quota associativa" || c != "20" {
		t.Errorf("together: %q %q", o, c)
	}
	rev := revision(t, a.Get(at))
	merge := send(a, "2", "oggetto", "Quota", "capitolo", "30").Is(409)
	doc := merge.Page()
	if got := doc.Find(".merge").Text(); !strings.Contains(got, "10") || !strings.Contains(got, "20") || !strings.Contains(got, "30") || !strings.Contains(got, "editor."+stafftest.Comune) && !strings.Contains(got, "clerk") {
		t.Errorf("side by side: %q", got)
	}
	if got := revision(t, a.Get(at)); got != rev {
		t.Errorf("a conflict was saved: revision %s, was %s", got, rev)
	}
	hidden := func(name string) string { return doc.Find(`main [name="`+name+`"]`).AttrOr("value", "") }
	form := []string{"revision", hidden("revision"), "present", hidden("present"), "mine", hidden("mine")}
	a.Post(at+"/merge", append(form, "choose.capitolo", "mine")...).Is(303)
	page = a.Get(at).Page()
	if o, c := page.Find("#f-oggetto").Text(), page.Find("#f-capitolo").AttrOr("value", ""); o != "Quota associativa" || c != "30" {
		t.Errorf("chosen: %q %q", o, c)
	}

	// The same paragraph of a part.
	rev = revision(t, a.Get(at))
	text := a.Get(at + "?part=oggetto").Page().Find("#text-oggetto").Text()
	b.Post(at+"/parts/oggetto", "revision", rev, "text", strings.Replace(text, "Quota", "Quota annua", 1)).Is(303)
	merge = a.Post(at+"/parts/oggetto", "revision", rev, "text", strings.Replace(text, "Quota", "Rata", 1)).Is(409)
	doc = merge.Page()
	form = []string{"revision", hidden("revision"), "present", hidden("present"), "mine", hidden("mine"), "text", strings.Replace(text, "Quota", "Rata annua", 1)}
	a.Post(at+"/merge", form...).Is(303)
	if got := a.Get(at).Page().Find("#p-oggetto .sheet").Text(); !strings.Contains(got, "Rata annua") {
		t.Errorf("merged: %q", got)
	}
}

// A model's words are marked, what they invent is to be verified, and a person accepts or refuses them; without a model the page says why.
func TestProposal(t *testing.T) {
	said := &scripted{says: "Considerato che il tetto del Comune di Milano costa 12.000 euro dal 3 maggio 2024;"}
	h := stafftest.New(t, part(t, func(c *acts.Config) { c.Writer = said }))
	c := h.As(access.Clerk, stafftest.Comune)
	at := begin(t, c, "determina-affidamento-diretto")
	c.Post(at+"/parts/premesse/propose", "after", "2").Is(303)
	page := c.Get(at).Is(200)
	if got := page.Page().Find("#p-premesse .o-model").Text(); !strings.Contains(got, "Considerato che il tetto") {
		t.Errorf("the model's words are not marked: %q", got)
	}
	for _, invented := range []string{"Comune di Milano", "12.000 euro", "3 maggio 2024"} {
		if !strings.Contains(page.Page().Find("#p-premesse a.verify").Text(), "[VERIFICARE: "+invented+"]") {
			t.Errorf("%q is not to be verified", invented)
		}
	}
	s := h.As(access.Segretario, stafftest.Comune)
	s.Post(at+"/approve", "revision", revision(t, page)).Is(409)
	c.Post(at+"/parts/premesse/accept", "revision", "1").Is(409)
	c.Post(at+"/parts/premesse/accept", "revision", revision(t, page)).Is(303)
	page = c.Get(at).Is(200)
	if page.Page().Find("#p-premesse .o-model").Length() > 0 || !strings.Contains(page.Page().Find("#p-premesse .act-from").Text(), "proposta di copione") {
		t.Error("accepted, and still the model's, or its trace is lost")
	}
	c.Post(at+"/undo", "revision", revision(t, page)).Is(303)
	c.Post(at+"/parts/premesse/refuse", "revision", revision(t, c.Get(at))).Is(303)
	if strings.Contains(c.Get(at).Page().Find("#p-premesse .sheet").Text(), "Milano") {
		t.Error("refused and still there")
	}
	said.says, said.err = "", fault.New(fault.Unavailable, "gone")
	c.Post(at + "/parts/premesse/propose").Is(503)

	none := stafftest.New(t, part(t)).As(access.Clerk, stafftest.Comune)
	at = begin(t, none, "determina-affidamento-diretto")
	if got := none.Get(at).Text; !strings.Contains(got, "serve un modello linguistico") {
		t.Error("the page does not say why there is no button")
	}
	none.Post(at + "/parts/premesse/propose").Is(503)
}

// Norms, own acts, and passages of the archive come into an act with where they are from.
func TestReferencesAndSimilarActs(t *testing.T) {
	h := stafftest.New(t, part(t))
	text := "Di impegnare la quota associativa dell'Unione per il 2025."
	if _, err := h.Store.Put(t.Context(), stafftest.Comune, &ingest.Document{
		Source: "determina-5.txt", Title: "Determina n. 5 del 02/02/2025", Kind: ingest.Determina, Format: "text", Language: "it", Visibility: ingest.Staff, Text: text,
		Approval: ingest.Act{Type: "determina", Number: "5", Date: "2025-02-02"},
	}, []ingest.Chunk{{Section: -1, End: len(text)}}, []byte(text)); err != nil {
		t.Fatal(err)
	}
	c := h.As(access.Clerk, stafftest.Comune)
	at := begin(t, c, "determina-impegno")
	c.Get(at + "/references").Is(200)
	if got := c.Get(at + "/references?q=d.lgs.+50/2016").Is(200).Page().Find(".act-found").Text(); !strings.Contains(got, "non più in vigore") {
		t.Errorf("a repealed norm: %q", got)
	}
	style := c.Get(at+"/references?q=anticorruzione+legge+190/2012").Is(200).Page().Find(".act-found input[name=style]").First().AttrOr("value", "")
	if style != "legge 6 novembre 2012, n. 190" {
		t.Errorf("in full the first time: %q", style)
	}
	c.Post(at+"/refer", "part", "premesse", "style", style).Is(303)
	if got := c.Get(at).Page().Find("#p-premesse .sheet").Text(); !strings.Contains(got, "Vista la legge 6 novembre 2012, n. 190") {
		t.Errorf("the premesse: %q", got)
	}
	if got := c.Get(at+"/references?q=legge+190/2012").Page().Find(".act-found input[name=style]").First().AttrOr("value", ""); got != "l. n. 190/2012" {
		t.Errorf("short the second time: %q", got)
	}
	passage := c.Get(at+"/similar?q=quota").Is(200).Page().Find("input[name=passage]").First().AttrOr("value", "")
	c.Post(at+"/reuse", "part", "premesse", "passage", passage).Is(303)
	c.Post(at+"/reuse", "part", "premesse", "passage", "none").Is(404)
	page := c.Get(at).Page()
	if got := page.Find("#p-premesse .o-passage").Text(); !strings.Contains(got, "quota associativa dell'Unione") || !strings.Contains(page.Find("#p-premesse .act-from").Text(), "Determina n. 5") {
		t.Errorf("the passage: %q", got)
	}
}

// An act of another comune is found and taken up when that comune lets it, and it is public, and somebody asks for the neighbours'; its name
// stands with it. Nothing else of another comune comes, by whatever id is sent.
func TestNeighbours(t *testing.T) {
	h := stafftest.New(t, part(t))
	put := func(source string, kind ingest.Kind, visibility ingest.Visibility, text string) {
		t.Helper()
		if _, err := h.Store.Put(t.Context(), stafftest.Sibling, &ingest.Document{
			Source: source, Title: "Atto " + source, Kind: kind, Format: "text", Language: "it", Visibility: visibility, Text: text,
		}, []ingest.Chunk{{Section: -1, End: len(text)}}, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	put("pubblico", ingest.Determina, ingest.Public, "Di impegnare la quota per il trasporto degli anziani.")
	put("riservato", ingest.Determina, ingest.Staff, "Di impegnare la quota segreta per il ricovero.")
	put("modulo", ingest.Modulo, ingest.Public, "Modulo per la quota del trasporto.")
	ids := map[string]string{} // by source
	for _, text := range []string{"trasporto", "segreta", "Modulo"} {
		found, _, err := archive{h.Store}.Retrieve(t.Context(), assistant.Question{Tenant: stafftest.Sibling, Text: text, Audience: ingest.Staff})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range found {
			ids[strings.TrimPrefix(x.Title, "Atto ")] = x.ID
		}
	}
	if len(ids) != 3 {
		t.Fatalf("%v", ids)
	}
	c := h.As(access.Clerk, stafftest.Comune)
	at := begin(t, c, "determina-impegno")
	search := at + "/similar?q=quota&neighbours=1"
	take := func(passage, of string) *stafftest.Answer {
		return c.Post(at+"/reuse", "part", "premesse", "passage", passage, "of", of)
	}
	closed := func(when string) {
		t.Helper()
		page := c.Get(search).Is(200)
		for _, word := range []string{"anziani", "segreta", "Modulo per"} {
			if strings.Contains(page.Text, word) {
				t.Errorf("%s: %q is on the page", when, word)
			}
		}
		for source, id := range ids {
			if a := take(id, stafftest.Sibling); a.StatusCode != 404 {
				t.Errorf("%s: %s was taken: %d", when, source, a.StatusCode)
			}
			if a := take(id, ""); a.StatusCode != 404 {
				t.Errorf("%s: %s was taken as our own: %d", when, source, a.StatusCode)
			}
		}
	}
	closed("without permission")
	lend := func(tenant, value string) {
		t.Helper()
		if err := h.Store.PutSetting(t.Context(), "prova", tenant, acts.LendSetting, value); err != nil {
			t.Fatal(err)
		}
	}
	lend(stafftest.Unione, "1") // nobody above a comune gives its permission for it
	closed("with that of the Unione")
	lend(stafftest.Unione, "0")
	lend(stafftest.Sibling, "1")
	if page := c.Get(at + "/similar?q=quota").Is(200); strings.Contains(page.Text, "anziani") || page.Page().Find("input[name=neighbours]").Length() != 1 {
		t.Error("nobody asked for the neighbours', or nobody can")
	}
	page := c.Get(search).Is(200)
	if !strings.Contains(page.Text, "anziani") || strings.Contains(page.Text, "segreta") || strings.Contains(page.Text, "Modulo per") {
		t.Error("what is lent is not there, or what is not is")
	}
	for _, source := range []string{"riservato", "modulo"} {
		take(ids[source], stafftest.Sibling).Is(404)
	}
	take(ids["pubblico"], "").Is(404)
	take(ids["pubblico"], stafftest.Sibling).Is(303)
	if got := c.Get(at).Page().Find("#p-premesse .act-from").Text(); !strings.Contains(got, "Comune di Altroprova: Atto pubblico") {
		t.Errorf("where it comes from: %q", got)
	}
	lend(stafftest.Sibling, "0")
	closed("taken back")
}

// The text for publication stands beside the act, and its file has it.
func TestPublication(t *testing.T) {
	h := stafftest.New(t, part(t))
	c := h.As(access.Clerk, stafftest.Comune)
	at := begin(t, c, "lettera")
	c.Post(at+"/parts/testo", "revision", "1", "text", "Il sig. Mario Rossi, codice fiscale RSSMRA85T10A562S, invalido civile, chiede un contributo.").Is(303)
	page := c.Get(at + "/publish").Is(200).Page()
	if got := page.Find(".differs td").Last().Text(); strings.Contains(got, "RSSMRA85T10A562S") || strings.Contains(got, "Rossi") || !strings.Contains(got, "omissis") {
		t.Errorf("for publication: %q", got)
	}
	if got := page.Find(".differs td").First().Text(); !strings.Contains(got, "RSSMRA85T10A562S") {
		t.Errorf("the act: %q", got)
	}
	file := c.Post(at+"/export", "format", "txt", "obscured", "1").Is(200)
	if strings.Contains(file.Text, "RSSMRA85T10A562S") || strings.Contains(file.Text, "Rossi") || !strings.Contains(file.Header.Get("Content-Disposition"), "oscurato") {
		t.Errorf("the file: %s %q", file.Header.Get("Content-Disposition"), file.Text)
	}
	if whole := c.Post(at+"/export", "format", "txt").Is(200).Text; !strings.Contains(whole, "RSSMRA85T10A562S") {
		t.Error("the act itself was cut")
	}
}

// A comune changes a template: errors name the line and nothing is lost; versions come back; acts that were begun keep theirs.
func TestTemplates(t *testing.T) {
	h := stafftest.New(t, part(t))
	c := h.As(access.Editor, stafftest.Comune)
	c.Get(here + "templates").Is(200)
	page := c.Get(here + "templates/lettera").Is(200).Page()
	model, text := page.Find("#model").Text(), page.Find("#text").Text()
	before := begin(t, c, "lettera")
	wrong := c.Post(here+"templates/lettera", "model", model, "text", text+"\n{ogetto}\n").Is(422)
	if got := wrong.Page(); !strings.Contains(got.Find(".alert-danger").Text(), "testo.txt, line") || !strings.Contains(got.Find("#text").Text(), "{ogetto}") {
		t.Errorf("the error: %q", got.Find(".alert-danger").Text())
	}
	preview := c.Post(here+"templates/lettera", "model", model, "text", text+"\nUn saluto cordiale.\n", "preview", "1").Is(200)
	if got := preview.Page().Find(".tpl-grid .sheet").Text(); !strings.Contains(got, "Un saluto cordiale.") {
		t.Error("the preview does not show the change")
	}
	c.Post(here+"templates/lettera", "model", model, "text", text+"\nUn saluto cordiale.\n").Is(303)
	after := begin(t, c, "lettera")
	if !strings.Contains(c.Get(after).Text, "Un saluto cordiale.") || strings.Contains(c.Get(before).Text, "Un saluto cordiale.") {
		t.Error("the new template is not in the new act, or is in the one begun before")
	}
	c.Post(here+"templates/lettera", "model", model, "text", text+"\nUn saluto.\n").Is(303)
	c.Post(before+"/fields", "revision", "1", "risposta", "Sì.").Is(303)
	if got := c.Get(before).Page().Find("#p-firma").Text(); strings.Contains(got, "saluto") {
		t.Error("a change of the fields took the newer template")
	}
	c.Get(here + "templates/lettera?version=1").Is(200)
	c.Post(here+"templates/lettera/restore", "version", "1").Is(303)
	if !strings.Contains(c.Get(begin(t, c, "lettera")).Text, "Un saluto cordiale.") {
		t.Error("version 1 did not come back")
	}
	file := c.Get(here + "templates/lettera/file").Is(200).Text
	c.Post(here+"templates/lettera/copy", "to", "lettera-cordiale").Is(303)
	c.Post(here+"templates/lettera/copy", "to", "Lettera").Is(422)
	c.Post(here + "templates/lettera/withdraw").Is(303)
	if strings.Contains(c.Get(begin(t, c, "lettera")).Text, "saluto") {
		t.Error("withdrawn and still in use")
	}
	h.As(access.Clerk, stafftest.Comune).Post(here+"templates/lettera", "model", model, "text", text).Is(403)

	other := h.As(access.Editor, stafftest.Sibling)
	there := "/staff/t/" + stafftest.Sibling + "/"
	send := func(data string) *stafftest.Answer {
		var body strings.Builder
		form := multipart.NewWriter(&body)
		f, err := form.CreateFormFile("file", "lettera.modello.txt")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = f.Write([]byte(data))
		_ = form.WriteField("csrf", other.Token())
		_ = form.Close()
		r := other.Request("POST", there+"templates/import", strings.NewReader(body.String()))
		r.Header.Set("Content-Type", form.FormDataContentType())
		return other.Do(r)
	}
	send(file).Is(303)
	if got := other.Get(there + "templates/lettera").Is(200).Page().Find("#text").Text(); !strings.Contains(got, "Un saluto cordiale.") {
		t.Error("what the other comune sent did not arrive")
	}
	send("non un modello").Is(422)
}
