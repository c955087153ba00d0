package store

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"sportello/assistant/fault"
)

func (s *Store) path(sha string) string { return filepath.Join(s.dir, filesDir, sha[:2], sha) }

// keep writes the bytes under their sha256 and makes sure that they are on the disk, name included. A file that is there
// is whole: it got its name only after it was synced.
func (s *Store) keep(sha string, b []byte) (err error) {
	path := s.path(sha)
	if info, err := os.Stat(path); err == nil && info.Size() == int64(len(b)) {
		return nil
	}
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return errors.Join(syncFolder(folder), syncFolder(filepath.Dir(folder)))
}

func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Original opens the bytes that a document was made of, in its present version. Errors: fault.NotFound for an unknown
// document or one whose original was not kept, fault.Broken when the file is gone from the data folder.
func (s *Store) Original(ctx context.Context, tenant, id string) (io.ReadCloser, Record, error) {
	r, err := s.Document(ctx, tenant, id)
	if err != nil {
		return nil, Record{}, err
	}
	f, err := os.Open(s.path(r.SHA256))
	switch {
	case errors.Is(err, fs.ErrNotExist) && r.Size == 0:
		return nil, Record{}, fault.Wrap(fault.NotFound, err, "the original of %s was not kept", r.Source)
	case errors.Is(err, fs.ErrNotExist):
		return nil, Record{}, fault.Wrap(fault.Broken, err, "the original of %s is gone from %s: restore a backup, or ingest it again", r.Source, s.dir)
	case err != nil:
		return nil, Record{}, s.fail(err)
	}
	return f, *r, nil
}
