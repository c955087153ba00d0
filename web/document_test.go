package web_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/ingest"
	"sportello/web/site"
	"sportello/web/sitetest"
)

func TestDocuments(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	titles := func(path string) (out []string) {
		page(t, h.get(path), 200).Find(".document-list a").Each(func(_ int, s *goqs) { out = append(out, words(s)) })
		return out
	}
	form, old, tari := "Domanda di compostiera", "Regolamento dei rifiuti del 2009", "Regolamento per la gestione dei rifiuti"
	for path, want := range map[string][]string{
		"/t/borgoprova/documents":                        {form, old, tari},
		"/t/borgoprova/documents?kind=modulo":            {form},
		"/t/borgoprova/documents?state=force":            {form, tari},
		"/t/borgoprova/documents?state=past":             {old},
		"/t/borgoprova/documents?q=rifiut+GESTIONE":      {tari},
		"/t/borgoprova/documents?q=richiesta":            {form},
		"/t/borgoprova/documents?q=inesistente":          nil,
		"/t/borgoprova/documents?q=istruzioni":           nil,
		"/t/borgoprova/documents?kind=regolamento&q=28":  {tari},
		"/t/altroprova/documents":                        nil,
		"/t/borgoprova/documents?kind=%3Cscript%3E&q=%2": nil,
	} {
		if diff := cmp.Diff(want, titles(path)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	doc := page(t, h.get("/t/borgoprova/documents?q=rifiuti"), 200)
	if got := words(has(t, doc, 1, ".count")); got != "2 documenti" {
		t.Errorf("count %q", got)
	}
	if got := words(has(t, doc, 1, ".document-list .badge")); got != "Non più in vigore" {
		t.Errorf("badge %q", got)
	}
	if got := words(has(t, doc, 1, ".document-list .act")); got != "delibera C.C. n. 28 del 31 marzo 2021, in vigore dal 15 aprile 2021" {
		t.Errorf("act %q", got)
	}
}

func TestDocument(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	doc := page(t, h.get("/t/borgoprova/documents/d-tari?article=2&lang=en"), 200)
	var got []string
	doc.Find(".document-text h2, .document-text h3").Each(func(_ int, s *goqs) {
		id, _ := s.Attr("id")
		got = append(got, s.Nodes[0].Data+" "+id+": "+words(s))
	})
	want := []string{
		"h2 title_I: Titolo I Disposizioni generali", "h3 art_1: Art. 1 Oggetto", "h3 art_2: Art. 2 Orari del centro di raccolta",
		"h2 title_II: Titolo II Tariffe", "h3 art_3: Art. 3 Riduzioni", "h3 art_3-bis: Art. 3-bis Esenzioni",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("headings (-want +got):\n%s", diff)
	}
	current := words(has(t, doc, 1, "section.current#cited"))
	if !strings.HasPrefix(current, "Art. 2 Orari") || !strings.HasSuffix(current, "previo appuntamento.") {
		t.Errorf("current article %q", current)
	}
	has(t, doc, 1, "p.point#art_2__para_2__point_a")
	has(t, doc, 1, "p#page-2.page-mark")
	has(t, doc, 3, ".document-text table tr")
	if got := words(doc.Find(".document-text td").Eq(3)); got != "12,50" {
		t.Errorf("cell %q", got)
	}
	has(t, doc, 6, ".contents a")
	has(t, doc, 1, ".document-text[lang=it][dir=ltr]")
	has(t, doc, 1, "a[href='/t/borgoprova/documents/d-tari/original']")

	// Every word of the document is on the page, in its order, whatever the structure.
	all := doc.Find(".document-text").Clone()
	all.Find(".page-mark").Remove()
	flat := func(s string) string {
		return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\n' || r == '|' }), "")
	}
	if diff := cmp.Diff(flat(sitetest.Regulation), flat(all.Text())); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

func TestDocumentMarksTheCitedWords(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	at := func(s string) int { return strings.Index(sitetest.Regulation, s) }
	link := func(start, end int) string {
		return "/t/borgoprova/documents/d-tari?article=3&start=" + strconv.Itoa(start) + "&end=" + strconv.Itoa(end)
	}
	doc := page(t, h.get(link(at("dalle ore"), at("a) i residenti")+14)), 200)
	marks := has(t, doc, 3, "mark") // three lines, one citation
	has(t, doc, 1, "mark#cited")
	if got := words(marks.First()); got != "dalle ore 9.00 alle ore 12.30." {
		t.Errorf("first mark %q", got)
	}
	doc = page(t, h.get(link(at("12,50"), at("12,50")+5)), 200)
	if got := words(has(t, doc, 1, "td mark")); got != "12,50" {
		t.Errorf("mark in a table %q", got)
	}
	has(t, doc, 1, "a[href='/t/borgoprova/documents/d-tari/original#page=2']")
	for _, bad := range []string{"start=5&end=4", "start=-1&end=9", "start=0&end=999999", "start=x&end=9", "start=" + strconv.Itoa(at("è aperto")+1) + "&end=" + strconv.Itoa(at("è aperto")+4), "end="} {
		has(t, page(t, h.get("/t/borgoprova/documents/d-tari?"+bad), 200), 0, "mark")
	}
	has(t, page(t, h.get("/t/borgoprova/documents/d-tari?article=3+BIS"), 200), 1, "section.current:contains('Esenzioni')")
	has(t, page(t, h.get("/t/borgoprova/documents/d-tari?article=99"), 200), 0, "section.current")
}

func TestDocumentsWithOddStructure(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	show := func(d *ingest.Document) string {
		h.library.Texts["d-form"] = d
		return words(page(t, h.get("/t/borgoprova/documents/d-form?article=A"), 200).Find(".document-text"))
	}
	for name, d := range map[string]*ingest.Document{
		"empty":                 {},
		"no sections":           {Text: "uno\n\n\ndue"},
		"sections that overlap": {Text: "uno due tre", Sections: []ingest.Section{{Kind: ingest.SecArticle, Parent: -1, End: 11}, {Kind: ingest.SecTitolo, Parent: 0, Start: 4, End: 11}, {Kind: ingest.SecComma, Parent: 1, Start: 4, End: 7}}},
		"a rubric not in text":  {Text: "Art. 1\nuno\ndue\ntre", Sections: []ingest.Section{{Kind: ingest.SecArticle, Number: "1", Rubric: "altro", Parent: -1, End: 18}}},
		"the same eId twice":    {Text: "uno\ndue", Sections: []ingest.Section{{Kind: ingest.SecHeading, EID: "x", Parent: -1, End: 4}, {Kind: ingest.SecHeading, EID: "x", Parent: -1, Start: 4, End: 7}}},
		"allegato":              {Text: "Allegato A\nelenco", Sections: []ingest.Section{{Kind: ingest.SecAllegato, Number: "A", Parent: -1, End: 17}}},
	} {
		if got, want := strings.ReplaceAll(show(d), " ", ""), strings.Join(strings.Fields(d.Text), ""); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestOriginal(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	for path, want := range map[string][3]string{
		"d-tari": {"application/pdf", "inline; filename*=utf-8''rifiuti%20%C3%A8.pdf", "%PDF-1.7 prova"},
		"d-old":  {"text/html; charset=utf-8", "attachment; filename=vecchio.html", "<script>alert(1)</script>"},
	} {
		r := h.get("/t/borgoprova/documents/" + path + "/original")
		got := [3]string{r.Header.Get("Content-Type"), r.Header.Get("Content-Disposition"), text(t, r)}
		if diff := cmp.Diff(want, got); diff != "" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
		if csp := r.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") {
			t.Errorf("%s: policy %q", path, csp)
		}
	}
	h.library.Files["d-tari"] = &site.Original{Name: "atto.pdf.p7m", Bytes: []byte("x")}
	if r := h.get("/t/borgoprova/documents/d-tari/original"); r.Header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("a signed file is %q", r.Header.Get("Content-Type"))
	}
	if r := h.get("/t/borgoprova/documents/d-form/original"); r.StatusCode != http.StatusNotFound {
		t.Errorf("a file that was not kept gives %d", r.StatusCode)
	}
}

// The fake library hides nothing: what keeps staff documents from the public here is the handlers alone.
func TestStaffDocumentsAreHidden(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	for _, path := range []string{
		"/t/borgoprova/", "/t/borgoprova/documents", "/t/borgoprova/documents?q=interne", "/api/v1/t/borgoprova/documents",
		"/t/borgoprova/documents/d-staff", "/t/borgoprova/documents/d-staff/original", "/t/altroprova/documents/d-tari", "/t/altroprova/documents/d-tari/original",
	} {
		r := h.get(path)
		body := text(t, r)
		if strings.Contains(body, "Istruzioni interne") || strings.Contains(body, "Riservato") || strings.Contains(body, "d-staff\"") {
			t.Errorf("%s shows a staff document", path)
		}
		if strings.Contains(path, "/documents/d-") && r.StatusCode != http.StatusNotFound {
			t.Errorf("%s gives %d", path, r.StatusCode)
		}
	}
}
