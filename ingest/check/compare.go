package check

import (
	"strings"

	"sportello/ingest"
)

// Change says what became of a part between two versions.
type Change string

// The changes.
const (
	Added   Change = "added"
	Removed Change = "removed"
	Changed Change = "changed"
	Moved   Change = "moved" // the same text under another number
	Same    Change = "same"
)

// Difference is one part of two versions: an article, an allegato, or what stands outside of them.
type Difference struct {
	Change   Change
	EID      string // in the new version; of what was removed, in the old one
	Old, New string // headings: "Art. 12 Riduzioni"; empty where it is not
	OldText  string
	NewText  string
}

// part is what is compared as a whole.
type part struct {
	eid, heading, text, flat string
}

// Compare gives the parts of two versions of a document side by side, in the order of the new one, removed ones where they stood.
// A part is known by its eId; one whose text is under another eId was moved.
func Compare(old, now *ingest.Document) []Difference {
	a, b := parts(old), parts(now)
	byID, byText := map[string]int{}, map[string]int{}
	for i, p := range a {
		byID[p.eid] = i
		if _, twice := byText[p.flat]; !twice {
			byText[p.flat] = i
		}
	}
	taken := make([]bool, len(a))
	match := make([]int, len(b))
	for i, p := range b { // the same place with the same text, then the same text elsewhere, then the same place
		match[i] = -1
		if j, ok := byID[p.eid]; ok && a[j].flat == p.flat {
			match[i], taken[j] = j, true
		}
	}
	for i, p := range b {
		if j, ok := byText[p.flat]; match[i] < 0 && ok && !taken[j] {
			match[i], taken[j] = j, true
		}
	}
	for i, p := range b {
		if j, ok := byID[p.eid]; match[i] < 0 && ok && !taken[j] {
			match[i], taken[j] = j, true
		}
	}
	return merge(a, b, match, taken)
}

// merge writes the differences, each removed part before the first new one that comes after it.
func merge(a, b []part, match []int, taken []bool) []Difference {
	var out []Difference
	removed := 0
	drop := func(until int) {
		for ; removed < until; removed++ {
			if !taken[removed] {
				out = append(out, Difference{Change: Removed, EID: a[removed].eid, Old: a[removed].heading, OldText: a[removed].text})
			}
		}
	}
	for i, p := range b {
		d := Difference{Change: Added, EID: p.eid, New: p.heading, NewText: p.text}
		if j := match[i]; j >= 0 {
			drop(j)
			d.Old, d.OldText = a[j].heading, a[j].text
			switch {
			case a[j].flat != p.flat:
				d.Change = Changed
			case a[j].eid != p.eid:
				d.Change = Moved
			default:
				d.Change = Same
			}
		}
		out = append(out, d)
	}
	drop(len(a))
	return out
}

// parts cuts a document into its articles and allegati, and what stands between them. A document without articles is cut at
// its headings, or is one part.
func parts(d *ingest.Document) []part {
	kinds := map[ingest.SectionKind]bool{ingest.SecArticle: true, ingest.SecAllegato: true, ingest.SecPreamble: true}
	if !has(d, ingest.SecArticle) {
		kinds[ingest.SecHeading] = true
	}
	var out []part
	at, ids := 0, map[string]int{}
	add := func(eid, heading string, start, end int) {
		text := strings.TrimSpace(d.Text[start:end])
		if text == "" {
			return
		}
		if ids[eid]++; ids[eid] > 1 {
			eid += "~" + strings.Repeat("i", ids[eid]-1)
		}
		out = append(out, part{eid, heading, text, flat(text)})
	}
	for i := range d.Sections {
		s := &d.Sections[i]
		if !kinds[s.Kind] || s.Start < at { // inside one that was taken
			continue
		}
		end := s.End
		for j := i + 1; j < len(d.Sections) && s.Kind != ingest.SecArticle; j++ { // an allegato ends where its first article begins
			if d.Sections[j].Start >= end {
				break
			}
			if d.Sections[j].Kind == ingest.SecArticle {
				end = d.Sections[j].Start
				break
			}
		}
		add("between", "", at, s.Start)
		add(s.EID, heading(s), s.Start, end)
		at = end
	}
	add("between", "", at, len(d.Text))
	return out
}

// heading writes what a part is called.
func heading(s *ingest.Section) string {
	label := map[ingest.SectionKind]string{ingest.SecArticle: "Art. ", ingest.SecAllegato: "Allegato "}[s.Kind]
	return strings.TrimSpace(label + s.Number + " " + s.Rubric)
}

// flat is a text without what two readings of the same words may differ in: spaces and its own number.
func flat(text string) string {
	words := strings.Fields(text)
	for i := range words {
		if i < 3 && (strings.EqualFold(strings.Trim(words[i], ".:-–"), "art") || strings.EqualFold(words[i], "articolo")) && i+1 < len(words) {
			words = append(words[:i], words[i+2:]...)
			break
		}
	}
	return strings.Join(words, " ")
}

// Segment is a run of words that two texts share, or that only one of them has.
type Segment struct {
	Text    string
	Changed bool
}

// maxWords bounds the comparison by words: longer texts are shown whole, as changed.
const maxWords = 3000

// Words gives the words of an old and a new text with those marked that the other has not (longest common subsequence).
func Words(old, now string) (a, b []Segment) {
	x, y := split(old), split(now)
	if len(x) > maxWords || len(y) > maxWords {
		return []Segment{{old, true}}, []Segment{{now, true}}
	}
	width := len(y) + 1
	table := make([]uint16, (len(x)+1)*width)
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			switch {
			case x[i].text == y[j].text:
				table[i*width+j] = table[(i+1)*width+j+1] + 1
			default:
				table[i*width+j] = max(table[(i+1)*width+j], table[i*width+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(x) || j < len(y) {
		switch {
		case i < len(x) && j < len(y) && x[i].text == y[j].text:
			a, b = grow(a, x[i], false), grow(b, y[j], false)
			i, j = i+1, j+1
		case j == len(y) || i < len(x) && table[(i+1)*width+j] >= table[i*width+j+1]:
			a = grow(a, x[i], true)
			i++
		default:
			b = grow(b, y[j], true)
			j++
		}
	}
	return a, b
}

// word is a word with what stands before it: nothing, a space or the end of a line. Two words are the same when their text is.
type word struct{ gap, text string }

func split(s string) (words []word) {
	for line := range strings.Lines(s) {
		gap := "\n"
		for text := range strings.FieldsSeq(line) {
			if len(words) == 0 {
				gap = ""
			}
			words = append(words, word{gap, text})
			gap = " "
		}
	}
	return words
}

func grow(all []Segment, w word, changed bool) []Segment {
	if n := len(all); n > 0 && all[n-1].Changed == changed {
		all[n-1].Text += w.gap + w.text
		return all
	}
	return append(all, Segment{w.gap + w.text, changed})
}
