package docx_test

import (
	"archive/zip"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/ingest/docx"
	"sportello/ingest/internal/archive"
	"sportello/ingest/internal/blocktest"
	"sportello/ingest/internal/xmltree"
)

const open = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`

func TestGolden(t *testing.T) {
	blocktest.Golden(t, docx.New(docx.Config{}), blocktest.Zipped)
}

func document(t testing.TB, body string) ingest.Input {
	return blocktest.Zipped(t, []txtar.File{{Name: "word/document.xml", Data: []byte(open + body + "</w:body></w:document>")}})
}

func TestLimits(t *testing.T) {
	many := document(t, strings.Repeat("<w:p><w:r><w:t>x</w:t></w:r></w:p>", 100))
	for name, tt := range map[string]struct {
		config docx.Config
		in     ingest.Input
		code   fault.Code
	}{
		"blocks":  {docx.Config{MaxBlocks: 10}, many, fault.TooLarge},
		"part":    {docx.Config{Archive: archive.Limits{Part: 1000}}, many, fault.TooLarge},
		"total":   {docx.Config{Archive: archive.Limits{Total: 1000}}, many, fault.TooLarge},
		"entries": {docx.Config{Archive: archive.Limits{Entries: 1}}, blocktest.Zipped(t, []txtar.File{{Name: "a"}, {Name: "b"}}), fault.TooLarge},
		"nodes":   {docx.Config{XML: xmltree.Limits{Nodes: 50}}, many, fault.TooLarge},
		"depth":   {docx.Config{}, document(t, strings.Repeat("<w:ins>", 300)+strings.Repeat("</w:ins>", 300)), fault.TooLarge},
		"no zip":  {docx.Config{}, ingest.Input{Name: "x", Bytes: []byte("PK\x03\x04")}, fault.Broken},
	} {
		if _, err := docx.New(tt.config).Parse(t.Context(), tt.in); fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := docx.New(docx.Config{}).Parse(ctx, many); fault.CodeOf(err) != fault.Timeout {
		t.Errorf("cancelled: %v", err)
	}
}

// TestBomb reads a part that says it is small and expands to far more than the limit.
func TestBomb(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	part, err := w.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range 80 {
		if _, err := part.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := docx.New(docx.Config{}).Parse(t.Context(), ingest.Input{Name: "bomb", Bytes: b.Bytes()}); fault.CodeOf(err) != fault.TooLarge {
		t.Errorf("%d bytes: %v", b.Len(), err)
	}
}

// TestEncryptedPart refuses a part behind a password.
func TestEncryptedPart(t *testing.T) {
	in := document(t, "<w:p/>")
	in.Bytes = bytes.Clone(in.Bytes)
	for i := range in.Bytes { // the flag of the local header and of the directory
		switch {
		case bytes.HasPrefix(in.Bytes[i:], []byte("PK\x03\x04")):
			in.Bytes[i+6] |= 1
		case bytes.HasPrefix(in.Bytes[i:], []byte("PK\x01\x02")):
			in.Bytes[i+8] |= 1
		}
	}
	if _, err := docx.New(docx.Config{}).Parse(t.Context(), in); fault.CodeOf(err) != fault.Encrypted {
		t.Errorf("%v", err)
	}
}

// TestRealForms reads the forms of a comune.
func TestRealForms(t *testing.T) {
	paths, err := filepath.Glob("../../../shared/data/documents/abbiategrasso/*.docx")
	if err != nil || len(paths) != 4 {
		t.Fatal("the shared forms are missing", err)
	}
	want := map[string][]string{
		"istanzaocc-imprenditore.docx":               {"2. Copia ricevuta bonifico di € 200,00 (comprensivi di IVA), corrisposti a titolo di acconto iniziale", "☐ imprenditore minore"},
		"modello-richiesta-ris-e-rs-ver-2018.docx":   {"contattare anticipatamente l’Ufficio Archivio Rapporti al numero 0294692404"},
		"istanzaocc-liquidazione-controllata.docx":   {"Nome e cognome / denominazione | Indirizzo"},
		"istanzaocc-sovraindebitati-incapiente.docx": {"ORGANISMO DI COMPOSIZIONE DELLA CRISI (OCC)"},
	}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		p, err := docx.New(docx.Config{}).Parse(t.Context(), ingest.Input{Name: path, Bytes: b})
		got := blocktest.Dump(p, err)
		for _, s := range want[filepath.Base(path)] {
			if !strings.Contains(got, s) {
				t.Errorf("%s: %q is missing", path, s)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	blocktest.Seeds(f, blocktest.Zipped)
	p := docx.New(docx.Config{Archive: archive.Limits{Total: 4 << 20}})
	f.Fuzz(func(t *testing.T, b []byte) { blocktest.Sane(t, p, b) })
}

// FuzzBody puts the bytes where they reach the reader: in the body of a document.
func FuzzBody(f *testing.F) {
	f.Add(`<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="9"/><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>`)
	f.Add(`<w:p><w:pPr><w:numPr><w:ilvl w:val="99"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:sym w:char="F06F"/></w:r></w:p>`)
	p := docx.New(docx.Config{})
	f.Fuzz(func(t *testing.T, body string) { blocktest.Sane(t, p, document(t, body).Bytes) })
}
