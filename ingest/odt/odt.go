// Package odt reads OpenDocument texts (ISO/IEC 26300) into blocks, with archive/zip and encoding/xml only; presentations too, as the
// text of their slides.
//
// Read: headings with their level, list numbers as they are printed, tables with header, text frames, notes, form controls.
// Left out: headers and footers (they live in the styles), deleted text, tables of contents. Hidden text and
// sections, comments and the descriptions of pictures are told apart (ingest.Finding).
// It stores nothing and follows no link.
package odt

import (
	"context"

	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/ingest/internal/archive"
	"sportello/ingest/internal/unseen"
	"sportello/ingest/internal/xmltree"
)

// Config holds the limits. The zero value is the default.
type Config struct {
	Archive   archive.Limits
	XML       xmltree.Limits
	MaxBlocks int // default 200,000
}

// Parser reads ODT and ODP; make it with New.
type Parser struct{ config Config }

// New gives a parser with these limits.
func New(c Config) *Parser {
	if c.MaxBlocks <= 0 {
		c.MaxBlocks = 200_000
	}
	return &Parser{config: c}
}

const ns = "urn:oasis:names:tc:opendocument:xmlns:"

var spaces = map[string]string{
	ns + "office:1.0": "office", ns + "text:1.0": "text", ns + "table:1.0": "table", ns + "style:1.0": "style", ns + "drawing:1.0": "draw",
	ns + "form:1.0": "form", ns + "xsl-fo-compatible:1.0": "fo", ns + "meta:1.0": "meta", ns + "manifest:1.0": "manifest", ns + "presentation:1.0": "presentation",
	ns + "svg-compatible:1.0":      "svg",
	"http://www.w3.org/1999/xlink": "xlink", "http://purl.org/dc/elements/1.1/": "dc",
}

// Parse implements ingest.Parser.
func (p *Parser) Parse(ctx context.Context, in ingest.Input) (*ingest.Parsed, error) {
	a, err := archive.Open(in.Bytes, in.Name, p.config.Archive)
	if err != nil {
		return nil, err
	}
	d := &document{ctx: ctx, name: in.Name, config: p.config, archive: a}
	if err := d.load(); err != nil {
		return nil, err
	}
	d.read()
	d.besides(d.meta)
	if err := ctx.Err(); err != nil {
		return nil, fault.Wrap(fault.Timeout, err, "%s: stopped before it was read", in.Name)
	}
	if len(d.out) > p.config.MaxBlocks {
		return nil, fault.New(fault.TooLarge, "%s: more than %d paragraphs: split it", in.Name, p.config.MaxBlocks)
	}
	if len(d.out) == 0 {
		return nil, fault.New(fault.NoText, "%s: the document holds no text (pictures are not read: save it as PDF so that they can be recognized)", in.Name)
	}
	parsed := &ingest.Parsed{
		Format: string(d.format), Title: ingest.TitleOf(d.out, d.metaName), Language: d.language(), Blocks: d.out, Fields: d.fields, Warnings: d.warnings,
	}
	for _, h := range d.hidden {
		parsed.HideAt(h.Before, h.Kind, h.Text, 0)
	}
	return parsed, nil
}

// document is one file being read.
type document struct {
	ctx     context.Context
	name    string
	config  Config
	archive *archive.Archive

	content  *xmltree.Node
	styleDoc *xmltree.Node
	format   ingest.Format
	metaName string
	metaLang string
	styles   styles

	out      []ingest.Block
	fields   []ingest.Field
	controls map[string]*xmltree.Node
	warnings []string
	pending  []string // notes referred to since the last block
	inCell   bool
	counters map[string]*counter
	outline  counter
	lastList string

	hidden unseen.Texts
	outer  int    // blocks outside the cell or note that is being read
	back   string // what the cell that is being read puts behind its text
	meta   *xmltree.Node
}

func (d *document) load() error {
	if m := d.optional("META-INF/manifest.xml"); m != nil && m.Find("manifest:encryption-data") != nil {
		return fault.New(fault.Encrypted, "%s: it wants a password: save it without and give it again", d.name)
	}
	src, err := d.archive.Read("content.xml")
	if err != nil {
		if fault.CodeOf(err) == fault.NotFound {
			return fault.Wrap(fault.Broken, err, "%s: it is no OpenDocument file, or its text is missing: open it and save it anew", d.name)
		}
		return err
	}
	if d.content, err = xmltree.Parse(d.ctx, src, d.name, spaces, d.config.XML); err != nil {
		return err
	}
	d.styleDoc = d.optional("styles.xml")
	if m := d.optional("meta.xml"); m != nil {
		d.meta = m
		d.metaName = ingest.Squeeze(m.Find("dc:title").Content())
		d.metaLang = ingest.Squeeze(m.Find("dc:language").Content())
	}
	d.styles = readStyles(d.styleDoc, d.content)
	d.counters = map[string]*counter{}
	return nil
}

// optional reads a part that may be missing or damaged; the document is read without it then.
func (d *document) optional(part string) *xmltree.Node {
	if !d.archive.Has(part) {
		return nil
	}
	src, err := d.archive.Read(part)
	if err == nil {
		var n *xmltree.Node
		if n, err = xmltree.Parse(d.ctx, src, d.name, spaces, d.config.XML); err == nil {
			return n
		}
	}
	d.warnings = append(d.warnings, "part "+part+" not read: "+err.Error())
	return nil
}

func (d *document) read() {
	body := d.content.Child("office:body")
	d.format = ingest.FormatODT
	text := body.Child("office:text")
	if text == nil {
		if text = body.Child("office:presentation"); text != nil {
			d.format = ingest.FormatODP
		}
	}
	if text == nil {
		return
	}
	d.readControls(text)
	d.body(text)
	d.flushNotes()
}

func (d *document) language() string {
	if d.styles.language != "" {
		return d.styles.language
	}
	return d.metaLang
}
