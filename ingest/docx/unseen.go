package docx

import (
	"strconv"
	"strings"

	"sportello/ingest"
	"sportello/ingest/internal/xmltree"
)

const (
	sameColour = 20 // of 255 a channel: closer colours cannot be told apart
	tinySize   = 4  // half points
	unknown    = "?"
	paper      = "FFFFFF"
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
	if behind != unknown && same(l.colour, behind) {
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

func same(a, b string) bool {
	x, errX := strconv.ParseUint(a, 16, 32)
	y, errY := strconv.ParseUint(b, 16, 32)
	if errX != nil || errY != nil || len(a) != 6 || len(b) != 6 {
		return false
	}
	for shift := 0; shift <= 16; shift += 8 {
		if d := int(x>>shift&255) - int(y>>shift&255); d > sameColour || d < -sameColour {
			return false
		}
	}
	return true
}

// hide notes text that is not seen. Runs of one kind that follow each other are one text.
func (d *document) hide(kind ingest.FindingKind, text string) {
	if text == "" {
		return
	}
	at := d.outer + len(d.out)
	if n := len(d.hidden); n > 0 && d.hidden[n-1].kind == kind && d.hidden[n-1].before == at && kind != ingest.FoundComment {
		d.hidden[n-1].text += text
		return
	}
	d.hidden = append(d.hidden, unseenText{kind, text, at})
}

// unseenText is text kept out, with the number of blocks before it.
type unseenText struct {
	kind   ingest.FindingKind
	text   string
	before int
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
