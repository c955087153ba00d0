package export

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/ingest/akn"
	"sportello/ingest/pdf"
	"sportello/ingest/text"
)

func read(t *testing.T, p ingest.Parser, name string, data []byte) *ingest.Document {
	t.Helper()
	parsed, err := p.Parse(t.Context(), ingest.Input{Name: name, Bytes: data})
	if err != nil {
		t.Fatal(err)
	}
	return ingest.Structure(filepath.Base(name), parsed)
}

// article is an article with all its words; where they are broken into lines does not matter.
type article struct{ Number, Words string }

func articlesOf(d *ingest.Document) (out []article) {
	for i := range d.Sections {
		if s := &d.Sections[i]; s.Kind == ingest.SecArticle {
			out = append(out, article{s.Number, strings.Join(strings.Fields(d.Text[s.Start:s.End]), "")})
		}
	}
	return out
}

// Real regulations written as Akoma Ntoso and read again by the ingester have the same articles with the same words, and every word of the
// document but its table of contents is in the file.
func TestAKNRoundTrip(t *testing.T) {
	const shared = "../../../../shared/data/documents"
	reader, err := pdf.New(pdf.Config{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reader.Close() })
	for name, parser := range map[string]ingest.Parser{
		"abbiategrasso/regolamento-manomissioni-definitivo.pdf":                                     reader,
		"abbiategrasso/regolamento-canone-unico-legge-160-2019-con-tariffa-cc-28-del-31-3-2021.pdf": reader,
		"palermo-commercio-rst/capo2.rst":                                                           text.NewRST(text.Config{}),
		"palermo-consiglio-rst/capo5.rst":                                                           text.NewRST(text.Config{}),
	} {
		data, err := os.ReadFile(filepath.Join(shared, name))
		if err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal(err)
			}
			t.Skip("no shared data")
		}
		d := read(t, parser, name, data)
		file, err := AKN(d, "Comune di Prova", time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again := read(t, akn.New(akn.Config{}), "regolamento.xml", file)
		want, got := articlesOf(d), articlesOf(again)
		if len(want) == 0 {
			t.Fatalf("%s has no articles", name)
		}
		if n := len(want); len(got) == n && strings.HasPrefix(got[n-1].Words, want[n-1].Words) { // what follows the articles is read as of the last one
			got[n-1] = want[n-1]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %d articles, %d after: %s", name, len(want), len(got), diff[:min(len(diff), 3000)])
		}
		ids := map[string]bool{}
		for dec := xml.NewDecoder(strings.NewReader(string(file))); ; {
			token, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if e, ok := token.(xml.StartElement); ok {
				for _, a := range e.Attr {
					if a.Name.Local != "eId" || e.Name.Local == "TLCOrganization" {
						continue
					}
					if ids[a.Value] {
						t.Errorf("%s: eId %s is there twice", name, a.Value)
					}
					ids[a.Value] = true
				}
			}
		}
	}
	if _, err := AKN(&ingest.Document{Title: "Pagina", Text: "Orari"}, "", time.Time{}); fault.CodeOf(err) != fault.NoText {
		t.Errorf("without articles: %v", err)
	}
}
