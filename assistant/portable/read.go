package portable

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"sportello/assistant/fault"
)

const (
	mostRecord   = 256 << 20 // bytes of a line: the text of a document is one field
	mostManifest = 64 << 20
)

// Archive is an export that is read.
type Archive struct {
	Manifest Manifest

	name      string
	zip       *zip.ReadCloser
	entries   map[string]*zip.File
	originals map[string]*zip.File // by sha256
}

// Open reads the list of an archive and checks every entry against it: what is not whole is an error before anything is taken from it.
//
// Errors: fault.NotFound for a file that cannot be read, fault.Broken for one that is no export, was cut off or changed, fault.Unsupported for a newer
// form.
func Open(ctx context.Context, name string) (*Archive, error) {
	z, err := zip.OpenReader(name)
	if errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrInsecurePath) {
		return nil, fault.Wrap(fault.Broken, err, "%s is no export, or was cut off: export again", name)
	}
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, err, "%s cannot be read", name)
	}
	a := &Archive{name: name, zip: z, entries: map[string]*zip.File{}, originals: map[string]*zip.File{}}
	if err := a.check(ctx); err != nil {
		return nil, errors.Join(err, z.Close())
	}
	return a, nil
}

// Close lets go of the file.
func (a *Archive) Close() error { return a.zip.Close() }

func (a *Archive) broken(err error, what string) error {
	return fault.Wrap(fault.Broken, err, "%s is no export, or was cut off or changed (%s): export again", a.name, what)
}

func (a *Archive) check(ctx context.Context) error {
	for _, e := range a.zip.File {
		if a.entries[e.Name] != nil {
			return a.broken(nil, e.Name+" twice")
		}
		a.entries[e.Name] = e
	}
	e := a.entries[manifestName]
	if e == nil {
		return a.broken(nil, "no "+manifestName)
	}
	text, err := read(e, mostManifest)
	if err == nil {
		err = json.Unmarshal(text, &a.Manifest)
	}
	if err != nil {
		return a.broken(err, manifestName)
	}
	if a.Manifest.Format > Format {
		return fault.New(fault.Unsupported, "%s is of form %d, this program reads %d: update sportello", a.name, a.Manifest.Format, Format)
	}
	if a.Manifest.Format < 1 || len(a.entries) != len(a.Manifest.Files)+1 {
		return a.broken(nil, "other files than its list says")
	}
	for name, want := range a.Manifest.Files {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		e := a.entries[name]
		if e == nil {
			return a.broken(nil, name+" is missing")
		}
		in, err := e.Open()
		if err != nil {
			return a.broken(err, name)
		}
		sum := sha256.New()
		_, err = io.Copy(sum, in)
		if err = errors.Join(err, in.Close()); err != nil {
			return a.broken(err, name)
		}
		if hex.EncodeToString(sum.Sum(nil)) != want {
			return a.broken(nil, name+" was changed")
		}
		if file, ok := strings.CutPrefix(name, originals); ok {
			a.originals[strings.TrimSuffix(file, path.Ext(file))] = e
		}
	}
	return nil
}

// read reads an entry up to a size, whatever it says of itself.
func read(e *zip.File, most int64) ([]byte, error) {
	in, err := e.Open()
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(in, most+1))
	if int64(len(b)) > most {
		err = errors.New("it is too large")
	}
	return b, errors.Join(err, in.Close())
}

// Records gives the records of a list, in order; none of one that is not there.
func (a *Archive) Records(list string, yield func(record []byte) error) error {
	e := a.entries[list+lines]
	if e == nil {
		return nil
	}
	in, err := e.Open()
	if err != nil {
		return a.broken(err, e.Name)
	}
	defer func() { _ = in.Close() }() // it was only read
	s := bufio.NewScanner(in)
	s.Buffer(make([]byte, 64<<10), mostRecord)
	n := 0
	for s.Scan() {
		if len(bytes.TrimSpace(s.Bytes())) == 0 {
			continue
		}
		n++
		if err := yield(s.Bytes()); err != nil {
			return err
		}
	}
	if err := s.Err(); err != nil {
		return a.broken(err, e.Name)
	}
	if n != a.Manifest.Records[list] {
		return a.broken(nil, e.Name+" has other lines than its list says")
	}
	return nil
}

// Originals gives the sha256 of all originals, in order.
func (a *Archive) Originals() (all []string) {
	for sha := range a.originals {
		all = append(all, sha)
	}
	slices.Sort(all)
	return all
}

// Original opens one.
func (a *Archive) Original(sha string) (io.ReadCloser, error) {
	e := a.originals[sha]
	if e == nil {
		return nil, a.broken(nil, "the original "+sha+" is missing")
	}
	in, err := e.Open()
	if err != nil {
		return nil, a.broken(err, e.Name)
	}
	return in, nil
}
