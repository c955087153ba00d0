// Package backup writes a data folder to one file while it is in use, and reads it back.
//
// A backup is a tar, compressed, and encrypted with age (https://age-encryption.org/v1) when recipients are given: the machine that makes
// backups then cannot read them. It holds the database as it was at one moment, the files beside it, and last of all a list of everything
// with its SHA-256, so that a file that was cut off is known for one. The keys of what citizens wrote are left out: what is
// shredded here is not in a backup either.
//
// The package stores nothing else and knows no database: whoever calls gives the snapshot.
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
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"sportello/assistant/fault"
)

// Format is the number of the form of backups; a reader refuses a higher one.
const Format = 1

// Manifest is the last entry of a backup.
type Manifest struct {
	Format  int               `json:"format"`
	Program string            `json:"program"` // version that made it
	Made    time.Time         `json:"made"`
	Files   map[string]string `json:"files"` // path in the data folder -> sha256 of its bytes
}

const (
	manifestName = "manifest.json"
	database     = "sportello.db"
	magic        = "age-encryption.org/"
)

// left are folders of the data folder that no backup holds: keys die with their day, the rest can be made again.
var left = map[string]bool{"keys": true, "cache": true, "backup": true, "learned": true, "run": true}

// Source is what is backed up.
type Source struct {
	Dir        string
	Snapshot   func(ctx context.Context, path string) error // writes the database to a new file
	Program    string
	Now        func() time.Time
	Recipients []string // age public keys; none: not encrypted
}

// Write makes a backup at path, which gets its name only once all of it is on the disk. It gives the manifest.
//
// Errors: fault.Invalid for a recipient that is none or a path that cannot be written, fault.Conflict for a file that is there.
func Write(ctx context.Context, s Source, path string) (m *Manifest, err error) {
	if _, err := os.Stat(path); err == nil {
		return nil, fault.New(fault.Conflict, "%s is there already: give another name", path)
	}
	recipients, err := recipientsOf(s.Recipients)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path+".part", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be written", path)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	m, err = write(ctx, s, f, recipients)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return nil, err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	return m, errors.Join(folder.Sync(), folder.Close())
}

func recipientsOf(keys []string) ([]age.Recipient, error) {
	var out []age.Recipient
	for _, k := range keys {
		r, err := age.ParseX25519Recipient(strings.TrimSpace(k))
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "%q is no public key of age: it begins with age1, age-keygen makes one", k)
		}
		out = append(out, r)
	}
	return out, nil
}

func write(ctx context.Context, s Source, f *os.File, recipients []age.Recipient) (m *Manifest, err error) {
	temporary, err := os.MkdirTemp(s.Dir, ".backup-*")
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be written", s.Dir)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temporary)) }()
	snapshot := filepath.Join(temporary, database)
	if err := s.Snapshot(ctx, snapshot); err != nil {
		return nil, err
	}
	var closers []io.Closer
	var out io.Writer = f
	if len(recipients) > 0 {
		w, err := age.Encrypt(f, recipients...)
		if err != nil {
			return nil, err
		}
		out, closers = w, append(closers, w)
	}
	z := gzip.NewWriter(out)
	t := tar.NewWriter(z)
	closers = append([]io.Closer{t, z}, closers...)
	if s.Now == nil {
		s.Now = time.Now
	}
	m = &Manifest{Format: Format, Program: s.Program, Made: s.Now().UTC().Truncate(time.Second), Files: map[string]string{}}
	// The database first: whatever it names is on the disk by then, and what is added meanwhile does no harm.
	if err := m.add(t, database, snapshot); err != nil {
		return nil, err
	}
	if err := m.addFolder(ctx, t, s.Dir); err != nil {
		return nil, err
	}
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, err
	}
	if err := t.WriteHeader(&tar.Header{Name: manifestName, Mode: 0o600, Size: int64(len(b)), ModTime: m.Made}); err != nil {
		return nil, err
	}
	if _, err := t.Write(b); err != nil {
		return nil, err
	}
	for _, c := range closers {
		if err := c.Close(); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *Manifest) addFolder(ctx context.Context, t *tar.Writer, dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) { // it went while we looked
				return nil
			}
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		top, _, _ := strings.Cut(name, "/")
		switch {
		case name == ".":
			return ctx.Err()
		case strings.HasPrefix(d.Name(), ".") || left[top]:
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular() || strings.HasPrefix(name, database) || strings.HasSuffix(name, ".part"):
			return ctx.Err()
		}
		err = m.add(t, name, path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return errors.Join(err, ctx.Err())
	})
}

func (m *Manifest) add(t *tar.Writer, name, path string) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: info.Size(), ModTime: info.ModTime()}); err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(t, sum), io.LimitReader(f, info.Size()))
	if err == nil && n < info.Size() {
		err = fault.New(fault.Broken, "%s became shorter while it was read: make the backup again", name)
	}
	m.Files[name] = hex.EncodeToString(sum.Sum(nil))
	return err
}

// Read unpacks a backup into dir, which is made and must be empty; with an empty dir it only checks. identities is the text of a file of
// age's private keys. What is not whole is an error, and what was unpacked of it is not to be used.
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
