package export

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"encoding/xml"
	"errors"
	"image"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/drafting"
	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/ingest/docx"
	"sportello/ingest/odt"
)

// drafts builds the acts of ../testdata.
func drafts(t *testing.T, names ...string) map[string]*drafting.Draft {
	t.Helper()
	l, err := drafting.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		names = l.Names()
	}
	out := map[string]*drafting.Draft{}
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join("..", "testdata", "acts", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var facts map[string]any
		if err := json.Unmarshal(data, &facts); err != nil {
			t.Fatal(err)
		}
		if out[name], err = l.Build(drafting.BuildConfig{Type: name, Facts: facts, Now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func stemma(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 50))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// words reduces a text to its words: signs that a reader of the format writes for lists and cells do not count.
func words(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \n\t\f|\u00a0", r) }), " ")
}

// said is what a draft says without the numbers and dashes of its lists, which the formats keep apart from the text.
func said(d *drafting.Draft) string {
	var b strings.Builder
	for _, p := range d.Parts {
		for _, x := range p.Paragraphs {
			b.WriteString(x.Text() + "\n")
		}
	}
	return words(b.String())
}

// TestReadBack reads every act, as DOCX and ODT, with the parsers of the ingestion: the words are those of the draft, and every XML part is
// well formed.
func TestReadBack(t *testing.T) {
	look := Look{Body: "Comune di Roccaverde & C.", CoatOfArms: stemma(t)}
	for name, d := range drafts(t) {
		for format, write := range map[string]func(*drafting.Draft, Look) ([]byte, error){"docx": WordFile, "odt": OpenFile} {
			file, err := write(d, look)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			wellFormed(t, name+"."+format, file)
			var p ingest.Parser = docx.New(docx.Config{})
			if format == "odt" {
				p = odt.New(odt.Config{})
			}
			parsed, err := p.Parse(context.Background(), ingest.Input{Name: name + "." + format, Bytes: file})
			if err != nil {
				t.Fatalf("%s.%s: %v", name, format, err)
			}
			var text strings.Builder
			for _, b := range parsed.Blocks {
				line := b.Text
				for _, x := range d.Parts {
					for _, para := range x.Paragraphs {
						if para.Layout == drafting.Numbered || para.Layout == drafting.Bullet {
							if rest, ok := strings.CutSuffix(line, para.Text()); ok && len(rest) < 8 {
								line = para.Text()
							}
						}
					}
				}
				text.WriteString(line + "\n")
			}
			got := strings.TrimPrefix(words(text.String()), "Comune di Roccaverde & C. ")
			if diff := cmp.Diff(said(d), got); diff != "" {
				t.Errorf("%s.%s (-draft +file):\n%s", name, format, diff)
			}
			again, err := write(d, look)
			if err != nil || !bytes.Equal(file, again) {
				t.Errorf("%s.%s: the same draft gives other bytes", name, format)
			}
		}
	}
}

func wellFormed(t *testing.T, name string, file []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".xml") && !strings.HasSuffix(f.Name, ".rels") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		dec := xml.NewDecoder(r)
		for {
			if _, err = dec.Token(); err != nil {
				break
			}
		}
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: %s: %v", name, f.Name, err)
		}
	}
}

