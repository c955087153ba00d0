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

// officeSpaces gives relationships their prefix; the elements of a workbook need none.
var officeSpaces = map[string]string{
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
	"http://purl.oclc.org/ooxml/officeDocument/relationships":             "r",
}

// workbook is an XLSX being read.
type workbook struct {
	ctx      context.Context
	name     string
	config   Config
	archive  *archive.Archive
	shared   []string
	formats  []numberFormat // by style index
	date1904 bool
	warnings []string
}

func readXLSX(ctx context.Context, in ingest.Input, c Config) ([]table, []string, error) {
	a, err := archive.Open(in.Bytes, in.Name, c.Archive)
	if err != nil {
		return nil, nil, err
	}
	w := &workbook{ctx: ctx, name: in.Name, config: c, archive: a}
	main := "xl/workbook.xml"
	if rels, err := w.part("_rels/.rels"); err == nil {
		for _, r := range rels.Kids {
			if strings.HasSuffix(r.Attr("Type"), "/officeDocument") {
				main = strings.TrimPrefix(r.Attr("Target"), "/")
			}
		}
	}
	book, err := w.part(main)
	if err != nil {
		if fault.CodeOf(err) == fault.NotFound {
			err = fault.Wrap(fault.Broken, err, "%s: it is no Excel workbook, or its sheets are missing: open it and save it anew", in.Name)
		}
		return nil, nil, err
	}
	folder := main[:strings.LastIndexByte(main, '/')+1]
	targets := map[string]string{}
	if rels, err := w.part(folder + "_rels/" + strings.TrimPrefix(main, folder) + ".rels"); err == nil {
		for _, r := range rels.Kids {
			target := r.Attr("Target")
			if strings.HasPrefix(target, "/") {
				target = target[1:]
			} else {
				target = folder + target
			}
			targets[r.Attr("Id")] = target
			switch kind := r.Attr("Type"); {
			case strings.HasSuffix(kind, "/sharedStrings"):
				w.readShared(target)
			case strings.HasSuffix(kind, "/styles"):
				w.readStyles(target)
			}
		}
	}
	pr := book.Child("workbookPr").Attr("date1904")
	w.date1904 = pr == "1" || pr == "true"
	var tables []table
	cells := 0
	for i, s := range kids(book.Child("sheets")) {
		if i >= c.MaxSheets {
			w.warnings = append(w.warnings, "sheets after the "+strconv.Itoa(c.MaxSheets)+"th not read")
			break
		}
		if state := s.Attr("state"); state == "hidden" || state == "veryHidden" {
			continue
		}
		part := targets[s.Attr("r:id")]
		if part == "" {
			continue
		}
		n, err := w.part(part)
		if err != nil {
			if code := fault.CodeOf(err); code == fault.TooLarge || code == fault.Timeout {
				return nil, nil, err
			}
			w.warnings = append(w.warnings, "sheet "+s.Attr("name")+" not read: "+err.Error())
			continue
		}
		t := table{name: ingest.Squeeze(s.Attr("name"))}
		if t.rows, err = w.rows(n, &cells); err != nil {
			return nil, nil, err
		}
		tables = append(tables, t)
	}
	return tables, w.warnings, nil
}

func kids(n *xmltree.Node) []*xmltree.Node {
	if n == nil {
		return nil
	}
	return n.Kids
}

func (w *workbook) part(name string) (*xmltree.Node, error) {
	src, err := w.archive.Read(name)
	if err != nil {
		return nil, err
	}
	return xmltree.Parse(w.ctx, src, w.name, officeSpaces, w.config.XML)
}

func (w *workbook) readShared(part string) {
	n, err := w.part(part)
	if err != nil {
		w.warnings = append(w.warnings, "texts of the cells not read: "+err.Error())
		return
	}
	for _, si := range n.Kids {
		if si.Name == "si" {
			w.shared = append(w.shared, richText(si))
		}
	}
}

// richText joins the runs of a text, without the readings beside it (rPh).
func richText(n *xmltree.Node) string {
	var b strings.Builder
	for _, k := range n.Kids {
		switch k.Name {
		case "t":
			b.WriteString(k.Content())
		case "r":
			b.WriteString(k.Child("t").Content())
		}
	}
	return b.String()
}

// maxCells bounds what repeated and merged cells may add up to.
const maxCells = 2_000_000

