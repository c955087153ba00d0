package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// shelf keeps bytes where every process finds them: originals by their sha256, and the files of uploads by their path in the inbox. A name
// is the path below the data folder, with slashes.
type shelf interface {
	keep(ctx context.Context, sha string, b []byte) error        // whole and for good when it returns
	open(ctx context.Context, sha string) (io.ReadCloser, error) // fs.ErrNotExist when it is not there
	share(ctx context.Context, path string) error                // a file of this node's inbox, for all nodes
	fetch(ctx context.Context, path string) error                // into this node's inbox, when another received it
	drop(ctx context.Context, path string) error                 // a file of the inbox, or a folder with all in it
	sweep(ctx context.Context, before time.Time) error           // what was shared before a moment and belongs to no job

	names(ctx context.Context, prefix string) ([]string, error)
	read(ctx context.Context, name string) (io.ReadCloser, error)
	size(ctx context.Context, name string) (int64, error)
	put(ctx context.Context, name string, in io.Reader) error // whole or not at all
}

// unfinished begins the name of a file that is being written.
const unfinished = ".new-"

// originalOf gives the sha256 of an original by its name.
func originalOf(name string) (sha string, ok bool) {
	return path.Base(name), strings.HasPrefix(name, filesDir+"/")
}

// counting reads, counts and hands on what it read.
type counting struct {
	in   io.Reader
	also io.Writer
	n    int64
}

func (c *counting) Read(b []byte) (int, error) {
	n, err := c.in.Read(b)
	c.n += int64(n)
	if n > 0 {
		if _, failed := c.also.Write(b[:n]); failed != nil {
			return n, failed
		}
	}
	return n, err
}

// byteFiles are bytes in the data folder.
type byteFiles struct{ s *Store }

func (k byteFiles) open(_ context.Context, sha string) (io.ReadCloser, error) {
	return os.Open(k.s.path(sha))
}
func (k byteFiles) share(context.Context, string) error       { return nil }
func (k byteFiles) fetch(context.Context, string) error       { return nil }
func (k byteFiles) sweep(context.Context, time.Time) error    { return nil }
func (k byteFiles) drop(_ context.Context, path string) error { return os.RemoveAll(path) }

func (k byteFiles) path(name string) string { return filepath.Join(k.s.dir, filepath.FromSlash(name)) }

func (k byteFiles) read(_ context.Context, name string) (io.ReadCloser, error) {
	return os.Open(k.path(name))
}

func (k byteFiles) put(_ context.Context, name string, in io.Reader) error {
	return putWhole(k.path(name), in)
}

func (k byteFiles) size(_ context.Context, name string) (int64, error) {
	info, err := os.Stat(k.path(name))
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (k byteFiles) names(_ context.Context, prefix string) (names []string, err error) {
	err = filepath.WalkDir(k.path(prefix), func(at string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), unfinished) {
			return err
		}
		rel, err := filepath.Rel(k.s.dir, at)
		names = append(names, filepath.ToSlash(rel))
		return err
	})
	return names, err
}

// keep writes the bytes under their sha256 and makes sure that they are on the disk, name included. A file that is there
// is whole: it got its name only after it was synced.
func (k byteFiles) keep(_ context.Context, sha string, b []byte) error {
	path := k.s.path(sha)
	if info, err := os.Stat(path); err == nil && info.Size() == int64(len(b)) {
		return nil
	}
	return errors.Join(putWhole(path, bytes.NewReader(b)), syncFolder(filepath.Dir(filepath.Dir(path))))
}

// putWhole writes a file that is there whole or not at all.
func putWhole(path string, in io.Reader) (err error) {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, unfinished+"*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = io.Copy(f, in)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncFolder(folder)
}

func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// byteRows are bytes in pieces in PostgreSQL, under the name of the file that they would be in the data folder. The inbox of a node holds
// what it is receiving and what it is working at.
type byteRows struct{ s *Store }

const pieceSize = 1 << 20

func originalName(sha string) string { return filesDir + "/" + sha[:2] + "/" + sha }

// nodeDir is the part of the data folder that holds a node's copies: the rest of it may be a store of SQLite that was moved away.
const nodeDir = "node"

