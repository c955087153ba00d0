package procedure

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"sportello/ingest"
)

// Source is a document that the service is about.
type Source struct {
	ID       string
	Title    string
	Document *ingest.Document
	Article  string // that an answer cited, or empty: it belongs to the service whatever its words are
}

// Span is a literal piece of a document's text.
type Span struct {
	Start, End int
	Text       string
}

// Line is what a document says under a heading.
type Line struct {
	Span
	Source  int    // position among the sources
	Article string // "12-bis", or empty
	Page    int    // 1-based, 0 without pages
	Items   []Span // of the list that Text announces
	General bool   // from an article beside those about the subject, which holds for all of its chapter
	value   int
}

// Step is a heading with what the documents say. No lines: they say nothing.
type Step struct {
	Heading Heading
	Lines   []Line
}

// Procedure is what the documents say of a service.
type Procedure struct {
	Subject string
	Steps   []Step // one for each heading, in their order
}

// Empty says whether no heading has a line.
func (p *Procedure) Empty() bool {
	return !slices.ContainsFunc(p.Steps, func(s Step) bool { return len(s.Lines) > 0 })
}

const (
	enough   = 3   // weight from which a sentence belongs to a heading
	mostOf   = 5   // lines of a heading
	mostKept = 14  // of what to bring: who forgets one comes twice
	mostList = 14  // items of a list
	longest  = 900 // characters of a sentence: what is longer was not cut well
)

// Build reads the sources for a subject ("passo carrabile"). Of a form or a service sheet everything counts, of a regulation the
// articles about the subject; an empty subject takes what the first source is about, by its title.
func (b *Builder) Build(subject string, sources []Source) *Procedure {
	p := &Procedure{Subject: subject}
	if subject == "" && len(sources) > 0 {
		p.Subject = sources[0].About()
	}
	lines := map[Heading][]Line{}
	for i, s := range sources {
		if s.Document == nil {
			continue
		}
		for _, part := range scope(s, p.Subject, i == 0, subject == "") {
			b.read(lines, i, s, part, plain(p.Subject))
		}
	}
	for _, h := range Headings() {
		p.Steps = append(p.Steps, Step{h, choose(lines[h], most(h))})
	}
	return p
}

func most(h Heading) int {
	if h == Bring {
		return mostKept
	}
	return mostOf
}

// choose keeps the lines that say most, in the order of the documents. What holds for a whole chapter is for headings about which nothing
// more special is said.
func choose(all []Line, most int) []Line {
	if slices.ContainsFunc(all, func(l Line) bool { return !l.General }) {
		all = slices.DeleteFunc(all, func(l Line) bool { return l.General })
	}
	slices.SortStableFunc(all, func(a, b Line) int { return cmp.Compare(b.value, a.value) })
	var out []Line
	for _, l := range all {
		if len(out) < most && !slices.ContainsFunc(out, func(o Line) bool { return same(o, l) }) {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(a, b Line) int { return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Start, b.Start)) })
	return out
}

// same says whether two lines overlap or read the same.
func same(a, b Line) bool {
	if a.Source == b.Source && a.Start < b.last() && b.Start < a.last() {
		return true
	}
	return plain(a.Text) == plain(b.Text)
}

// last is where a line with its items ends.
func (l Line) last() int {
	if n := len(l.Items); n > 0 {
		return max(l.End, l.Items[n-1].End)
	}
	return l.End
}

// sayable says whether a sentence can stand by itself: neither a blank to fill in nor a heap of words.
func sayable(text string) bool {
	n := utf8.RuneCountInString(text)
	if n < 12 || n > longest || strings.Contains(text, "___") || strings.Contains(text, ".....") || strings.Contains(text, "……") {
		return false
	}
	letters := 0
	for _, r := range text {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0xC0 {
			letters++
		}
	}
	return letters*2 > n
}
