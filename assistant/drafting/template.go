package drafting

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"sportello/assistant/fault"
)

// FieldKind is what a field holds.
type FieldKind string

// The kinds, as modello.toml writes them.
const (
	TextField   FieldKind = "testo"
	AmountField FieldKind = "importo" // euro: 1220, 1220.50 or "1.220,00"
	NumberField FieldKind = "numero"
	DateField   FieldKind = "data"   // "2026-03-02" or "02/03/2026"
	YesField    FieldKind = "si_no"  // true or false
	ChoiceField FieldKind = "scelta" // one of Choices
	ListField   FieldKind = "elenco" // several texts, or several groups of Fields
)

// Field is something that has to be known for an act.
type Field struct {
	Name     string    `toml:"nome" json:"name"` // "ditta.nome": a dot goes into a group
	Label    string    `toml:"etichetta" json:"label"`
	Kind     FieldKind `toml:"tipo" json:"kind"`
	Required bool      `toml:"obbligatorio" json:"required,omitempty"`
	Help     string    `toml:"aiuto" json:"help,omitempty"`
	Example  string    `toml:"esempio" json:"example,omitempty"`
	Choices  []string  `toml:"valori" json:"choices,omitempty"`
	Fields   []Field   `toml:"campo" json:"fields,omitempty"` // of the groups of a list
}

// Prompt tells a model how to phrase a part; nothing is phrased without one.
type Prompt struct {
	Part string `toml:"parte" json:"part"`
	Text string `toml:"testo" json:"text"`
}

// Trait is a property of the act that checks look at, always there or when a condition on the facts holds.
type Trait struct {
	Name string `toml:"nome"`
	If   string `toml:"se"`
}

// Template is a type of act.
type Template struct {
	Name     string   // of the folder
	Title    string   `toml:"titolo"`
	Family   string   `toml:"famiglia"`
	Version  int      `toml:"versione"`
	Who      string   `toml:"organo"` // who adopts it: responsabile, sindaco, giunta, consiglio, commissione
	About    string   `toml:"descrizione"`
	Uses     []string `toml:"usa"` // groups of fields of comune/campi.toml
	Traits   []Trait  `toml:"tratto"`
	Fields   []Field  `toml:"campo"`
	Prompts  []Prompt `toml:"indicazione"`
	Required []string `toml:"parti_obbligatorie"`

	SHA256 string
	parts  []partText
	groups []FieldGroup
	files  map[string]string
}

// partText is a part as testo.txt has it.
type partText struct {
	id, title string
	optional  bool
	nodes     []node
}

// Library is the set of templates that are known. It is safe for concurrent use.
type Library struct {
	by     map[string]*Template
	shared map[string]string // snippets and groups of fields
}

//go:embed templates
var shipped embed.FS

// Shipped gives the templates that come with the program.
func Shipped() (*Library, error) {
	sub, err := fs.Sub(shipped, "templates")
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "templates")
	}
	return Load(sub)
}

// Load reads templates from folders; the folder "comune" holds what they share. Errors name file and line.
func Load(dir fs.FS) (*Library, error) {
	l := &Library{by: map[string]*Template{}, shared: map[string]string{}}
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the folder of templates cannot be read")
	}
	if common, err := fs.ReadDir(dir, "comune"); err == nil {
		for _, e := range common {
			data, err := fs.ReadFile(dir, path.Join("comune", e.Name()))
			if err != nil {
				return nil, fault.Wrap(fault.Invalid, err, "comune/%s cannot be read", e.Name())
			}
			l.shared[e.Name()] = string(data)
		}
	}
	var errs []error
	for _, e := range entries {
		if !e.IsDir() || e.Name() == "comune" {
			continue
		}
		files := map[string]string{}
		for _, name := range []string{"modello.toml", "testo.txt"} {
			data, err := fs.ReadFile(dir, path.Join(e.Name(), name))
			if err != nil {
				errs = append(errs, fault.New(fault.Invalid, "%s/%s is missing: a template is a folder with modello.toml and testo.txt", e.Name(), name))
				continue
			}
			files[name] = string(data)
		}
		if len(files) == 2 {
			errs = append(errs, l.add(e.Name(), files))
		}
	}
	return l, errors.Join(errs...)
}

