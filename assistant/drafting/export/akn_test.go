package export

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/drafting"
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

// regulations are the files of ../shared that hold articles: regulations whole and in chapters, the one that follows its deliberazione in the
// same file, a law.
var regulations = []string{
	"abbiategrasso/2021-regolamento-tariffa-corrispettiva-tari-con-modifiche-18-11-21-vigente-dal-1-1-2021.pdf",
	"abbiategrasso/regolamento-manomissioni-definitivo.pdf",
	"abbiategrasso/regolamento-canone-unico-legge-160-2019-con-tariffa-cc-28-del-31-3-2021.pdf",
	"palermo-sispi/regolamento-unico-controlli-interni.pdf",
	"palermo-commercio-rst/capo1.rst", "palermo-commercio-rst/capo2.rst", "palermo-commercio-rst/capo3.rst", "palermo-commercio-rst/capo4.rst", "palermo-commercio-rst/parteseconda.rst",
	"palermo-consiglio-rst/capo1.rst", "palermo-consiglio-rst/capo1parte2.rst", "palermo-consiglio-rst/capo2.rst", "palermo-consiglio-rst/capo3.rst", "palermo-consiglio-rst/capo4.rst",
	"palermo-consiglio-rst/capo5.rst", "palermo-consiglio-rst/capo6.rst",
	"palermo-urp-rst/capo1.rst", "palermo-urp-rst/capo3.rst", "palermo-urp-rst/capo4.rst", "palermo-urp-rst/capo6.rst",
	"sangiuseppejato-md/articolo-1-principi-e-finalita.md",
	"leggi-akn/20050516-005g0104-vigenza-20250130.xml",
}

const shared = "../../../../shared/data/documents"

// eachRegulation reads every one of them of these endings.
func eachRegulation(t *testing.T, endings string, do func(t *testing.T, name string, d *ingest.Document)) {
	t.Helper()
	parsers := map[string]ingest.Parser{".rst": text.NewRST(text.Config{}), ".md": text.NewMarkdown(text.Config{}), ".xml": akn.New(akn.Config{})}
	if strings.Contains(endings, ".pdf") {
		reader, err := pdf.New(pdf.Config{CacheDir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = reader.Close() })
		parsers[".pdf"] = reader
	}
	for _, name := range regulations {
		if !strings.Contains(endings, filepath.Ext(name)) {
			continue
		}
		data, err := os.ReadFile(filepath.Join(shared, name))
		if err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal(err)
			}
			t.Skip("no shared data")
		}
		do(t, name, read(t, parsers[filepath.Ext(name)], name, data))
	}
}

var aknDay = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// same compares the articles of a document with those of its file read again.
func same(t *testing.T, name string, d *ingest.Document, file []byte) {
	t.Helper()
	want, got := articlesOf(d), articlesOf(read(t, akn.New(akn.Config{}), "regolamento.xml", file))
	if len(want) == 0 {
		t.Fatalf("%s has no articles", name)
	}
	if n := len(want); len(got) == n && strings.HasPrefix(got[n-1].Words, want[n-1].Words) { // what follows the articles is read as of the last one
		got[n-1] = want[n-1]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %d articles, %d after: %s", name, len(want), len(got), diff[:min(len(diff), 3000)])
	}
}

// Real regulations written as Akoma Ntoso and read again by the ingester have the same articles with the same words, and the file is as the
// schema of the standard has it.
func TestAKNRoundTrip(t *testing.T) {
	articles := 0
	eachRegulation(t, ".pdf .rst .md .xml", func(t *testing.T, name string, d *ingest.Document) {
		file, err := AKN(d, "Comune di Prova", aknDay)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		articles += len(articlesOf(d))
		if filepath.Ext(name) != ".xml" { // between the articles of the law are headings that its file gives as text
			same(t, name, d, file)
		}
		wellMade(t, name, file)
		bySchema(t, name, file)
	})
	t.Logf("%d regulations, %d articles", len(regulations), articles)
	if _, err := AKN(&ingest.Document{Title: "Pagina", Text: "Orari"}, "", time.Time{}); fault.CodeOf(err) != fault.NoText {
		t.Errorf("without articles: %v", err)
	}
}

