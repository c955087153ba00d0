package docx

import (
	"strconv"
	"strings"
	"unicode"

	"sportello/ingest/internal/xmltree"
)

// gathered is the inline content of a paragraph.
type gathered struct {
	base    look // of the paragraph's style
	text    strings.Builder
	letters int // letters and digits, and how many of them are bold or capitals
	strong  int
	linked  int // of them, in a link
	targets []string
	boxes   []*xmltree.Node
	unnamed []place // fields that have no name of their own
}

// place is where in the text a field stands.
type place struct{ field, from, to int }

// sole gives the address when the whole text is one link to outside.
func (g *gathered) sole() string {
	if len(g.targets) == 1 && g.linked > 0 && g.linked == g.letters {
		return g.targets[0]
	}
	return ""
}

func (g *gathered) write(s string, l look, link bool) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			g.letters++
			if is(l.bold) || is(l.caps) {
				g.strong++
			}
			if link {
				g.linked++
			}
		}
	}
	g.text.WriteString(s)
}

// inline reads the content of a paragraph, or of what wraps runs in it.
func (d *document) inline(n *xmltree.Node, g *gathered) { d.inlineIn(n, g, false) }

func (d *document) inlineIn(n *xmltree.Node, g *gathered, link bool) {
	if n == nil {
		return
	}
	for _, k := range n.Kids {
		switch k.Name {
		case "w:r":
			d.run(k, g, link)
		case "w:hyperlink":
			target := d.links[k.Attr("r:id")]
			if target != "" {
				g.targets = append(g.targets, target)
			}
			d.inlineIn(k, g, target != "")
		case "w:ins", "w:moveTo", "w:smartTag", "w:customXml", "w:fldSimple", "w:dir", "w:bdo":
			d.inlineIn(k, g, link)
		case "w:sdt":
			d.inlineControl(k, g, link)
		case "mc:AlternateContent":
			d.inlineIn(alternative(k), g, link)
		case "m:oMath", "m:oMathPara":
			g.write(mathText(k), g.base, link)
		case "w:del", "w:moveFrom": // taken out by a revision
		}
	}
}

func mathText(n *xmltree.Node) string {
	var b strings.Builder
	for _, k := range n.Kids {
		if k.Name == "m:t" {
			b.WriteString(k.Content())
		} else if k.Name != "" {
			b.WriteString(mathText(k))
		}
	}
	return b.String()
}

func (d *document) run(n *xmltree.Node, g *gathered, link bool) {
	rpr := n.Child("w:rPr")
	l := readLook(rpr)
	if s := rpr.Child("w:rStyle").Attr("w:val"); s != "" {
		l = l.over(d.styles.byID[s].look)
	}
	l = l.over(g.base)
	if kind := d.unseen(l); kind != "" {
		d.hide(kind, runText(n))
		return
	}
	d.runContent(n, g, l, link)
}

func (d *document) runContent(n *xmltree.Node, g *gathered, l look, link bool) {
	for _, k := range n.Kids {
		switch k.Name {
		case "w:t":
			g.write(k.Content(), l, link)
		case "w:tab", "w:ptab":
			g.text.WriteByte('\t')
		case "w:br", "w:cr":
			g.text.WriteByte('\n')
		case "w:noBreakHyphen":
			g.text.WriteByte('-')
		case "w:sym":
			if c, err := strconv.ParseUint(k.Attr("w:char"), 16, 32); err == nil && c < 0x10ffff {
				g.text.WriteRune(symbol(rune(c)))
			}
		case "w:footnoteReference":
			d.note("footnote", k.Attr("w:id"))
		case "w:endnoteReference":
			d.note("endnote", k.Attr("w:id"))
		case "w:fldChar":
			d.legacyField(k.Child("w:ffData"), g)
		case "mc:AlternateContent":
			d.runContent(alternative(k), g, l, link)
		case "w:drawing", "w:pict", "w:object":
			g.boxes = append(g.boxes, textBoxes(k, nil)...)
		case "w:ruby":
			d.inlineIn(k.Child("w:rubyBase"), g, link)
		}
	}
}

// symbol moves the codes of symbol fonts to where Squeeze knows them: Word writes both F0B7 and B7.
func symbol(r rune) rune {
	if r >= 0x20 && r <= 0xff {
		return 0xf000 + r
	}
	return r
}

// textBoxes gives the contents of the text boxes below n, not those inside one another.
func textBoxes(n *xmltree.Node, out []*xmltree.Node) []*xmltree.Node {
	if n == nil {
		return out
	}
	for _, k := range n.Kids {
		switch k.Name {
		case "w:txbxContent":
			out = append(out, k)
		case "mc:AlternateContent":
			out = textBoxes(alternative(k), out)
		default:
			out = textBoxes(k, out)
		}
	}
	return out
}
