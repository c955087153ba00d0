package acts

import (
	"net/url"
	"regexp"
	"strings"

	"sportello/assistant/drafting"
	"sportello/assistant/drafting/workbench"
)

// input is a field in the form.
type input struct {
	ID      string // of the element: "f-ditta-nome"
	Name    string
	Label   string
	Help    string
	Example string
	Kind    drafting.FieldKind
	Long    bool // a text of some lines
	Need    bool
	Value   string
	Choices []string
	Problem string // kind of what is wrong
	Rows    []row  // of a list
	Inner   []drafting.Field
}

// row is an entry of a list.
type row struct {
	Number int
	Inputs []input
}

// group is fields under one heading.
type group struct {
	Name   string // key of its words, when there are some
	Inputs []input
	Filled int
}

// mostRows is how many entries a list has.
const mostRows = 60

// groups gives the form of an act.
func groups(t *drafting.Template, w *workbench.Work) []group {
	problems := map[string]string{}
	for _, x := range workbench.Problems(t, w.Facts) {
		problems[x.Field] = string(x.Kind)
	}
	var out []group
	for _, g := range t.Groups() {
		if len(g.Fields) == 0 {
			continue
		}
		one := group{Name: g.Name}
		for _, f := range g.Fields {
			in := inputOf(f, f.Name, w.Facts[f.Name], problems)
			if in.Value != "" || len(in.Rows) > 1 {
				one.Filled++
			}
			one.Inputs = append(one.Inputs, in)
		}
		out = append(out, one)
	}
	return out
}

// FieldID is the id of the element of a field.
func fieldID(name string) string { return "f-" + strings.NewReplacer(".", "-", "_", "-").Replace(name) }

func inputOf(f drafting.Field, name string, value any, problems map[string]string) input {
	in := input{ID: fieldID(name), Name: name, Label: f.Label, Help: f.Help, Example: f.Example, Kind: f.Kind, Need: f.Required, Choices: f.Choices, Problem: problems[name], Inner: f.Fields}
	if f.Kind != drafting.ListField {
		in.Value = written(value)
		in.Long = f.Kind == drafting.TextField && strings.Contains(in.Value, "\n") || long(f)
		return in
	}
	list, _ := value.([]any)
	if len(f.Fields) == 0 {
		var lines []string
		for _, x := range list {
			lines = append(lines, written(x))
		}
		in.Value = strings.Join(lines, "\n")
		return in
	}
	for i := range min(len(list)+1, mostRows) { // one more than there are: to write in
		r := row{Number: i + 1}
		var entry map[string]any
		if i < len(list) {
			entry, _ = list[i].(map[string]any)
		}
		for _, inner := range f.Fields {
			r.Inputs = append(r.Inputs, inputOf(inner, workbench.ItemName(name, i, inner.Name), entry[inner.Name], problems))
		}
		in.Rows = append(in.Rows, r)
	}
	return in
}

// short are labels of texts that are a few words.
var short = regexp.MustCompile(`(?i)^(?:numero|nome|cig|cup|capitolo|triennio|settore|protocollo|provincia|tar\b|presidente|segretari|responsabile|operatore|sede|partita|codice|luogo|ora\b|carica|ufficio|telefono|e-mail|pec|indirizzo|sindaco|prefett|esercizio)`)

// long says whether a field is a text of some lines.
func long(f drafting.Field) bool {
	return f.Kind == drafting.TextField && !strings.Contains(f.Name, ".") && !short.MatchString(f.Label)
}

// written gives a fact as a form shows it.
func written(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		if v {
			return "si"
		}
		return "no"
	}
	return drafting.Written(v)
}

// readFacts reads the facts of a form. What is empty is left out.
func readFacts(t *drafting.Template, form url.Values) map[string]any {
	out := map[string]any{}
	for _, f := range t.Fields {
		if f.Kind != drafting.ListField {
			if s := typed(form, f.Name); s != "" {
				out[f.Name] = s
			}
			continue
		}
		var list []any
		if len(f.Fields) == 0 {
			for l := range strings.Lines(typed(form, f.Name)) {
				if l = strings.TrimSpace(l); l != "" {
					list = append(list, l)
				}
			}
		}
		for i := range mostRows {
			entry := map[string]any{}
			for _, inner := range f.Fields {
				if s := typed(form, workbench.ItemName(f.Name, i, inner.Name)); s != "" {
					entry[inner.Name] = s
				}
			}
			if len(entry) > 0 {
				list = append(list, entry)
			}
		}
		if len(list) > 0 {
			out[f.Name] = list
		}
	}
	return out
}

func typed(form url.Values, name string) string {
	return strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(form.Get(name), "\r\n", "\n"), ""))
}
