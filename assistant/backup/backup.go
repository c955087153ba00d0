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
	"github.com/rogpeppe/go-internal/lockedfile"

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

	temporaryFolder = ".backup-"
	restoring       = ".restoring" // in a folder into which a backup is being read: what is unpacked and not yet in its place
)

// left are folders of the data folder that no backup holds: keys die with their day, the rest can be made again.
var left = map[string]bool{"certificates": true, "keys": true, "cache": true, "backup": true, "learned": true, "run": true}

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
	m, err = alone(ctx, s, f, recipients)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return nil, err
	}
	return m, syncFolder(filepath.Dir(path))
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
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

// alone writes while no other process makes a backup of the same folder, and first clears away what one that was killed left.
func alone(ctx context.Context, s Source, f *os.File, recipients []age.Recipient) (*Manifest, error) {
	unlock, err := lockedfile.MutexAt(filepath.Join(s.Dir, ".backup.lock")).Lock() // the system releases it when its holder dies
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be written", s.Dir)
	}
	defer unlock()
	entries, err := os.ReadDir(s.Dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.IsDir() && strings.HasPrefix(e.Name(), temporaryFolder) {
			if err := os.RemoveAll(filepath.Join(s.Dir, e.Name())); err != nil {
				return nil, err
			}
		}
	}
	return write(ctx, s, f, recipients)
}

func write(ctx context.Context, s Source, f *os.File, recipients []age.Recipient) (m *Manifest, err error) {
	temporary, err := os.MkdirTemp(s.Dir, temporaryFolder+"*")
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
