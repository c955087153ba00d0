package html

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"sportello/ingest"
)

// maxColumns bounds what colspan may ask for.
const maxColumns = 200

type cell struct {
	text  string
	links []link
	th    bool
	span  int // columns
	rows  int // rows it goes down
}

// table reads a table as rows with their header; a table that only lays out the page is read as what it holds, and one that
// lists files as one item a file.
func (w *walker) table(n *html.Node) {
	trs, head := rowsOf(n)
	if caption := find(n, atom.Caption); caption != nil && !w.page.skipped(caption) {
		w.buf.WriteRune(boldOn)
		w.children(caption)
		w.buf.WriteRune(boldOff)
		w.flush()
	}
	if layout(n, trs) {
		for _, tr := range trs {
			for _, c := range cellsOf(tr) {
				w.walk(c)
				w.flush()
			}
		}
		return
	}
	grid, heads := w.grid(trs, head)
	if w.fileList(grid) {
		return
	}
	w.rows(grid, heads)
}

// rowsOf gives the rows of a table, not of tables inside it, and how many of them are in its head.
func rowsOf(n *html.Node) (trs []*html.Node, head int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || hidden(c) {
			continue
		}
		switch c.DataAtom {
		case atom.Tr:
			trs = append(trs, c)
		case atom.Thead, atom.Tbody, atom.Tfoot:
			inner, _ := rowsOf(c)
			trs = append(trs, inner...)
			if c.DataAtom == atom.Thead {
				head = len(trs)
			}
		}
	}
	return trs, head
}

func cellsOf(tr *html.Node) []*html.Node {
	var out []*html.Node
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if (c.DataAtom == atom.Td || c.DataAtom == atom.Th) && !hidden(c) {
			out = append(out, c)
		}
	}
	return out
}

func find(n *html.Node, kind atom.Atom) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == kind {
			return c
		}
	}
	return nil
}

// layout says whether a table has no columns to speak of, or holds tables, headings or long texts.
func layout(n *html.Node, trs []*html.Node) bool {
	if role := attr(n, "role"); role == "presentation" || role == "none" {
		return true
	}
	columns := 0
	for _, tr := range trs {
		cells := cellsOf(tr)
		columns = max(columns, len(cells))
		for _, c := range cells {
			paragraphs := 0
			for d := next(c, c); d != nil; d = next(d, c) {
				switch d.DataAtom {
				case atom.Table, atom.H1, atom.H2, atom.H3, atom.H4, atom.Article, atom.Section:
					return true
				case atom.P:
					paragraphs++
				}
			}
			if paragraphs > 4 && len(rawText(c)) > 1500 {
				return true
			}
		}
	}
	return columns < 2
}

// grid reads the cells; a cell that goes down several rows is repeated, so that each row can be read alone.
func (w *walker) grid(trs []*html.Node, head int) (grid [][]cell, heads int) {
	var down []cell // cells of rows above that go on, by column
	for i, tr := range trs {
		var row []cell
		col := 0
		carry := func() {
			for col < len(down) && down[col].rows > 0 {
				c := down[col]
				down[col].rows--
				c.span = 1
				row = append(row, c)
				col++
			}
		}
		allHead := true
		for _, td := range cellsOf(tr) {
			carry()
			text, links := w.inlineText(td)
			c := cell{text: text, links: links, th: td.DataAtom == atom.Th, span: number(attr(td, "colspan"), 1, maxColumns), rows: number(attr(td, "rowspan"), 1, 1000) - 1}
			allHead = allHead && c.th
			row = append(row, c)
			for k := 0; k < c.span && col < maxColumns; k++ {
				for len(down) <= col {
					down = append(down, cell{})
				}
				down[col] = cell{text: c.text, links: c.links, th: c.th, rows: c.rows}
				col++
			}
		}
		carry()
		if (i < head || allHead && i == heads) && len(row) > 0 {
			heads = i + 1
		}
		grid = append(grid, row)
	}
	return grid, heads
}

func number(s string, least, most int) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return least
	}
	return min(max(n, least), most)
}

func texts(row []cell) []string {
	out := make([]string, 0, len(row))
	for _, c := range row {
		out = append(out, c.text)
		for k := 1; k < c.span; k++ {
			out = append(out, "")
		}
	}
	return out
}

