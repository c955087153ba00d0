package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

var licenceName = regexp.MustCompile(`(?i)^(licen[cs]e|copying|copyright|notice|unlicense|patents)([-._].*)?$`)

// licenceFiles joins the files of a folder that hold a licence or a notice; "" when there is none.
func licenceFiles(dir string) (string, error) {
	all, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for _, f := range all {
		if f.IsDir() || !licenceName.MatchString(f.Name()) || strings.HasSuffix(f.Name(), ".go") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&out, "--- %s\n%s\n", f.Name(), strings.TrimSpace(strings.ToValidUTF8(string(text), "?")))
	}
	return out.String(), nil
}

// embedded gives what the program embeds of npm's packages: each has a folder of its own, with its licence in it.
func embedded(lock, vendor string, texts map[string]string) ([]component, error) {
	raw, err := os.ReadFile(lock)
	if err != nil {
		return nil, err
	}
	var l struct {
		Packages map[string]struct{ Version, License string }
	}
	if err := json.Unmarshal(raw, &l); err != nil {
		return nil, fmt.Errorf("%s: %w", lock, err)
	}
	folders, err := os.ReadDir(vendor)
	if err != nil {
		return nil, err
	}
	var out []component
	for _, f := range folders {
		if !f.IsDir() {
			continue
		}
		name := f.Name()
		p, ok := l.Packages["node_modules/"+name]
		if !ok {
			name += ".org" // htmx.org
			p, ok = l.Packages["node_modules/"+name]
		}
		if !ok {
			return nil, fmt.Errorf("%s is of no package of %s", filepath.Join(vendor, f.Name()), lock)
		}
		if texts[name], err = licenceFiles(filepath.Join(vendor, f.Name())); err != nil {
			return nil, err
		}
		out = append(out, component{Type: "library", Name: name, Version: p.Version, PURL: "pkg:npm/" + name + "@" + p.Version, Ref: "pkg:npm/" + name + "@" + p.Version, Licences: licence(p.License)})
		fonts, err := filepath.Glob(filepath.Join(vendor, f.Name(), "fonts", "*", "OFL.txt"))
		if err != nil {
			return nil, err
		}
		for _, font := range fonts {
			family := "font " + filepath.Base(filepath.Dir(font))
			text, err := os.ReadFile(font)
			if err != nil {
				return nil, err
			}
			texts[family] = "--- OFL.txt\n" + strings.TrimSpace(string(text)) + "\n"
			out = append(out, component{Type: "data", Name: family, Version: p.Version, Licences: licence("OFL-1.1")})
		}
	}
	return out, nil
}

// writeTexts writes the licences one after the other; a text that several components share is there once.
func writeTexts(path string, components []component, texts map[string]string) error {
	whose := map[string][]string{}
	var order []string
	for _, c := range components {
		text := texts[c.Name]
		if text == "" {
			return fmt.Errorf("%s %s: no text of its licence", c.Name, c.Version)
		}
		if whose[text] == nil {
			order = append(order, text)
		}
		whose[text] = append(whose[text], fmt.Sprintf("%s %s (%s)", c.Name, c.Version, strings.Join(c.ids(), ", ")))
	}
	slices.SortFunc(order, func(a, b string) int { return strings.Compare(whose[a][0], whose[b][0]) })
	var out strings.Builder
	out.WriteString("Sportello holds work of others. These are their names and their licences.\n")
	for _, text := range order {
		fmt.Fprintf(&out, "\n%s\n%s\n\n%s", strings.Repeat("=", 100), strings.Join(whose[text], "\n"), text)
	}
	return os.WriteFile(path, []byte(out.String()), 0o644) //nolint:gosec // it is published
}
