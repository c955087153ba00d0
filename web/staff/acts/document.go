package acts

import (
	"regexp"
	"slices"
	"strings"

	"sportello/assistant/drafting"
	"sportello/assistant/drafting/reference"
	"sportello/assistant/drafting/rule"
	"sportello/assistant/drafting/workbench"
	"sportello/assistant/store"
	"sportello/locales"
)

// docPart is a part of the document as the page shows it.
type docPart struct {
	ID, Title string
	Changed   bool // by hand
	Late      bool // a field changed words that were rewritten by hand
	Proposed  bool // holds words of a model that nobody accepted
	Prompt    bool // a model may be asked for it
	Editing   bool
	Blocks    []docBlock
	Findings  []rule.Finding
	Comments  []store.ActComment
	Sources   []source
	Text      string // for editing
	Lines     []string
}

// docBlock is a paragraph, or a table of rows that follow each other.
type docBlock struct {
	Layout drafting.Layout
	Number int
	Runs   []run
	Table  [][][]run
}

// run is words with one link, or none.
type run struct {
	Ref      *refView
	Segments []segment
}

// segment is words of one origin.
type segment struct {
	Text   string
	Origin drafting.Origin
	Source string
	Verify string // address of what has to be filled in; empty: nothing
}

// refView is a reference of the text.
type refView struct {
	Status reference.Status
	Why    string
	Link   string
	Text   string
	Style  string
}

// source is where words of a part come from.
type source struct {
	Origin drafting.Origin
	What   string // label of the field, passage, person
	Count  int
}

var verifyForm = regexp.MustCompile(`\[VERIFICARE:[^\]]*\]`)

// view draws the document of an act with what the checks say of it.
type view struct {
	b      *bench
	review *workbench.Review
	fields map[string]drafting.Field // by name
	labels map[string]string         // name of a field by its label
	edit   string                    // part that is being edited
	part   string                    // that is being drawn
}

func newView(b *bench, r *workbench.Review, editing string) *view {
	v := &view{b: b, review: r, fields: map[string]drafting.Field{}, labels: map[string]string{}, edit: editing}
	for _, f := range b.template.Fields {
		v.fields[f.Name] = f
		if v.labels[f.Label] == "" {
			v.labels[f.Label] = f.Name
		}
	}
	return v
}

// parts gives the parts of the document in order.
func (v *view) parts(comments []store.ActComment) []docPart {
	var out []docPart
	at := 0 // bytes of Draft.Text
	for i := range v.b.work.Draft.Parts {
		part := &v.b.work.Draft.Parts[i]
		d := docPart{
			ID: part.ID, Title: part.Title, Changed: v.b.work.Changed(part.ID), Late: v.b.work.Late[part.ID], Editing: part.ID == v.edit, Text: workbench.Text(part),
			Prompt: slices.ContainsFunc(v.b.template.Prompts, func(p drafting.Prompt) bool { return p.Part == part.ID }),
		}
		start := at
		v.part = part.ID
		for j := range part.Paragraphs {
			p := &part.Paragraphs[j]
			v.paragraph(&d, p, at)
			at += len(p.Line()) + 1
			d.Lines = append(d.Lines, short60(p.Line()))
		}
		if at > start {
			at++
		}
		d.Sources = v.sources(part)
		d.Proposed = slices.ContainsFunc(d.Sources, func(s source) bool { return s.Origin == drafting.FromModel })
		for _, f := range v.review.Findings {
			if f.Part == part.ID {
				d.Findings = append(d.Findings, f)
			}
		}
		for _, c := range comments {
			if c.Part == part.ID {
				d.Comments = append(d.Comments, c)
			}
		}
		out = append(out, d)
	}
	return out
}

func short60(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}

// paragraph draws one, whose line begins at a place of the text.
func (v *view) paragraph(d *docPart, p *drafting.Paragraph, at int) {
	if p.Layout == drafting.Row {
		var cells [][]run
		for _, c := range rowPieces(p.Pieces) {
			cells = append(cells, v.runs(c, -1))
		}
		if n := len(d.Blocks); n > 0 && d.Blocks[n-1].Table != nil {
			d.Blocks[n-1].Table = append(d.Blocks[n-1].Table, cells)
			return
		}
		d.Blocks = append(d.Blocks, docBlock{Layout: p.Layout, Table: [][][]run{cells}})
		return
	}
	d.Blocks = append(d.Blocks, docBlock{Layout: p.Layout, Number: p.Number, Runs: v.runs(p.Pieces, at+len(p.Line())-len(p.Text()))})
}

// rowPieces cuts the pieces of a row into cells.
func rowPieces(pieces []drafting.Piece) [][]drafting.Piece {
	cells := [][]drafting.Piece{nil}
	for _, p := range pieces {
		for i, text := range strings.Split(p.Text, "|") {
			if i > 0 {
				cells = append(cells, nil)
			}
			if strings.TrimSpace(text) != "" {
				last := len(cells) - 1
				cells[last] = append(cells[last], drafting.Piece{Text: text, Origin: p.Origin, Source: p.Source})
			}
		}
	}
	if len(cells) > 1 { // the row begins and ends with a bar
		cells = cells[1:]
	}
	if n := len(cells); n > 1 && cells[n-1] == nil {
		cells = cells[:n-1]
	}
	return cells
}

