package pdf

import (
	"context"
	"errors"
	"fmt"
	"image"
	"runtime"
	"slices"
	"strings"
	"sync"

	"sportello/ingest"
)

// need says why a page is to be read by an OCR; empty when it is not.
func (p *raw) need() string {
	words := p.words()
	chars := 0
	for _, w := range words {
		chars += len(w.text)
	}
	switch {
	case judge(words).garbage():
		return "its text is codes without meaning"
	case chars == 0 && (p.images > 0.02 || p.drawings > 50):
		return "no text"
	case chars < 200 && p.images > 0.5: // a stamp on a scan
		return "hardly any text on a picture"
	}
	return ""
}

// scan reads by OCR the pages that need it, and takes away text that has no meaning.
func (j *job) scan(ctx context.Context, pages []*raw) error {
	var todo []*raw
	why := map[int]string{}
	for _, r := range pages {
		if r.laid != nil {
			continue
		}
		if w := r.need(); w != "" {
			todo = append(todo, r)
			why[r.number] = w
		}
	}
	if len(todo) == 0 {
		return nil
	}
	if j.p.cfg.OCR == nil {
		j.noOCR = errors.New("no OCR is set up")
	} else {
		j.noOCR = j.p.cfg.OCR.Ready(ctx)
	}
	if j.noOCR == nil {
		if left := todo[min(len(todo), j.p.cfg.OCRPages):]; len(left) > 0 {
			todo = todo[:len(todo)-len(left)]
			j.warn("pages %s: not given to the OCR, the limit is %d pages of a document", numbers(left), j.p.cfg.OCRPages)
			drop(left)
		}
		if err := j.ocr(ctx, todo); err != nil {
			return err
		}
	} else {
		j.warn("pages %s: %s, and %s", numbers(todo), why[todo[0].number], j.noOCR)
	}
	drop(todo)
	return nil
}

// drop takes away the glyph codes of pages that no OCR has read.
func drop(pages []*raw) {
	for _, r := range pages {
		if !r.ocr && judge(r.words()).garbage() {
			r.glyphs, r.ready = nil, []word{}
		}
	}
}

// ocr renders pages one after the other and reads them side by side.
func (j *job) ocr(ctx context.Context, todo []*raw) error {
	e := j.engine()
	if err := e.start(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, j.p.cfg.OCRTime)
	defer cancel()
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed []*raw
	slots := make(chan struct{}, runtime.NumCPU())
	fail := func(r *raw) {
		mu.Lock()
		defer mu.Unlock()
		failed = append(failed, r)
	}
	err := e.use(ctx, func(m *module) error {
		d, err := openDocument(m, j.bytes)
		if err != nil {
			return err
		}
		defer d.close()
		for _, r := range todo {
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				return ctx.Err()
			}
			j.at = r.number
			img, scale, err := d.render(r.number, j.p.cfg.OCRDPI)
			if err != nil {
				fail(r)
				<-slots
				continue
			}
			wg.Go(func() {
				defer func() { <-slots }()
				if err := j.read(ctx, r, img, scale); err != nil {
					fail(r)
				}
			})
		}
		return nil
	})
	wg.Wait()
	if len(failed) > 0 {
		slices.SortFunc(failed, func(a, b *raw) int { return a.number - b.number })
		j.warn("pages %s: the OCR could not read them", numbers(failed))
	}
	if err != nil && ctx.Err() != nil {
		j.warn("the OCR stopped at page %d, after %s", j.at, j.p.cfg.OCRTime)
		return nil
	}
	if err != nil {
		j.warn("the OCR stopped at page %d: %v", j.at, err)
	}
	return nil
}

// read gives one picture to the OCR and takes its words when they are more than the page's own.
func (j *job) read(ctx context.Context, r *raw, img *image.Gray, scale float64) error {
	found, err := j.p.cfg.OCR.Read(ctx, img, int(scale*72+0.5))
	if err != nil {
		return err
	}
	words := ocrWords(found, scale)
	if len(words) > len(r.words()) || judge(r.words()).garbage() {
		r.ready, r.ocr = words, true
	}
	return nil
}

const leastConfidence = 0.2 // below it tesseract's words are specks and drawings

// ocrWords turns the words of an OCR into words of a page.
func ocrWords(found []ingest.OCRWord, scale float64) []word {
	var out []word
	for _, f := range found {
		t := clean(f.Text)
		if t == "" || f.Confidence < leastConfidence {
			continue
		}
		b := box{f.X0 / scale, f.Y0 / scale, f.X1 / scale, f.Y1 / scale}
		out = append(out, word{box: b, text: t, size: b.height(), seq: len(out), line: f.Line})
	}
	return out
}

// numbers lists the numbers of pages: "3, 5-7".
func numbers(pages []*raw) string {
	var parts []string
	for i := 0; i < len(pages); {
		k := i
		for k+1 < len(pages) && pages[k+1].number == pages[k].number+1 {
			k++
		}
		if k > i {
			parts = append(parts, fmt.Sprintf("%d-%d", pages[i].number, pages[k].number))
		} else {
			parts = append(parts, fmt.Sprint(pages[i].number))
		}
		i = k + 1
	}
	return strings.Join(parts, ", ")
}
