// Package docx reads Office Open XML text documents (ISO/IEC 29500) into blocks, with archive/zip and encoding/xml only.
//
// Read: paragraphs with heading level, list numbers as they are printed, tables with header, text boxes, footnotes and endnotes,
// content controls and form fields. Left out: headers and footers, deleted revisions, prompts of empty fields, tables of contents. Hidden
// text, comments and the descriptions of pictures are told apart (ingest.Finding). It stores nothing and follows no link; pictures are not looked at.
package docx

import (
	"context"
	"strings"

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

// Parser reads DOCX; make it with New.
type Parser struct{ config Config }

// New gives a parser with these limits.
func New(c Config) *Parser {
	if c.MaxBlocks <= 0 {
		c.MaxBlocks = 200_000
	}
	return &Parser{config: c}
}

// spaces gives the namespaces of both editions of the standard one prefix each.
var spaces = map[string]string{
	"http://schemas.openxmlformats.org/wordprocessingml/2006/main":              "w",
	"http://purl.oclc.org/ooxml/wordprocessingml/main":                          "w",
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships":       "r",
	"http://purl.oclc.org/ooxml/officeDocument/relationships":                   "r",
	"http://schemas.openxmlformats.org/markup-compatibility/2006":               "mc",
	"http://schemas.openxmlformats.org/officeDocument/2006/math":                "m",
	"http://purl.oclc.org/ooxml/officeDocument/math":                            "m",
	"http://schemas.openxmlformats.org/drawingml/2006/main":                     "a",
	"http://purl.oclc.org/ooxml/drawingml/main":                                 "a",
	"http://schemas.microsoft.com/office/word/2010/wordprocessingShape":         "wps",
	"http://schemas.microsoft.com/office/word/2010/wordml":                      "w14",
	"urn:schemas-microsoft-com:vml":                                             "v",
	"http://purl.org/dc/elements/1.1/":                                          "dc",
	"http://schemas.openxmlformats.org/package/2006/relationships":              "rel",
	"http://www.w3.org/XML/1998/namespace":                                      "xml",
	"http://schemas.openxmlformats.org/package/2006/metadata/core-properties":   "cp",
	"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties": "ep",
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
	d.paper = paper
	if c := strings.ToUpper(d.main.Child("w:background").Attr("w:color")); c != "" && c != "AUTO" {
		d.paper = c
	}
	d.body(d.main.Child("w:body"))
	d.flushNotes()
	d.besides(d.comments)
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
		Format: string(ingest.FormatDOCX), Title: ingest.TitleOf(d.out, d.core), Language: d.styles.language, Blocks: d.out, Fields: d.fields, Warnings: d.warnings,
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

	main      *xmltree.Node
	folder    string            // of the main part
	links     map[string]string // relationship id -> target outside
	styles    styles
	numbering numbering
	notes     map[string]*xmltree.Node // "footnote 2" -> its element
	core      string                   // dc:title
	comments  *xmltree.Node

	out      []ingest.Block
	fields   []ingest.Field
	warnings []string
	pending  []string // notes referred to since the last block
	noted    int      // notes numbered so far
	inCell   bool     // reading a cell or a note: notes wait until it ends
	inNote   bool

	hidden unseen.Texts
	outer  int    // blocks outside the cell or note that is being read
	paper  string // colour of the page
	shade  string // what the cell or paragraph puts behind its text; "" for nothing, "?" for what cannot be told
}

// load reads the parts. Only the main one must be there.
func (d *document) load() error {
	part, err := d.mainPart()
	if err != nil {
		return err
	}
	src, err := d.archive.Read(part)
	if err != nil {
		if fault.CodeOf(err) == fault.NotFound {
			return fault.Wrap(fault.Broken, err, "%s: it is no Word document, or its text is missing: open it and save it anew", d.name)
		}
		return err
	}
	if d.main, err = xmltree.Parse(d.ctx, src, d.name, spaces, d.config.XML); err != nil {
		return err
	}
	if d.main.Child("w:body") == nil {
		return fault.New(fault.Broken, "%s: its main part holds no document: open it and save it anew", d.name)
	}
	if i := strings.LastIndexByte(part, '/'); i >= 0 {
		d.folder = part[:i+1]
	}
	targets := map[string]string{}
	d.links = map[string]string{}
	if rels := d.optional(d.folder + "_rels/" + strings.TrimPrefix(part, d.folder) + ".rels"); rels != nil {
		for _, r := range rels.Kids {
			kind := r.Attr("Type")
			kind = kind[strings.LastIndexByte(kind, '/')+1:]
			if r.Attr("TargetMode") == "External" {
				d.links[r.Attr("Id")] = r.Attr("Target")
			} else if targets[kind] == "" {
				targets[kind] = d.resolve(r.Attr("Target"))
			}
		}
	}
	d.styles = readStyles(d.optional(targets["styles"]))
	d.numbering = readNumbering(d.optional(targets["numbering"]), d.styles)
	d.comments = d.optional(targets["comments"])
	d.notes = map[string]*xmltree.Node{}
	for _, kind := range []string{"footnote", "endnote"} {
		if n := d.optional(targets[kind+"s"]); n != nil {
			for _, k := range n.Kids {
				if t := k.Attr("w:type"); k.Name == "w:"+kind && (t == "" || t == "normal") {
					d.notes[kind+" "+k.Attr("w:id")] = k
				}
			}
		}
	}
	if c := d.optional("docProps/core.xml"); c != nil {
		d.core = ingest.Squeeze(c.Child("dc:title").Content())
	}
	return nil
}

// optional reads a part that may be missing or damaged; the document is read without it then.
func (d *document) optional(part string) *xmltree.Node {
	if part == "" || !d.archive.Has(part) {
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

func (d *document) mainPart() (string, error) {
	if rels := d.optional("_rels/.rels"); rels != nil {
		for _, r := range rels.Kids {
			if strings.HasSuffix(r.Attr("Type"), "/officeDocument") {
				if t := strings.TrimPrefix(r.Attr("Target"), "/"); d.archive.Has(t) {
					return t, nil
				}
			}
		}
	}
	if d.archive.Has("word/document.xml") {
		return "word/document.xml", nil
	}
	return "", fault.New(fault.Broken, "%s: it is no Word document, or its text is missing: open it and save it anew", d.name)
}

func (d *document) resolve(target string) string {
	if strings.HasPrefix(target, "/") {
		return target[1:]
	}
	folder := d.folder
	for strings.HasPrefix(target, "../") {
		target = target[3:]
		folder = strings.TrimSuffix(folder, "/")
		folder = folder[:strings.LastIndexByte(folder, '/')+1]
	}
	return folder + target
}
