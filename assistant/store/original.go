package store

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path/filepath"

	"sportello/assistant/fault"
)

func (s *Store) path(sha string) string { return filepath.Join(s.dir, filesDir, sha[:2], sha) }

func (s *Store) keep(ctx context.Context, sha string, b []byte) error {
	return s.bytes.keep(ctx, sha, b)
}

// OriginalBytes opens an original by its sha256, of whatever version. fault.Broken when it is gone.
func (s *Store) OriginalBytes(ctx context.Context, sha string) (io.ReadCloser, error) {
	f, err := s.bytes.open(ctx, sha)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Wrap(fault.Broken, err, "the original %s is gone from %s: restore a backup, or ingest its document again", sha, s.where)
	}
	return f, s.fail(err)
}

// Original opens the bytes that a document was made of, in its present version. Errors: fault.NotFound for an unknown
// document or one whose original was not kept, fault.Broken when the file is gone from the data folder.
func (s *Store) Original(ctx context.Context, tenant, id string) (io.ReadCloser, Record, error) {
	r, err := s.Document(ctx, tenant, id)
	if err != nil {
		return nil, Record{}, err
	}
	f, err := s.bytes.open(ctx, r.SHA256)
	switch {
	case errors.Is(err, fs.ErrNotExist) && r.Size == 0:
		return nil, Record{}, fault.Wrap(fault.NotFound, err, "the original of %s was not kept", r.Source)
	case errors.Is(err, fs.ErrNotExist):
		return nil, Record{}, fault.Wrap(fault.Broken, err, "the original of %s is gone from %s: restore a backup, or ingest it again", r.Source, s.where)
	case err != nil:
		return nil, Record{}, s.fail(err)
	}
	return f, *r, nil
}
