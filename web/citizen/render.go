package citizen

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sportello/ingest"
)

// block is a heading, a paragraph, a table or the mark of a page, in the order of the document.
type block struct {
	Level    int    // of a heading, 2 to 6; 0 for the rest
	ID       string // anchor, empty for most
	Segments []segment
	Rows     [][][]segment // of a table: rows of cells
	PageMark int           // number of the page that begins here
	Indent   bool          // a lettera or numero
	start    int
}

// segment is a run of text, marked when it is cited. First carries the anchor of the citation.
type segment struct {
	Text        string
	Mark, First bool
}

// Text gives the block's words.
func (b block) Text() string {
	var out strings.Builder
	for _, s := range b.Segments {
		out.WriteString(s.Text)
	}
	return out.String()
}

const (
	maxLevel        = 6
	maxHeadingLines = 4
	cellSeparator   = " | "
)

// renderer walks a document's text once and cuts it at line ends and at the starts of sections.
type renderer struct {
	d        *ingest.Document
	from, to int // marked bytes
	marked   bool
	ids      map[string]bool
	blocks   []block
}

func render(d *ingest.Document, from, to int) []block {
	r := &renderer{d: d, from: from, to: to, ids: map[string]bool{}}
	starts := map[int][]int{} // offset -> sections that start there
	var cuts []int
	for i, s := range d.Sections {
		starts[s.Start] = append(starts[s.Start], i)
		cuts = append(cuts, s.Start)
	}
	for i, c := range d.Text {
		if c == '\n' {
			cuts = append(cuts, i+1)
		}
	}
	cuts = append(cuts, len(d.Text))
	slices.Sort(cuts)
	page, heading := 0, -1 // heading: end of the heading being read
	at := 0
	for _, cut := range slices.Compact(cuts) {
		if cut <= at {
			continue
		}
		for page < len(d.PageStarts) && d.PageStarts[page] <= at {
			page++
			r.blocks = append(r.blocks, block{PageMark: page, ID: r.id("page-" + strconv.Itoa(page)), start: at})
		}
		start, end := trim(d.Text, at, cut)
		sections := starts[at]
		at = cut
		if start == end {
			continue
		}
		if n := len(r.blocks); start < heading && n > 0 && r.blocks[n-1].Level > 0 {
			r.blocks[n-1].Segments = append(r.blocks[n-1].Segments, segment{Text: " "})
			r.blocks[n-1].Segments = append(r.blocks[n-1].Segments, r.segments(start, end)...)
			continue
		}
		b := block{start: start}
		for _, i := range sections {
			s := d.Sections[i]
			if b.ID == "" && s.EID != "" {
				b.ID = r.id(s.EID)
			}
			if hasHeading(s.Kind) {
				b.Level = r.level(i)
				heading = headingEnd(d.Text, s)
			}
			b.Indent = s.Kind == ingest.SecLettera || s.Kind == ingest.SecNumero
		}
		r.add(b, start, end)
	}
	return r.blocks
}

// add appends a line as a heading, a row of a table or a paragraph.
func (r *renderer) add(b block, start, end int) {
	line := r.d.Text[start:end]
	if b.Level > 0 || !strings.Contains(line, cellSeparator) {
		b.Segments = r.segments(start, end)
		r.blocks = append(r.blocks, b)
		return
	}
	var cells [][]segment
	at := start
	for cell := range strings.SplitSeq(line, cellSeparator) {
		cells = append(cells, r.segments(at, at+len(cell)))
		at += len(cell) + len(cellSeparator)
	}
	if n := len(r.blocks); n > 0 && r.blocks[n-1].Rows != nil {
		r.blocks[n-1].Rows = append(r.blocks[n-1].Rows, cells)
		return
	}
	b.Rows = [][][]segment{cells}
	r.blocks = append(r.blocks, b)
}

