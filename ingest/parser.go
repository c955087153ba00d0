package ingest

import "context"

// Input is one file as it was given.
type Input struct {
	Name  string // as the user gave it, for messages only; the content decides the format
	Bytes []byte
}

// Parser reads one format.
//
// Parse gives the file's blocks in reading order. Errors are *fault.Error (see package assistant/fault) with a message that says
// what a clerk can do about it; a file that opens but holds no text gives fault.NoText. A parser never panics (a panic of
// its library becomes fault.Broken with the file and page), never reads beyond its limits, and honours ctx.
type Parser interface {
	Parse(ctx context.Context, in Input) (*Parsed, error)
}

// Parsed is what a parser found in a file.
type Parsed struct {
	Format   string // "pdf", "docx", "odt", "html", "akn", "markdown", "rst", "text", "csv", "xlsx", "doc", "rtf"
	Title    string // as the format's metadata or its main heading says; empty when it says nothing
	Language string // BCP 47, when the format says it
	URL      string // canonical address, when the format says it
	Pages    int    // 0 for formats without pages
	Blocks   []Block
	Fields   []Field  // fillable fields (AcroForm, content controls), in reading order
	Warnings []string // what could not be read, in English for the log: "page 3: no text, no OCR"
	OCRPages []int    // pages whose text comes from OCR

	// Hidden are texts that a reader of the file does not see or that speak to an assistant, see Hide. They are in no block.
	Hidden []Finding

	// DecodedPages are the pages whose text layer holds glyph codes that the parser has turned into letters: other readers
	// of the file see the codes.
	DecodedPages []int
}

// BlockKind says what the format knows about a block.
type BlockKind int

// The kinds of block.
const (
	Paragraph BlockKind = iota // one line of a page, or one paragraph of a format that has paragraphs
	Heading                    // a heading by style, with Level
	Item                       // a list item
	Row                        // a table row: cells joined with " | " in Text; Header is the table's header row
	Mark                       // a part of a law whose structure the format itself gives (Akoma Ntoso): Part is set
)

// Block is a line or paragraph of a document.
type Block struct {
	Kind   BlockKind
	Text   string
	Page   int    // 1-based; 0 when the format has no pages
	Level  int    // of a Heading, 1 is the highest
	Header string // of a Row: the header row it belongs to, cells joined with " | "; empty for the header itself
	Wraps  bool   // the next block goes on in the same paragraph (a line of a PDF page that is not the last of its paragraph)
	Part   *Part  // of a Mark
	Bold   bool   // the whole block is bold or in capitals by style
	Link   string // where a list item or paragraph that is one link points to
}

// Part is a structural element that a format declares.
type Part struct {
	Kind   SectionKind
	Number string // "12-bis", "IV", "a"
	Rubric string
	EID    string
}

// Field is a fillable field of a form.
type Field struct {
	Name string // as the form calls it
	Type string // text, checkbox, choice, signature
	Page int
}