// TestPDF makes PDF/A of acts with LibreOffice and compares their text, as poppler reads it, with the draft's.
func TestPDF(t *testing.T) {
	c := Converter{}
	if !c.Available() {
		t.Fatal("LibreOffice is not here: make system installs it")
	}
	for format, name := range map[string]string{"docx": "determina-affidamento-diretto", "odt": "verbale-consiglio"} {
		draft := drafts(t, name)[name]
		write := map[string]func(*drafting.Draft, Look) ([]byte, error){"docx": WordFile, "odt": OpenFile}[format]
		file, err := write(draft, Look{})
		if err != nil {
			t.Fatal(err)
		}
		pdf, err := c.Convert(context.Background(), file, format)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(pdf, []byte("pdfaid:part>2<")) || !bytes.Contains(pdf, []byte("pdfaid:conformance>B<")) {
			t.Errorf("%s.%s: it does not say that it is PDF/A-2b", name, format)
		}
		cmd := exec.Command("pdftotext", "-layout", "-", "-")
		cmd.Stdin = bytes.NewReader(pdf)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		got, want := bag(string(out)), bag(draft.Text())
		for page := 1; page <= 6; page++ { // page numbers are the file's own
			if n := string(rune('0' + page)); got[n] > want[n] {
				got[n] = want[n]
			}
		}
		for w := range got {
			if got[w] == 0 {
				delete(got, w)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s.%s (-draft +PDF):\n%s", name, format, diff)
		}
	}
}

// bag counts words; a word that a line end cut at its hyphen counts as two on both sides.
func bag(s string) map[string]int {
	out := map[string]int{}
	for _, w := range strings.Fields(strings.NewReplacer("|", " ", "-", " ", "/", " ").Replace(words(s))) {
		out[w]++
	}
	return out
}

func TestPDFErrors(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := (Converter{}).PDFFile(context.Background(), drafts(t, "lettera")["lettera"], Look{}); fault.CodeOf(err) != fault.Unsupported {
		t.Errorf("without LibreOffice: %v", err)
	}
	bad := filepath.Join(t.TempDir(), "soffice")
	if err := os.WriteFile(bad, []byte("#!/bin/sh\nexit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", "/bin:/usr/bin")
	for script, want := range map[string]fault.Code{"exit 1": fault.Unavailable, "exit 0": fault.Unavailable, "sleep 600": fault.Timeout} {
		limit := time.Minute
		if want == fault.Timeout {
			limit = 300 * time.Millisecond
		}
		if err := os.WriteFile(bad, []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		if _, err := (Converter{Program: bad, Time: limit}).Convert(context.Background(), nil, "odt"); fault.CodeOf(err) != want {
			t.Errorf("%s: %v, want %s", script, err, want)
		}
	}
}

func TestOpenIsSeen(t *testing.T) {
	l, err := drafting.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	d, err := l.Build(drafting.BuildConfig{Type: "lettera"})
	if err != nil {
		t.Fatal(err)
	}
	for _, write := range []func(*drafting.Draft, Look) ([]byte, error){WordFile, OpenFile} {
		file, err := write(d, Look{Draft: true, Language: "it"})
		if err != nil {
			t.Fatal(err)
		}
		wellFormed(t, "lettera", file)
		for _, wrong := range [][]byte{[]byte("no picture"), make([]byte, maxPicture+1)} {
			if _, err := write(d, Look{CoatOfArms: wrong}); err == nil {
				t.Error("a coat of arms that is none is taken")
			}
		}
	}
	got := split("a [VERIFICARE: b] c [VERIFICARE: d")
	if diff := cmp.Diff([]run{{"a ", false}, {"[VERIFICARE: b]", true}, {" c [VERIFICARE: d", false}}, got, cmp.AllowUnexported(run{})); diff != "" {
		t.Error(diff)
	}
}

func TestManifest(t *testing.T) {
	name := filepath.Join(t.TempDir(), "key")
	key, err := Key(name)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Key(name)
	if err != nil || !key.Equal(again) {
		t.Fatalf("the key changed: %v", err)
	}
	d := drafts(t, "determina-impegno")["determina-impegno"]
	d.Parts[0].Paragraphs[0].Pieces[0].Origin, d.Parts[0].Paragraphs[0].Pieces[0].Source = drafting.FromPassage, "delibere/12.pdf"
	file := []byte("file")
	m, err := Describe(d, "quota.docx", file)
	if err != nil || m.Sources[0] != "delibere/12.pdf" || m.Origins["field"] == 0 || m.Open != 0 {
		t.Fatalf("%+v %v", m, err)
	}
	if err := m.Sign(key); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	own, _ := again.Public().(ed25519.PublicKey)
	check := func(manifest, file []byte, want Verdict) {
		t.Helper()
		got, _, err := Check(manifest, file, own)
		if err != nil {
			t.Fatal(err)
		}
		got.Why = ""
		if got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	check(data, file, Verdict{Signed: true, Same: true, Ours: true})
	check(data, []byte("other"), Verdict{Signed: true, Ours: true})
	check(bytes.Replace(data, []byte(`"final":false`), []byte(`"final":true`), 1), file, Verdict{Same: true, Ours: true})
	check(bytes.Replace(data, []byte(m.Signature), []byte("!"), 1), file, Verdict{})
	if v, _, err := Check(data, file, nil); err != nil || v.Good() || v.Ours {
		t.Errorf("without a key of ours: %+v %v", v, err)
	}
	for _, bad := range []string{"", `{"schema":"altro"}`} {
		if _, _, err := Check([]byte(bad), file, nil); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
	if err := os.WriteFile(name, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Key(name); fault.CodeOf(err) != fault.Broken {
		t.Error(err)
	}
	if _, err := Key(filepath.Join(name, "x")); err == nil {
		t.Error("a key below a file")
	}
}
