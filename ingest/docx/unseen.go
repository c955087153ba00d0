package docx

import (
	"strings"

	"sportello/ingest"
	"sportello/ingest/internal/unseen"
	"sportello/ingest/internal/xmltree"
)

const (
	tinySize = 4 // half points
	unknown  = "?"
	paper    = "FFFFFF"
)

// unseen says why a reader does not see text of this look; empty when it is seen.
func (d *document) unseen(l look) ingest.FindingKind {
	if is(l.hidden) {
		return ingest.FoundHidden
	}
	if l.size > 0 && l.size < tinySize {
		return ingest.FoundTiny
	}
	if l.colour == "" || l.colour == "AUTO" {
		return ""
	}
	behind := d.paper
	for _, s := range []string{d.shade, l.shade} {
		if s != "" && s != "AUTO" {
			behind = s
		}
	}
	if behind != unknown && unseen.Same(l.colour, behind) {
		return ingest.FoundColour
	}
	return ""
}

// shading gives what a w:shd or w:highlight puts behind a text: RRGGBB, "AUTO" for nothing, "?" for what is not one colour.
func shading(n *xmltree.Node) string {
	if n.Name == "w:highlight" {
		switch n.Attr("w:val") {
		case "none":
			return "AUTO"
		case "white":
			return paper
		}
		return unknown
	}
	if p := n.Attr("w:val"); p != "clear" && p != "nil" && p != "" || n.Attr("w:themeFill") != "" {
		return unknown
	}
	return strings.ToUpper(n.Attr("w:fill"))
}

// theme gives the colour of the two theme colours that are paper.
func theme(name string) string {
	if name == "background1" || name == "light1" {
		return paper
	}
	return ""
}

// hide notes text that is not seen at the place where the document is.
func (d *document) hide(kind ingest.FindingKind, text string) {
	d.hidden.Add(kind, text, d.outer+len(d.out))
}

// besides notes what the file says beside its text: comments, the description of pictures, its properties.
func (d *document) besides(comments *xmltree.Node) {
	if comments != nil {
		for _, k := range comments.Kids {
			if k.Name == "w:comment" {
				d.hide(ingest.FoundComment, runText(k))
			}
		}
	}
	var walk func(n *xmltree.Node)
	walk = func(n *xmltree.Node) {
		for _, k := range n.Kids {
			for _, name := range []string{"descr", "alt"} {
				d.hide(ingest.FoundAlternative, k.Attr(name))
			}
			walk(k)
		}
	}
	walk(d.main)
	if c := d.optional("docProps/core.xml"); c != nil {
		for _, name := range []string{"dc:subject", "dc:description", "cp:keywords", "cp:category"} {
			d.hide(ingest.FoundMetadata, c.Child(name).Content())
		}
	}
}
