package sheet

import (
	"context"
	"strconv"
	"strings"

	"sportello/assistant/fault"
	"sportello/ingest"
	"sportello/ingest/internal/archive"
	"sportello/ingest/internal/xmltree"
)

const ns = "urn:oasis:names:tc:opendocument:xmlns:"

var openSpaces = map[string]string{
	ns + "office:1.0": "office", ns + "text:1.0": "text", ns + "table:1.0": "table", ns + "style:1.0": "style", ns + "manifest:1.0": "manifest",
}

func readODS(ctx context.Context, in ingest.Input, c Config) ([]table, []string, error) {
	a, err := archive.Open(in.Bytes, in.Name, c.Archive)
	if err != nil {
		return nil, nil, err
	}
	if src, err := a.Read("META-INF/manifest.xml"); err == nil {
		if m, err := xmltree.Parse(ctx, src, in.Name, openSpaces, c.XML); err == nil && m.Find("manifest:encryption-data") != nil {
			return nil, nil, fault.New(fault.Encrypted, "%s: it wants a password: save it without and give it again", in.Name)
		}
	}
	src, err := a.Read("content.xml")
	if err != nil {
		if fault.CodeOf(err) == fault.NotFound {
			err = fault.Wrap(fault.Broken, err, "%s: it is no OpenDocument sheet, or its content is missing: open it and save it anew", in.Name)
		}
		return nil, nil, err
	}
	root, err := xmltree.Parse(ctx, src, in.Name, openSpaces, c.XML)
	if err != nil {
		return nil, nil, err
	}
	hidden := map[string]bool{}
	for _, s := range kids(root.Child("office:automatic-styles")) {
		if s.Child("style:table-properties").Attr("table:display") == "false" {
			hidden[s.Attr("style:name")] = true
		}
	}
	var tables []table
	cells := 0
	for _, t := range kids(root.Child("office:body").Child("office:spreadsheet")) {
		if t.Name != "table:table" || hidden[t.Attr("table:style-name")] {
			continue
		}
		if len(tables) >= c.MaxSheets {
			break
		}
		rows := odsRows(t, c, nil, &cells)
		if cells > maxCells {
			return nil, nil, fault.New(fault.TooLarge, "%s: more cells than the limit: split it", in.Name)
		}
		tables = append(tables, table{name: ingest.Squeeze(t.Attr("table:name")), rows: rows})
	}
	return tables, nil, nil
}

// odsRows reads the rows of a sheet, those in groups and header groups too.
func odsRows(n *xmltree.Node, c Config, out [][]string, cells *int) [][]string {
	for _, k := range n.Kids {
		if *cells > maxCells {
			return out
		}
		switch k.Name {
		case "table:table-row":
			if v := k.Attr("table:visibility"); v == "collapse" || v == "filter" {
				continue
			}
			row := odsCells(k, c)
			times := 1
			if filled(row) > 0 {
				times = min(times64(k, "table:number-rows-repeated"), 50)
			}
			for range times {
				out = append(out, row)
				*cells += len(row) + 1
			}
		case "table:table-header-rows", "table:table-row-group", "table:table-rows":
			out = odsRows(k, c, out, cells)
		}
	}
	return out
}

func odsCells(r *xmltree.Node, c Config) []string {
	var row []string
	for _, k := range r.Kids {
		if k.Name != "table:table-cell" && k.Name != "table:covered-table-cell" {
			continue
		}
		text := ""
		if k.Name == "table:table-cell" {
			text = odsText(k)
		}
		for range min(times64(k, "table:number-columns-repeated"), c.MaxColumns) {
			if len(row) >= c.MaxColumns {
				return row
			}
			row = append(row, text)
		}
	}
	return row
}

func times64(n *xmltree.Node, attr string) int {
	v, err := strconv.Atoi(n.Attr(attr))
	if err != nil || v < 1 {
		return 1
	}
	return v
}

// odsText is what a cell shows, without its comment.
func odsText(n *xmltree.Node) string {
	var parts []string
	for _, k := range n.Kids {
		if k.Name == "text:p" {
			parts = append(parts, paragraph(k))
		}
	}
	if len(parts) == 0 {
		return n.Attr("office:string-value")
	}
	return strings.Join(parts, " ")
}

func paragraph(n *xmltree.Node) string {
	var b strings.Builder
	for _, k := range n.Kids {
		switch k.Name {
		case "":
			b.WriteString(k.Text)
		case "text:s", "text:tab", "text:line-break":
			b.WriteByte(' ')
		case "office:annotation":
		default:
			b.WriteString(paragraph(k))
		}
	}
	return b.String()
}
