package text

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/ingest/internal/blocktest"
)

func TestGolden(t *testing.T) {
	for dir, p := range map[string]*Parser{"md": NewMarkdown(Config{}), "rst": NewRST(Config{}), "txt": New(Config{})} {
		t.Run(dir, func(t *testing.T) { blocktest.GoldenIn(t, "testdata/"+dir, p, blocktest.First) })
	}
}

func TestLimitsAndEncodings(t *testing.T) {
	for name, tt := range map[string]struct {
		parser *Parser
		text   string
		want   string
	}{
		"bytes":   {New(Config{MaxBytes: 3}), "quattro", "error too_large"},
		"blocks":  {New(Config{MaxBlocks: 1}), "a\n\nb", "error too_large"},
		"empty":   {NewRST(Config{}), ".. solo un commento", "error no_text"},
		"latin":   {New(Config{}), "Citt\xe0 \x93di\x94 X", "warning: read as windows-1252\np Città “di” X\n"},
		"utf-16":  {New(Config{}), "\xff\xfeC\x00i\x00", "warning: read as utf-16le\np Ci\n"},
		"big":     {New(Config{}), "\xfe\xff\x00C\x00i", "warning: read as utf-16be\np Ci\n"},
		"bare 16": {New(Config{}), "C\x00i\x00t\x00t\x00a\x00 \x00X\x00Y\x00", "warning: read as utf-16le\np Citta XY\n"},
		"bare be": {New(Config{}), "\x00C\x00i\x00t\x00t\x00a\x00 \x00X\x00Y", "warning: read as utf-16be\np Citta XY\n"},
		"cut":     {New(Config{}), strings.Repeat("città ", 40) + "\xc3", "p " + strings.Repeat("città ", 40) + "\ufffd\n"},
		"mark":    {New(Config{}), "\xef\xbb\xbfuno\r\ndue\rtre", "p uno\np due\np tre\n"},
	} {
		got := blocktest.Dump(tt.parser.Parse(t.Context(), ingest.Input{Name: "x", Bytes: []byte(tt.text)}))
		if !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, p := range []*Parser{New(Config{}), NewMarkdown(Config{}), NewRST(Config{})} {
		if _, err := p.Parse(ctx, ingest.Input{Bytes: []byte("# x")}); fault.CodeOf(err) != fault.Timeout {
			t.Errorf("%s cancelled: %v", p.format, err)
		}
	}
}

// TestHostileNesting reads what makes naive readers slow or deep.
func TestHostileNesting(t *testing.T) {
	for _, s := range []string{
		strings.Repeat("> ", 50_000) + "x", strings.Repeat("[", 50_000), strings.Repeat("*a ", 20_000), strings.Repeat("- ", 20_000) + "x",
		strings.Repeat("+--+\n| x\n", 2000), strings.Repeat(".. note::\n", 2000), "+---+\n" + strings.Repeat("|+---+|\n", 500),
	} {
		for _, p := range []*Parser{New(Config{}), NewMarkdown(Config{}), NewRST(Config{})} {
			blocktest.Sane(t, p, []byte(s))
		}
	}
}

// TestRealRegulations reads regulations that comuni publish as text, and checks that nothing of their words is lost.
func TestRealRegulations(t *testing.T) {
	parsers := map[string]*Parser{".md": NewMarkdown(Config{}), ".rst": NewRST(Config{}), ".txt": New(Config{})}
	files := 0
	for _, dir := range []string{"palermo-commercio-rst", "palermo-consiglio-rst", "palermo-urp-rst", "sangiuseppejato-md", "piovedisacco-md", "leggi-decretorilancio"} {
		paths, err := filepath.Glob("../../../shared/data/documents/" + dir + "/*.*")
		if err != nil || len(paths) == 0 {
			t.Fatal("the shared documents are missing", dir, err)
		}
		for _, path := range paths {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			p, err := parsers[filepath.Ext(path)].Parse(t.Context(), ingest.Input{Name: path, Bytes: b})
			if len(strings.TrimSpace(string(b))) == 0 {
				if fault.CodeOf(err) != fault.NoText {
					t.Errorf("%s: %v", path, err)
				}
				continue
			}
			if err != nil {
				t.Error(err)
				continue
			}
			files++
			var all strings.Builder
			for _, k := range p.Blocks {
				all.WriteString(k.Text + " ")
			}
			if filepath.Ext(path) == ".txt" && letters(all.String()) != letters(string(b)) {
				t.Errorf("%s: words lost or added", path)
			}
			if filepath.Base(path) != "index.rst" && float64(len(letters(all.String()))) < 0.8*float64(len(letters(string(b)))) {
				t.Errorf("%s: %d of %d letters", path, len(letters(all.String())), len(letters(string(b))))
			}
			if filepath.Ext(path) != ".txt" && p.Title == "" {
				t.Errorf("%s: no title", path)
			}
		}
	}
	if files < 370 {
		t.Errorf("%d files read", files)
	}
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \n\r\t-*=~`", r) || r == '\u00a0' || r == '\ufeff' {
			return -1
		}
		return r
	}, s)
}

func FuzzMarkdown(f *testing.F) { fuzz(f, "testdata/md", NewMarkdown(Config{})) }
func FuzzRST(f *testing.F)      { fuzz(f, "testdata/rst", NewRST(Config{})) }
func FuzzPlain(f *testing.F)    { fuzz(f, "testdata/txt", New(Config{})) }

func fuzz(f *testing.F, dir string, p *Parser) {
	blocktest.SeedsIn(f, dir, blocktest.First)
	f.Fuzz(func(t *testing.T, b []byte) { blocktest.Sane(t, p, b) })
}
