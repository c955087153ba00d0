package odt

import (
	"strings"

	"sportello/ingest"
	"sportello/ingest/internal/unseen"
	"sportello/ingest/internal/xmltree"
)

const (
	tinySize = 2 // points
	paper    = "#ffffff"
	unknown  = "?"
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
	if unseen.Same(strings.TrimPrefix(s.colour, "#"), strings.TrimPrefix(back, "#")) {
		return ingest.FoundColour
	}
	return ""
}

// hide notes text that is not seen at the place where the document is.
func (d *document) hide(kind ingest.FindingKind, text string) {
	d.hidden.Add(kind, text, d.outer+len(d.out))
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
