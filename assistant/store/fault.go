package store

import (
	"context"
	"errors"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"sportello/assistant/fault"
	"sportello/assistant/store/postgres"
)

func (s *Store) fail(err error) error { return explain(err, s.where) }

// explain gives an error of the database or the file system a code and a message that says what to do about dir. Errors
// that already have a code, and the ends of a context, go through as they are.
func explain(err error, dir string) error {
	var known *fault.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fullDisk(err, dir)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.EROFS):
		return readOnly(err, dir)
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		return fault.Wrap(fault.Invalid, err, "%s is not a folder: give a folder with --data", dir)
	}
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case lib.SQLITE_FULL:
			return fullDisk(err, dir)
		case lib.SQLITE_READONLY, lib.SQLITE_CANTOPEN, lib.SQLITE_PERM:
			return readOnly(err, dir)
		case lib.SQLITE_NOTADB:
			return fault.Wrap(fault.Broken, err, "%s/%s is not a database of sportello: move it away, or give another folder with --data", dir, fileName)
		case lib.SQLITE_CORRUPT:
			return fault.Wrap(fault.Broken, err, "%s/%s is damaged: restore a backup with sportello restore", dir, fileName)
		case lib.SQLITE_IOERR:
			return fault.Wrap(fault.Unavailable, err, "the disk of %s fails: check it, and the space left on it", dir)
		case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
			return fault.Wrap(fault.Unavailable, err, "another process keeps %s locked: wait for it to end", dir)
		}
	}
	if known := postgres.Explain(err, dir); known != nil {
		return known
	}
	return fault.Wrap(fault.Internal, err, "the store in %s failed", dir)
}

func fullDisk(err error, dir string) error {
	return fault.Wrap(fault.Unavailable, err, "the disk that holds %s is full: free some space; nothing was lost", dir)
}

func readOnly(err error, dir string) error {
	return fault.Wrap(fault.Invalid, err, "cannot write in %s: check who owns the folder, or give another one with --data", dir)
}
