package ingest

import (
	"regexp"
	"strings"
	"unicode"
)

// line is a line of the source on its way to becoming part of the text.
type line struct {
	text   string
	page   int
	kind   BlockKind
	level  int
	header string
	wraps  bool
	bold   bool
	upper  bool // in capitals
	part   *Part

	cand   candidate // what it may be the heading of
	mark   mark      // what it is the heading or start of
	rubric bool      // it belongs to the rubric of the heading above, or is that heading
	index  bool      // it belongs to a table of contents
	runIn  int       // where the text begins on a heading's own line, when mark.body

	start, end int // bytes of Document.Text
}

// mark is a structural start that was decided.
type mark struct {
	kind      SectionKind
	number    string
	rubric    string
	level     int
	body      bool // the heading's own line goes on with text
	operative bool // the operative part of a resolution
	top       bool // it closes everything above it
}

func (m mark) isHeading() bool {
	switch m.kind {
	case SecComma, SecLettera, SecNumero, "":
		return false
	}
	return !m.body
}

// newScan turns blocks into clean lines; blocks without text are kept only when they declare a part.
func newScan(p *Parsed) *scan {
	s := &scan{}
	for _, b := range p.Blocks {
		parts := strings.Split(b.Text, "\n")
		if b.Kind == Mark && b.Part != nil {
			s.declared = true
		}
		added := 0
		for k, t := range parts {
			t = clean(t)
			if t == "" && (b.Kind != Mark || added > 0 || k < len(parts)-1) {
				continue
			}
			l := line{text: t, page: max(b.Page, 0), kind: b.Kind, level: b.Level, header: clean(b.Header), bold: b.Bold, upper: isUpper(t)}
			l.wraps = b.Wraps && k == len(parts)-1 && b.Kind != Row
			if b.Kind == Mark && added == 0 {
				l.part = b.Part
			}
			added++
			if n := len(s.lines); n > 0 && l.page < s.lines[n-1].page {
				l.page = s.lines[n-1].page
			}
			if p.Pages > 0 && l.page > p.Pages {
				l.page = p.Pages
			}
			s.lines = append(s.lines, l)
		}
	}
	s.mend()
	return s
}

var (
	bareNoteRE = regexp.MustCompile(`^\(\d{1,2}\)$`)
	numeroRE   = regexp.MustCompile(`(?i)(?:^|\s)(?:n|nn|art|artt|co|lett|dell|d\.lgs|l)\s?[.°]$`)
)

// mend joins what a page tore apart: a sentence around the mark of a footnote that stands a little higher, a number after "n.".
func (s *scan) mend() {
	for i := 1; i < len(s.lines); i++ {
		prev, l := &s.lines[i-1], &s.lines[i]
		if prev.kind != Paragraph || l.kind != Paragraph || prev.text == "" || prev.page == 0 || l.page-prev.page > 1 {
			continue
		}
		switch {
		case bareNoteRE.MatchString(l.text):
			if !sentenceEnd(prev.text) && !prev.upper {
				prev.wraps, l.wraps = true, true
			}
		case numeroRE.MatchString(prev.text) && l.text[0] >= '0' && l.text[0] <= '9':
			prev.wraps = true
		}
	}
}

// clean folds white space of every kind into single spaces and drops what cannot be shown.
func clean(t string) string {
	var b strings.Builder
	b.Grow(len(t))
	space := false
	for _, r := range strings.ToValidUTF8(t, "") {
		switch {
		case unicode.IsSpace(r):
			space = true
			continue
		case r == '\u00ad' || r == '\u200b' || r == '\ufeff' || r == '\ufffd' || r < ' ' || r == 0x7f:
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}

// isUpper says whether a text is written in capitals: at least three letters, all of them large.
func isUpper(t string) bool {
	n := 0
	for _, r := range t {
		if unicode.IsUpper(r) {
			n++
		} else if unicode.IsLetter(r) && r != 'ª' && r != 'º' {
			return false
		}
	}
	return n >= 3
}

// plain is the text of a line with the bars between cells taken out, for headings that a table layout caught.
func (l *line) plain() string {
	if l.kind != Row {
		return l.text
	}
	return clean(strings.ReplaceAll(l.text, " | ", " "))
}

// sentenceEnd says whether a line ends where a sentence or a point of a list ends.
func sentenceEnd(t string) bool {
	t = strings.TrimRight(t, "»”\"' ")
	return t == "" || strings.ContainsRune(".;:!?", rune(t[len(t)-1]))
}

// startsLower says whether the first letter of a text, when it is its first character, is small.
func startsLower(t string) bool {
	for _, r := range t {
		return unicode.IsLower(r)
	}
	return false
}

func startsUpper(t string) bool {
	for _, r := range t {
		return unicode.IsUpper(r) || unicode.IsTitle(r)
	}
	return false
}
