package release

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"

	"sportello/assistant/fault"
)

const (
	programName   = "sportello"
	mostOfProgram = 1 << 30
)

// Program writes the program of the release to a new file that may be executed. Of a package dpkg-deb takes it out.
//
// Errors: fault.Broken when there is none in it, fault.Unsupported where dpkg-deb is missing.
func (r *Release) Program(ctx context.Context, to string) error {
	if r.Package {
		return r.ofPackage(ctx, to)
	}
	f, err := os.Open(r.File)
	if err != nil {
		return fault.Wrap(fault.NotFound, err, "%s cannot be read", r.File)
	}
	defer func() { _ = f.Close() }() // it was only read
	z, err := gzip.NewReader(f)
	if err != nil {
		return fault.Wrap(fault.Broken, err, "%s cannot be read", r.File)
	}
	t := tar.NewReader(z)
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return fault.New(fault.Broken, "%s holds no program", r.File)
		}
		if err != nil {
			return fault.Wrap(fault.Broken, err, "%s cannot be read", r.File)
		}
		if h.Typeflag == tar.TypeReg && path.Base(h.Name) == programName {
			return write(to, t)
		}
	}
}

func (r *Release) ofPackage(ctx context.Context, to string) (err error) {
	if _, err := exec.LookPath("dpkg-deb"); err != nil {
		return fault.Wrap(fault.Unsupported, err, "a .deb wants dpkg: on this system take the .tar.gz")
	}
	dir, err := os.MkdirTemp(filepath.Dir(to), ".package-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if out, err := exec.CommandContext(ctx, "dpkg-deb", "-x", r.File, dir).CombinedOutput(); err != nil { //nolint:gosec // the file was verified
		return fault.Wrap(fault.Broken, err, "%s cannot be unpacked: %s", r.File, out)
	}
	f, err := os.Open(filepath.Join(dir, "usr/lib/sportello", programName))
	if err != nil {
		return fault.Wrap(fault.Broken, err, "%s holds no program", r.File)
	}
	return errors.Join(write(to, f), f.Close())
}

func write(to string, in io.Reader) (err error) {
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755) //nolint:gosec // everybody may run it
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be written", to)
	}
	_, err = io.Copy(f, io.LimitReader(in, mostOfProgram))
	return errors.Join(err, f.Sync(), f.Close())
}
