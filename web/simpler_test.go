package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sportello/assistant"
	"sportello/web"
	"sportello/web/sitetest"
)

const twoCommi = "2. Possono accedere:\na) i residenti, con la tessera;\nb) le imprese iscritte all'albo, previo appuntamento."

func stretchOf(words string) string {
	start := strings.Index(sitetest.Regulation, words)
	return "d-tari:" + itoa(start) + "-" + itoa(start+len(words))
}

// form sends fields as a page without scripts does.
func (h *harness) form(path string, fields url.Values) *http.Response {
	return h.do(request(http.MethodPost, path, fields.Encode(), "Content-Type", "application/x-www-form-urlencoded"))
}

// reworder says what it is told of any quote.
type reworder struct {
	says  []assistant.Statement
	asked []assistant.Passage
}

func (r *reworder) Reword(_ context.Context, q assistant.Question, quotes []assistant.Passage) ([]assistant.Statement, error) {
	r.asked = quotes
	out := append([]assistant.Statement{}, r.says...)
	for i := range out {
		out[i].Translated = q.Language != "it"
	}
	return out, nil
}

// Without scripts the answer has a form, and the form gives a page: short pieces in the words of the document, the facts first, words explained.
func TestSimplerWithoutScripts(t *testing.T) {
	h := newHarness(t, sitetest.Quoted())
	answer := page(t, h.ask("/t/borgoprova/?lang=it", "Quando apre?"), 200)
	form := answer.Find("form.simpler-ask")
	if got := form.Find(`input[name="quote"]`).AttrOr("value", ""); got != stretchOf(sitetest.Hours) {
		t.Fatalf("the form names %q", got)
	}
	got := page(t, h.form(form.AttrOr("action", ""), url.Values{"language": {"sq"}, "quote": {stretchOf(sitetest.Hours), stretchOf(twoCommi)}}), 200)
	has(t, got, 1, ".simpler-quote")
	if got := words(got.Find(".simpler-facts dt")); got != "KushDatat dhe afatet" {
		t.Errorf("topics: %s", got)
	}
	for _, want := range []string{"i residenti, con la tessera;", "le imprese iscritte all'albo, previo appuntamento."} {
		if !strings.Contains(got.Find(".part-point").Text(), want) {
			t.Errorf("no part %q: %s", want, got.Find(".simpler-parts").Text())
		}
	}
	if got.Find(`.simpler-parts [lang="it"]`).Length() == 0 || got.Find(".simpler").AttrOr("lang", "") != "sq" || got.Find("[data-ai-generated]").Length() != 0 {
		t.Error("languages or the mark of a model are wrong")
	}
	for name, quotes := range map[string][]string{
		"no quote": nil, "not a place": {"d-tari"}, "backwards": {"d-tari:20-10"}, "beyond": {"d-tari:0-999999"}, "half a letter": {"d-form:58-59"},
	} {
		if r := h.form("/t/borgoprova/simpler", url.Values{"quote": quotes}); r.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", name, r.StatusCode)
		}
	}
	for _, hidden := range []string{"d-staff:0-5", "d-none:0-5"} {
		if r := h.form("/t/borgoprova/simpler", url.Values{"quote": {hidden}}); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", hidden, r.StatusCode)
		}
	}
}

// With a model its words come first, marked, and the words of the document stay beside them.
func TestSimplerByAModel(t *testing.T) {
	r := &reworder{says: []assistant.Statement{{Text: "Il centro apre due giorni: martedì e sabato.", Origin: assistant.FromModel, Citations: []assistant.Citation{sitetest.Cite(sitetest.Hours, "2", 1)}}}}
	h := newHarness(t, sitetest.Quoted(), func(c *web.Config) { c.Reworder = r })
	reply := h.form("/t/borgoprova/simpler?lang=it", url.Values{"quote": {stretchOf(sitetest.Hours)}})
	if got := reply.Header.Get("X-Ai-Generated"); got != "true" {
		t.Errorf("X-AI-Generated %q", got)
	}
	got := page(t, reply, 200)
	if got.Find(`.simpler[data-ai-generated="true"] .said`).Text() != r.says[0].Text || !strings.Contains(got.Find(".simpler-parts").Text(), sitetest.Hours) {
		t.Errorf("the page says %s", got.Find(".simpler").Text())
	}
	if len(r.asked) != 1 || r.asked[0].Text != sitetest.Hours || r.asked[0].Article != "2" || r.asked[0].Page != 1 {
		t.Errorf("the model was given %+v", r.asked)
	}
}