// A regulation that is pasted into the deliberazione that approves it comes out of the draft with the same articles.
func TestAKNOfDraft(t *testing.T) {
	l, err := drafting.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	eachRegulation(t, ".rst", func(t *testing.T, name string, d *ingest.Document) { // those without headers and numbers of pages between the lines
		d = ingest.Structure("schema", &ingest.Parsed{Format: "text", Blocks: lines(d.Text)})
		act, err := l.Build(drafting.BuildConfig{Type: "delibera-regolamento", Facts: map[string]any{"regolamento": "Regolamento di prova", "schema": d.Text}})
		if err != nil {
			t.Fatal(err)
		}
		got, err := Schema(act)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		file, err := AKN(got, "Comune di Prova", aknDay)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		same(t, name, d, file)
		wellMade(t, name, file)
		bySchema(t, name, file)
		if !strings.Contains(string(file), "<p>Regolamento di prova</p>") {
			t.Errorf("%s has lost its name", name)
		}
	})
	act, err := l.Build(drafting.BuildConfig{Type: "delibera-regolamento", Facts: map[string]any{"regolamento": "Regolamento di prova"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Schema(act); fault.CodeOf(err) != fault.NoText {
		t.Errorf("without a regulation: %v", err)
	}
}

func lines(s string) (out []ingest.Block) {
	for line := range strings.Lines(s) {
		out = append(out, ingest.Block{Text: strings.TrimSpace(line)})
	}
	return out
}

// inside says what each element that is written may hold, in the order in which it comes, as the schema of Akoma Ntoso 3.0 has it. "*" stands for text
// and nothing else.
var inside = map[string]string{
	"akomaNtoso": "act", "act": "meta preface preamble body conclusions attachments", "meta": "identification references",
	"identification": "FRBRWork FRBRExpression FRBRManifestation", "FRBRWork": "FRBRthis FRBRuri FRBRdate FRBRauthor FRBRcountry FRBRnumber",
	"FRBRExpression": "FRBRthis FRBRuri FRBRdate FRBRauthor FRBRlanguage", "FRBRManifestation": "FRBRthis FRBRuri FRBRdate FRBRauthor", "references": "TLCOrganization",
	"preface": "longTitle", "longTitle": "p", "preamble": "p", "conclusions": "p", "attachments": "attachment", "attachment": "heading doc", "doc": "meta mainBody",
	"content": "p", "intro": "p", "wrapUp": "p", "p": "*", "num": "*", "heading": "*",
}

// parts are elements whose children come in any order after number, rubric and introduction.
var parts = map[string]string{
	"body": "part title chapter section article", "mainBody": "p part title chapter section article paragraph point", "part": "num heading intro title chapter section article paragraph content",
	"title": "num heading intro chapter section article paragraph content", "chapter": "num heading intro section article paragraph content", "section": "num heading intro article paragraph content",
	"article": "num heading paragraph point content", "paragraph": "num heading list content", "point": "num heading list content", "list": "intro point wrapUp",
}

// wellMade checks an Akoma Ntoso file against inside and parts, and that every eId is in it once and every link to one leads somewhere.
func wellMade(t *testing.T, name string, file []byte) {
	t.Helper()
	type open struct {
		name string
		at   int // of the last child in its order
	}
	var path []open
	ids, links := map[string]bool{}, map[string]bool{}
	for dec := xml.NewDecoder(strings.NewReader(string(file))); ; {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		switch e := token.(type) {
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.StartElement:
			for _, a := range e.Attr {
				switch {
				case a.Name.Local == "eId" && ids[a.Value]:
					t.Errorf("%s: eId %s is there twice", name, a.Value)
				case a.Name.Local == "eId":
					ids[a.Value] = true
				case (a.Name.Local == "href" || a.Name.Local == "source") && strings.HasPrefix(a.Value, "#"):
					links[a.Value[1:]] = true
				}
			}
			if n := len(path); n > 0 {
				up := &path[n-1]
				order, strict := inside[up.name], true
				if order == "" {
					order, strict = parts[up.name], false
				}
				at := slices.Index(strings.Fields(order), e.Name.Local)
				if at < 0 || strict && at < up.at {
					t.Errorf("%s: <%s> in <%s>, where %q may be", name, e.Name.Local, up.name, order)
				}
				up.at = at
			}
			path = append(path, open{name: e.Name.Local})
		}
	}
	for id := range links {
		if !ids[id] {
			t.Errorf("%s: #%s leads nowhere", name, id)
		}
	}
}

// bySchema asks xmllint, with the schema of the standard in the file that AKN_XSD names: it is not ours to keep.
func bySchema(t *testing.T, name string, file []byte) {
	t.Helper()
	schema := os.Getenv("AKN_XSD")
	if schema == "" {
		return
	}
	path := filepath.Join(t.TempDir(), "akn.xml")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "xmllint", "--nonet", "--noout", "--schema", schema, path).CombinedOutput(); err != nil {
		t.Errorf("%s: %v: %s", name, err, out[:min(len(out), 1500)])
	}
}