// name is what the bytes at a path of nodeDir are known by.
func (k byteRows) name(path string) (string, error) {
	rel, err := filepath.Rel(k.s.local, path)
	return filepath.ToSlash(rel), err
}

func (k byteRows) keep(ctx context.Context, sha string, b []byte) error {
	size, err := k.size(ctx, originalName(sha))
	if err == nil && size == int64(len(b)) || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return k.put(ctx, originalName(sha), bytes.NewReader(b))
}

// put writes all pieces in one transaction. Bytes under a name never change, so that one who finds them there has nothing to do.
func (k byteRows) put(ctx context.Context, name string, in io.Reader) error {
	s := k.s
	return s.transaction(ctx, s.side, "", func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, s.sql["blob_put"], name, s.stamp())
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
		piece := make([]byte, pieceSize)
		var size int64
		for i := 0; ; i++ {
			n, err := io.ReadFull(in, piece)
			if n > 0 {
				if _, err := tx.ExecContext(ctx, s.sql["piece_put"], name, i, piece[:n]); err != nil {
					return err
				}
			}
			size += int64(n)
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				break
			}
			if err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, s.sql["blob_size"], name, size)
		return err
	})
}

func (k byteRows) size(ctx context.Context, name string) (size int64, err error) {
	s := k.s
	err = s.side.QueryRowContext(ctx, s.sql["blob_get"], name).Scan(&size)
	if errors.Is(err, sql.ErrNoRows) {
		err = fs.ErrNotExist
	}
	return size, err
}

func (k byteRows) open(ctx context.Context, sha string) (io.ReadCloser, error) {
	return k.read(ctx, originalName(sha))
}

func (k byteRows) read(ctx context.Context, name string) (io.ReadCloser, error) {
	size, err := k.size(ctx, name)
	if err != nil {
		return nil, err
	}
	return &pieces{ctx: ctx, s: k.s, name: name, size: size}, nil
}

// pieces reads bytes piece by piece.
type pieces struct {
	ctx  context.Context //nolint:containedctx // of whoever opened it, who reads it too
	s    *Store
	name string
	size int64 // still to be read from the database
	next int
	held []byte
}

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.held) == 0 {
		if p.size <= 0 {
			return 0, io.EOF
		}
		s := p.s
		if err := s.side.QueryRowContext(p.ctx, s.sql["piece_get"], p.name, p.next).Scan(&p.held); err != nil {
			return 0, s.fail(err)
		}
		p.next++
		p.size -= int64(len(p.held))
	}
	n := copy(b, p.held)
	p.held = p.held[n:]
	return n, nil
}

func (p *pieces) Close() error { return nil }

func (k byteRows) share(ctx context.Context, path string) error {
	name, err := k.name(path)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	if err := errors.Join(k.put(ctx, name, f), f.Close()); err != nil {
		return err
	}
	return os.Remove(path) // before anybody can work at it: whoever does fetches it
}

func (k byteRows) fetch(ctx context.Context, path string) error {
	name, err := k.name(path)
	if err != nil {
		return err
	}
	size, err := k.size(ctx, name)
	if err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil && info.Size() == size { // written whole, see putWhole
		now := time.Now()
		return os.Chtimes(filepath.Dir(path), now, now) // in use: the sweeper lets it be
	}
	in, err := k.read(ctx, name)
	if err != nil {
		return err
	}
	return errors.Join(putWhole(path, in), in.Close())
}

func (k byteRows) drop(ctx context.Context, path string) error {
	s := k.s
	name, err := k.name(path)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	names, err := k.names(ctx, name+"/")
	if err != nil {
		return err
	}
	for _, one := range append(names, name) {
		if _, err := s.side.ExecContext(ctx, s.sql["blob_delete"], one); err != nil {
			return err
		}
	}
	return nil
}

func (k byteRows) sweep(ctx context.Context, before time.Time) error {
	s := k.s
	_, err := s.side.ExecContext(ctx, s.sql["blob_abandoned"], stampOf(before))
	return err
}

func (k byteRows) names(ctx context.Context, prefix string) ([]string, error) {
	s := k.s
	rows, err := s.side.QueryContext(ctx, s.sql["blob_names"], prefix, len([]rune(prefix)))
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (name string, err error) { return name, row.Scan(&name) })
}
