// Package blocktest helps the tests of parsers: it prints blocks one a line, and compares them with golden files in txtar form, one
// a case: the input's files, and "want" with what the parser gives. Run the tests with -update to write "want" anew.
package blocktest

import (
	"archive/zip"
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"sportello/assistant/fault"
	"sportello/ingest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Dump prints a document: what is known of it, then a block a line, kind first (p, h, i, r, m), level, bold, link, header and part.
func Dump(p *ingest.Parsed, err error) string {
	var b strings.Builder
	if err != nil {
		fmt.Fprintf(&b, "error %s: %s\n", fault.CodeOf(err), fault.MessageOf(err))
		return b.String()
	}
	for _, f := range []struct{ name, value string }{{"title", p.Title}, {"language", p.Language}, {"url", p.URL}} {
		if f.value != "" {
			fmt.Fprintf(&b, "%s: %s\n", f.name, f.value)
		}
	}
	for _, w := range p.Warnings {
		fmt.Fprintf(&b, "warning: %s\n", w)
	}
	for _, f := range p.Fields {
		fmt.Fprintf(&b, "field: %s (%s)\n", f.Name, f.Type)
	}
	for _, k := range p.Blocks {
		b.WriteByte("phirm"[k.Kind])
		if k.Level > 0 {
			fmt.Fprint(&b, k.Level)
		}
		if k.Bold {
			b.WriteByte('*')
		}
		if k.Wraps {
			b.WriteByte('+')
		}
		if k.Part != nil {
			fmt.Fprintf(&b, " {%s %q %q %s}", k.Part.Kind, k.Part.Number, k.Part.Rubric, k.Part.EID)
		}
		if k.Header != "" {
			fmt.Fprintf(&b, " [%s]", k.Header)
		}
		if k.Link != "" {
			fmt.Fprintf(&b, " <%s>", k.Link)
		}
		fmt.Fprintf(&b, " %s\n", k.Text)
	}
	return b.String()
}

// Golden runs a parser over every testdata/*.txtar. input makes the file to parse from the archive's files, "want" left out.
func Golden(t *testing.T, parser ingest.Parser, input func(t testing.TB, files []txtar.File) ingest.Input) {
	t.Helper()
	GoldenIn(t, "testdata", parser, input)
}

// GoldenIn is Golden over the files of another folder.
func GoldenIn(t *testing.T, dir string, parser ingest.Parser, input func(t testing.TB, files []txtar.File) ingest.Input) {
	t.Helper()
	paths, err := filepath.Glob(dir + "/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			want := ""
			var files []txtar.File
			for _, f := range a.Files {
				if f.Name == "want" {
					want = string(f.Data)
				} else {
					files = append(files, f)
				}
			}
			got := Dump(parser.Parse(t.Context(), input(t, files)))
			if *update {
				a.Files = append(files, txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s (-want +got):\n%s", path, d)
			}
		})
	}
}

// First takes the first file of an archive as the input.
func First(_ testing.TB, files []txtar.File) ingest.Input {
	return ingest.Input{Name: files[0].Name, Bytes: files[0].Data}
}

// Zipped takes all files of an archive as the parts of a ZIP.
func Zipped(t testing.TB, files []txtar.File) ingest.Input {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		part, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(bytes.TrimSuffix(f.Data, []byte("\n"))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return ingest.Input{Name: "test", Bytes: b.Bytes()}
}

// Seeds gives the inputs of all golden files, for fuzzing.
func Seeds(f *testing.F, input func(t testing.TB, files []txtar.File) ingest.Input) {
	SeedsIn(f, "testdata", input)
}

// SeedsIn is Seeds over the files of another folder.
func SeedsIn(f *testing.F, dir string, input func(t testing.TB, files []txtar.File) ingest.Input) {
	paths, _ := filepath.Glob(dir + "/*.txtar")
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		var files []txtar.File
		for _, x := range a.Files {
			if x.Name != "want" {
				files = append(files, x)
			}
		}
		f.Add(input(f, files).Bytes)
	}
}

// Sane checks what every parser owes on any input: blocks with text and known codes of errors.
func Sane(t *testing.T, parser ingest.Parser, b []byte) {
	t.Helper()
	p, err := parser.Parse(context.Background(), ingest.Input{Name: "fuzz", Bytes: b})
	if err != nil {
		if code := fault.CodeOf(err); code == fault.Internal {
			t.Errorf("internal error: %v", err)
		}
		return
	}
	for _, k := range p.Blocks {
		if k.Kind != ingest.Mark && strings.TrimSpace(k.Text) == "" {
			t.Errorf("empty block %+v", k)
		}
	}
}
