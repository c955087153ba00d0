package odt

import (
	"strconv"
	"strings"
	"unicode"

	"sportello/ingest"
	"sportello/ingest/internal/xmltree"
)

// gathered is the inline content of a paragraph.
type gathered struct {
	bold    bool // of the style in force
	look    seen // of the style in force
	text    strings.Builder
	letters int
	strong  int
	linked  int
	targets []string
	shapes  []*xmltree.Node
}

// sole gives the address when the whole text is one link.
func (g *gathered) sole() string {
	if len(g.targets) == 1 && g.linked > 0 && g.linked == g.letters && !strings.HasPrefix(g.targets[0], "#") {
		return g.targets[0]
	}
	return ""
}

func (g *gathered) write(s string, link bool) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			g.letters++
			if g.bold {
				g.strong++
			}
			if link {
				g.linked++
			}
		}
	}
	g.text.WriteString(s)
}

// flat are the white space characters that OpenDocument treats as one space: its breaks and tabs are elements.
var flat = strings.NewReplacer("\n", " ", "\r", " ", "\t", " ")

func (d *document) inline(n *xmltree.Node, g *gathered, link bool) {
	for _, k := range n.Kids {
		switch k.Name {
		case "":
			if kind := g.look.unseen(); kind != "" {
				d.hide(kind, flat.Replace(k.Text))
				continue
			}
			g.write(flat.Replace(k.Text), link)
		case "text:s":
			g.text.WriteByte(' ')
		case "text:tab":
			g.text.WriteByte('\t')
		case "text:line-break":
			g.text.WriteByte('\n')
		case "text:span":
			st := d.styles.span(k.Attr("text:style-name"))
			bold, look := g.bold, g.look
			g.bold, g.look = bold || st.bold, look.over(st)
			d.inline(k, g, link)
			g.bold, g.look = bold, look
		case "text:a":
			g.targets = append(g.targets, k.Attr("xlink:href"))
			d.inline(k, g, true)
		case "text:note":
			d.note(k)
		case "draw:frame", "draw:custom-shape", "draw:g", "draw:rect", "draw:ellipse":
			g.shapes = append(g.shapes, k)
		case "draw:a":
			g.shapes = append(g.shapes, k)
		case "draw:control":
			d.control(k, g)
		case "text:text-input", "text:placeholder", "text:drop-down":
			name := ingest.Squeeze(k.Attr("text:description"))
			if name == "" {
				name = ingest.Squeeze(k.Attr("text:name"))
			}
			kind := "text"
			if k.Name == "text:drop-down" {
				kind = "choice"
			}
			d.fields = append(d.fields, ingest.Field{Name: name, Type: kind})
			if k.Name != "text:placeholder" {
				d.inline(k, g, link)
			}
		case "text:ruby":
			if b := k.Child("text:ruby-base"); b != nil {
				d.inline(b, g, link)
			}
		case "text:hidden-text":
			d.hide(ingest.FoundHidden, k.Attr("text:string-value"))
		case "text:hidden-paragraph", "office:annotation", "office:annotation-end", "text:bookmark", "text:bookmark-start",
			"text:bookmark-end", "text:change", "text:change-start", "text:change-end", "text:reference-mark", "text:reference-mark-start", "text:reference-mark-end",
			"text:soft-page-break", "text:toc-mark", "text:toc-mark-start", "text:toc-mark-end", "text:page-number", "text:page-count":
		default: // fields: their value as it stands
			d.inline(k, g, link)
		}
	}
}

func (d *document) note(n *xmltree.Node) {
	cite := ingest.Squeeze(n.Child("text:note-citation").Content())
	text := d.apart(n.Child("text:note-body"))
	if text == "" {
		return
	}
	if cite == "" {
		cite = strconv.Itoa(len(d.pending) + 1)
	}
	d.pending = append(d.pending, "["+cite+"] "+text)
}

// readControls finds the declarations of form controls, which the text refers to by id.
func (d *document) readControls(text *xmltree.Node) {
	d.controls = map[string]*xmltree.Node{}
	var walk func(n *xmltree.Node)
	walk = func(n *xmltree.Node) {
		for _, k := range n.Kids {
			if strings.HasPrefix(k.Name, "form:") {
				if id := k.Attr("form:id"); id != "" {
					d.controls[id] = k
				}
				walk(k)
			}
		}
	}
	if forms := text.Child("office:forms"); forms != nil {
		walk(forms)
	}
}

// control notes a form control where it stands in the text; a box to tick is shown as one, with its label.
func (d *document) control(n *xmltree.Node, g *gathered) {
	c := d.controls[n.Attr("draw:control")]
	if c == nil {
		return
	}
	name := ingest.Squeeze(c.Attr("form:name"))
	label := ingest.Squeeze(c.Attr("form:label"))
	if t := ingest.Squeeze(c.Attr("form:title")); t != "" {
		name = t
	}
	switch c.Name {
	case "form:checkbox", "form:radio":
		if label != "" {
			name = label
		}
		box := "☐ "
		if c.Attr("form:current-state") == "checked" || c.Attr("form:state") == "checked" || c.Attr("form:current-selected") == "true" {
			box = "☒ "
		}
		g.write(box+label, false)
		d.fields = append(d.fields, ingest.Field{Name: name, Type: "checkbox"})
	case "form:listbox", "form:combobox":
		d.fields = append(d.fields, ingest.Field{Name: name, Type: "choice"})
	case "form:text", "form:textarea", "form:formatted-text", "form:number", "form:date", "form:time", "form:password":
		d.fields = append(d.fields, ingest.Field{Name: name, Type: "text"})
	case "form:fixed-text":
		g.write(label, false)
	}
}
