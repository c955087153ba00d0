// Package pdf reads PDF files into the lines of their pages.
//
// PDFium reads the pages; it runs on WebAssembly inside this process, without access to files or network. The text of a page
// passes a quality gate: fonts that hold glyph numbers instead of characters are decoded where their order is known, and a
// page without text, or with text that is not language, is rendered and given to an OCR. Whatever reads it, a page becomes
// positioned words, and one layout code makes lines of them: columns in reading order, one line a table row, no running
// headers, no hyphens of typesetting.
//
// PDFium runs in two engines. The quick one cannot be stopped within a page, so it only gets documents that are surely read
// in seconds (see sane); the guarded one looks for its deadline at every loop, takes three to six times as long and gets the
// rest. That is why no file can hold up the caller for longer than its time limit.
//
// Why there is no reader in Go before PDFium: github.com/ledongthuc/pdf was to be the fast path. A file of 600 bytes ends the
// whole process beyond recovery (a number in its cross-reference table makes that library allocate 128 GB), the positions of
// its characters, without which there are no columns and no table rows, take it ten times the processor time that
// PDFium needs for the same pages, and it loses words on many of them. PDFium alone, layout included, takes about 1.3 times
// the processor time of pdftotext.
package pdf