// rows adds a data table. A head cell over the whole width is its title.
func (w *walker) rows(grid [][]cell, heads int) {
	for heads > 0 && len(grid) > 0 && len(grid[0]) == 1 {
		if t := grid[0][0].text; t != "" {
			w.out = append(w.out, ingest.Block{Text: t, Bold: true})
		}
		grid, heads = grid[1:], heads-1
	}
	if heads == 0 {
		plain := make([][]string, len(grid))
		for i, row := range grid {
			plain[i] = texts(row)
		}
		if ingest.LooksLikeHeader(plain) {
			heads = 1
		}
	}
	header := ""
	for i, row := range grid {
		text := ingest.RowText(texts(row))
		if text == "" {
			continue
		}
		b := ingest.Block{Kind: ingest.Row, Text: text}
		if i < heads {
			header = strings.TrimSpace(header + " " + text)
			b.Bold = true
		} else {
			b.Header = header
			var all []link
			for _, c := range row {
				all = append(all, c.links...)
			}
			if len(all) > 0 {
				if target := sameTarget(all); target != nil && !strings.HasPrefix(target.href, "#") {
					b.Link = target.href
				}
			}
		}
		w.out = append(w.out, b)
	}
}

var reDivider = regexp.MustCompile(`^[-–—_=*.•~ ]{3,}(.*?)[-–—_=*.•~ ]{3,}$`)

// fileList adds a table whose rows are each one link to a file, with a size or a date beside it: one item a file under the
// table's title. It says false, adding nothing, when the table is anything else.
func (w *walker) fileList(grid [][]cell) bool {
	files := 0
	for _, row := range grid {
		if len(row) == 0 {
			continue
		}
		target, _, ok := fileRow(row)
		switch {
		case ok && target != nil:
			files++
		case !ok && !isTitleRow(row, grid):
			return false
		}
	}
	if files == 0 {
		return false
	}
	level := min(w.level+1, 6)
	for _, row := range grid {
		target, name, ok := fileRow(row)
		switch {
		case !ok || target == nil:
			if len(row) > 0 && row[0].text != "" && isTitleRow(row, grid) {
				w.out = append(w.out, ingest.Block{Kind: ingest.Heading, Level: level, Text: joined(row)})
			}
		case reDivider.MatchString(name): // "------ RESIDENZA ------": a title among the files
			if s := strings.TrimSpace(reDivider.FindStringSubmatch(name)[1]); s != "" {
				w.out = append(w.out, ingest.Block{Kind: ingest.Heading, Level: min(level+1, 6), Text: s})
			}
		default:
			kind := fileType(target.href)
			if kind == "" {
				w.out = append(w.out, ingest.Block{Kind: ingest.Item, Text: name, Link: target.href})
				continue
			}
			w.out = append(w.out, ingest.Block{Kind: ingest.Item, Text: fileText(name, kind), Link: target.href})
		}
	}
	return true
}

// fileRow gives the one link of a row and what it is called. ok is false when the row says more than that; an empty row is
// ok without a link.
func fileRow(row []cell) (target *link, name string, ok bool) {
	var all []link
	var beside []string
	for _, c := range row {
		if len(c.links) > 0 {
			all = append(all, c.links...)
			if t := ingest.Squeeze(c.text); t != "" && (name == "" || reGeneric.MatchString(name)) {
				name = t
			}
		} else if c.text != "" {
			beside = append(beside, c.text)
		}
	}
	if len(all) == 0 {
		return nil, "", len(beside) == 0
	}
	target = sameTarget(all)
	if target == nil {
		return nil, "", false
	}
	rest := strings.Join(beside, " ")
	if name == "" || reGeneric.MatchString(name) {
		said := slices.DeleteFunc(slices.Clone(beside), onlyLink)
		switch {
		case len(said) == 1: // the link says "download", the cell beside it what
			name, rest = said[0], ""
		case len(said) > 1:
			return target, "", false
		case target.title != "":
			name = target.title
		}
	}
	return target, name, name != "" && onlyLink(rest)
}

// isTitleRow says whether a row is a title over the list: a single text, or head cells only.
func isTitleRow(row []cell, grid [][]cell) bool {
	filled, heads := 0, 0
	for _, c := range row {
		if c.text != "" {
			filled++
			if c.th {
				heads++
			}
		}
		if len(c.links) > 0 || utf8.RuneCountInString(c.text) > 120 {
			return false
		}
	}
	return filled > 0 && (heads == filled || filled == 1 && &row[0] == &grid[0][0])
}

func joined(row []cell) string { return ingest.RowText(texts(row)) }
