package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"golang.org/x/mod/module"
)

// sbom is the part of CycloneDX that a release needs; what else the tool wrote is passed on in rest.
type sbom struct {
	Components []component
	rest       map[string]any
}

type component struct {
	Ref      string   `json:"bom-ref,omitempty"`
	Type     string   `json:"type"`
	Name     string   `json:"name"`
	Version  string   `json:"version"`
	Scope    string   `json:"scope,omitempty"`
	Hashes   []any    `json:"hashes,omitempty"`
	Licences []choice `json:"licenses,omitempty"`
	PURL     string   `json:"purl,omitempty"`
	External []any    `json:"externalReferences,omitempty"`
	Evidence *struct {
		Licences []choice `json:"licenses,omitempty"`
	} `json:"evidence,omitempty"`
}

type choice struct {
	Licence struct {
		ID   string `json:"id,omitempty"`
		Name string `json:"name,omitempty"`
	} `json:"license"`
}

func licence(id string) []choice {
	var c choice
	c.Licence.ID = id
	return []choice{c}
}

func readSBOM(path string) (*sbom, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	b := &sbom{}
	if err := json.Unmarshal(raw, &b.rest); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var parts struct{ Components []component }
	if err := json.Unmarshal(raw, &parts); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(parts.Components) < 10 {
		return nil, fmt.Errorf("%s names only %d components: it is not the list of this program", path, len(parts.Components))
	}
	b.Components = parts.Components
	return b, nil
}

// complete gives a Go module the licences that were found in it and remembers their texts.
func (c *component) complete(texts map[string]string) error {
	if c.Evidence != nil && len(c.Licences) == 0 {
		c.Licences = c.Evidence.Licences
	}
	dir, err := moduleDir(c.Name, c.Version)
	if err != nil {
		return err
	}
	text, err := licenceFiles(dir)
	if err != nil {
		return err
	}
	if text == "" {
		return fmt.Errorf("%s %s: no file with a licence in %s", c.Name, c.Version, dir)
	}
	texts[c.Name] = text
	if ids := c.ids(); len(ids) == 0 || slices.Contains(ids, "BSD-Source-Code") { // which is how the tool reads the licence of Go's own modules
		if id := told(text); id != "" {
			c.Licences = licence(id)
		}
	}
	return nil
}

// moduleDir is where the go command keeps a module; the standard library's licence is in its own root.
func moduleDir(name, version string) (string, error) {
	if name == "std" {
		return goroot()
	}
	path, err := module.EscapePath(name)
	if err != nil {
		return "", err
	}
	v, err := module.EscapeVersion(version)
	if err != nil {
		return "", err
	}
	cache := os.Getenv("GOMODCACHE")
	if cache == "" {
		return "", fmt.Errorf("GOMODCACHE is not set: GOMODCACHE=$(go env GOMODCACHE)")
	}
	return filepath.Join(cache, filepath.FromSlash(path)+"@"+v), nil
}

func goroot() (string, error) {
	if root := os.Getenv("GOROOT"); root != "" {
		return root, nil
	}
	return "", fmt.Errorf("GOROOT is not set: GOROOT=$(go env GOROOT)")
}

// notAllowed lists the components that must not be there, one a line.
func (b *sbom) notAllowed() []string {
	var wrong []string
	for _, c := range b.Components {
		ids := c.ids()
		bad := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return allowed[id] })
		switch {
		case len(ids) == 0:
			wrong = append(wrong, c.Name+" "+c.Version+": not known")
		case len(bad) > 0:
			wrong = append(wrong, c.Name+" "+c.Version+": "+strings.Join(bad, ", "))
		}
	}
	return wrong
}

func (c *component) ids() []string {
	var out []string
	for _, l := range c.Licences {
		id := l.Licence.ID
		if id == "" {
			id = l.Licence.Name
		}
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

func (b *sbom) summary() string {
	count := map[string]int{}
	for _, c := range b.Components {
		count[strings.Join(c.ids(), "+")]++
	}
	kinds := make([]string, 0, len(count))
	for id, n := range count {
		kinds = append(kinds, fmt.Sprintf("%s %d", id, n))
	}
	sort.Strings(kinds)
	return fmt.Sprintf("%d components, all of licences that are allowed: %s", len(b.Components), strings.Join(kinds, ", "))
}

// write writes the list without what differs from one run to the next: serial number, moment, folder.
func (b *sbom) write(path, version string, date time.Time) error {
	delete(b.rest, "serialNumber")
	about, ok := b.rest["metadata"].(map[string]any)
	if !ok {
		return fmt.Errorf("the list of components has no metadata")
	}
	about["timestamp"] = date.Format(time.RFC3339)
	delete(about, "properties") // of the one binary that was looked at
	delete(b.rest, "dependencies")
	if tools, ok := about["tools"].([]any); ok {
		for _, t := range tools {
			delete(t.(map[string]any), "hashes") // of the tool as this machine built it
		}
	}
	main, ok := about["component"].(map[string]any)
	if !ok {
		return fmt.Errorf("the list of components does not name the program")
	}
	main["version"] = version
	main["licenses"] = licence("EUPL-1.2")
	delete(main, "properties")
	slices.SortFunc(b.Components, func(x, y component) int { return strings.Compare(x.Name+"@"+x.Version, y.Name+"@"+y.Version) })
	b.rest["components"] = b.Components
	raw, err := json.MarshalIndent(b.rest, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(raw, '\n'), 0o644) //nolint:gosec // it is published
}
