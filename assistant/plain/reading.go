package plain

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"sportello/assistant/lexicon"
)

// Reading is a text made easier to read.
type Reading struct {
	Facts []Fact
	Parts []Part
	Laws  []string // the references that were folded, as they are written
	Words []Word   // words of offices, each once, in order
}

// Kind says what a part is to the one before it.
type Kind string

// The kinds of part.
const (
	Main  Kind = "main"
	Title Kind = "title" // a heading in capitals
	Point Kind = "point" // of a list
	If    Kind = "if"    // a condition
	But   Kind = "but"   // an exception
	Also  Kind = "also"  // something that is added
)

// Part is a piece of a sentence.
type Part struct {
	Kind Kind
	Runs []Run
}

// Run is a stretch of words, or a folded reference.
type Run struct {
	Text string // literal, with single spaces
	Law  int    // position from 1 in Laws; the words are those of Laws
}

// Text gives the words of a part, references included.
func (p Part) Text(laws []string) string {
	var out []string
	for _, r := range p.Runs {
		if r.Law > 0 {
			out = append(out, laws[r.Law-1])
			continue
		}
		out = append(out, r.Text)
	}
	return strings.Join(out, " ")
}

// Short says whether there was nothing to take apart: one short part and no fact.
func (r *Reading) Short() bool { return len(r.Parts) <= 1 && len(r.Facts) == 0 && len(r.Laws) == 0 }

// shortSentence is how many words read easily in one breath; a sentence that has no more stays whole. The style manuals of Italian
// administrations give 20 to 25.
const shortSentence = 18

// marker is what a comma or an item of a list begins with.
var marker = regexp.MustCompile(`^(?:[-–—•●▪■□◦*·✓✔➢❖☐]\s*|[ox]\s+|[\x{f020}-\x{f0ff}]\s*|\(?(?:[a-z]{1,2}|\d{1,2}(?:-?(?:bis|ter|quater))?)[).]\s+)`)

// elsewhere stands where a quote leaves something out.
const elsewhere = "[…]"

// Read takes a quote apart. Italian only: that is what acts are written in.
func Read(text string) *Reading {
	r := &Reading{}
	for block := range strings.SplitSeq(text, elsewhere) {
		for _, s := range lexicon.Sentences(block) {
			r.sentence(block[s.Start:s.End])
		}
	}
	var shown []string
	for _, p := range r.Parts {
		for _, run := range p.Runs {
			shown = append(shown, run.Text)
		}
	}
	r.Words = words(strings.Join(shown, "\n"))
	return r
}

// sentence adds one sentence.
func (r *Reading) sentence(s string) {
	mark := marker.FindString(s)
	kind := Main
	if mark != "" && !unicode.IsDigit(firstLetter(mark)) {
		kind = Point
	}
	s = strings.TrimSpace(s[len(mark):])
	if s == "" {
		return
	}
	if kind == Main && s == strings.ToUpper(s) && strings.IndexFunc(s, unicode.IsLetter) >= 0 {
		r.Parts = append(r.Parts, Part{Title, []Run{{Text: tidy(s)}}})
		return
	}
	laws := folds(s)
	r.facts(s, laws)
	at, opens := 0, kind
	for _, c := range append(cuts(s, laws), cut{len(s), Main}) {
		r.part(opens, s, at, c.at, laws)
		at, opens = c.at, c.kind
	}
}

// part adds the bytes [from, to) of a sentence.
func (r *Reading) part(kind Kind, s string, from, to int, laws []span) {
	p := Part{Kind: kind}
	say := func(a, b int) {
		if text := tidy(s[a:b]); text != "" {
			p.Runs = append(p.Runs, Run{Text: text})
		}
	}
	at := from
	for _, l := range laws {
		if l.start < from || l.end > to {
			continue
		}
		say(at, l.start)
		r.Laws = append(r.Laws, tidy(s[l.start:l.end]))
		p.Runs = append(p.Runs, Run{Law: len(r.Laws)})
		at = l.end
	}
	say(at, to)
	if len(p.Runs) > 0 {
		r.Parts = append(r.Parts, p)
	}
}

func tidy(s string) string { return strings.Join(strings.Fields(s), " ") }

// firstLetter gives the first letter or figure of a marker.
func firstLetter(mark string) rune {
	i := strings.IndexFunc(mark, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	if i < 0 {
		return 0
	}
	first, _ := utf8.DecodeRuneInString(mark[i:])
	return first
}

// Spaced gives the words of the run at a position in its part, with the space that separates them from what comes before.
func (r Run) Spaced(position int) string {
	if position == 0 || strings.ContainsAny(r.Text[:min(1, len(r.Text))], ",.;:)") {
		return r.Text
	}
	return " " + r.Text
}
