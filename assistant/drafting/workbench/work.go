package workbench

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"sportello/assistant/drafting"
	"sportello/assistant/fault"
)

// Work is an act on the bench.
type Work struct {
	Draft drafting.Draft      `json:"draft"`
	Facts map[string]any      `json:"facts"`            // as they were typed, by names with dots; what is wrong is kept here, and not in the draft
	Own   Own                 `json:"own"`              // the template, when it is a tenant's
	Base  map[string][]string `json:"base,omitempty"`   // of a part changed by hand: the lines that the template gave then
	Late  map[string]bool     `json:"late,omitempty"`   // parts where a field changed words that were rewritten by hand
	Used  []Model             `json:"models,omitempty"` // that wrote something of it
}

// Own names a template that a tenant has made its own.
type Own struct {
	Tenant  string `json:"tenant,omitempty"`
	Version int    `json:"version,omitempty"`
}

// Model is a language model that wrote something.
type Model struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256,omitempty"`
	Prompt string `json:"prompt"` // id and version
	Part   string `json:"part"`
}

// Problem is a field whose value cannot be used.
type Problem struct {
	Field string             `json:"field"`
	Label string             `json:"label"`
	Kind  drafting.FieldKind `json:"kind"`
	Why   string             `json:"why"`
}

// Read reads a Work as it is kept.
func Read(content []byte) (*Work, error) {
	var w Work
	if err := json.Unmarshal(content, &w); err != nil || w.Draft.Type == "" {
		return nil, fault.Wrap(fault.Broken, err, "the act cannot be read")
	}
	return &w, nil
}

// JSON writes a Work for keeping.
func (w *Work) JSON() ([]byte, error) {
	text, err := json.Marshal(w)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the act cannot be kept")
	}
	return text, nil
}

// New begins an act.
func New(l *drafting.Library, template string, facts map[string]any, own Own, now time.Time) (*Work, error) {
	w := &Work{Own: own}
	d, err := l.Build(drafting.BuildConfig{Type: template, Now: now.UTC().Truncate(time.Second)})
	if err != nil {
		return nil, err
	}
	w.Draft = *d
	return w, w.Fill(l, facts)
}

// Fill writes the act anew with other facts. Parts changed by hand keep what was changed in them.
func (w *Work) Fill(l *drafting.Library, facts map[string]any) error {
	t, err := l.Template(w.Draft.Type)
	if err != nil {
		return err
	}
	w.Facts = facts
	d, err := l.Build(drafting.BuildConfig{Type: w.Draft.Type, Facts: usable(t, facts), Now: w.Draft.MadeAt})
	if err != nil {
		return err
	}
	old := w.Draft.Parts
	w.Draft = *d
	w.Draft.Parts = nil
	for _, name := range t.Parts() {
		fresh := partOf(d.Parts, name.ID)
		if base, ok := w.Base[name.ID]; ok {
			mine := partOf(old, name.ID)
			merged, conflict := merge3(base, paragraphsOf(mine), paragraphsOf(fresh))
			w.Base[name.ID] = lines(paragraphsOf(fresh))
			if conflict {
				w.late(name.ID, true)
			}
			w.Draft.Parts = append(w.Draft.Parts, drafting.Part{ID: name.ID, Title: name.Title, Optional: name.Optional, Paragraphs: renumbered(merged)})
			continue
		}
		if fresh != nil {
			w.Draft.Parts = append(w.Draft.Parts, *fresh)
		}
	}
	return nil
}

func (w *Work) late(part string, is bool) {
	if w.Late == nil {
		w.Late = map[string]bool{}
	}
	w.Late[part] = is
	if !is {
		delete(w.Late, part)
	}
}

// usable leaves out what no act can be built of.
func usable(t *drafting.Template, facts map[string]any) map[string]any {
	out := map[string]any{}
	for _, f := range t.Fields {
		v, ok := facts[f.Name]
		if !ok {
			continue
		}
		if f.Kind == drafting.ListField {
			v = usableList(f, v)
		}
		if f.Check(v) == nil {
			out[f.Name] = v
		}
	}
	return out
}

// usableList leaves out of each entry what cannot be read.
func usableList(f drafting.Field, v any) any {
	list, ok := v.([]any)
	if !ok || len(f.Fields) == 0 {
		return v
	}
	out := make([]any, 0, len(list))
	for _, x := range list {
		group, ok := x.(map[string]any)
		if !ok {
			return v
		}
		clean := map[string]any{}
		for _, inner := range f.Fields {
			if value, ok := group[inner.Name]; ok && inner.Check(value) == nil {
				clean[inner.Name] = value
			}
		}
		out = append(out, clean)
	}
	return out
}

// Problems gives the facts that cannot be read as their fields want them.
func Problems(t *drafting.Template, facts map[string]any) []Problem {
	var out []Problem
	look := func(name string, f drafting.Field, v any) {
		if err := f.Check(v); err != nil {
			out = append(out, Problem{name, f.Label, f.Kind, fault.MessageOf(err)})
		}
	}
	for _, f := range t.Fields {
		list, _ := facts[f.Name].([]any)
		if f.Kind != drafting.ListField || len(f.Fields) == 0 {
			look(f.Name, f, facts[f.Name])
			continue
		}
		for i, x := range list {
			group, _ := x.(map[string]any)
			for _, inner := range f.Fields {
				look(ItemName(f.Name, i, inner.Name), inner, group[inner.Name])
			}
		}
	}
	return out
}

// Part gives a part of the act by its name, nil when it is not there.
func (w *Work) Part(id string) *drafting.Part { return partOf(w.Draft.Parts, id) }

func partOf(parts []drafting.Part, id string) *drafting.Part {
	if i := slices.IndexFunc(parts, func(p drafting.Part) bool { return p.ID == id }); i >= 0 {
		return &parts[i]
	}
	return nil
}

func paragraphsOf(p *drafting.Part) []drafting.Paragraph {
	if p == nil {
		return nil
	}
	return p.Paragraphs
}

// Title is what the act is called in lists: its subject, or the kind of act.
func (w *Work) Title() string {
	if p := w.Part("oggetto"); p != nil && len(p.Paragraphs) > 0 {
		if s := strings.TrimSpace(strings.TrimPrefix(p.Paragraphs[0].Text(), "Oggetto:")); s != "" && !strings.HasPrefix(s, "[VERIFICARE") {
			return cut(openForm.ReplaceAllString(s, "…"), mostTitle)
		}
	}
	return w.Draft.Title
}

const mostTitle = 280

var openForm = regexp.MustCompile(`\[VERIFICARE:[^\]]*\]`)

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// Clone gives a copy that shares nothing that changes.
func (w *Work) Clone() (*Work, error) {
	content, err := w.JSON()
	if err != nil {
		return nil, err
	}
	return Read(content)
}

// Reset writes a part as the template has it, and forgets what was changed in it.
func (w *Work) Reset(l *drafting.Library, part string) error {
	if _, ok := w.Base[part]; !ok {
		return nil
	}
	w.Base = maps.Clone(w.Base)
	delete(w.Base, part)
	w.late(part, false)
	return w.Fill(l, w.Facts)
}