// Names gives the names of all templates, sorted.
func (l *Library) Names() []string {
	names := make([]string, 0, len(l.by))
	for n := range l.by {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Template gives the template of a name; fault.NotFound says which there are.
func (l *Library) Template(name string) (*Template, error) {
	if t := l.by[name]; t != nil {
		return t, nil
	}
	return nil, fault.New(fault.NotFound, "there is no template %q: sportello draft types lists %d of them (%s…)", name, len(l.by), strings.Join(l.Names()[:min(3, len(l.by))], ", "))
}

func (l *Library) add(name string, files map[string]string) error {
	t := &Template{Name: name, files: files}
	dec := toml.NewDecoder(bytes.NewReader([]byte(files["modello.toml"])))
	dec.DisallowUnknownFields()
	if err := dec.Decode(t); err != nil {
		return BadFile(name+"/modello.toml", err)
	}
	t.groups = []FieldGroup{{Fields: t.Fields}}
	for _, group := range t.Uses {
		fields, err := l.group(group)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "%s/modello.toml: usa %q", name, group)
		}
		t.Fields = append(t.Fields, fields...)
		t.groups = append(t.groups, FieldGroup{group, fields})
	}
	var err error
	if t.parts, err = parseParts(name+"/testo.txt", files["testo.txt"]); err != nil {
		return err
	}
	if err := l.validate(t); err != nil {
		return err
	}
	sum := sha256.New()
	for _, f := range []string{"modello.toml", "testo.txt"} {
		sum.Write([]byte(files[f]))
	}
	for _, f := range sortedKeys(l.shared) {
		sum.Write([]byte(f + l.shared[f]))
	}
	t.SHA256 = hex.EncodeToString(sum.Sum(nil))
	l.by[name] = t
	return nil
}

// BadFile says where a TOML file is wrong, as fault.Invalid.
func BadFile(file string, err error) error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) && len(strict.Errors) > 0 {
		row, _ := strict.Errors[0].Position()
		return fault.New(fault.Invalid, "%s, line %d: the key %q is not known here", file, row, strings.Join(strict.Errors[0].Key(), "."))
	}
	var decode *toml.DecodeError
	if errors.As(err, &decode) {
		row, column := decode.Position()
		return fault.New(fault.Invalid, "%s, line %d, column %d: %s", file, row, column, decode.Error())
	}
	return fault.Wrap(fault.Invalid, err, "%s", file)
}

// group gives the fields of a group of comune/campi.toml.
func (l *Library) group(name string) ([]Field, error) {
	var file struct {
		Groups map[string]struct {
			Fields []Field `toml:"campo"`
		} `toml:"gruppo"`
	}
	if err := toml.Unmarshal([]byte(l.shared["campi.toml"]), &file); err != nil {
		return nil, BadFile("comune/campi.toml", err)
	}
	g, ok := file.Groups[name]
	if !ok {
		return nil, fault.New(fault.Invalid, "comune/campi.toml has no such group")
	}
	return g.Fields, nil
}

var kinds = map[FieldKind]bool{TextField: true, AmountField: true, NumberField: true, DateField: true, YesField: true, ChoiceField: true, ListField: true}

// validate looks whether fields, conditions and snippets that a template names are there.
func (l *Library) validate(t *Template) error {
	file := t.Name + "/modello.toml"
	if t.Title == "" || t.Family == "" || t.Version < 1 {
		return fault.New(fault.Invalid, "%s: titolo, famiglia and versione (1 or more) have to be there", file)
	}
	known := map[string]bool{}
	for _, f := range t.Fields {
		if f.Name == "" || f.Label == "" {
			return fault.New(fault.Invalid, "%s: a field has no nome or no etichetta (%q)", file, f.Name+f.Label)
		}
		if f.Name == "fine" || f.Name == "altrimenti" {
			return fault.New(fault.Invalid, "%s: a field cannot be called %q, which is a word of the templates", file, f.Name)
		}
		if !kinds[f.Kind] {
			return fault.New(fault.Invalid, "%s: field %s: tipo %q is none of testo, importo, numero, data, si_no, scelta, elenco", file, f.Name, f.Kind)
		}
		if f.Kind == ChoiceField && len(f.Choices) == 0 {
			return fault.New(fault.Invalid, "%s: field %s: a scelta wants its valori", file, f.Name)
		}
		if known[f.Name] {
			return fault.New(fault.Invalid, "%s: field %s is there twice", file, f.Name)
		}
		known[f.Name] = true
	}
	for _, trait := range t.Traits {
		if trait.If == "" {
			continue
		}
		if _, err := parseCondition(trait.If); err != nil {
			return fault.New(fault.Invalid, "%s: tratto %s: %v", file, trait.Name, err)
		}
	}
	ids := map[string]bool{}
	for _, p := range t.parts {
		ids[p.id] = true
		if err := l.names(t, p.nodes, map[string]Field{}, 0); err != nil {
			return err
		}
	}
	for _, r := range t.Required {
		if !ids[r] {
			return fault.New(fault.Invalid, "%s: parti_obbligatorie names %q, which testo.txt has not", file, r)
		}
	}
	for _, p := range t.Prompts {
		if !ids[p.Part] {
			return fault.New(fault.Invalid, "%s: indicazione for %q, which testo.txt has not", file, p.Part)
		}
	}
	return nil
}

