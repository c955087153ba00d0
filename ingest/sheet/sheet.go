// Package sheet reads tables: CSV with whatever separator and encoding, XLSX (ISO/IEC 29500) and ODS (ISO/IEC 26300), into rows with their
// header, one heading a sheet. Figures are written as the sheet shows them, in the Italian way where the file only holds the number.
//
// It uses archive/zip, encoding/xml and encoding/csv only; formulas are not computed (the saved result is read), hidden sheets,
// rows and columns are left out, macros are never looked at. It stores nothing.
package sheet

import (
	"context"

	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/ingest/internal/archive"
	"sportello/ingest/internal/xmltree"
)

// Config holds the limits. The zero value is the default.
type Config struct {
	MaxBytes   int // of a CSV; default 64 MiB
	MaxRows    int // with text, all sheets together; default 100,000
	MaxColumns int // what stands further right is left out with a warning; default 256
	MaxSheets  int // default 200
	Archive    archive.Limits
	XML        xmltree.Limits
}

func (c Config) withDefaults() Config {
	if c.MaxBytes <= 0 {
		c.MaxBytes = 64 << 20
	}
	if c.MaxRows <= 0 {
		c.MaxRows = 100_000
	}
	if c.MaxColumns <= 0 {
		c.MaxColumns = 256
	}
	if c.MaxSheets <= 0 {
		c.MaxSheets = 200
	}
	return c
}

// table is a sheet as it was read: rows of cells, empty rows kept.
type table struct {
	name string
	rows [][]string
}

// Parser reads one of the formats; make it with NewCSV, NewXLSX or NewODS.
type Parser struct {
	format ingest.Format
	config Config
	read   func(ctx context.Context, in ingest.Input, c Config) (tables []table, warnings []string, err error)
}

// NewCSV gives the parser of comma, semicolon or tab separated values.
func NewCSV(c Config) *Parser { return &Parser{ingest.FormatCSV, c.withDefaults(), readCSV} }

// NewXLSX gives the parser of Office Open XML workbooks.
func NewXLSX(c Config) *Parser { return &Parser{ingest.FormatXLSX, c.withDefaults(), readXLSX} }

// NewODS gives the parser of OpenDocument spreadsheets.
func NewODS(c Config) *Parser { return &Parser{ingest.FormatODS, c.withDefaults(), readODS} }

// Parse implements ingest.Parser.
func (p *Parser) Parse(ctx context.Context, in ingest.Input) (*ingest.Parsed, error) {
	tables, warnings, err := p.read(ctx, in, p.config)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, fault.Wrap(fault.Timeout, err, "%s: stopped before it was read", in.Name)
	}
	parsed := &ingest.Parsed{Format: string(p.format), Warnings: warnings}
	rows := 0
	for _, t := range tables {
		blocks := tableBlocks(t.rows)
		if len(blocks) == 0 {
			continue
		}
		if rows += len(blocks); rows > p.config.MaxRows {
			return nil, fault.New(fault.TooLarge, "%s: more than %d rows: split it", in.Name, p.config.MaxRows)
		}
		if t.name != "" && (len(tables) > 1 || !reAutoName.MatchString(t.name)) {
			parsed.Blocks = append(parsed.Blocks, ingest.Block{Kind: ingest.Heading, Level: 1, Text: t.name})
		}
		parsed.Blocks = append(parsed.Blocks, blocks...)
	}
	if len(parsed.Blocks) == 0 {
		return nil, fault.New(fault.NoText, "%s: the sheet is empty", in.Name)
	}
	if b := parsed.Blocks[0]; b.Kind == ingest.Heading || b.Kind == ingest.Paragraph && b.Bold {
		parsed.Title = b.Text
	}
	return parsed, nil
}
