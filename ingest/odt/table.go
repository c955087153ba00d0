package odt

import (
	"strconv"
	"strings"

	"sportello/ingest"
	"sportello/ingest/internal/xmltree"
)

const (
	maxColumns = 200
	maxRepeat  = 50 // how often a repeated row with text is written out
)

type row struct {
	node *xmltree.Node
	head bool
}

// table reads a table as rows with their header; one that only lays out the page is read cell by cell.
func (d *document) table(n *xmltree.Node) {
	if n.Attr("table:display") == "false" {
		return
	}
	back := d.back
	defer func() { d.back = back }()
	all := rows(n, false, nil)
	if layout(all) {
		for _, r := range all {
			for _, c := range r.node.Kids {
				if c.Name == "table:table-cell" {
					d.behind(c)
					d.body(c)
				}
			}
		}
		return
	}
	var grid [][]string
	var down []merged
	heads := 0
	for i, r := range all {
		cells := d.cells(r.node, &down)
		if ingest.RowText(cells) == "" {
			continue
		}
		times := min(repeated(r.node, "table:number-rows-repeated"), maxRepeat)
		for range times {
			grid = append(grid, cells)
		}
		if r.head && heads == i {
			heads = len(grid)
		}
	}
	if heads == 0 && ingest.LooksLikeHeader(grid) {
		heads = 1
	}
	header := ""
	for i, cells := range grid {
		b := ingest.Block{Kind: ingest.Row, Text: ingest.RowText(cells)}
		if i < heads {
			header = strings.TrimSpace(header + " " + b.Text)
			b.Bold = true
		} else {
			b.Header = header
		}
		d.out = append(d.out, b)
	}
}

// merged is a cell that goes down over the rows below.
type merged struct {
	text string
	rows int
}

// cells gives the texts of a row; a cell merged from above is repeated, so that the row can be read alone.
func (d *document) cells(n *xmltree.Node, down *[]merged) []string {
	var out []string
	for _, c := range n.Kids {
		if c.Name != "table:table-cell" && c.Name != "table:covered-table-cell" {
			continue
		}
		text := ""
		if c.Name == "table:table-cell" {
			d.behind(c)
			text = d.apart(c)
		}
		for range repeated(c, "table:number-columns-repeated") {
			col := len(out)
			if col >= maxColumns {
				break
			}
			for len(*down) <= col {
				*down = append(*down, merged{})
			}
			m := &(*down)[col]
			switch {
			case c.Name == "table:covered-table-cell" && m.rows > 0:
				m.rows--
				out = append(out, m.text)
			case c.Name == "table:covered-table-cell":
				out = append(out, "")
			default:
				*m = merged{text: text, rows: repeated(c, "table:number-rows-spanned") - 1}
				out = append(out, text)
			}
		}
	}
	return out
}

func repeated(n *xmltree.Node, attr string) int {
	v, err := strconv.Atoi(n.Attr(attr))
	if err != nil || v < 1 {
		return 1
	}
	return min(v, 1<<20)
}

func rows(n *xmltree.Node, head bool, out []row) []row {
	for _, k := range n.Kids {
		switch k.Name {
		case "table:table-row":
			if v := k.Attr("table:visibility"); v != "collapse" && v != "filter" {
				out = append(out, row{k, head})
			}
		case "table:table-header-rows":
			out = rows(k, true, out)
		case "table:table-row-group", "table:table-rows":
			out = rows(k, head, out)
		}
	}
	return out
}

func layout(all []row) bool {
	columns := 0
	for _, r := range all {
		n := 0
		for _, c := range r.node.Kids {
			if c.Name != "table:table-cell" && c.Name != "table:covered-table-cell" {
				continue
			}
			n += min(repeated(c, "table:number-columns-repeated"), maxColumns)
			paragraphs := 0
			for _, k := range c.Kids {
				switch k.Name {
				case "table:table":
					return true
				case "text:p", "text:h", "text:list":
					paragraphs++
				}
			}
			if paragraphs > 4 && len(c.Content()) > 1500 {
				return true
			}
		}
		columns = max(columns, n)
	}
	return columns < 2
}

// behind notes what a cell puts behind its text.
func (d *document) behind(cell *xmltree.Node) {
	if d.back = d.styles.text["table-cell "+cell.Attr("table:style-name")].back; d.back == "transparent" {
		d.back = ""
	}
}
