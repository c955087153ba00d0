package docx

import (
	"strconv"
	"strings"

	"sportello/ingest"
	"sportello/ingest/internal/xmltree"
)

// maxColumns bounds what a cell may span.
const maxColumns = 200

// table reads a table as rows with their header. A table of one column, or one that holds tables or long texts, only lays
// out the page: its cells are read one after the other.
func (d *document) table(n *xmltree.Node) {
	shade := d.shade
	defer func() { d.shade = shade }()
	plain := n.Child("w:tblPr").Child("w:tblStyle").Attr("w:val")
	trs := rows(n, nil)
	if layout(trs) {
		for _, tr := range trs {
			for _, tc := range cells(tr, nil) {
				if merged, restart := vMerge(tc); !merged || restart {
					d.shade = cellShade(tc, plain, shade)
					d.body(tc)
				}
			}
		}
		return
	}
	var grid [][]string
	var above []string // text of the cells that go down, by column
	heads := 0
	for i, tr := range trs {
		var row []string
		for _, tc := range cells(tr, nil) {
			pr := tc.Child("w:tcPr")
			merged, restart := vMerge(tc)
			text := ""
			if merged && !restart {
				if len(row) < len(above) {
					text = above[len(row)]
				}
			} else {
				d.shade = cellShade(tc, plain, shade)
				text = d.apart(tc)
			}
			for len(above) <= len(row) {
				above = append(above, "")
			}
			above[len(row)] = text
			row = append(row, text)
			span, _ := strconv.Atoi(pr.Child("w:gridSpan").Attr("w:val"))
			for k := 1; k < min(span, maxColumns); k++ {
				row = append(row, "")
				if len(above) < len(row) {
					above = append(above, "")
				}
			}
		}
		if h := tr.Child("w:trPr").Child("w:tblHeader"); h != nil && on(h.Attr("w:val"), true) && heads == i {
			heads = i + 1
		}
		grid = append(grid, row)
	}
	d.out = append(d.out, rowBlocks(grid, heads)...)
}

// cellShade gives what is behind the text of a cell. The style of a table may paint rows, which is not looked at.
func cellShade(tc *xmltree.Node, style, around string) string {
	if s := tc.Child("w:tcPr").Child("w:shd"); s != nil {
		if c := shading(s); c != "" && c != "AUTO" {
			return c
		}
	}
	switch style {
	case "", "TableGrid", "Grigliatabella", "TableNormal", "Tabellanormale":
		return around
	}
	return unknown
}

func rowBlocks(grid [][]string, heads int) []ingest.Block {
	if heads == 0 && ingest.LooksLikeHeader(grid) || heads == len(grid) && len(grid) > 1 {
		heads = 1
	}
	var out []ingest.Block
	header := ""
	for i, row := range grid {
		text := ingest.RowText(row)
		if text == "" {
			continue
		}
		b := ingest.Block{Kind: ingest.Row, Text: text}
		if i < heads {
			header = strings.TrimSpace(header + " " + text)
			b.Bold = true
		} else {
			b.Header = header
		}
		out = append(out, b)
	}
	return out
}

// rows gives the rows of a table, without those that a revision took out or that are hidden.
func rows(n *xmltree.Node, out []*xmltree.Node) []*xmltree.Node {
	for _, k := range n.Kids {
		switch k.Name {
		case "w:tr":
			pr := k.Child("w:trPr")
			if pr.Child("w:del") == nil && !(pr.Child("w:hidden") != nil && on(pr.Child("w:hidden").Attr("w:val"), true)) {
				out = append(out, k)
			}
		case "w:sdt":
			if c := k.Child("w:sdtContent"); c != nil {
				out = rows(c, out)
			}
		case "w:customXml", "w:ins", "w:moveTo":
			out = rows(k, out)
		}
	}
	return out
}

func cells(tr *xmltree.Node, out []*xmltree.Node) []*xmltree.Node {
	for _, k := range tr.Kids {
		switch k.Name {
		case "w:tc":
			out = append(out, k)
		case "w:sdt":
			if c := k.Child("w:sdtContent"); c != nil {
				out = cells(c, out)
			}
		case "w:customXml":
			out = cells(k, out)
		}
	}
	return out
}

// vMerge says whether a cell belongs to a vertical merge, and whether it begins it.
func vMerge(tc *xmltree.Node) (merged, restart bool) {
	m := tc.Child("w:tcPr").Child("w:vMerge")
	return m != nil, m != nil && m.Attr("w:val") == "restart"
}

func layout(trs []*xmltree.Node) bool {
	columns := 0
	for _, tr := range trs {
		tcs := cells(tr, nil)
		columns = max(columns, len(tcs))
		for _, tc := range tcs {
			paragraphs := 0
			for _, k := range tc.Kids {
				switch k.Name {
				case "w:tbl":
					return true
				case "w:p":
					paragraphs++
				}
			}
			if paragraphs > 4 && len(runText(tc)) > 1500 {
				return true
			}
		}
	}
	return columns < 2
}
