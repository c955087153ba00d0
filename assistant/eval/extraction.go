package eval

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// ExtractionConfig says what to measure. Parser must keep running headers and footers (pdf.Config.KeepRunning), for the
// judge keeps them too.
type ExtractionConfig struct {
	Dir    string        // searched for PDF files, folders in it too
	Parser ingest.Parser // of PDF
	Judge  string        // the program pdftotext of poppler-utils; empty: from PATH
	Each   func(done, all int)
}

// Extraction compares the words a parser finds in PDFs with those that poppler's pdftotext finds.
//
// Words are runs of letters and digits, lower-cased, after NFKC; a page's words are a bag, and recall is the share of the
// judge's that are in ours, repetitions counted. Hyphens between letters count for nothing, at the end of a line or inside
// it, on both sides: pdftotext joins every word that a line end cuts, "tecnico-amministrativo" too, and ours keeps real
// hyphens; both are right, and neither gains or loses by it.
//
// Pages that the parser gave to an OCR, or whose glyph codes it decoded, are not compared: either there is no text layer, or
// it holds codes that are not language, and then the judge's words are those codes. They are counted apart, with what the
// judge says of them, so that a parser that calls a good page bad is seen.
type Extraction struct {
	Files  []FileExtraction `json:"files"`
	Words  int              `json:"words"` // of the judge, on the pages compared
	Found  int              `json:"found"`
	Recall float64          `json:"recall"`
	Worst  float64          `json:"worst"`
	Ours   time.Duration    `json:"cpu_ours"`  // user and system time over the files without OCR
	Judge  time.Duration    `json:"cpu_judge"` // of the same files
	Start  time.Duration    `json:"cpu_start"` // to start the parser's engine, once; in neither
}

// FileExtraction is the comparison of one file.
type FileExtraction struct {
	File         string        `json:"file"`
	Pages        int           `json:"pages"`
	Words        int           `json:"words"` // of the judge, on the pages compared
	Found        int           `json:"found"`
	Recall       float64       `json:"recall"`
	OCRPages     int           `json:"ocr_pages,omitempty"`
	DecodedPages int           `json:"decoded_pages,omitempty"`
	OCRWords     int           `json:"ocr_words,omitempty"` // the judge's words on pages that we read by OCR or decoded
	OCRFound     int           `json:"ocr_found,omitempty"` // of these, those that we have too
	OurWords     int           `json:"our_words"`
	Ours         time.Duration `json:"cpu_ours"`
	Judge        time.Duration `json:"cpu_judge"`
	OCR          time.Duration `json:"cpu_ocr,omitempty"` // of the OCR program
	Note         string        `json:"note,omitempty"`
	missing      []string
}

// Missing gives the judge's words that were not found, the most frequent first.
func (r FileExtraction) Missing() []string { return r.missing }

// MeasureExtraction runs both on every PDF under cfg.Dir. Errors: fault.Unsupported without pdftotext, fault.NotFound without
// PDFs; a file that cannot be read by one of them is in the report, with the reason.
func MeasureExtraction(ctx context.Context, cfg ExtractionConfig) (*Extraction, error) {
	judge, err := findJudge(cfg.Judge)
	if err != nil {
		return nil, err
	}
	files, err := pdfs(cfg.Dir)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fault.New(fault.NotFound, "no PDF in %s", cfg.Dir)
	}
	out := &Extraction{Worst: 1}
	if out.Start, err = startParser(ctx, cfg.Parser, files); err != nil {
		return nil, err
	}
	for i, f := range files {
		r, err := measureFile(ctx, cfg.Parser, judge, cfg.Dir, f)
		if err != nil {
			return nil, err
		}
		out.add(r)
		if cfg.Each != nil {
			cfg.Each(i+1, len(files))
		}
	}
	if out.Words > 0 {
		out.Recall = float64(out.Found) / float64(out.Words)
	}
	return out, nil
}

func (e *Extraction) add(r FileExtraction) {
	e.Files = append(e.Files, r)
	e.Words += r.Words
	e.Found += r.Found
	if r.Words > 0 {
		e.Worst = min(e.Worst, r.Recall)
	}
	if r.OCRPages == 0 {
		e.Ours += r.Ours
		e.Judge += r.Judge
	}
}