// runs cuts pieces where references and things to verify begin and end. at is the place of the first byte in the text; -1: no references.
func (v *view) runs(pieces []drafting.Piece, at int) []run {
	var text strings.Builder
	cuts := []int{0}
	for _, p := range pieces {
		text.WriteString(p.Text)
		cuts = append(cuts, text.Len())
	}
	whole := text.String()
	open := verifyForm.FindAllStringIndex(whole, -1)
	for _, m := range open {
		cuts = append(cuts, m[0], m[1])
	}
	type placed struct {
		from, to int
		view     *refView
	}
	var refs []placed
	if at >= 0 {
		for i := range v.review.References {
			c := &v.review.References[i]
			from, to := c.Start-at, c.End-at
			if from < 0 || to > len(whole) || from >= to {
				continue
			}
			refs = append(refs, placed{from, to, &refView{Status: c.Status, Why: c.Why, Link: c.Link, Style: c.Style, Text: whole[from:to]}})
			cuts = append(cuts, from, to)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var out []run
	piece, end := 0, 0
	if len(pieces) > 0 {
		end = len(pieces[0].Text)
	}
	for i := 0; i+1 < len(cuts); i++ {
		from, to := cuts[i], cuts[i+1]
		for from >= end && piece+1 < len(pieces) {
			piece++
			end += len(pieces[piece].Text)
		}
		s := segment{Text: whole[from:to], Origin: pieces[piece].Origin, Source: v.sourceName(pieces[piece])}
		var ref *refView
		for _, r := range refs {
			if r.from <= from && to <= r.to {
				ref = r.view
			}
		}
		for _, m := range open {
			if m[0] <= from && to <= m[1] {
				s.Verify = v.fix(pieces[piece], whole[m[0]:m[1]])
			}
		}
		if n := len(out); n > 0 && out[n-1].Ref == ref && (ref != nil || s.Verify == "") {
			out[n-1].Segments = append(out[n-1].Segments, s)
			continue
		}
		out = append(out, run{ref, []segment{s}})
	}
	return out
}

// fix is where something to verify is filled in: its field, or the part itself.
func (v *view) fix(p drafting.Piece, text string) string {
	if _, ok := v.fields[p.Source]; ok {
		return "#" + fieldID(p.Source)
	}
	what := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(text, "[VERIFICARE:"), "]"))
	if name := v.labels[what]; name != "" {
		return "#" + fieldID(name)
	}
	return "?part=" + v.part + "#p-" + v.part
}

// sourceName is what a piece comes from, for people.
func (v *view) sourceName(p drafting.Piece) string {
	if f, ok := v.fields[p.Source]; ok && p.Origin != drafting.FromPerson {
		return f.Label
	}
	return p.Source
}

func (v *view) sources(part *drafting.Part) []source {
	var out []source
	for _, p := range part.Paragraphs {
		for _, x := range p.Pieces {
			s := source{Origin: x.Origin, What: v.sourceName(x)}
			if x.Origin == drafting.FromTemplate {
				s.What = ""
			}
			i := slices.IndexFunc(out, func(o source) bool { return o.Origin == s.Origin && o.What == s.What })
			if i < 0 {
				out = append(out, s)
				i = len(out) - 1
			}
			out[i].Count++
		}
	}
	order := []drafting.Origin{drafting.FromModel, drafting.FromPerson, drafting.FromPassage, drafting.FromField, drafting.FromTemplate}
	slices.SortStableFunc(out, func(a, b source) int { return slices.Index(order, a.Origin) - slices.Index(order, b.Origin) })
	return out
}

// openItem is something to verify, with where it is filled in.
type openItem struct {
	Part, PartTitle, What, Link string
}

func (v *view) open() []openItem {
	var out []openItem
	for i := range v.b.work.Draft.Parts {
		part := &v.b.work.Draft.Parts[i]
		v.part = part.ID
		for _, p := range part.Paragraphs {
			for _, piece := range p.Pieces {
				for _, m := range verifyForm.FindAllString(piece.Text, -1) {
					item := openItem{part.ID, part.Title, strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(m, "[VERIFICARE:"), "]")), v.fix(piece, m)}
					if !slices.Contains(out, item) {
						out = append(out, item)
					}
				}
			}
		}
	}
	return out
}

// general are the findings that are of no part: what is missing.
func (v *view) general() []rule.Finding {
	var out []rule.Finding
	for _, f := range v.review.Findings {
		if f.Part == "" || v.b.work.Part(f.Part) == nil {
			out = append(out, f)
		}
	}
	return out
}

func funcs(*locales.Localizer) map[string]any {
	return map[string]any{
		"blocks":   func(f rule.Finding) bool { return f.Severity == rule.Blocks },
		"layout":   func(l drafting.Layout) string { return string(l) },
		"markedAs": func(o drafting.Origin) string { return "o-" + string(o) },
	}
}