// names looks at every field and snippet that nodes name. groups are the variables of the loops around.
func (l *Library) names(t *Template, nodes []node, groups map[string]Field, depth int) error {
	if depth > 8 {
		return fault.New(fault.Invalid, "%s: snippets include each other", t.Name)
	}
	for _, n := range nodes {
		where := fmt.Sprintf("%s/testo.txt, line %d", t.Name, n.line)
		for _, field := range n.fields() {
			if _, ok := t.field(field, groups); !ok {
				return fault.New(fault.Invalid, "%s: the field %q is not in modello.toml%s", where, field, closest(field, t.Fields))
			}
		}
		inner := groups
		if n.kind == loopNode {
			f, _ := t.field(n.value, groups)
			if f.Kind != ListField {
				return fault.New(fault.Invalid, "%s: {per ogni} wants an elenco, %s is %s", where, n.value, f.Kind)
			}
			inner = map[string]Field{n.variable: f}
			for k, v := range groups {
				inner[k] = v
			}
		}
		if n.kind == includeNode {
			snippet, err := l.snippet(n.value)
			if err != nil {
				return fault.Wrap(fault.Invalid, err, "%s", where)
			}
			if err := l.names(t, snippet, groups, depth+1); err != nil {
				return err
			}
		}
		if err := l.names(t, n.then, inner, depth); err != nil {
			return err
		}
		if err := l.names(t, n.otherwise, groups, depth); err != nil {
			return err
		}
	}
	return nil
}

func (l *Library) snippet(name string) ([]node, error) {
	text, ok := l.shared[name+".txt"]
	if !ok {
		return nil, fault.New(fault.Invalid, "there is no comune/%s.txt to include", name)
	}
	return parseText("comune/"+name+".txt", text, 1)
}

// field finds a field by its name, within the groups of loops too.
func (t *Template) field(name string, groups map[string]Field) (Field, bool) {
	head, rest, dotted := strings.Cut(name, ".")
	if g, ok := groups[head]; ok {
		if !dotted {
			return Field{Name: name, Label: g.Label, Kind: TextField}, len(g.Fields) == 0
		}
		for _, f := range g.Fields {
			if f.Name == rest {
				return f, true
			}
		}
		return Field{}, false
	}
	for _, f := range t.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// closest names a field that is spelled like another, for a message.
func closest(name string, fields []Field) string {
	best, at := "", 4
	for _, f := range fields {
		if d := distance(name, f.Name); d < at {
			best, at = f.Name, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (is it %q?)", best)
}

// distance is Levenshtein's, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		last := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			last, row[j] = row[j], min(row[j]+1, row[j-1]+1, last+cost)
		}
	}
	return row[len(b)]
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func itoa(n int) string { return strconv.Itoa(n) }

// FieldGroup is fields that belong together; Name is that of comune/campi.toml, empty for the template's own.
type FieldGroup struct {
	Name   string
	Fields []Field
}

// Groups gives the fields in their groups, the template's own first.
func (t *Template) Groups() []FieldGroup { return t.groups }

// PartName is a part that a template has.
type PartName struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Optional bool   `json:"optional"`
}

// Parts gives the parts of the template, in order.
func (t *Template) Parts() []PartName {
	out := make([]PartName, len(t.parts))
	for i, p := range t.parts {
		out[i] = PartName{p.id, p.title, p.optional}
	}
	return out
}

// Files gives the two texts of the template as they were read: modello.toml and testo.txt.
func (t *Template) Files() (model, text string) { return t.files["modello.toml"], t.files["testo.txt"] }

// Check says what is wrong with a value for the field, nil when nothing is: it would make an act that cannot be built.
func (f Field) Check(v any) error {
	_, err := f.value(v)
	return err
}

// Flat writes facts with groups by their names with dots, and refuses those that the template has no field for.
func (t *Template) Flat(given map[string]any) (map[string]any, error) {
	out := map[string]any{}
	flatten("", given, t, out)
	for name := range out {
		if _, ok := t.field(name, nil); !ok {
			return nil, fault.New(fault.Invalid, "%s has no field %q%s", t.Name, name, closest(name, t.Fields))
		}
	}
	return out, nil
}
