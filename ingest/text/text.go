// Package text reads plain text, Markdown and reStructuredText into blocks.
//
// Plain text gives one block a paragraph (or a line, when lines are not wrapped), Markdown is read with goldmark (this package is
// its only importer), reStructuredText with a small reader of its own: sections, lists, tables and the text of roles; directives
// that draw or include are dropped, and nothing is ever read from another file. The package stores nothing.
package text

import (
	"context"
	"regexp"
	"strings"

	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/ingest/internal/charset"
)

// Config holds the limits of the three readers. The zero value is the default.
type Config struct {
	MaxBytes  int // of the file; default 32 MiB
	MaxBlocks int // default 200,000
}

func (c Config) withDefaults() Config {
	if c.MaxBytes <= 0 {
		c.MaxBytes = 32 << 20
	}
	if c.MaxBlocks <= 0 {
		c.MaxBlocks = 200_000
	}
	return c
}

// Parser reads one of the three formats; make it with New.
type Parser struct {
	format ingest.Format
	read   func(ctx context.Context, text string) []ingest.Block
	config Config
}

// New gives the parser of plain text.
func New(c Config) *Parser {
	return &Parser{format: ingest.FormatText, read: plain, config: c.withDefaults()}
}

// NewMarkdown gives the parser of Markdown.
func NewMarkdown(c Config) *Parser {
	return &Parser{format: ingest.FormatMarkdown, read: markdown, config: c.withDefaults()}
}

// NewRST gives the parser of reStructuredText.
func NewRST(c Config) *Parser {
	return &Parser{format: ingest.FormatRST, read: restructured, config: c.withDefaults()}
}

// Parse implements ingest.Parser.
func (p *Parser) Parse(ctx context.Context, in ingest.Input) (*ingest.Parsed, error) {
	if len(in.Bytes) > p.config.MaxBytes {
		return nil, fault.New(fault.TooLarge, "%s: %d MB of text, more than the limit of %d MB", in.Name, len(in.Bytes)>>20, p.config.MaxBytes>>20)
	}
	text, encoding := charset.Text(in.Bytes)
	parsed := &ingest.Parsed{Format: string(p.format)}
	if encoding != "utf-8" {
		parsed.Warnings = append(parsed.Warnings, "read as "+encoding)
	}
	blocks := p.read(ctx, text)
	if err := ctx.Err(); err != nil {
		return nil, fault.Wrap(fault.Timeout, err, "%s: stopped before it was read", in.Name)
	}
	if len(blocks) > p.config.MaxBlocks {
		return nil, fault.New(fault.TooLarge, "%s: more than %d paragraphs: split it", in.Name, p.config.MaxBlocks)
	}
	if len(blocks) == 0 {
		return nil, fault.New(fault.NoText, "%s: it holds no text", in.Name)
	}
	parsed.Blocks = blocks
	p.besides(text, parsed)
	for _, b := range blocks {
		if b.Kind == ingest.Heading {
			parsed.Title = strings.TrimRight(b.Text, ". ")
			break
		}
	}
	return parsed, nil
}

// What Markdown and reStructuredText hold beside what their readers show: comments and the text in the place of a picture.
var (
	reComment    = regexp.MustCompile(`(?s)<!--(.*?)-->|(?m)^\[(?:comment|//)\]:\s*\S*\s*(.+)$`)
	rePicture    = regexp.MustCompile(`!\[([^\]\n]+)\]\(`)
	reRSTComment = regexp.MustCompile(`(?m)^\.\.[ \n]([^\n]*(?:\n[ \t]+[^\n]+)*)`)
	reRSTPicture = regexp.MustCompile(`(?m)^\s+:alt:\s*(.+)$`)
)

func (p *Parser) besides(text string, out *ingest.Parsed) {
	note := func(kind ingest.FindingKind, re *regexp.Regexp) {
		for _, m := range re.FindAllStringSubmatch(text, 2000) {
			for _, part := range m[1:] {
				out.HideAt(0, kind, part, 0)
			}
		}
	}
	switch p.format {
	case ingest.FormatMarkdown:
		note(ingest.FoundComment, reComment)
		note(ingest.FoundAlternative, rePicture)
	case ingest.FormatRST:
		note(ingest.FoundComment, reRSTComment)
		note(ingest.FoundAlternative, reRSTPicture)
	}
}
