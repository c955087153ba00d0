package akn

import (
	"regexp"
	"strings"

	"sportello/ingest"
	"sportello/ingest/internal/xmltree"
)

// flow reads the blocks of text inside n.
func (r *reader) flow(n *xmltree.Node) {
	for _, k := range n.Kids {
		r.one(k)
	}
}

// one reads one element as text: whatever structure is inside a quotation of another act is words of this one.
func (r *reader) one(n *xmltree.Node) {
	switch n.Name {
	case "":
		r.lines(n.Text, false)
	case "meta", "del":
	case "p", "block", "docTitle", "longTitle", "heading", "subheading", "num", "listIntroduction", "listWrapUp", "caption":
		r.lines(inline(n), false)
		for _, q := range quoted(n, nil) {
			r.quotation(q)
		}
		for _, note := range notes(n, nil) {
			r.flow(note)
		}
	case "table":
		r.table(n)
	case "ol", "ul", "blockList":
		for _, k := range n.Kids {
			switch k.Name {
			case "li", "item":
				r.item(k)
			case "":
			default:
				r.one(k)
			}
		}
	case "quotedStructure", "embeddedStructure":
		r.quotation(n)
	default:
		r.flow(n)
	}
}

func (r *reader) item(n *xmltree.Node) {
	from := len(r.out)
	num := ingest.Squeeze(text(n.Child("num")))
	for _, k := range n.Kids {
		if k.Name != "num" {
			r.one(k)
		}
	}
	if len(r.out) > from && r.out[from].Kind == ingest.Paragraph {
		r.out[from].Kind = ingest.Item
		r.out[from].Text = ingest.Squeeze(num + " " + r.out[from].Text)
	}
}

// quotation gives the text of a structure quoted from another act, number and words on a line, without marking parts.
func (r *reader) quotation(n *xmltree.Node) {
	head := ""
	for _, k := range n.Kids {
		switch k.Name {
		case "num", "heading":
			head += " " + inline(k)
			continue
		}
		if s := ingest.Squeeze(head); s != "" {
			from := len(r.out)
			r.quotation(&xmltree.Node{Kids: []*xmltree.Node{k}})
			if len(r.out) > from && len(s) < 12 {
				r.out[from].Text = s + " " + r.out[from].Text
			} else if k.Name != "" {
				rest := append([]ingest.Block{{Text: s}}, r.out[from:]...)
				r.out = append(r.out[:from], rest...)
			} else {
				continue
			}
			head = ""
			continue
		}
		switch k.Name {
		case "":
			r.lines(k.Text, false)
		case "p", "block", "table", "ol", "ul", "blockList":
			r.one(k)
		default:
			r.quotation(k)
		}
	}
	r.lines(head, false)
}

// quoted gives the quoted structures below n.
func quoted(n *xmltree.Node, out []*xmltree.Node) []*xmltree.Node {
	for _, k := range n.Kids {
		if k.Name == "quotedStructure" || k.Name == "embeddedStructure" {
			out = append(out, k)
		} else {
			out = quoted(k, out)
		}
	}
	return out
}

// inline is the text of a block: without notes, quoted structures and deleted words; "\n" for a line break.
func inline(n *xmltree.Node) string {
	var b strings.Builder
	inlineTo(&b, n)
	return b.String()
}

func inlineTo(b *strings.Builder, n *xmltree.Node) {
	for _, k := range n.Kids {
		switch k.Name {
		case "":
			b.WriteString(k.Text)
		case "eol", "br":
			b.WriteString("\n")
		case "authorialNote", "quotedStructure", "embeddedStructure", "del", "meta":
		default:
			inlineTo(b, k)
		}
	}
}

// reOnlyMarks is a paragraph of nothing but the marks of recent changes.
var reOnlyMarks = regexp.MustCompile(`^[()\s.\-–—]*$`)

// lines adds the lines of a text. A line break in the file is one of the act only after a full stop, semicolon or colon, or before a
// list mark: elsewhere the file is wrapped.
func (r *reader) lines(s string, bold bool) {
	var out []string
	for _, l := range strings.Split(s, "\n") {
		l = ingest.Squeeze(l)
		switch k := len(out) - 1; {
		case l == "":
		case k >= 0 && !strings.ContainsAny(out[k][len(out[k])-1:], ".;:") && !ingest.IsListItem(l):
			out[k] += " " + l
		default:
			out = append(out, l)
		}
	}
	for _, l := range out {
		if reOnlyMarks.MatchString(l) {
			continue
		}
		r.out = append(r.out, ingest.Block{Text: l, Bold: bold})
	}
}

func (r *reader) table(n *xmltree.Node) {
	var grid [][]string
	heads := 0
	var walk func(n *xmltree.Node, head bool)
	walk = func(n *xmltree.Node, head bool) {
		for _, k := range n.Kids {
			switch k.Name {
			case "caption":
				r.lines(inline(k), true)
			case "thead":
				walk(k, true)
			case "tbody", "tfoot":
				walk(k, false)
			case "tr":
				var row []string
				all := true
				for _, c := range k.Kids {
					if c.Name == "td" || c.Name == "th" {
						row = append(row, strings.ReplaceAll(inline(c), "\n", " "))
						all = all && c.Name == "th"
					}
				}
				if ingest.RowText(row) == "" {
					continue
				}
				if (all || head) && heads == len(grid) {
					heads++
				}
				grid = append(grid, row)
			}
		}
	}
	walk(n, false)
	if heads == 0 && ingest.LooksLikeHeader(grid) {
		heads = 1
	}
	header := ""
	for i, row := range grid {
		b := ingest.Block{Kind: ingest.Row, Text: ingest.RowText(row)}
		if i < heads {
			header = strings.TrimSpace(header + " " + b.Text)
			b.Bold = true
		} else {
			b.Header = header
		}
		r.out = append(r.out, b)
	}
}

var (
	reStrayDot = regexp.MustCompile(`\.+(__|$)`)
	reEIDRune  = regexp.MustCompile(`[^A-Za-z0-9-]+`)
)

// cleanEID is the element's own eId without Normattiva's stray dots.
func cleanEID(n *xmltree.Node) string {
	return reStrayDot.ReplaceAllString(n.Attr("eId"), "$1")
}

// eidPart writes a number as eIds have it.
func eidPart(number string) string {
	return strings.Trim(reEIDRune.ReplaceAllString(number, "-"), "-")
}

func join(prefix, id string) string {
	if prefix == "" {
		return id
	}
	return prefix + "__" + id
}

// annexOf keeps of a prefix what an article's eId needs: articles are numbered through an act, and anew in an annex.
func annexOf(prefix string) string {
	if strings.HasPrefix(prefix, "att_") {
		annex, _, _ := strings.Cut(prefix, "__")
		return annex
	}
	return ""
}
