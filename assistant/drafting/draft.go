package drafting

import (
	"regexp"
	"strings"
	"time"
)

// Origin says where a piece of text comes from.
type Origin string

// The origins. What a model phrased stays Model until a person accepts or changes it: then it is Person.
const (
	FromTemplate Origin = "template"
	FromField    Origin = "field"
	FromPassage  Origin = "passage"
	FromModel    Origin = "model"
	FromPerson   Origin = "person"
)

// State is how far a draft is.
type State string

// The states of a draft, in order.
const (
	InDraft  State = "draft"
	InReview State = "in_review"
	Approved State = "approved" // for export
)

// Piece is a run of text of one origin.
type Piece struct {
	Text   string `json:"text"`
	Origin Origin `json:"origin"`
	Source string `json:"source,omitempty"` // the field, the passage's document, the model's name, the person
}

// Layout is how a paragraph stands on the page.
type Layout string

// The layouts. In testo.txt a line begins with the sign that is beside each.
const (
	Plain    Layout = ""         // nothing
	Heading  Layout = "heading"  // #
	Centre   Layout = "centre"   // ^
	Numbered Layout = "numbered" // +
	Bullet   Layout = "bullet"   // -
	Right    Layout = "right"    // >
	Row      Layout = "row"      // |, cells between bars; the first row of a table is its header
)

// Paragraph is one line of a template.
type Paragraph struct {
	Layout Layout  `json:"layout,omitempty"`
	Number int     `json:"number,omitempty"` // of a Numbered one, from 1 in its part
	Pieces []Piece `json:"pieces"`
}

// Text gives the words of a paragraph without its layout.
func (p Paragraph) Text() string {
	var b strings.Builder
	for _, x := range p.Pieces {
		b.WriteString(x.Text)
	}
	return b.String()
}

// Cells gives the cells of a Row.
func (p Paragraph) Cells() []string {
	cells := strings.Split(strings.Trim(strings.TrimSpace(p.Text()), "|"), "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}

// Part is a named part of an act: oggetto, premesse, dispositivo…
type Part struct {
	ID         string      `json:"id"`
	Title      string      `json:"title"`
	Optional   bool        `json:"optional,omitempty"`
	Paragraphs []Paragraph `json:"paragraphs"`
}

// Draft is an act that is being written.
type Draft struct {
	Type     string         `json:"type"`   // name of the template
	Title    string         `json:"title"`  // of the template: "Determina di affidamento diretto"
	Family   string         `json:"family"` // determina, delibera, ordinanza, decreto, provvedimento, lettera, avviso, verbale
	Traits   []string       `json:"traits,omitempty"`
	Template Version        `json:"template"`
	Facts    map[string]any `json:"facts"`
	Parts    []Part         `json:"parts"`
	State    State          `json:"state"`
	Revision int            `json:"revision"` // counts changes, for two people who work at once
	MadeAt   time.Time      `json:"made_at"`
}

// Version identifies the template a draft was made from.
type Version struct {
	Name    string `json:"name"`
	Version int    `json:"version"`
	SHA256  string `json:"sha256"`
}

// Span is a part's place in Draft.Text.
type Span struct {
	Part       string
	Start, End int
}

// Text gives the whole act as plain text, one line a paragraph and an empty line between parts. It is what checks read and
// what an exported file has to say.
func (d *Draft) Text() string {
	text, _ := d.Spans()
	return text
}

// Spans gives the text with the places of its parts.
func (d *Draft) Spans() (string, []Span) {
	var b strings.Builder
	var spans []Span
	for _, part := range d.Parts {
		start := b.Len()
		for _, p := range part.Paragraphs {
			b.WriteString(p.Line() + "\n")
		}
		if b.Len() == start {
			continue
		}
		spans = append(spans, Span{part.ID, start, b.Len()})
		b.WriteString("\n")
	}
	return strings.TrimRight(b.String(), "\n") + "\n", spans
}

// Line gives a paragraph as a line of plain text: numbered ones with their number, rows with bars.
func (p Paragraph) Line() string {
	switch p.Layout {
	case Numbered:
		return itoa(p.Number) + ") " + p.Text()
	case Bullet:
		return "- " + p.Text()
	case Row:
		return strings.Join(p.Cells(), " | ")
	}
	return p.Text()
}

var openForm = regexp.MustCompile(`\[VERIFICARE:[^\]]*\]`)

// Open is something that a person still has to verify or fill in.
type Open struct {
	Part string `json:"part"`
	What string `json:"what"`
}

// Open gives what is left to verify, in order.
func (d *Draft) Open() []Open {
	var out []Open
	for _, part := range d.Parts {
		for _, p := range part.Paragraphs {
			for _, m := range openForm.FindAllString(p.Text(), -1) {
				out = append(out, Open{part.ID, strings.TrimSpace(m[len("[VERIFICARE:") : len(m)-1])})
			}
		}
	}
	return out
}

// Unaccepted gives the parts that hold text of a model which no person has accepted yet.
func (d *Draft) Unaccepted() []string {
	var out []string
	for _, part := range d.Parts {
		for _, p := range part.Paragraphs {
			for _, x := range p.Pieces {
				if x.Origin == FromModel && (len(out) == 0 || out[len(out)-1] != part.ID) {
					out = append(out, part.ID)
				}
			}
		}
	}
	return out
}

// Verify marks something to be verified.
func Verify(what string) string {
	return "[VERIFICARE: " + strings.NewReplacer("[", "(", "]", ")").Replace(what) + "]"
}

// Day gives the day of an act, ISO 8601: that of the session, else that of the proposal; "" when neither is known.
func (d *Draft) Day() string {
	for _, name := range []string{"seduta.data", "data"} {
		if t, ok := day(d.fact(name)); ok {
			return t.Format(time.DateOnly)
		}
	}
	return ""
}

// Body gives the name of the body whose act it is; "" when it is not known.
func (d *Draft) Body() string { return plain(d.fact("ente.nome")) }

// fact reads a fact by its name, in a group or with its dots.
func (d *Draft) fact(name string) any {
	if v, ok := d.Facts[name]; ok {
		return v
	}
	at := d.Facts
	parts := strings.Split(name, ".")
	for _, p := range parts[:len(parts)-1] {
		group, ok := at[p].(map[string]any)
		if !ok {
			return nil
		}
		at = group
	}
	return at[parts[len(parts)-1]]
}

// Fact gives a fact as it was given, in words; "" for one that is missing.
func (d *Draft) Fact(name string) string { return plain(d.fact(name)) }