// segments cuts [start,end) at the bounds of the citation.
func (r *renderer) segments(start, end int) []segment {
	a, b := max(start, r.from), min(end, r.to)
	if a >= b {
		return []segment{{Text: r.d.Text[start:end]}}
	}
	var out []segment
	if a > start {
		out = append(out, segment{Text: r.d.Text[start:a]})
	}
	out = append(out, segment{Text: r.d.Text[a:b], Mark: true, First: !r.marked})
	r.marked = true
	if b < end {
		out = append(out, segment{Text: r.d.Text[b:end]})
	}
	return out
}

// id gives an anchor once; a second section with the same eId gets none.
func (r *renderer) id(s string) string {
	if s == "cited" || r.ids[s] || strings.ContainsAny(s, " \t\n") {
		return ""
	}
	r.ids[s] = true
	return s
}

// level counts the headings above a section, so that no level is skipped.
func (r *renderer) level(i int) int {
	level := 2
	for up := r.d.Sections[i].Parent; up >= 0 && up < i; up = r.d.Sections[up].Parent {
		if hasHeading(r.d.Sections[up].Kind) {
			level++
		}
		i = up
	}
	return min(level, maxLevel)
}

func hasHeading(k ingest.SectionKind) bool {
	switch k {
	case ingest.SecPart, ingest.SecTitolo, ingest.SecCapo, ingest.SecSezione, ingest.SecArticle, ingest.SecAllegato, ingest.SecHeading:
		return true
	}
	return false
}

// headingEnd gives where the heading of a section ends: with its first line, or with the line that completes its rubric.
func headingEnd(text string, s ingest.Section) int {
	want := strings.Join(strings.Fields(s.Rubric), "")
	at, have := s.Start, ""
	for range maxHeadingLines {
		end := strings.IndexByte(text[at:s.End], '\n')
		if end < 0 {
			end = s.End - at
		} else {
			end++
		}
		have += strings.Join(strings.Fields(text[at:at+end]), "")
		at += end
		if strings.Contains(have, want) {
			return at
		}
		if at >= s.End {
			break
		}
	}
	first := strings.IndexByte(text[s.Start:s.End], '\n')
	if first < 0 {
		return s.End
	}
	return s.Start + first
}

// findArticle gives the section of an article or allegato by number; of several, the one that holds the byte at.
func findArticle(d *ingest.Document, number string, at int) *ingest.Section {
	want := articleKey(number)
	if want == "" {
		return nil
	}
	var found *ingest.Section
	for i := range d.Sections {
		s := &d.Sections[i]
		isArticle := s.Kind == ingest.SecArticle && articleKey(s.Number) == want
		isAllegato := s.Kind == ingest.SecAllegato && articleKey("allegato "+s.Number) == want
		if !isArticle && !isAllegato {
			continue
		}
		if found == nil || at >= s.Start && at < s.End && at > 0 {
			found = s
		}
	}
	return found
}

func articleKey(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == '-' || r == '.' }), "-")
}

// span reads the bounds of a citation; anything wrong marks nothing.
func span(text, start, end string) (int, int) {
	a, errA := strconv.Atoi(start)
	b, errB := strconv.Atoi(end)
	if start == "" {
		a, errA = 0, nil // left out of addresses when it is 0
	}
	if errA != nil || errB != nil || a < 0 || b <= a || b > len(text) || !boundary(text, a) || !boundary(text, b) {
		return 0, 0
	}
	return a, b
}

func boundary(text string, i int) bool { return i == len(text) || utf8.RuneStart(text[i]) }

func trim(text string, start, end int) (int, int) {
	for start < end && (text[start] == '\n' || text[start] == ' ' || text[start] == '\t' || text[start] == '\r' || text[start] == '\f') {
		start++
	}
	for end > start && (text[end-1] == '\n' || text[end-1] == ' ' || text[end-1] == '\t' || text[end-1] == '\r' || text[end-1] == '\f') {
		end--
	}
	return start, end
}
