package docx

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"sportello/ingest"
	"sportello/ingest/internal/xmltree"
)

// longHeading is above what a heading is, in characters: a paragraph of body text that carries a heading style.
const longHeading = 400

// body reads the block-level content of n: the document, a cell, a text box, a note.
func (d *document) body(n *xmltree.Node) {
	if n == nil {
		return
	}
	for _, k := range n.Kids {
		if d.ctx.Err() != nil {
			return
		}
		d.block(k)
	}
}

func (d *document) block(n *xmltree.Node) {
	switch n.Name {
	case "w:p":
		d.paragraph(n)
	case "w:tbl":
		d.table(n)
		d.flushNotes()
	case "w:sdt":
		if tableOfContents(n) {
			return
		}
		if !d.control(n) {
			d.body(n.Child("w:sdtContent"))
		}
	case "w:customXml", "w:ins", "w:moveTo", "w:smartTag":
		d.body(n)
	case "mc:AlternateContent":
		d.body(alternative(n))
	case "w:altChunk":
		d.warnings = append(d.warnings, "an embedded document is not read")
	}
}

func tableOfContents(sdt *xmltree.Node) bool {
	return strings.EqualFold(sdt.Child("w:sdtPr").Child("w:docPartObj").Child("w:docPartGallery").Attr("w:val"), "Table of Contents")
}

// alternative picks the first choice, which is the richer form; the fallback repeats the same text.
func alternative(n *xmltree.Node) *xmltree.Node {
	if c := n.Child("mc:Choice"); c != nil && (c.Find("w:t") != nil || n.Child("mc:Fallback") == nil) {
		return c
	}
	return n.Child("mc:Fallback")
}

// paragraph reads one paragraph, then the text boxes anchored in it and the notes it refers to.
func (d *document) paragraph(n *xmltree.Node) {
	ppr := n.Child("w:pPr")
	id := ppr.Child("w:pStyle").Attr("w:val")
	if id == "" {
		id = d.styles.normal
	}
	st := d.styles.byID[id]
	if st.toc {
		return
	}
	shade := d.shade
	if s := ppr.Child("w:shd"); s != nil {
		if c := shading(s); c != "AUTO" {
			d.shade = c
		}
	}
	g := &gathered{base: st.look}
	d.inline(n, g)
	d.shade = shade
	d.nameFields(g)
	mark, listed := d.number(ppr, id, st)
	level := st.outline
	if o := outline(ppr); o >= 0 {
		level = o
	}
	if st.title && level == 0 {
		level = 1
	}
	text := g.text.String()
	if level > 0 && utf8.RuneCountInString(text) <= longHeading {
		if s := ingest.Squeeze(text); s != "" {
			d.out = append(d.out, ingest.Block{Kind: ingest.Heading, Level: level, Text: mark + s})
		}
	} else {
		for i, line := range ingest.Lines(text) {
			b := ingest.Block{Text: line, Bold: g.letters > 0 && g.strong == g.letters}
			if i == 0 {
				b.Text = mark + line
				b.Link = g.sole()
			}
			if i == 0 && listed || ingest.IsListItem(line) {
				b.Kind = ingest.Item
			}
			d.out = append(d.out, b)
		}
	}
	for _, box := range g.boxes { // what fills a shape is not looked at
		d.shade = unknown
		d.body(box)
		d.shade = shade
	}
	if !d.inCell {
		d.flushNotes()
	}
}

// number counts the paragraph in its list, if it is in one, and gives its number as printed.
func (d *document) number(ppr *xmltree.Node, id string, st style) (string, bool) {
	ref := readNumRef(ppr.Child("w:numPr"))
	named, byStyle := d.numbering.byStyle[id]
	switch {
	case ref.set && ref.id == "": // only the level: the list is the style's
		ref.id = st.num.id
	case !ref.set && byStyle:
		ref = named
	case !ref.set:
		ref = st.num
	}
	if ref.id == "" || ref.id == "0" {
		return "", false
	}
	return d.numbering.next(ref)
}

// flushNotes adds the footnotes and endnotes that the blocks above refer to.
func (d *document) flushNotes() {
	pending := d.pending
	d.pending = nil
	for _, p := range pending {
		d.out = append(d.out, ingest.Block{Text: p})
	}
}

// note reads a footnote or endnote and numbers it in order of reference.
func (d *document) note(kind, id string) {
	n := d.notes[kind+" "+id]
	if n == nil || d.inNote {
		return
	}
	d.inNote = true
	text := d.apart(n)
	d.inNote = false
	d.noted++
	if text != "" {
		d.pending = append(d.pending, "["+strconv.Itoa(d.noted)+"] "+text)
	}
}

// apart reads block-level content away from the document's flow and gives its text on one line.
func (d *document) apart(n *xmltree.Node) string {
	keep, cell, outer := d.out, d.inCell, d.outer
	d.out, d.inCell, d.outer = nil, true, outer+len(keep)
	d.body(n)
	var parts []string
	for _, b := range d.out {
		parts = append(parts, b.Text)
	}
	d.out, d.inCell, d.outer = keep, cell, outer
	return ingest.Squeeze(strings.Join(parts, " "))
}
