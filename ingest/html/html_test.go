package html_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/ingest/html"
	"sportello/ingest/internal/blocktest"
)

func TestGolden(t *testing.T) {
	blocktest.Golden(t, html.New(html.Config{}), blocktest.First)
}

func parse(t *testing.T, page string) (*ingest.Parsed, error) {
	t.Helper()
	return html.New(html.Config{}).Parse(t.Context(), ingest.Input{Name: "page.html", Bytes: []byte(page)})
}

func TestEncoding(t *testing.T) {
	for name, page := range map[string]string{
		"meta":         "<meta charset=windows-1252><p>Citt\xe0 \x80 10</p>",
		"content type": `<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><p>Citt` + "\xe0 \x80 10</p>",
		"none, latin":  "<p>Citt\xe0 \x80 10</p>",
		"none, utf-8":  "<p>Città € 10</p>",
		"mark":         "\xef\xbb\xbf<p>Città € 10</p>",
		"utf-16":       "\xff\xfe<\x00p\x00>\x00C\x00i\x00t\x00t\x00\xe0\x00 \x00\xac\x20 \x001\x000\x00",
	} {
		p, err := parse(t, page)
		if err != nil || len(p.Blocks) != 1 || p.Blocks[0].Text != "Città € 10" {
			t.Errorf("%s: %s", name, blocktest.Dump(p, err))
		}
	}
}

func TestLimits(t *testing.T) {
	long := strings.Repeat("<p>x</p>", 50)
	for name, tt := range map[string]struct {
		config html.Config
		page   string
		code   fault.Code
	}{
		"bytes":  {html.Config{MaxBytes: 10}, long, fault.TooLarge},
		"nodes":  {html.Config{MaxNodes: 10}, long, fault.TooLarge},
		"blocks": {html.Config{MaxBlocks: 10}, long, fault.TooLarge},
		"text":   {html.Config{}, "<html><nav>menu</nav></html>", fault.NoText},
	} {
		_, err := html.New(tt.config).Parse(t.Context(), ingest.Input{Name: "x", Bytes: []byte(tt.page)})
		if fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	deep := strings.Repeat("<div>", 300) + "fondo"
	p, err := html.New(html.Config{MaxDepth: 100}).Parse(t.Context(), ingest.Input{Name: "x", Bytes: []byte("<p>su</p>" + deep)})
	if err != nil || len(p.Warnings) != 1 || len(p.Blocks) != 1 {
		t.Errorf("deep: %s", blocktest.Dump(p, err))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := html.New(html.Config{}).Parse(ctx, ingest.Input{Name: "x", Bytes: []byte("<p>x")}); fault.CodeOf(err) != fault.Timeout {
		t.Errorf("cancelled: %v", err)
	}
}

// TestMunicipalPages reads saved pages of a real site: each gives its title and its links to forms, none gives a menu.
func TestMunicipalPages(t *testing.T) {
	paths, err := filepath.Glob("../../../shared/data/documents/abbiategrasso-html/*.html")
	if err != nil || len(paths) == 0 {
		t.Fatal("the shared pages are missing", err)
	}
	links := 0
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		p, err := html.New(html.Config{}).Parse(t.Context(), ingest.Input{Name: path, Bytes: b})
		if bytes.Contains(b, []byte("ErrorPage-title")) {
			if fault.CodeOf(err) != fault.NoText {
				t.Errorf("%s: a saved error page: %v", path, err)
			}
			continue
		}
		if err != nil {
			t.Error(err)
			continue
		}
		if p.Title == "" || p.Language != "it" || !strings.HasPrefix(p.URL, "https://") {
			t.Errorf("%s: title %q, language %q, address %q", path, p.Title, p.Language, p.URL)
		}
		for _, k := range p.Blocks {
			for _, menu := range []string{"AUTOCERTIFICAZIONI", "Vai al Contenuto", "Seguici su", "torna all'inizio"} {
				if strings.Contains(k.Text, menu) {
					t.Errorf("%s: part of a menu: %q", path, k.Text)
				}
			}
			if strings.Contains(k.Link, "/download/") {
				links++
				if k.Kind != ingest.Item {
					t.Errorf("%s: a form that is no item: %+v", path, k)
				}
			}
		}
	}
	if links < 180 {
		t.Errorf("%d links to forms, there are 186", links)
	}
}

func FuzzParse(f *testing.F) {
	blocktest.Seeds(f, blocktest.First)
	f.Add([]byte("<table><tr><td rowspan=3 colspan=99999>x<td>y<tr><td>z"))
	f.Fuzz(func(t *testing.T, b []byte) { blocktest.Sane(t, html.New(html.Config{}), b) })
}
