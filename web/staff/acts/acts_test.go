package acts_test

import (
	"context"
	"crypto/ed25519"
	"regexp"
	"strings"
	"testing"

	"sportello/assistant"
	"sportello/assistant/access"
	"sportello/assistant/drafting/reference"
	"sportello/assistant/store"
	"sportello/web/staff"
	"sportello/web/staff/acts"
	"sportello/web/staff/stafftest"
)

const here = "/staff/t/" + stafftest.Comune + "/"

// found is a retriever that finds what it is told to.
type found []assistant.Passage

func (f found) Retrieve(context.Context, assistant.Question) ([]assistant.Passage, assistant.Timings, error) {
	return f, assistant.Timings{}, nil
}

func part(t *testing.T, more ...func(*acts.Config)) func(*store.Store) []staff.Part {
	return func(s *store.Store) []staff.Part {
		t.Helper()
		_, key, err := ed25519.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		c := acts.Config{
			Store: s, Retriever: found{}, Tool: "prova", Key: func() (ed25519.PrivateKey, error) { return key, nil },
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
