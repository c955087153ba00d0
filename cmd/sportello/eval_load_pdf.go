package main

import (
	"bytes"
	"fmt"
	"strings"
)

// linesOfPage is how many lines a page of loadPDF has, of up to lineLength characters.
const (
	linesOfPage = 46
	lineLength  = 92
)

// loadPDF makes a PDF of so many pages of text (ISO 32000-1, with the standard font Helvetica in WinAnsiEncoding).
func loadPDF(texts []string, pages int) []byte {
	var b bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n", len(offsets))
		fmt.Fprintf(&b, format, args...)
		b.WriteString("\nendobj\n")
	}
	b.WriteString("%PDF-1.4\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	var kids strings.Builder
	for i := range pages {
		fmt.Fprintf(&kids, "%d 0 R ", 4+2*i)
	}
	object("<< /Type /Pages /Count %d /Kids [%s] >>", pages, kids.String())
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
	words := loadWords(texts)
	for i := range pages {
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>", 5+2*i)
		content := loadPage(words, i)
		object("<< /Length %d >>\nstream\n%s\nendstream", len(content), content)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.Bytes()
}

// loadWords gives the words of texts in WinAnsi, as a PDF string holds them.
func loadWords(texts []string) (words []string) {
	for _, text := range texts {
		for word := range strings.FieldsSeq(text) {
			var b []byte
			for _, r := range word {
				switch {
				case r == '(' || r == ')' || r == '\\':
					b = append(b, '\\', byte(r))
				case r == '’':
					b = append(b, '\'')
				case r < 0x80 || r >= 0xa0 && r <= 0xff:
					b = append(b, byte(r))
				}
			}
			words = append(words, string(b))
		}
	}
	return words
}

// loadPage writes page i: an article heading and lines of words.
func loadPage(words []string, i int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "BT /F1 10 Tf 50 790 Td 15 TL (Art. %d - Disposizioni %d) Tj T*", i+1, i+1)
	at := i * 487
	for range linesOfPage {
		var line []string
		for n := 0; n < lineLength; at++ {
			word := words[at%len(words)]
			line = append(line, word)
			n += len(word) + 1
		}
		fmt.Fprintf(&b, " (%s) Tj T*", strings.Join(line, " "))
	}
	b.WriteString(" ET")
	return b.Bytes()
}
