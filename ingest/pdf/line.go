package pdf

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
)

// segment is a run of words on one baseline without a wide gap.
type segment struct {
	box
	words []word
	size  float64
	index int // for whoever groups segments
}

// line is one line of the output: a printed line of a column, or a row of a table.
type line struct {
	box
	segs  []segment
	text  string
	size  float64
	bold  bool
	col   int      // lines of one column share it
	row   bool     // of a table
	cells []string // of a row
	head  string   // of a row: the header it stands under
	wraps bool     // the paragraph goes on in the next line
}

// wideGap is how far apart two words are, in heights of their font, when they belong to different cells or columns. The
// widest spaces of justified Italian text measured stay under it.
const wideGap = 1.4

// markerGap is the same after the number or bullet of a list item, which a tab sets off.
const markerGap = 4.0

var marker = regexp.MustCompile(`^([-–—•●▪◦○□❑☐✓➢►▶·*o☒→]|\(?(\d{1,3}|[a-zA-Z]|[ivx]{1,4})(-?(bis|ter|quater))?[.)])$`)

// segments groups words by baseline and cuts at wide gaps.
func segments(words []word) []segment {
	ws := slices.Clone(words)
	slices.SortStableFunc(ws, func(a, b word) int { return cmp.Compare(a.midY(), b.midY()) })
	var rows [][]word
	var mid, size float64
	for _, w := range ws {
		if n := len(rows); n > 0 && math.Abs(w.midY()-mid) < 0.5*min(max(size, w.size*0.7), w.size*1.6) {
			rows[n-1] = append(rows[n-1], w)
			if w.size > size {
				size, mid = w.size, w.midY()
			}
			continue
		}
		rows = append(rows, []word{w})
		mid, size = w.midY(), w.size
	}
	var out []segment
	for _, r := range rows {
		slices.SortStableFunc(r, func(a, b word) int { return cmp.Compare(a.x0, b.x0) })
		for i, w := range r {
			if i > 0 {
				s := &out[len(out)-1]
				gap := wideGap
				if len(s.words) == 1 && marker.MatchString(s.words[0].text) {
					gap = markerGap
				}
				if w.x0-s.x1 < gap*min(s.size, max(w.size, s.size*0.6)) {
					s.words = append(s.words, w)
					s.box, s.size = s.box.union(w.box), max(s.size, w.size)
					continue
				}
			}
			out = append(out, segment{box: w.box, words: []word{w}, size: w.size})
		}
	}
	return out
}

// text joins the words of a segment by spaces.
func (s segment) text() string {
	var b strings.Builder
	for i, w := range logical(s.words) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.text)
	}
	return b.String()
}

// bold says whether most letters of the segment are bold.
func (s segment) bold() bool {
	all, bold := 0, 0
	for _, w := range s.words {
		all += len(w.text)
		if w.bold {
			bold += len(w.text)
		}
	}
	return bold*10 > all*8
}

// rows puts segments that share a baseline together, from top to bottom, each row from left to right.
func rows(segs []segment) [][]segment {
	ss := slices.Clone(segs)
	slices.SortStableFunc(ss, func(a, b segment) int { return cmp.Compare(a.midY(), b.midY()) })
	var out [][]segment
	var mid, size float64
	for _, s := range ss {
		if n := len(out); n > 0 && math.Abs(s.midY()-mid) < 0.5*min(max(size, s.size*0.7), s.size*1.6) {
			out[n-1] = append(out[n-1], s)
			continue
		}
		out = append(out, []segment{s})
		mid, size = s.midY(), s.size
	}
	for _, r := range out {
		slices.SortStableFunc(r, func(a, b segment) int { return cmp.Compare(a.x0, b.x0) })
	}
	return out
}

// newLine makes a line of the segments of a row.
func newLine(segs []segment, col int) line {
	l := line{box: segs[0].box, segs: segs, col: col, bold: true}
	parts := make([]string, len(segs))
	for i, s := range segs {
		l.box, l.size = l.box.union(s.box), max(l.size, s.size)
		l.bold = l.bold && s.bold()
		parts[i] = s.text()
	}
	l.text = strings.Join(parts, " ")
	return l
}
