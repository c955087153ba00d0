package odt

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"sportello/ingest"
	"sportello/ingest/internal/xmltree"
)

// place is where in lists a paragraph stands.
type place struct {
	style string // list style in force
	id    string // list whose counter goes on
	level int    // from 1; 0 outside lists
	first bool   // first paragraph of its item
	start int    // number forced by the item, 0 for none
}

// longHeading is above what a heading is, in characters.
const longHeading = 400

func (d *document) body(n *xmltree.Node) { d.blocks(n, place{}) }

func (d *document) blocks(n *xmltree.Node, at place) {
	if n == nil {
		return
	}
	for _, k := range n.Kids {
		if d.ctx.Err() != nil {
			return
		}
		d.block(k, at)
	}
}

func (d *document) block(n *xmltree.Node, at place) {
	switch n.Name {
	case "text:h", "text:p":
		d.paragraph(n, at)
	case "text:list":
		d.list(n, at)
	case "text:numbered-paragraph":
		lv, _ := strconv.Atoi(n.Attr("text:level"))
		d.blocks(n, place{style: n.Attr("text:style-name"), id: n.Attr("text:list-id"), level: max(lv, 1), first: true})
	case "table:table":
		d.table(n)
		d.flushNotes()
	case "text:section":
		if d.styles.sections[n.Attr("text:style-name")] || n.Attr("text:display") == "none" {
			d.hide(ingest.FoundHidden, whole(n))
			return
		}
		d.blocks(n, at)
	case "draw:page":
		d.blocks(n, at)
	case "draw:frame", "draw:text-box", "draw:g", "draw:custom-shape", "draw:rect", "draw:ellipse", "draw:line":
		d.shape(n)
	case "draw:a":
		d.blocks(n, at)
	case "text:table-of-content", "text:alphabetical-index", "text:illustration-index", "text:table-index", "text:user-index", "text:bibliography",
		"text:tracked-changes", "office:annotation", "office:forms", "presentation:notes", "text:sequence-decls", "text:variable-decls", "text:user-field-decls":
	}
}

// shape reads the text of a frame or shape: of the alternatives of a frame, the text box.
func (d *document) shape(n *xmltree.Node) {
	for _, k := range n.Kids {
		switch k.Name {
		case "draw:text-box", "draw:g":
			d.body(k)
		case "text:p", "text:h", "text:list", "table:table", "draw:frame", "draw:custom-shape", "draw:rect":
			d.block(k, place{})
		}
	}
}

func (d *document) list(n *xmltree.Node, at place) {
	in := at
	in.level++
	if s := n.Attr("text:style-name"); s != "" {
		in.style = s
	}
	if at.level == 0 {
		in.id = n.Attr("xml:id")
		if in.id == "" {
			in.id = n.Attr("id")
		}
		switch from := n.Attr("text:continue-list"); {
		case from != "":
			d.counters[in.id] = d.counter(from)
		case n.Attr("text:continue-numbering") == "true" && d.lastList != "":
			in.id = d.lastList
		case in.id == "":
			in.id = "list " + strconv.Itoa(len(d.counters))
		}
		d.lastList = in.id
	}
	for _, item := range n.Kids {
		if item.Name != "text:list-item" && item.Name != "text:list-header" {
			continue
		}
		to := in
		to.first = item.Name == "text:list-item"
		to.start, _ = strconv.Atoi(item.Attr("text:start-value"))
		for _, k := range item.Kids {
			d.block(k, to)
			if k.Name == "text:p" || k.Name == "text:h" {
				to.first, to.start = false, 0
			}
		}
	}
}

func (d *document) counter(id string) *counter {
	c := d.counters[id]
	if c == nil {
		c = &counter{}
		d.counters[id] = c
	}
	return c
}

// paragraph reads a paragraph or heading with its number, then what is anchored in it.
func (d *document) paragraph(n *xmltree.Node, at place) {
	st := d.styles.paragraph(n.Attr("text:style-name"))
	if st.toc {
		return
	}
	if st.hidden {
		d.hide(ingest.FoundHidden, whole(n)+"\n")
		return
	}
	g := &gathered{bold: st.bold, look: seen{back: d.back}.over(st)}
	d.inline(n, g, false)
	level := 0
	if n.Name == "text:h" {
		level = 1
		if v, err := strconv.Atoi(n.Attr("text:outline-level")); err == nil && v > 0 {
			level = v
		}
	} else if st.title {
		level = 1
	}
	mark := d.mark(n, st, at, level)
	text := g.text.String()
	if level > 0 && utf8.RuneCountInString(text) <= longHeading {
		if s := ingest.Squeeze(text); s != "" {
			d.out = append(d.out, ingest.Block{Kind: ingest.Heading, Level: level, Text: mark + s})
		}
	} else {
		for i, line := range ingest.Lines(text) {
			b := ingest.Block{Text: line, Bold: g.letters > 0 && g.strong == g.letters}
			if i == 0 {
				b.Text, b.Link = mark+line, g.sole()
			}
			if i == 0 && at.level > 0 && at.first || ingest.IsListItem(line) {
				b.Kind = ingest.Item
			}
			d.out = append(d.out, b)
		}
	}
	back := d.back
	for _, s := range g.shapes { // what fills a shape is not looked at
		d.back = unknown
		d.block(s, place{})
	}
	d.back = back
	if !d.inCell {
		d.flushNotes()
	}
}

// mark counts a paragraph and gives its number: that of its list, or for a heading that of the outline.
func (d *document) mark(n *xmltree.Node, st style, at place, level int) string {
	if at.level > 0 {
		if !at.first {
			return ""
		}
		name := at.style
		if name == "" {
			name = st.list
		}
		l, ok := d.styles.lists[name]
		if !ok {
			if n.Name != "text:h" {
				return ""
			}
			l = d.styles.outline
			return d.outline.next(l, at.level-1, at.start)
		}
		return d.counter(at.id).next(l, at.level-1, at.start)
	}
	if n.Name != "text:h" || n.Attr("text:is-list-header") == "true" || level == 0 {
		return ""
	}
	start := 0
	if n.Attr("text:restart-numbering") == "true" {
		start = max(d.styles.outline.levels[min(level, 10)-1].start, 1)
		if v, err := strconv.Atoi(n.Attr("text:start-value")); err == nil {
			start = v
		}
	}
	return d.outline.next(d.styles.outline, level-1, start)
}

func (d *document) flushNotes() {
	pending := d.pending
	d.pending = nil
	for _, p := range pending {
		d.out = append(d.out, ingest.Block{Text: p})
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
