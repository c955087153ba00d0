package drafting

import (
	"strings"
	"time"

	"sportello/assistant/drafting/count"
	"sportello/assistant/fault"
)

// BuildConfig says what to build.
type BuildConfig struct {
	Type  string
	Facts map[string]any // as JSON or TOML gives them; keys with dots and nested groups mean the same
	Now   time.Time
}

// Build writes a draft from a template and facts. A fact that the template does not know is fault.Invalid: a word that is
// misspelled would otherwise be missing from the act without anybody noticing. A fact that is missing is marked to be verified.
func (l *Library) Build(c BuildConfig) (*Draft, error) {
	t, err := l.Template(c.Type)
	if err != nil {
		return nil, err
	}
	facts, err := t.facts(c.Facts)
	if err != nil {
		return nil, err
	}
	d := &Draft{
		Type: t.Name, Title: t.Title, Family: t.Family, Facts: c.Facts, State: InDraft, Revision: 1, MadeAt: c.Now,
		Template: Version{t.Name, t.Version, t.SHA256},
	}
	b := &builder{library: l, template: t, facts: facts}
	for _, trait := range t.Traits {
		cond, err := parseCondition(trait.If)
		if trait.If == "" || err == nil && cond.holds(b.value) {
			d.Traits = append(d.Traits, trait.Name)
		}
	}
	for _, p := range t.parts {
		b.begin()
		if err := b.write(p.nodes, 0); err != nil {
			return nil, err
		}
		if paragraphs := b.finish(); len(paragraphs) > 0 || !p.optional {
			d.Parts = append(d.Parts, Part{ID: p.id, Title: p.title, Optional: p.optional, Paragraphs: paragraphs})
		}
	}
	return d, nil
}

// facts checks what was given against the fields and turns amounts and days into their types.
func (t *Template) facts(given map[string]any) (map[string]any, error) {
	flat := map[string]any{}
	flatten("", given, t, flat)
	out := map[string]any{}
	for name, v := range flat {
		f, ok := t.field(name, nil)
		if !ok {
			return nil, fault.New(fault.Invalid, "%s has no field %q%s: sportello draft types %s lists them", t.Name, name, closest(name, t.Fields), t.Name)
		}
		x, err := f.value(v)
		if err != nil {
			return nil, err
		}
		if x != nil {
			out[name] = x
		}
	}
	return out, nil
}

// flatten writes {"ditta":{"nome":…}} as "ditta.nome", except where a field of that name is there.
func flatten(prefix string, given map[string]any, t *Template, out map[string]any) {
	for k, v := range given {
		name := prefix + k
		group, ok := v.(map[string]any)
		if _, known := t.field(name, nil); ok && !known {
			flatten(name+".", group, t, out)
			continue
		}
		out[name] = v
	}
}

// value reads what was given for a field; nil for an empty one.
func (f Field) value(v any) (any, error) {
	if s, ok := v.(string); ok && strings.TrimSpace(s) == "" || v == nil {
		return nil, nil
	}
	if s, ok := v.(string); ok && strings.HasPrefix(strings.TrimSpace(s), "[VERIFICARE") {
		return strings.TrimSpace(s), nil
	}
	bad := func(how string) error {
		return fault.New(fault.Invalid, "%s (%s): %q is not understood: %s", f.Name, f.Label, plain(v), how)
	}
	switch f.Kind {
	case AmountField:
		if c, ok := cents(v); ok {
			return c, nil
		}
		return nil, bad(`write an amount as 1220.50 or "1.220,50"`)
	case NumberField:
		if n, ok := number(v); ok {
			return n, nil
		}
		return nil, bad("write a number")
	case DateField:
		if d, ok := day(v); ok {
			return d, nil
		}
		return nil, bad("write a day as 2026-03-02 or 02/03/2026")
	case YesField:
		if b, ok := v.(bool); ok {
			return b, nil
		}
		switch strings.ToLower(plain(v)) {
		case "si", "sì", "s", "true", "vero":
			return true, nil
		case "no", "n", "false", "falso":
			return false, nil
		}
		return nil, bad("write true or false")
	case ChoiceField:
		for _, c := range f.Choices {
			if strings.EqualFold(c, plain(v)) {
				return c, nil
			}
		}
		return nil, bad("it is one of " + strings.Join(f.Choices, ", "))
	case ListField:
		list, ok := v.([]any)
		if !ok {
			return nil, bad("write a list: [ … ]")
		}
		out := make([]any, 0, len(list))
		for _, x := range list {
			item, err := f.item(x)
			if err != nil {
				return nil, err
			}
			out = append(out, item)
		}
		return out, nil
	}
	if _, ok := v.(map[string]any); ok {
		return nil, fault.New(fault.Invalid, "%s (%s) wants a text, not a group", f.Name, f.Label)
	}
	return plain(v), nil
}

