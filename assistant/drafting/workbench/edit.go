package workbench

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sportello/assistant/drafting"
	"sportello/assistant/fault"
)

var signs = map[drafting.Layout]string{
	drafting.Heading: "# ", drafting.Centre: "^ ", drafting.Numbered: "+ ", drafting.Bullet: "- ", drafting.Right: "> ",
}

var layouts = map[string]drafting.Layout{"#": drafting.Heading, "^": drafting.Centre, "+": drafting.Numbered, "-": drafting.Bullet, ">": drafting.Right}

// line writes a paragraph as a person edits it: the sign of its layout, and its words.
func line(p drafting.Paragraph) string {
	text := strings.Join(strings.Fields(p.Text()), " ")
	if p.Layout == drafting.Plain && startsWithSign(text) {
		return `\` + text // words that look like a sign
	}
	return signs[p.Layout] + text
}

func startsWithSign(text string) bool {
	first, _, _ := strings.Cut(text, " ")
	return layouts[first] != "" || strings.HasPrefix(text, "|") || strings.HasPrefix(text, `\`)
}

func lines(paragraphs []drafting.Paragraph) []string {
	out := make([]string, len(paragraphs))
	for i, p := range paragraphs {
		out[i] = line(p)
	}
	return out
}

// Text writes a part as a person edits it: a line is a paragraph.
func Text(p *drafting.Part) string { return strings.Join(lines(paragraphsOf(p)), "\n") }

// MostPart is how long a part may be, in characters.
const MostPart = 60000

// SetText gives a part another text. Words that were there keep their origin, the others are of the person.
func (w *Work) SetText(part, text, by string) error {
	p := w.Part(part)
	if p == nil {
		return fault.New(fault.NotFound, "the act has no part %q", part)
	}
	if utf8.RuneCountInString(text) > MostPart {
		return fault.New(fault.TooLarge, "a part has at most %d characters", MostPart)
	}
	w.set(p, rewritten(p.Paragraphs, text, by))
	return nil
}

// set gives a part other paragraphs; what the template gave is kept to follow the fields.
func (w *Work) set(p *drafting.Part, paragraphs []drafting.Paragraph) {
	if slices.Equal(lines(p.Paragraphs), lines(paragraphs)) && len(w.Base[p.ID]) == 0 {
		p.Paragraphs = renumbered(paragraphs) // an origin may have changed: a proposal was accepted
		return
	}
	if w.Base == nil {
		w.Base = map[string][]string{}
	}
	if _, ok := w.Base[p.ID]; !ok {
		w.Base[p.ID] = lines(p.Paragraphs)
	}
	w.late(p.ID, false) // whoever writes the part has seen it
	p.Paragraphs = renumbered(paragraphs)
}

// Insert puts paragraphs into a part, after as many as it says; at the end when there are fewer.
func (w *Work) Insert(part string, after int, paragraphs ...drafting.Paragraph) error {
	p := w.Part(part)
	if p == nil {
		return fault.New(fault.NotFound, "the act has no part %q", part)
	}
	if after < 0 || after > len(p.Paragraphs) {
		after = len(p.Paragraphs)
	}
	w.set(p, slices.Insert(slices.Clone(p.Paragraphs), after, paragraphs...))
	return nil
}

// Changed says whether a part was changed by hand.
func (w *Work) Changed(part string) bool { _, ok := w.Base[part]; return ok }

// rewritten reads the text of a part that was changed.
func rewritten(before []drafting.Paragraph, text, by string) []drafting.Paragraph {
	var now []string
	for l := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		if l = strings.Join(strings.Fields(l), " "); l != "" {
			now = append(now, l)
		}
	}
	was := lines(before)
	out := make([]drafting.Paragraph, 0, len(now))
	b, n := 0, 0
	hunk := func(bEnd, nEnd int) {
		for ; n < nEnd; n++ {
			var old *drafting.Paragraph
			if b < bEnd {
				old = &before[b]
				b++
			}
			out = append(out, paragraph(now[n], old, by))
		}
		b = bEnd
	}
	for _, pair := range match(was, now) {
		hunk(pair[0], pair[1])
		out = append(out, before[pair[0]])
		b, n = pair[0]+1, pair[1]+1
	}
	hunk(len(was), len(now))
	return out
}

// paragraph reads a line; old is what stood in its place, nil when it is new.
func paragraph(text string, old *drafting.Paragraph, by string) drafting.Paragraph {
	var p drafting.Paragraph
	sign, rest, spaced := strings.Cut(text, " ")
	switch {
	case layouts[sign] != "" && spaced:
		p.Layout, text = layouts[sign], strings.TrimSpace(rest)
	case strings.HasPrefix(text, "|"):
		p.Layout = drafting.Row
	default:
		text = strings.TrimPrefix(text, `\`)
	}
	if old == nil {
		p.Pieces = []drafting.Piece{{Text: text, Origin: drafting.FromPerson, Source: by}}
		return p
	}
	p.Pieces = origins(old.Pieces, text, by)
	return p
}

// token is a word, a sign or a space, with where it comes from.
type token struct {
	text  string
	piece int
}

// origins gives a text in pieces: words that are in the old pieces keep their origin, the others are of the person.
func origins(old []drafting.Piece, text, by string) []drafting.Piece {
	var was []token
	for i, p := range old {
		for _, t := range tokens(p.Text) {
			was = append(was, token{t, i})
		}
	}
	now := tokens(text)
	words := make([]string, len(was))
	for i, t := range was {
		words[i] = t.text
	}
	from := make([]int, len(now))
	for i := range from {
		from[i] = -1
	}
	for _, pair := range match(words, now) {
		from[pair[1]] = was[pair[0]].piece
	}
	// A space between two words of the person is the person's: else every sentence would be cut to pieces.
	for i, t := range now {
		if strings.TrimSpace(t) == "" && i > 0 && i+1 < len(now) && from[i-1] == -1 && from[i+1] == -1 {
			from[i] = -1
		}
	}
	var out []drafting.Piece
	for i, t := range now {
		if n := len(out); n > 0 && i > 0 && from[i] == from[i-1] {
			out[n-1].Text += t
			continue
		}
		if from[i] < 0 {
			out = append(out, drafting.Piece{Text: t, Origin: drafting.FromPerson, Source: by})
			continue
		}
		piece := old[from[i]]
		piece.Text = t
		out = append(out, piece)
	}
	return out
}

func tokens(text string) (out []string) {
	kind := func(r rune) int {
		switch {
		case unicode.IsSpace(r):
			return 1
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return 2
		}
		return 0
	}
	start, last := 0, 0
	for i, r := range text {
		k := kind(r)
		if i > start && (k != last || k == 0) {
			out = append(out, text[start:i])
			start = i
		}
		last = k
	}
	if start < len(text) {
		out = append(out, text[start:])
	}
	return out
}

// renumbered numbers the numbered paragraphs of a part anew.
func renumbered(paragraphs []drafting.Paragraph) []drafting.Paragraph {
	out := slices.Clone(paragraphs)
	n := 0
	for i := range out {
		out[i].Number = 0
		if out[i].Layout == drafting.Numbered {
			n++
			out[i].Number = n
		}
	}
	return out
}
