package pdf

import "sportello/ingest"

// assemble makes the blocks of a document of its pages.
func assemble(out *ingest.Parsed, pages []*page, keepRunning bool) {
	for _, p := range pages {
		for _, l := range p.lines {
			b := ingest.Block{Kind: ingest.Paragraph, Text: l.text, Page: p.number, Wraps: l.wraps, Bold: l.bold, Header: l.head}
			if l.row {
				b.Kind = ingest.Row
			}
			out.Blocks = append(out.Blocks, b)
		}
		if p.ocr {
			out.OCRPages = append(out.OCRPages, p.number)
		}
	}
}
