package ingest

import "strings"

// Window is the default limit of a chunk in tokens: the 512 that e5 reads, less its prefix "passage: " and its two marks.
const Window = 505

// Target is the size that long texts are cut to, in tokens, when the limit allows it: a vector of a shorter text is sharper.
// An article that fits in the window stays whole all the same. By Tokens, which counts a third too many, it is about 300 real ones.
const Target = 400

// Split cuts a document into chunks of at most limit tokens as count measures them on Document.Indexed (breadcrumb, lead and
// text together); limit <= 0 means Window, a nil count means Tokens.
//
// An article is one chunk when it fits, else a run of its commi; no chunk holds text of two articles. What is too long for
// a chunk is cut between paragraphs, then sentences, then words. Rows of a table come with the table's header in Lead, later
// points of a list with the sentence that opens the list. Tables of contents are left out, and so are the bare headings of
// larger parts, which stand in the breadcrumb of everything below them.
//
// A breadcrumb or lead that would fill more than a third of the limit is shortened. Only when limit is smaller than a few words can a
// chunk exceed it.
func Split(d *Document, count func(string) int, limit int) []Chunk {
	if limit <= 0 {
		limit = Window
	}
	if count == nil {
		count = Tokens
	}
	s := &splitter{d: d, count: count, limit: limit, target: min(limit, Target)}
	groups := s.groups()
	for i := range groups {
		s.group(groups[i])
	}
	for i := range s.out {
		c := &s.out[i]
		c.Ordinal = i
		c.PageFirst, c.PageLast = d.Page(c.Start), d.Page(max(c.End-1, c.Start))
	}
	return s.out
}

// splitter is the state of one call of Split.
type splitter struct {
	d      *Document
	count  func(string) int
	limit  int
	target int
	out    []Chunk
}

// group is a run of paragraphs that belong to the same article, annex, preamble or heading.
type group struct {
	owner int // index of the section, -1 for none
	paras []para
}

// para is a paragraph or row of the text.
type para struct {
	start, end int
	comma      int // index of the comma it lies in, -1 for none
	table      int // index of the table it is a row of, -1 for none
}

func (g group) start() int { return g.paras[0].start }
func (g group) end() int   { return g.paras[len(g.paras)-1].end }

// groups gives the paragraphs of the text by owner, in order, without tables of contents.
func (s *splitter) groups() []group {
	var out []group
	secs := s.d.Sections
	next := 0 // first section that starts after the current position
	var open []int
	text := s.d.Text
	for pos := 0; pos < len(text); {
		end := strings.IndexByte(text[pos:], '\n')
		if end < 0 {
			end = len(text)
		} else {
			end += pos
		}
		for next < len(secs) && secs[next].Start <= pos {
			open = append(open, next)
			next++
		}
		live := open[:0]
		for _, i := range open {
			if secs[i].End > pos {
				live = append(live, i)
			}
		}
		open = live
		p := para{start: pos, end: end, comma: -1, table: -1}
		owner, skip := -1, false
		for _, i := range open {
			switch secs[i].Kind {
			case SecIndex:
				skip = true
			case SecComma:
				p.comma = i
			case SecLettera, SecNumero:
			case SecTable:
				p.table = i
			default:
				owner = i
			}
		}
		if p.end > p.start && !skip && strings.TrimSpace(text[p.start:p.end]) != "" {
			if n := len(out); n > 0 && out[n-1].owner == owner && out[n-1].end()+1 == pos {
				out[n-1].paras = append(out[n-1].paras, p)
			} else {
				out = append(out, group{owner: owner, paras: []para{p}})
			}
		}
		pos = end + 1
	}
	return s.withoutBareHeadings(out)
}

// withoutBareHeadings drops the headings that are nothing but a title above other sections, and joins the others to what follows.
func (s *splitter) withoutBareHeadings(in []group) []group {
	var out []group
	for i, g := range in {
		if !s.isBare(g) {
			out = append(out, g)
			continue
		}
		if s.hasChildren(g.owner) || s.d.Sections[g.owner].Kind == SecPreamble {
			continue
		}
		if i+1 < len(in) && g.end()+1 == in[i+1].start() && !s.isArticle(in[i+1].owner) && !s.isArticle(g.owner) {
			in[i+1].paras = append(append([]para{}, g.paras...), in[i+1].paras...)
			continue
		}
		out = append(out, g)
	}
	return out
}

// isBare says whether a group is only the heading of its section: its letters are those of the label, number and rubric.
func (s *splitter) isBare(g group) bool {
	if g.owner < 0 {
		return false
	}
	sec := s.d.Sections[g.owner]
	n := 0
	for _, p := range g.paras {
		n += alnum(s.d.Text[p.start:p.end])
	}
	if sec.Kind == SecPreamble { // a cover that says the title and nothing else
		return n <= alnum(s.d.Title) && len(s.d.Sections) > 1
	}
	return n <= headingSize(sec)
}

// headingSize bounds the letters and digits of a section's heading; a footnote mark may stand in it.
func headingSize(sec Section) int {
	n := alnum(sec.Number) + alnum(sec.Rubric)
	if sec.Kind != SecHeading {
		n += len(sec.Kind) + 1
	}
	return n
}

// alnum counts the letters and digits of a text.
func alnum(t string) int {
	n := 0
	for _, r := range t {
		if isWord(r) {
			n++
		}
	}
	return n
}

// hasChildren says whether a section holds others that have a breadcrumb of their own.
func (s *splitter) hasChildren(owner int) bool {
	if owner+1 >= len(s.d.Sections) || s.d.Sections[owner+1].Parent != owner {
		return false
	}
	switch s.d.Sections[owner+1].Kind {
	case SecComma, SecLettera, SecNumero, SecTable:
		return false
	}
	return true
}

func (s *splitter) isArticle(owner int) bool {
	return owner >= 0 && s.d.Sections[owner].Kind == SecArticle
}

// group cuts one group into chunks.
func (s *splitter) group(g group) {
	crumb, article := s.breadcrumb(g.owner), s.article(g.owner)
	lead := ""
	if len(s.out) == 0 && s.d.Form != nil {
		lead = s.shorten(s.d.Form.lead(crumb+"\n"+s.d.Text[g.start():g.end()]), s.limit/3)
	}
	whole := s.target
	if article != "" {
		whole = s.limit
	}
	b := batch{splitter: s, crumb: crumb, article: article}
	if b.size(lead, g.start(), g.end()) <= whole {
		b.emit(lead, g.start(), g.end())
		return
	}
	b.pack(g, lead)
}
