package leaflet_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"sportello/assistant/fault"
	"sportello/locales"
	"sportello/web/leaflet"
)

func TestWrite(t *testing.T) {
	catalogue, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	x := leaflet.Leaflet{Comune: "Comune di Borgoprova", Address: "https://sportello.example.it/t/borgoprova/", Points: []string{"Biblioteca"}}
	var b strings.Builder
	if err := x.Write(&b, catalogue); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "src=\"http") || strings.Contains(b.String(), "<link") || strings.Contains(b.String(), "<script") {
		t.Error("the leaflet needs something from elsewhere")
	}
	page, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	sections := page.Find("section")
	if sections.Length() != len(locales.Languages()) || page.Find("h1").Length() != 1 {
		t.Fatalf("%d pages", sections.Length())
	}
	sections.Each(func(i int, s *goquery.Selection) {
		l := locales.Languages()[i]
		text := s.Text()
		if s.AttrOr("lang", "") != l.Tag || s.AttrOr("dir", "") != l.Dir || !strings.Contains(text, "Comune di Borgoprova") || !strings.Contains(text, "Biblioteca") || !strings.Contains(text, "112") {
			t.Errorf("%s: %s", l.Tag, text)
		}
		if !strings.Contains(text, "https://sportello.example.it/t/borgoprova/?lang="+l.Tag) || !strings.HasPrefix(s.Find("img").AttrOr("src", ""), "data:image/svg+xml;base64,") {
			t.Errorf("%s has no address or QR code", l.Tag)
		}
	})
	x.Languages, x.Points = []string{"ar"}, nil
	b.Reset()
	if err := x.Write(&b, catalogue); err != nil || strings.Count(b.String(), "<section") != 1 || strings.Contains(b.String(), "points\">") {
		t.Errorf("one language: %v", err)
	}
	for _, wrong := range []leaflet.Leaflet{{Address: "sportello.example.it"}, {Address: "https://x.example.it/", Languages: []string{"xx"}}} {
		if err := wrong.Write(&b, catalogue); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
}
