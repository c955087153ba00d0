package ocr

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// Config says how tesseract is run. The zero value works.
type Config struct {
	Program   string        // name or path; empty: tesseract
	Languages []string      // in order of importance, the installed ones are used; empty: ita
	PageTime  time.Duration // for one picture; 0: 2 min
	Parallel  int           // pictures read at the same time; 0: one a processor
}

// Tesseract reads pictures. It may be used by several goroutines.
type Tesseract struct {
	cfg   Config
	slots chan struct{}

	once      sync.Once
	languages string
	err       error
}

// New makes a reader. It starts nothing.
func New(cfg Config) *Tesseract {
	if cfg.Program == "" {
		cfg.Program = "tesseract"
	}
	if len(cfg.Languages) == 0 {
		cfg.Languages = []string{"ita"}
	}
	if cfg.PageTime <= 0 {
		cfg.PageTime = 2 * time.Minute
	}
	if cfg.Parallel <= 0 {
		cfg.Parallel = runtime.NumCPU()
	}
	return &Tesseract{cfg: cfg, slots: make(chan struct{}, cfg.Parallel)}
}

// Ready looks for tesseract and its languages, once. Errors: fault.Unsupported, with what to install.
func (t *Tesseract) Ready(ctx context.Context) error {
	t.once.Do(func() { t.languages, t.err = t.find(ctx) })
	return t.err
}

// find gives the installed ones of the wanted languages, as tesseract wants them: "ita+eng".
func (t *Tesseract) find(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	out, err := t.command(ctx, "--list-langs").CombinedOutput() // old versions list on stderr
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
		return "", fault.Wrap(fault.Unsupported, err, "%s is not installed: scanned pages are not read; install tesseract-ocr and tesseract-ocr-%s", t.cfg.Program, t.cfg.Languages[0])
	}
	if err != nil {
		return "", fault.Wrap(fault.Unsupported, err, "%s does not run: scanned pages are not read", t.cfg.Program)
	}
	installed := strings.Fields(string(out))
	var use []string
	for _, l := range t.cfg.Languages {
		if slices.Contains(installed, l) {
			use = append(use, l)
		}
	}
	if len(use) == 0 {
		return "", fault.New(fault.Unsupported, "%s has none of the languages %s: scanned pages are not read; install tesseract-ocr-%s",
			t.cfg.Program, strings.Join(t.cfg.Languages, ", "), t.cfg.Languages[0])
	}
	return strings.Join(use, "+"), nil
}

// Read gives the words of a picture in tesseract's reading order. Errors: those of Ready, fault.Timeout, fault.Broken.
func (t *Tesseract) Read(ctx context.Context, img *image.Gray, dpi int) ([]ingest.OCRWord, error) {
	if err := t.Ready(ctx); err != nil {
		return nil, err
	}
	select {
	case t.slots <- struct{}{}:
		defer func() { <-t.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, t.cfg.PageTime)
	defer cancel()
	cmd := t.command(ctx, "stdin", "stdout", "-l", t.languages, "--dpi", strconv.Itoa(dpi), "--psm", "3", "tsv")
	cmd.Stdin = pgm(img)
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, fault.Wrap(fault.Timeout, ctx.Err(), "the OCR of a page took over %s", t.cfg.PageTime)
		}
		return nil, fault.Wrap(fault.Broken, fmt.Errorf("%w: %s", err, lastLine(stderr.String())), "the OCR of a page failed")
	}
	return parseTSV(&out)
}

// command makes a call that ends with ctx and uses one processor: pages are read side by side instead.
func (t *Tesseract) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, t.cfg.Program, args...)
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1", "LC_ALL=C")
	cmd.WaitDelay = 2 * time.Second
	return cmd
}

// pgm writes a picture as a portable graymap, which costs no compression.
func pgm(img *image.Gray) *bytes.Buffer {
	b := img.Bounds()
	var buf bytes.Buffer
	buf.Grow(b.Dx()*b.Dy() + 32)
	fmt.Fprintf(&buf, "P5 %d %d 255\n", b.Dx(), b.Dy())
	for y := range b.Dy() {
		buf.Write(img.Pix[y*img.Stride : y*img.Stride+b.Dx()])
	}
	return &buf
}

// parseTSV reads tesseract's table. Columns: level, page, block, paragraph, line, word, left, top, width, height,
// confidence (-1 for what is not a word, else 0..100), text. Level 4 is a line, 5 a word.
func parseTSV(r *bytes.Buffer) ([]ingest.OCRWord, error) {
	var out []ingest.OCRWord
	var top, bottom float64
	line := -1
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 0, 64<<10), 4<<20)
	for sc.Scan() {
		f := strings.SplitN(sc.Text(), "\t", 12)
		if len(f) < 11 || f[0] != "4" && f[0] != "5" {
			continue
		}
		var n [4]float64
		for i := range n {
			v, err := strconv.ParseFloat(f[6+i], 64)
			if err != nil {
				return nil, fault.Wrap(fault.Broken, err, "tesseract's output is not as expected")
			}
			n[i] = v
		}
		if f[0] == "4" {
			line++
			top, bottom = n[1], n[1]+n[3]
			continue
		}
		if len(f) < 12 || strings.TrimSpace(f[11]) == "" {
			continue
		}
		conf, err := strconv.ParseFloat(f[10], 64)
		if err != nil {
			return nil, fault.Wrap(fault.Broken, err, "tesseract's output is not as expected")
		}
		out = append(out, ingest.OCRWord{
			Text: strings.TrimSpace(f[11]), X0: n[0], Y0: top, X1: n[0] + n[2], Y1: bottom, Line: line,
			Confidence: max(0, conf) / 100,
		})
	}
	if err := sc.Err(); err != nil {
		return nil, fault.Wrap(fault.Broken, err, "tesseract's output is not as expected")
	}
	return out, nil
}

func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndexByte(s, '\n')+1:]
}
