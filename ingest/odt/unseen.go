package odt

import (
	"strconv"
	"strings"

	"sportello/ingest"
	"sportello/ingest/internal/xmltree"
)

const (
	sameColour = 20 // of 255 a channel: closer colours cannot be told apart
	tinySize   = 2  // points
	paper      = "#ffffff"
	unknown    = "?"
)

// seen is how the letters of a place look.
type seen struct {
	colour, back string
	size         float64
	hidden       bool
}

// over gives how letters look that a style inside of this changes.
func (s seen) over(st style) seen {
	if st.colour != "" {
		s.colour = st.colour
	}
	if st.back != "" && st.back != "transparent" {
		s.back = st.back
	}
	if st.size > 0 {
		s.size = st.size
	}
	s.hidden = s.hidden || st.hidden
	return s
}

// unseen says why a reader does not see letters that look so; empty when they are seen.
func (s seen) unseen() ingest.FindingKind {
	switch {
	case s.hidden:
		return ingest.FoundHidden
	case s.size > 0 && s.size < tinySize:
		return ingest.FoundTiny
	case s.colour == "" || s.back == unknown:
		return ""
	}
	back := s.back
	if back == "" {
		back = paper
	}
	if same(s.colour, back) {
		return ingest.FoundColour
	}
	return ""
}

func same(a, b string) bool {
	x, errX := strconv.ParseUint(strings.TrimPrefix(a, "#"), 16, 32)
	y, errY := strconv.ParseUint(strings.TrimPrefix(b, "#"), 16, 32)
	if errX != nil || errY != nil || len(a) != 7 || len(b) != 7 {
		return false
	}
	for shift := 0; shift <= 16; shift += 8 {
		if d := int(x>>shift&255) - int(y>>shift&255); d > sameColour || d < -sameColour {
			return false
		}
	}
	return true
}

// unseenText is text kept out, with the number of blocks before it.
type unseenText struct {
	kind   ingest.FindingKind
	text   string
	before int
}

// hide notes text that is not seen; spans of one kind that follow each other are one text.
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

// whole gives all the text below n, for what is not read as part of the document.
func whole(n *xmltree.Node) string {
	var b strings.Builder
	var walk func(n *xmltree.Node)
	walk = func(n *xmltree.Node) {
		for _, k := range n.Kids {
			switch k.Name {
			case "":
				b.WriteString(flat.Replace(k.Text))
			case "dc:creator", "dc:date", "office:annotation":
			default:
				walk(k)
				if k.Name == "text:p" || k.Name == "text:h" {
					b.WriteByte('\n')
				}
			}
		}
	}
	walk(n)
	return strings.TrimSpace(b.String())
}

// besides notes comments, the descriptions of pictures and the properties of the file, wherever they stand.
func (d *document) besides(meta *xmltree.Node) {
	var walk func(n *xmltree.Node)
	walk = func(n *xmltree.Node) {
		for _, k := range n.Kids {
			switch k.Name {
			case "office:annotation":
				d.hide(ingest.FoundComment, whole(k))
			case "svg:title", "svg:desc":
				d.hide(ingest.FoundAlternative, k.Content())
			}
			walk(k)
		}
	}
	walk(d.content)
	if meta != nil {
		for _, name := range []string{"dc:subject", "dc:description", "meta:keyword"} {
			if n := meta.Find(name); n != nil {
				d.hide(ingest.FoundMetadata, n.Content())
			}
		}
	}
}
