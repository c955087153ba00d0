package workbench

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"sportello/assistant/drafting"
	"sportello/assistant/fault"
)

// Change is what a person did to an act at some revision: facts, or the text of a part.
type Change struct {
	Facts map[string]any // nil: it is the text of a part
	Part  string
	Text  string
	By    string
}

// Conflict is what two people changed differently at the same time.
type Conflict struct {
	Field  string // name of a field, or
	Part   string // of a part
	Label  string
	Base   string
	Mine   string
	Theirs string
}

// Apply makes a change that was made to base on present, which somebody else may have changed since. When both changed the same, nothing
// is done and the conflicts are given. base may be nil when it is no longer known: then every difference is one.
func (c Change) Apply(l *drafting.Library, base, present *Work) (*Work, []Conflict, error) {
	out, err := present.Clone()
	if err != nil {
		return nil, nil, err
	}
	if c.Facts != nil {
		facts, conflicts, err := c.facts(l, base, present)
		if err != nil || len(conflicts) > 0 {
			return nil, conflicts, err
		}
		return out, nil, out.Fill(l, facts)
	}
	theirs := present.Part(c.Part)
	if theirs == nil {
		return nil, nil, fault.New(fault.NotFound, "the act has no part %q", c.Part)
	}
	var was *drafting.Part
	if base != nil {
		was = base.Part(c.Part)
	}
	mine := rewritten(paragraphsOf(was), c.Text, c.By)
	if was != nil && slices.Equal(lines(was.Paragraphs), lines(theirs.Paragraphs)) {
		return out, nil, out.SetText(c.Part, c.Text, c.By)
	}
	merged, conflict := merge3(lines(paragraphsOf(was)), mine, theirs.Paragraphs)
	if conflict || was == nil && !slices.Equal(lines(mine), lines(theirs.Paragraphs)) {
		return nil, []Conflict{{Part: c.Part, Label: theirs.Title, Base: Text(was), Mine: c.Text, Theirs: Text(theirs)}}, nil
	}
	out.set(out.Part(c.Part), merged)
	return out, nil, nil
}

func (c Change) facts(l *drafting.Library, base, present *Work) (map[string]any, []Conflict, error) {
	t, err := l.Template(present.Draft.Type)
	if err != nil {
		return nil, nil, err
	}
	out := maps.Clone(present.Facts)
	if out == nil {
		out = map[string]any{}
	}
	var was map[string]any
	if base != nil {
		was = base.Facts
	}
	var conflicts []Conflict
	for _, f := range t.Fields {
		mine, before, theirs := plain(c.Facts[f.Name]), plain(was[f.Name]), plain(present.Facts[f.Name])
		if base != nil && mine == before || mine == theirs {
			continue
		}
		if base == nil || before != theirs {
			conflicts = append(conflicts, Conflict{Field: f.Name, Label: f.Label, Base: before, Mine: mine, Theirs: theirs})
			continue
		}
		if mine == "" {
			delete(out, f.Name)
			continue
		}
		out[f.Name] = c.Facts[f.Name]
	}
	return out, conflicts, nil
}

// plain writes a value for comparing and showing.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	text, err := json.Marshal(v)
	if err != nil || string(text) == "[]" {
		return ""
	}
	return string(text)
}

// ItemName is the name of a field of an entry of a list: "voci.0.nome".
func ItemName(list string, i int, field string) string {
	name := list + "." + strconv.Itoa(i)
	if field != "" {
		name += "." + field
	}
	return name
}