// rows reads the cells of a sheet at their places; merged cells going down are repeated.
func (w *workbook) rows(n *xmltree.Node, cells *int) ([][]string, error) {
	hidden := map[int]bool{}
	for _, c := range kids(n.Child("cols")) {
		if h := c.Attr("hidden"); h == "1" || h == "true" {
			lo, _ := strconv.Atoi(c.Attr("min"))
			hi, _ := strconv.Atoi(c.Attr("max"))
			for k := max(lo, 1); k <= min(hi, w.config.MaxColumns); k++ {
				hidden[k-1] = true
			}
		}
	}
	merges := readMerges(n.Child("mergeCells"))
	var out [][]string
	last := 0
	for _, r := range kids(n.Child("sheetData")) {
		if r.Name != "row" {
			continue
		}
		at, err := strconv.Atoi(r.Attr("r"))
		if err != nil || at <= last {
			at = last + 1
		}
		if at > last+1 && len(out) > 0 {
			out = append(out, nil) // one empty row stands for any number of them
		}
		last = at
		if h := r.Attr("hidden"); h == "1" || h == "true" {
			continue
		}
		row := w.cells(r, at, merges)
		kept := row[:0]
		for k, c := range row {
			if !hidden[k] {
				kept = append(kept, c)
			}
		}
		out = append(out, kept)
		if *cells += len(kept) + 1; *cells > maxCells || len(out) > w.config.MaxRows*2 {
			return nil, fault.New(fault.TooLarge, "%s: more cells than the limit: split it", w.name)
		}
	}
	return out, nil
}

func (w *workbook) cells(r *xmltree.Node, at int, merges []*merge) []string {
	var row []string
	col := -1
	for _, c := range r.Kids {
		if c.Name != "c" {
			continue
		}
		if k := column(c.Attr("r")); k >= 0 {
			col = k
		} else {
			col++
		}
		if col >= w.config.MaxColumns {
			break
		}
		for len(row) <= col {
			row = append(row, "")
		}
		row[col] = w.value(c)
	}
	for _, m := range merges {
		if at < m.top || at > m.bottom || m.left >= w.config.MaxColumns {
			continue
		}
		for len(row) <= m.left {
			row = append(row, "")
		}
		if at == m.top {
			m.text = row[m.left]
		} else if row[m.left] == "" {
			row[m.left] = m.text
		}
	}
	return row
}

// value is what a cell shows.
func (w *workbook) value(c *xmltree.Node) string {
	v := c.Child("v").Content()
	switch c.Attr("t") {
	case "s":
		if i, err := strconv.Atoi(strings.TrimSpace(v)); err == nil && i >= 0 && i < len(w.shared) {
			return w.shared[i]
		}
		return ""
	case "inlineStr":
		if is := c.Child("is"); is != nil {
			return richText(is)
		}
		return ""
	case "b":
		if v == "1" {
			return "VERO"
		}
		return "FALSO"
	case "e":
		return ""
	case "str", "d":
		return v
	}
	i, _ := strconv.Atoi(c.Attr("s"))
	if i < 0 || i >= len(w.formats) {
		return numberFormat{}.show(v, w.date1904)
	}
	return w.formats[i].show(v, w.date1904)
}

// column reads the letters of a reference: "AB12" is 27.
func column(ref string) int {
	n := 0
	for i := 0; i < len(ref) && i < 3; i++ {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		n = n*26 + int(c-'A') + 1
	}
	return n - 1
}

// merge is a merged range: rows from 1, columns from 0.
type merge struct {
	left, top, bottom int
	text              string
}

// readMerges keeps the ranges that go down over rows.
func readMerges(n *xmltree.Node) []*merge {
	var out []*merge
	for _, k := range kids(n) {
		from, to, ok := strings.Cut(k.Attr("ref"), ":")
		if !ok || len(out) > 2000 {
			continue
		}
		m := &merge{left: column(from), top: rowOf(from), bottom: rowOf(to)}
		if m.left >= 0 && m.top > 0 && m.bottom > m.top && m.bottom-m.top < 5000 {
			out = append(out, m)
		}
	}
	return out
}

func rowOf(ref string) int {
	n, _ := strconv.Atoi(strings.TrimLeft(strings.ToUpper(ref), "ABCDEFGHIJKLMNOPQRSTUVWXYZ$"))
	return n
}
