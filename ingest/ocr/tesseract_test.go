package ocr

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/fault"
	"sportello/ingest"
)

const table = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n" +
	"1\t1\t0\t0\t0\t0\t0\t0\t1000\t800\t-1\t\n" +
	"4\t1\t1\t1\t1\t0\t10\t20\t300\t40\t-1\t\n" +
	"5\t1\t1\t1\t1\t1\t10\t25\t80\t30\t96.5\tArt.\n" +
	"5\t1\t1\t1\t1\t2\t100\t22\t60\t38\t40\t12\n" +
	"5\t1\t1\t1\t1\t3\t200\t22\t60\t38\t95\t \n" +
	"4\t1\t1\t1\t2\t0\t10\t80\t300\t40\t-1\t\n" +
	"5\t1\t1\t1\t2\t1\t10\t85\t80\t30\t-1\ttesto\n"

func TestParseTSV(t *testing.T) {
	got, err := parseTSV(bytes.NewBufferString(table))
	if err != nil {
		t.Fatal(err)
	}
	want := []ingest.OCRWord{
		{Text: "Art.", X0: 10, X1: 90, Y0: 20, Y1: 60, Line: 0, Confidence: 0.965},
		{Text: "12", X0: 100, X1: 160, Y0: 20, Y1: 60, Line: 0, Confidence: 0.4},
		{Text: "testo", X0: 10, X1: 90, Y0: 80, Y1: 120, Line: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{"5\t1\t1\t1\t1\t1\tx\t25\t80\t30\t96\tArt.\n", "5\t1\t1\t1\t1\t1\t1\t25\t80\t30\tx\tArt.\n"} {
		if _, err := parseTSV(bytes.NewBufferString(bad)); fault.CodeOf(err) != fault.Broken {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if got, err := parseTSV(bytes.NewBufferString("5\t1\n\n")); err != nil || got != nil {
		t.Errorf("short lines: %v, %v", got, err)
	}
}

func FuzzParseTSV(f *testing.F) {
	f.Add(table)
	f.Add("5\t\t\t\t\t\t\t\t\t\t\t")
	f.Fuzz(func(t *testing.T, s string) {
		words, err := parseTSV(bytes.NewBufferString(s))
		if err != nil && fault.CodeOf(err) != fault.Broken {
			t.Error(err)
		}
		for _, w := range words {
			if strings.TrimSpace(w.Text) == "" {
				t.Errorf("empty word %+v", w)
			}
		}
	})
}

// program writes a shell script that takes tesseract's place.
func program(t *testing.T, script string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), "tesseract")
	if err := os.WriteFile(p, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	return p
}

const listing = `if [ "$1" = --list-langs ]; then printf 'List of available languages (2):\neng\nita\n'; exit 0; fi
`

func TestReady(t *testing.T) {
	ctx := context.Background()
	for _, tc := range []struct {
		name string
		cfg  Config
		want fault.Code
		says string
	}{
		{"found", Config{Program: program(t, listing)}, "", ""},
		{"some languages", Config{Program: program(t, listing), Languages: []string{"deu", "ita"}}, "", ""},
		{"no language", Config{Program: program(t, listing), Languages: []string{"deu"}}, fault.Unsupported, "install tesseract-ocr-deu"},
		{"missing", Config{Program: "/nowhere/tesseract"}, fault.Unsupported, "install tesseract-ocr"},
		{"missing on PATH", Config{Program: "tesseract-that-nobody-has"}, fault.Unsupported, "install tesseract-ocr"},
		{"broken", Config{Program: program(t, "exit 3")}, fault.Unsupported, "does not run"},
	} {
		err := New(tc.cfg).Ready(ctx)
		if fault.CodeOf(err) != tc.want || err != nil && !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v", tc.name, err)
		}
		if tc.want != "" {
			if _, err := New(tc.cfg).Read(ctx, image.NewGray(image.Rect(0, 0, 2, 2)), 200); fault.CodeOf(err) != tc.want {
				t.Errorf("%s: Read gives %v", tc.name, err)
			}
		}
	}
}

func TestRead(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 30, 20))
	dir := t.TempDir()
	p := program(t, listing+`cat > `+dir+`/in; echo "$@ $OMP_THREAD_LIMIT" > `+dir+`/args; cat <<'END'
`+table+`END
`)
	words, err := New(Config{Program: p, Languages: []string{"ita", "eng"}}).Read(context.Background(), img, 150)
	if err != nil {
		t.Fatal(err)
	}
	if len(words) != 3 || words[0].Text != "Art." {
		t.Errorf("got %+v", words)
	}
	in, err := os.ReadFile(filepath.Join(dir, "in"))
	if err != nil || !bytes.HasPrefix(in, []byte("P5 30 20 255\n")) || len(in) != 13+600 {
		t.Errorf("picture: %d bytes, %v", len(in), err)
	}
	args, err := os.ReadFile(filepath.Join(dir, "args"))
	if want := "stdin stdout -l ita+eng --dpi 150 --psm 3 tsv 1\n"; err != nil || string(args) != want {
		t.Errorf("called with %q, %v", args, err)
	}
}

func TestReadFails(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 3, 2))
	_, err := New(Config{Program: program(t, listing+"echo what is this >&2; exit 1")}).Read(context.Background(), img, 200)
	if fault.CodeOf(err) != fault.Broken || !strings.Contains(err.Error(), "what is this") {
		t.Errorf("failing program: %v", err)
	}
	slow := New(Config{Program: program(t, listing+"exec sleep 60"), PageTime: 50 * time.Millisecond, Parallel: 1})
	if _, err := slow.Read(context.Background(), img, 200); fault.CodeOf(err) != fault.Timeout {
		t.Errorf("slow program: %v", err)
	}
	slow.slots <- struct{}{}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := slow.Read(ctx, img, 200); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting: %v", err)
	}
}

// TestTesseract reads a picture with the program itself; it must be installed where the tests run.
func TestTesseract(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 400, 120))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	words, err := New(Config{}).Read(context.Background(), img, 200)
	if err != nil {
		t.Fatal(err)
	}
	if len(words) > 2 {
		t.Errorf("words on an empty page: %+v", words)
	}
}