// pdfs lists the files under dir that are PDFs by their content.
func pdfs(dir string) ([]string, error) {
	var out []string
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.Open(p)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		head := make([]byte, 1024)
		n, _ := f.Read(head)
		if strings.Contains(string(head[:n]), "%PDF-") {
			out = append(out, p)
		}
		return nil
	})
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, err, "%s cannot be read", dir)
	}
	sort.Strings(out)
	return out, nil
}

// startParser reads the first file that can be read, so that the start of the parser's engine is not charged to a file.
func startParser(ctx context.Context, p ingest.Parser, files []string) (time.Duration, error) {
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return 0, fault.Wrap(fault.NotFound, err, "%s cannot be read", f)
		}
		before := cpuSelf()
		out, err := p.Parse(ctx, ingest.Input{Name: f, Bytes: b})
		if err == nil && len(out.OCRPages) == 0 {
			return cpuSelf() - before, nil
		}
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
	}
	return 0, nil
}

// measureFile compares one file.
func measureFile(ctx context.Context, p ingest.Parser, judge, dir, file string) (FileExtraction, error) {
	name, err := filepath.Rel(dir, file)
	if err != nil {
		name = file
	}
	r := FileExtraction{File: filepath.ToSlash(name)}
	b, err := os.ReadFile(file)
	if err != nil {
		return r, fault.Wrap(fault.NotFound, err, "%s cannot be read", file)
	}
	theirs, cpu, judgeErr := runJudge(ctx, judge, file)
	r.Judge = cpu
	before, children := cpuSelf(), cpuChildren()
	parsed, err := p.Parse(ctx, ingest.Input{Name: name, Bytes: b})
	r.Ours, r.OCR = cpuSelf()-before, cpuChildren()-children
	if ctx.Err() != nil {
		return r, ctx.Err()
	}
	if judgeErr != nil {
		r.Note = "pdftotext: " + judgeErr.Error()
	}
	if err != nil {
		r.Note = strings.TrimPrefix(r.Note+"; "+fault.MessageOf(err), "; ")
		parsed = &ingest.Parsed{}
	}
	if len(parsed.Warnings) > 0 {
		r.Note = strings.TrimPrefix(r.Note+"; "+strings.Join(parsed.Warnings, "; "), "; ")
	}
	r.Pages = max(parsed.Pages, len(theirs))
	r.compare(parsed, theirs)
	return r, nil
}

// compare counts words page by page.
func (r *FileExtraction) compare(parsed *ingest.Parsed, theirs []string) {
	ocr := map[int]bool{} // pages that cannot be compared
	for _, n := range parsed.OCRPages {
		ocr[n] = true
	}
	r.OCRPages = len(ocr)
	for _, n := range parsed.DecodedPages {
		if !ocr[n] {
			ocr[n] = true
			r.DecodedPages++
		}
	}
	// A word that a page ends in the middle of belongs to either page, so the bags are of the whole file.
	var ours, oursOCR, judge, judgeOCR strings.Builder
	for _, b := range parsed.Blocks {
		to := &ours
		if ocr[b.Page] {
			to = &oursOCR
		}
		to.WriteString(b.Text)
		to.WriteByte('\n')
	}
	for i, t := range theirs {
		if ocr[i+1] {
			judgeOCR.WriteString(t)
		} else {
			judge.WriteString(t)
		}
	}
	a, b := bag(ours.String()), bag(judge.String())
	r.OurWords = size(a) + size(bag(oursOCR.String()))
	r.Words = size(b)
	r.Found, r.missing = overlap(b, a)
	r.Recall = 1
	if r.Words > 0 {
		r.Recall = float64(r.Found) / float64(r.Words)
	}
	if len(ocr) == 0 {
		return
	}
	b = bag(judgeOCR.String())
	r.OCRWords = size(b)
	r.OCRFound, _ = overlap(b, bag(oursOCR.String()))
	note := fmt.Sprintf("%d pages read by OCR, %d decoded", r.OCRPages, r.DecodedPages)
	if r.OCRWords > 0 {
		note += fmt.Sprintf(": pdftotext gives %d words for them, of which we have %d", r.OCRWords, r.OCRFound)
	}
	r.Note = strings.TrimPrefix(r.Note+"; "+note, "; ")
}
