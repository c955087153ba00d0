// Package pdf reads PDF files into the lines of their pages.
//
// A page is read by the cheapest reader that reads it well. A plain page with simple fonts is interpreted in Go on the objects
// that ledongthuc/pdf gives; everything else, and every page whose text does not look like language, is read by PDFium, which
// runs on WebAssembly inside this process without access to files or network; a page that still holds no words is rendered
// and given to an OCR. Whatever reads it, a page becomes positioned words, and one layout code makes lines of them: columns
// in reading order, one line a table row, no running headers, no hyphens of typesetting.
//
// PDFium runs in two engines. The quick one cannot be stopped within a page, so it only gets documents whose structure was
// seen to be small and sane; the guarded one checks for its deadline at every loop, takes three times as long and gets the
// rest, and every rendering. That is why no file can hold up the caller for longer than its time limit.
//
// The package stores nothing (but the compiled WebAssembly, in Config.CacheDir) and does not recognise the structure of a
// text: see ingest.Structure.
package pdf
