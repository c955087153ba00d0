package backup

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"filippo.io/age"

	"sportello/assistant/fault"
)

// Read unpacks a backup into dir, which is made and must be empty; with an empty dir it only checks. identities is the text of a file of
// age's private keys. What is not whole is an error, and nothing of it is in its place: the database gets its name last, so that a folder
// with a database is an installation. What a Read that was killed left is cleared away by the next.
//
// Errors: fault.Broken for a file that is no backup, was cut off or changed, fault.Encrypted when no identity opens it, fault.Unsupported for a
// newer form, fault.Conflict for a folder with something in it.
func Read(ctx context.Context, path, identities, dir string) (*Manifest, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, err, "%s cannot be read", path)
	}
	defer func() { _ = f.Close() }() // it was only read
	if dir != "" {
		if err := emptyFolder(dir); err != nil {
			return nil, err
		}
	}
	in, err := opened(f, path, identities)
	if err != nil {
		return nil, err
	}
	if dir == "" {
		return readWhole(ctx, path, in, "")
	}
	unfinished := filepath.Join(dir, restoring)
	if err := os.Mkdir(unfinished, 0o750); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be written", dir)
	}
	m, err := readWhole(ctx, path, in, unfinished)
	if err == nil {
		err = putInPlace(unfinished, dir)
	}
	return m, errors.Join(err, os.RemoveAll(unfinished))
}

// putInPlace gives everything its name, the database last.
func putInPlace(from, dir string) error {
	all, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	move := func(name string) error { return os.Rename(filepath.Join(from, name), filepath.Join(dir, name)) }
	for _, e := range all {
		if e.Name() == database {
			continue
		}
		if err := move(e.Name()); err != nil {
			return err
		}
	}
	if err := syncFolder(dir); err != nil {
		return err
	}
	return errors.Join(move(database), syncFolder(dir))
}

func readWhole(ctx context.Context, path string, in io.Reader, dir string) (*Manifest, error) {
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, broken(err, path)
	}
	m, sums, err := unpack(ctx, tar.NewReader(z), dir)
	if err == nil {
		_, err = io.Copy(io.Discard, z) // to the checksum at the end
	}
	if err != nil {
		return nil, broken(err, path)
	}
	if m == nil {
		return nil, broken(errors.New("it has no manifest"), path)
	}
	if m.Format > Format {
		return nil, fault.New(fault.Unsupported, "%s is of form %d, this program reads %d: restore it with sportello %s or later", path, m.Format, Format, m.Program)
	}
	for name, want := range m.Files {
		if sums[name] != want {
			return nil, fault.New(fault.Broken, "%s: %s is missing in it or not as it was", path, name)
		}
	}
	if m.Files[database] == "" || len(sums) != len(m.Files) {
		return nil, fault.New(fault.Broken, "%s does not hold what its list says", path)
	}
	return m, nil
}

func broken(err error, path string) error {
	if errors.Is(err, context.Canceled) || fault.CodeOf(err) != fault.Internal {
		return err
	}
	return fault.Wrap(fault.Broken, err, "%s is no backup, or was cut off or changed: take another one", path)
}

func opened(f *os.File, path, identities string) (io.Reader, error) {
	b := bufio.NewReader(f)
	if head, _ := b.Peek(len(magic)); string(head) != magic {
		return b, nil
	}
	if identities == "" {
		return nil, fault.New(fault.Encrypted, "%s is encrypted: give the file with the private key by --identity", path)
	}
	keys, err := age.ParseIdentities(strings.NewReader(identities))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the file given by --identity holds no private key of age")
	}
	r, err := age.Decrypt(b, keys...)
	if err != nil {
		return nil, fault.Wrap(fault.Encrypted, err, "%s does not open with this key: it was made for another one", path)
	}
	return r, nil
}

func emptyFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be made", dir)
	}
	all, err := os.ReadDir(dir)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be read", dir)
	}
	names := make([]string, len(all))
	for i, e := range all {
		names[i] = e.Name()
	}
	if slices.Contains(names, restoring) && !slices.Contains(names, database) { // a restore was killed: all that is here is its own
		for _, name := range names {
			if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
				return fault.Wrap(fault.Invalid, err, "%s cannot be emptied", dir)
			}
		}
		return nil
	}
	if len(all) > 0 {
		return fault.New(fault.Conflict, "%s has something in it: restore into a new folder, look at it, then put it in its place", dir)
	}
	return nil
}

func unpack(ctx context.Context, t *tar.Reader, dir string) (m *Manifest, sums map[string]string, err error) {
	sums = map[string]string{}
	for {
		h, err := t.Next()
		switch {
		case errors.Is(err, io.EOF):
			return m, sums, nil
		case err != nil:
			return nil, nil, err
		case ctx.Err() != nil:
			return nil, nil, ctx.Err()
		case h.Typeflag != tar.TypeReg || !filepath.IsLocal(filepath.FromSlash(h.Name)):
			return nil, nil, fault.New(fault.Broken, "it holds %q, which no backup does", h.Name)
		case h.Name == manifestName:
			m = new(Manifest)
			if err := json.NewDecoder(io.LimitReader(t, 1<<30)).Decode(m); err != nil {
				return nil, nil, err
			}
			continue
		}
		sum := sha256.New()
		if err := save(dir, h.Name, io.TeeReader(t, sum)); err != nil {
			return nil, nil, err
		}
		sums[h.Name] = hex.EncodeToString(sum.Sum(nil))
	}
}

// save writes one file of a backup, or only reads it.
func save(dir, name string, in io.Reader) (err error) {
	if dir == "" {
		_, err := io.Copy(io.Discard, in)
		return err
	}
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, in)
	return errors.Join(err, f.Sync(), f.Close())
}