// item reads one of a list.
func (f Field) item(x any) (any, error) {
	if len(f.Fields) == 0 {
		return plain(x), nil
	}
	group, ok := x.(map[string]any)
	if !ok {
		return nil, fault.New(fault.Invalid, "%s (%s): each of the list is a group with %s", f.Name, f.Label, fieldNames(f.Fields))
	}
	out := map[string]any{}
	for k, v := range group {
		found := false
		for _, inner := range f.Fields {
			if inner.Name != k {
				continue
			}
			value, err := inner.value(v)
			if err != nil {
				return nil, err
			}
			out[k], found = value, true
		}
		if !found {
			return nil, fault.New(fault.Invalid, "%s has no %q: each of the list has %s", f.Name, k, fieldNames(f.Fields))
		}
	}
	return out, nil
}

func fieldNames(fields []Field) string {
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// builder writes one part after another.
type builder struct {
	library  *Library
	template *Template
	facts    map[string]any
	scope    []frame
	pieces   []Piece // of the part, lines not yet cut
}

// frame is a variable of a loop around.
type frame struct {
	name  string
	field Field
	value any
}

func (b *builder) begin() { b.pieces = nil }

func (b *builder) add(text string, origin Origin, source string) {
	if text != "" {
		b.pieces = append(b.pieces, Piece{text, origin, source})
	}
}

// value reads a path: a variable of a loop, or a fact.
func (b *builder) value(path string) any {
	head, rest, dotted := strings.Cut(path, ".")
	for i := len(b.scope) - 1; i >= 0; i-- {
		if b.scope[i].name != head {
			continue
		}
		if !dotted {
			return b.scope[i].value
		}
		group, _ := b.scope[i].value.(map[string]any)
		return group[rest]
	}
	return b.facts[path]
}

func (b *builder) field(path string) Field {
	groups := map[string]Field{}
	for _, f := range b.scope {
		groups[f.name] = f.field
	}
	f, _ := b.template.field(path, groups)
	return f
}

func (b *builder) write(nodes []node, depth int) error {
	for _, n := range nodes {
		switch n.kind {
		case textNode:
			b.add(n.value, FromTemplate, "")
		case verifyNode:
			b.add(Verify(n.value), FromTemplate, "")
		case valueNode:
			b.writeValue(n)
		case ifNode:
			if f, ok := b.undecided(n.condition); ok { // whether or not is for a person to say
				b.add(Verify(f.Label)+"\n", FromTemplate, f.Name)
				continue
			}
			branch := n.otherwise
			if n.condition.holds(b.value) {
				branch = n.then
			}
			if err := b.write(branch, depth); err != nil {
				return err
			}
		case loopNode:
			if err := b.writeLoop(n, depth); err != nil {
				return err
			}
		case includeNode:
			snippet, err := b.library.snippet(n.value)
			if err != nil || depth > 8 {
				return fault.Wrap(fault.Invalid, err, "%s: {includi %s}", b.template.Name, n.value)
			}
			if err := b.write(snippet, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// undecided gives the yes-or-no question or choice that a condition depends on and that was not answered though it has to be.
func (b *builder) undecided(c condition) (Field, bool) {
	for _, x := range c {
		f := b.field(x.path)
		if f.Required && (f.Kind == YesField || f.Kind == ChoiceField) && b.value(x.path) == nil {
			return f, true
		}
	}
	return Field{}, false
}

func (b *builder) writeLoop(n node, depth int) error {
	list, _ := b.value(n.value).([]any)
	f := b.field(n.value)
	if len(list) == 0 {
		b.add(Verify(f.Label)+"\n", FromTemplate, "")
		return nil
	}
	for _, x := range list {
		b.scope = append(b.scope, frame{n.variable, f, x})
		err := b.write(n.then, depth)
		b.scope = b.scope[:len(b.scope)-1]
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) writeValue(n node) {
	f := b.field(n.value)
	v := b.value(n.value)
	if v == nil {
		b.add(Verify(f.Label), FromTemplate, n.value)
		return
	}
	if s, ok := v.(string); ok && strings.HasPrefix(s, "[VERIFICARE") {
		b.add(s, FromField, n.value)
		return
	}
	for _, filter := range n.filters {
		name, arg, _ := strings.Cut(filter, ":")
		x, ok := filters[name](v, arg, b.value)
		if !ok {
			what := f.Label
			if filterFields[name] {
				for _, a := range strings.Split(arg, ",") {
					if b.value(a) == nil {
						what = b.field(a).Label
					}
				}
			}
			b.add(Verify(what), FromTemplate, n.value)
			return
		}
		v = x
	}
	if _, ok := v.(count.Cents); ok && len(n.filters) == 0 || f.Kind == DateField && len(n.filters) == 0 {
		b.add(plain(v), FromField, n.value)
		return
	}
	b.add(oneLine(plain(v), f), FromField, n.value)
}

// oneLine keeps what a person wrote from making paragraphs or layouts of its own, except in long texts, whose lines are paragraphs.
func oneLine(s string, f Field) string {
	if f.Kind == TextField {
		return strings.ReplaceAll(s, "\r\n", "\n")
	}
	return strings.Join(strings.Fields(s), " ")
}

// finish cuts the part into paragraphs: a line is one. Its layout is the sign that the template put before it; a sign that a field
// begins with is text.
func (b *builder) finish() []Paragraph {
	var out []Paragraph
	current := Paragraph{}
	first := true
	flush := func() {
		trimPieces(&current)
		if len(current.Pieces) > 0 {
			out = append(out, current)
		}
		current, first = Paragraph{}, true
	}
	for _, piece := range b.pieces {
		lines := strings.Split(piece.Text, "\n")
		for i, line := range lines {
			if i > 0 {
				flush()
			}
			if first && piece.Origin == FromTemplate {
				if trimmed := strings.TrimLeft(line, " \t"); trimmed != "" {
					if layout, rest, ok := layoutOf(trimmed); ok {
						current.Layout, line = layout, rest
					}
				}
			}
			if line != "" {
				current.Pieces = append(current.Pieces, Piece{line, piece.Origin, piece.Source})
				first = first && strings.TrimSpace(line) == "" && current.Layout == Plain
			}
		}
	}
	flush()
	n := 0
	for i := range out {
		if out[i].Layout == Numbered {
			n++
			out[i].Number = n
		}
	}
	return out
}

var layoutSigns = map[byte]Layout{'#': Heading, '^': Centre, '+': Numbered, '-': Bullet, '>': Right, '|': Row}

func layoutOf(line string) (Layout, string, bool) {
	layout, ok := layoutSigns[line[0]]
	if !ok || len(line) > 1 && line[1] != ' ' {
		return Plain, line, false
	}
	if layout == Row {
		return layout, line, true
	}
	return layout, strings.TrimLeft(line[1:], " "), true
}

// trimPieces drops spaces around a paragraph and pieces that are empty.
func trimPieces(p *Paragraph) {
	for len(p.Pieces) > 0 {
		x := &p.Pieces[0]
		if x.Text = strings.TrimLeft(x.Text, " \t"); x.Text != "" {
			break
		}
		p.Pieces = p.Pieces[1:]
	}
	for n := len(p.Pieces); n > 0; n = len(p.Pieces) {
		x := &p.Pieces[n-1]
		if x.Text = strings.TrimRight(x.Text, " \t\r"); x.Text != "" {
			return
		}
		p.Pieces = p.Pieces[:n-1]
	}
}
