package drafting

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"sportello/assistant/fault"
)

// noName is a line that begins a file and does not name it.
var noName = regexp.MustCompile(`(?m)^-- --\r?$`)

var nameForm = regexp.MustCompile(`^[a-z][a-z0-9-]{1,60}$`)

// Pack writes a template as one text file, for another comune: the format txtar, which any editor opens.
func (t *Template) Pack() []byte {
	a := &txtar.Archive{Comment: []byte("Modello di Sportello: " + t.Name + "\n")}
	for _, name := range []string{"modello.toml", "testo.txt"} {
		a.Files = append(a.Files, txtar.File{Name: t.Name + "/" + name, Data: []byte(t.files[name])})
	}
	return txtar.Format(a)
}

// ReadPack reads such a file. What it holds is not looked at: Library.Add does.
func ReadPack(data []byte) (name, model, text string, err error) {
	if noName.Match(data) { // the library stops the program at it
		return "", "", "", fault.New(fault.Invalid, "the file holds a line \"-- --\" without a name: a template is NAME/modello.toml and NAME/testo.txt")
	}
	a := txtar.Parse(data)
	files := map[string]string{}
	for _, f := range a.Files {
		folder, file, _ := strings.Cut(f.Name, "/")
		if !nameForm.MatchString(folder) || folder == "comune" || name != "" && folder != name || file != "modello.toml" && file != "testo.txt" {
			return "", "", "", fault.New(fault.Invalid, "the file holds %q: a template is NAME/modello.toml and NAME/testo.txt, its name in small letters and hyphens", f.Name)
		}
		name, files[file] = folder, string(f.Data)
	}
	if len(files) != 2 {
		return "", "", "", fault.New(fault.Invalid, "the file is no template: it has to hold modello.toml and testo.txt")
	}
	return name, files["modello.toml"], files["testo.txt"], nil
}

// Pack writes the two texts of a template as one file, whether they are right or not.
func Pack(name, model, text string) []byte {
	t := &Template{Name: name, files: map[string]string{"modello.toml": model, "testo.txt": text}}
	return t.Pack()
}

// Add reads a template into the library, in the place of one of the same name. Errors name file and line.
func (l *Library) Add(name, model, text string) error {
	if !nameForm.MatchString(name) || name == "comune" {
		return fault.New(fault.Invalid, "%q is no name of a template: small letters, digits and hyphens", name)
	}
	return l.add(name, map[string]string{"modello.toml": model, "testo.txt": text})
}

// Clone gives a library of its own with the same templates.
func (l *Library) Clone() *Library { return &Library{by: maps.Clone(l.by), shared: l.shared} }

// Unpack reads a file of Pack and, when the template is right, keeps it in a folder of templates below dir. It gives its name.
func Unpack(data []byte, dir string) (string, error) {
	name, model, text, err := ReadPack(data)
	if err != nil {
		return "", err
	}
	l, err := Shipped()
	if err != nil {
		return "", err
	}
	if err := l.Add(name, model, text); err != nil {
		return "", err
	}
	to := filepath.Join(dir, name)
	if err := os.MkdirAll(to, 0o755); err != nil {
		return "", fault.Wrap(fault.Internal, err, "%s cannot be made", to)
	}
	for file, text := range map[string]string{"modello.toml": model, "testo.txt": text} {
		if err := os.WriteFile(filepath.Join(to, file), []byte(text), 0o644); err != nil {
			return "", fault.Wrap(fault.Internal, err, "%s cannot be written", file)
		}
	}
	return name, nil
}

// Over gives the shipped templates with those of a folder over them: one of the same name takes the other's place.
func Over(dir fs.FS) (*Library, error) {
	l, err := Shipped()
	if err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the folder of templates cannot be read")
	}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		files := map[string]string{}
		for _, name := range []string{"modello.toml", "testo.txt"} {
			data, err := fs.ReadFile(dir, e.Name()+"/"+name)
			if err != nil {
				return nil, fault.New(fault.Invalid, "%s/%s is missing: a template is a folder with modello.toml and testo.txt", e.Name(), name)
			}
			files[name] = string(data)
		}
		if err := l.add(e.Name(), files); err != nil {
			return nil, err
		}
	}
	return l, nil
}
