package eval

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/fault"
	"sportello/ingest"
)

func TestBag(t *testing.T) {
	judge := bag("Il settore tecnico-\namministrativo dell'Unione, ef\uFB01cace: socio-assistenziale.\n____ 12,50 €")
	ours := bag("Il settore tecnico-amministrativo dell'Unione, efficace: socioassistenziale.\n12,50 €")
	if diff := cmp.Diff(judge, ours); diff != "" {
		t.Error(diff)
	}
	n, missing := overlap(map[string]int{"a": 3, "b": 1, "c": 1}, map[string]int{"a": 1, "c": 5})
	if n != 2 || !cmp.Equal(missing, []string{"a", "b"}) {
		t.Errorf("%d found, %v missing", n, missing)
	}
}

// scripted gives the same pages for every file.
type scripted struct {
	out *ingest.Parsed
	err error
}

func (s scripted) Parse(context.Context, ingest.Input) (*ingest.Parsed, error) { return s.out, s.err }

func TestMeasureExtraction(t *testing.T) {
	dir := t.TempDir()
	judge := filepath.Join(dir, "pdftotext")
	if err := os.WriteFile(judge, []byte("#!/bin/sh\nprintf 'uno due tre\\n\\fquattro cinque\\n\\fÿ1 ÿ2\\n\\f'\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"a.pdf": "%PDF-1.4", "b.txt": "no"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p := scripted{out: &ingest.Parsed{Pages: 3, OCRPages: []int{3}, DecodedPages: []int{3}, Blocks: []ingest.Block{
		{Text: "Uno due", Page: 1}, {Text: "quattro cinque sei", Page: 2}, {Text: "testo vero", Page: 3},
	}}}
	e, err := MeasureExtraction(context.Background(), ExtractionConfig{Dir: dir, Parser: p, Judge: judge})
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Files) != 1 || e.Words != 5 || e.Found != 4 || e.Recall != 0.8 || e.Worst != 0.8 {
		t.Errorf("%+v", e)
	}
	f := e.Files[0]
	if f.OCRPages != 1 || f.OCRWords != 2 || f.OCRFound != 0 || !cmp.Equal(f.Missing(), []string{"tre"}) {
		t.Errorf("%+v", f)
	}
	if md := e.Markdown(); !strings.Contains(md, "| a.pdf | 3 | 5 | 0.8000 |") || !strings.Contains(md, "1 pages read by OCR") {
		t.Error(md)
	}

	failing := scripted{err: fault.New(fault.Broken, "a.pdf: broken")}
	e, err = MeasureExtraction(context.Background(), ExtractionConfig{Dir: dir, Parser: failing, Judge: judge})
	if err != nil || e.Recall != 0 || !strings.Contains(e.Files[0].Note, "broken") {
		t.Errorf("%+v, %v", e, err)
	}
	if _, err := MeasureExtraction(context.Background(), ExtractionConfig{Dir: dir, Parser: p, Judge: "/nowhere"}); fault.CodeOf(err) != fault.Unsupported {
		t.Errorf("no judge: %v", err)
	}
	if _, err := MeasureExtraction(context.Background(), ExtractionConfig{Dir: t.TempDir(), Parser: p, Judge: judge}); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("no files: %v", err)
	}
}
