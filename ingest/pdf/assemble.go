package pdf

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"sportello/ingest"
)

// assemble makes the blocks of a document of its pages.
func assemble(out *ingest.Parsed, pages []*page, keepRunning bool) {
	if !keepRunning {
		dropRunning(pages)
	}
	joinPages(pages)
	undoHyphens(pages)
	for _, p := range pages {
		for _, l := range p.lines {
			if l.text == "" {
				continue
			}
			b := ingest.Block{Kind: ingest.Paragraph, Text: l.text, Page: p.number, Wraps: l.wraps, Bold: l.bold, Header: l.head}
			if l.row {
				b.Kind = ingest.Row
			}
			out.Blocks = append(out.Blocks, b)
		}
		for _, f := range p.hidden { // after what is seen of its page
			out.Hide(f.Kind, f.Text, p.number)
		}
		if p.ocr {
			out.OCRPages = append(out.OCRPages, p.number)
		}
	}
}

// joinPages lets a paragraph go on over the end of a page: a line that stops in the middle of a sentence at the bottom of a
// page, and one in lower case at the top of the next.
func joinPages(pages []*page) {
	for i := 0; i+1 < len(pages); i++ {
		a, b := pages[i].lines, pages[i+1].lines
		if len(a) == 0 || len(b) == 0 {
			continue
		}
		l, m := &a[len(a)-1], b[0]
		if l.row || m.row || l.bold != m.bold || starts.MatchString(m.text) {
			continue
		}
		last, _ := utf8.DecodeLastRuneInString(l.text)
		first, _ := utf8.DecodeRuneInString(m.text)
		if unicode.IsLower(first) && !strings.ContainsRune(".:;!?_", last) {
			l.wraps = true
		}
	}
}

// undoHyphens completes words that typesetting has cut at the end of a line, with what the document writes elsewhere as the
// judge of which hyphens are real.
func undoHyphens(pages []*page) {
	var all []*line
	for _, p := range pages {
		for i := range p.lines {
			all = append(all, &p.lines[i])
		}
	}
	var known func(string) bool
	for i := 0; i+1 < len(all); i++ {
		a, b := all[i], all[i+1]
		if a.row || b.row || !strings.HasSuffix(a.text, "-") && !strings.HasSuffix(a.text, "\u00AD") && !strings.HasSuffix(a.text, "\u2010") {
			continue
		}
		if a.col != b.col && !a.wraps { // over the end of a page or column only when the paragraph goes on
			continue
		}
		if known == nil {
			known = vocabulary(all)
		}
		if head, tail, ok := unhyphen(a.text, b.text, known); ok {
			a.text, b.text = head, tail
			if tail == "" {
				a.wraps = b.wraps
			}
		}
	}
	for _, l := range all {
		l.text = strings.ReplaceAll(l.text, "\u00AD", "")
	}
}

// vocabulary tells whether a word stands in the lines, in lower case.
func vocabulary(lines []*line) func(string) bool {
	words := map[string]bool{}
	for _, l := range lines {
		for _, w := range strings.Fields(l.text) {
			words[strings.ToLower(strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }))] = true
		}
	}
	return func(w string) bool { return words[w] }
}
