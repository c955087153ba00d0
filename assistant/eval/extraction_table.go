package eval

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Markdown writes the comparison as a table, the worst file first.
func (e *Extraction) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Words recalled against pdftotext: **%.4f** of %d words in all, worst file **%.4f**.\n", e.Recall, e.Words, e.Worst)
	switch {
	case e.Ours == 0:
		b.WriteString("Processor time is measured on Unix only.\n")
	case e.Judge > 0:
		fmt.Fprintf(&b, "Processor time over the files without OCR: ours %s, pdftotext %s, ratio **%.2f**; to start the engine %s, once.\n",
			seconds(e.Ours), seconds(e.Judge), e.Ours.Seconds()/e.Judge.Seconds(), seconds(e.Start))
	}
	b.WriteString("\n| file | pages | words | recall | ours | pdftotext | OCR | note |\n|---|---:|---:|---:|---:|---:|---:|---|\n")
	files := slices.Clone(e.Files)
	slices.SortStableFunc(files, func(x, y FileExtraction) int { return cmp.Compare(x.Recall, y.Recall) })
	for _, f := range files {
		recall := fmt.Sprintf("%.4f", f.Recall)
		if f.Words == 0 {
			recall = "-"
		}
		ocr := ""
		if f.OCRPages > 0 {
			ocr = seconds(f.OCR)
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %s | %s | %s | %s | %s |\n", f.File, f.Pages, f.Words, recall,
			seconds(f.Ours), seconds(f.Judge), ocr, strings.ReplaceAll(f.Note, "|", "/"))
	}
	return b.String()
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }
