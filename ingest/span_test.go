package ingest

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

var eidRE = regexp.MustCompile(`^[a-z]+(?:_[0-9A-Za-z-]+)?(?:__[a-z]+(?:_[0-9A-Za-z-]+)?)*$`)

// checkSpans checks what holds of every document: sections inside the text, in order, nested in their parents, with eIds that are
// well formed and unique; pages in order.
func checkSpans(t *testing.T, d *Document) {
	t.Helper()
	if !utf8.ValidString(d.Text) {
		t.Error("the text is not UTF-8")
	}
	seen := map[string]bool{}
	last := 0
	for i, s := range d.Sections {
		if s.Start < 0 || s.End < s.Start || s.End > len(d.Text) {
			t.Fatalf("section %d %s %s spans %d-%d of %d", i, s.Kind, s.Number, s.Start, s.End, len(d.Text))
		}
		if s.Start < last {
			t.Errorf("section %d begins before the one above it", i)
		}
		last = s.Start
		if s.Parent >= i {
			t.Errorf("section %d comes before its parent %d", i, s.Parent)
		}
		if s.Parent >= 0 {
			if p := d.Sections[s.Parent]; s.Start < p.Start || s.End > p.End {
				t.Errorf("section %d %s %s (%d-%d) is not inside its parent %s %s (%d-%d)", i, s.Kind, s.Number, s.Start, s.End, p.Kind, p.Number, p.Start, p.End)
			}
		}
		if seen[s.EID] {
			t.Errorf("eId %s is given twice", s.EID)
		}
		seen[s.EID] = true
		if !eidRE.MatchString(s.EID) {
			t.Errorf("eId %q is not well formed", s.EID)
		}
	}
	if len(d.PageStarts) != d.Pages && d.Pages > 0 {
		t.Errorf("%d pages begin, want %d", len(d.PageStarts), d.Pages)
	}
	for i := 1; i < len(d.PageStarts); i++ {
		if d.PageStarts[i] < d.PageStarts[i-1] || d.PageStarts[i] > len(d.Text) {
			t.Errorf("page %d begins at %d, after %d", i+1, d.PageStarts[i], d.PageStarts[i-1])
		}
	}
}

// checkChunks checks what holds of every split: chunks inside the text, in order, without overlap, none longer than the limit, none
// over two articles; all the text in them but tables of contents and the bare headings that the breadcrumbs repeat.
func checkChunks(t *testing.T, d *Document, chunks []Chunk, count func(string) int, limit int) {
	t.Helper()
	if limit <= 0 {
		limit = Window
	}
	covered := make([]bool, len(d.Text))
	last := 0
	for i, c := range chunks {
		if c.Ordinal != i || c.Start < last || c.End <= c.Start || c.End > len(d.Text) {
			t.Fatalf("chunk %d spans %d-%d after %d of %d", i, c.Start, c.End, last, len(d.Text))
		}
		last = c.End
		if !utf8.ValidString(d.Text[c.Start:c.End]) {
			t.Errorf("chunk %d cuts a letter", i)
		}
		if strings.TrimSpace(d.Text[c.Start:c.End]) == "" {
			t.Errorf("chunk %d is empty", i)
		}
		if n := count(d.Indexed(c)); n > limit {
			t.Errorf("chunk %d counts %d, the limit is %d", i, n, limit)
		}
		for k := c.Start; k < c.End; k++ {
			covered[k] = true
		}
		if c.Section >= 0 {
			if s := d.Sections[c.Section]; c.Start < s.Start || c.End > s.End {
				t.Errorf("chunk %d is not inside its section", i)
			}
		}
	}
	for i, s := range d.Sections {
		if s.Kind == SecPreamble && alnum(d.Text[s.Start:s.End]) <= alnum(d.Title) {
			for k := s.Start; k < s.End; k++ {
				covered[k] = true
			}
		}
		switch s.Kind {
		case SecIndex:
			for k := s.Start; k < s.End; k++ {
				if covered[k] {
					t.Errorf("a table of contents is in a chunk")
					break
				}
				covered[k] = true
			}
		case SecArticle:
			for _, c := range chunks {
				if c.Start < s.Start && c.End > s.Start && i > 0 || c.Start < s.End && c.End > s.End {
					t.Errorf("chunk %d crosses the bounds of article %s", c.Ordinal, s.Number)
				}
			}
		default: // the heading of a section that has others below it stands in their breadcrumbs
			if i+1 < len(d.Sections) && d.Sections[i+1].Parent == i {
				if alnum(d.Text[s.Start:d.Sections[i+1].Start]) > headingSize(s) {
					break
				}
				for k := s.Start; k < d.Sections[i+1].Start; k++ {
					covered[k] = true
				}
			}
		}
	}
	for k := range covered {
		if !covered[k] && d.Text[k] != '\n' && d.Text[k] != ' ' {
			t.Fatalf("%q at %d is in no chunk", excerpt(d.Text[k:min(k+60, len(d.Text))]), k)
		}
	}
}
