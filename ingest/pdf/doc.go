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
// Why there is no reader in Go before PDFium: github.com/ledongthuc/pdf was to be the fast path. It dies on files of 600
// bytes in ways that cannot be recovered from (a size in a cross-reference table makes it allocate 128 GB, objects that
// contain themselves exhaust the stack), it gives positions only at a cost above PDFium's, and it loses words on a page in
// six. PDFium alone, layout included, takes 1.2 to 1.3 times the processor time of pdftotext.
//
// The package stores nothing (but the compiled WebAssembly, in Config.CacheDir) and does not recognise the structure of a
// text: see ingest.Structure.
package pdf
