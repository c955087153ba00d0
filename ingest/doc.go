// Package ingest turns the files of a comune into documents whose structure is known.
//
// A Parser reads bytes and gives Blocks, the format-neutral lines of a text with what the format knows about them.
// Structure joins blocks into one canonical Text and finds the parts of a regulation, an act or a form in it; Split cuts
// it into Chunks that an embedding model can read. Everything downstream is a span of Document.Text: a section, a page,
// a chunk, a quote. That is what makes "the quote is literally in the source" a check of bytes.
//
// The package stores nothing and calls nobody: parsers of one format each live in a sub-package that is the only importer
// of its library, the store is in assistant/store.
//
// Italian terms without an English equivalent keep their name: comma (a numbered paragraph of an article), lettera (a
// lettered point), delibera and determina (a resolution of a council and of a manager), rubrica (the heading of an article).
package ingest
