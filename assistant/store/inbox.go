package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// inboxDir holds the bytes of uploads until they are taken in: inbox/<job>/<ordinal>.
const inboxDir = "inbox"

func (s *Store) inbox(job string) string { return filepath.Join(s.local, inboxDir, filepath.Base(job)) }

// Upload is an upload that is being received. Nothing of it counts before Commit; Discard lets it go.
type Upload struct {
	s     *Store
	job   ingest.Job
	files []ingest.JobFile
}

// NewUpload begins an upload to a tenant. Unknown tenant: fault.NotFound.
func (s *Store) NewUpload(ctx context.Context, tenant, author string, o ingest.JobOptions) (*Upload, error) {
	if _, err := s.tenant(ctx, s.reader, tenant); err != nil {
		return nil, s.fail(err)
	}
	u := &Upload{s: s, job: ingest.Job{ID: uuid.NewString(), Tenant: tenant, Author: author, Options: o}}
	return u, s.fail(os.MkdirAll(s.inbox(u.job.ID), 0o750))
}

// Add writes one file to the disk as it comes, up to limit bytes; a part of a file is not kept. Over the limit: fault.TooLarge.
func (u *Upload) Add(name, source string, in io.Reader, limit int64) (err error) {
	path := filepath.Join(u.s.inbox(u.job.ID), strconv.Itoa(len(u.files)))
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return u.s.fail(err)
	}
	n, err := io.Copy(f, io.LimitReader(in, limit+1))
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil && n > limit {
		err = fault.New(fault.TooLarge, "%s: more than the limit of %d MB: split it", name, limit>>20)
	}
	if err != nil {
		return u.s.fail(errors.Join(err, os.Remove(path)))
	}
	u.files = append(u.files, ingest.JobFile{Ordinal: len(u.files), Name: name, Source: source, Path: path, Entry: -1, Size: n, State: ingest.FileWaiting})
	return nil
}

// Refuse notes a file that cannot be taken in, so that the person reads why where the others are.
func (u *Upload) Refuse(name string, why error) {
	u.files = append(u.files, ingest.JobFile{Ordinal: len(u.files), Name: name, Path: strconv.Itoa(len(u.files)), Entry: -1,
		State: ingest.FileFailed, Code: fault.CodeOf(why), Message: fault.MessageOf(why)})
}

// Options sets how the files are taken in, when that came after them.
func (u *Upload) Options(o ingest.JobOptions) { u.job.Options = o }

// Commit makes the upload a job that waits: from now on it is done whatever happens to this process. It gives its id.
func (u *Upload) Commit(ctx context.Context) (string, error) {
	if len(u.files) == 0 {
		return "", fault.New(fault.Invalid, "no file was chosen")
	}
	options, err := json.Marshal(u.job.Options)
	if err != nil {
		return "", u.s.fail(err)
	}
	if err := errors.Join(syncFolder(u.s.inbox(u.job.ID)), syncFolder(filepath.Dir(u.s.inbox(u.job.ID)))); err != nil {
		return "", u.s.fail(err)
	}
	for _, f := range u.files {
		if f.State == ingest.FileWaiting {
			if err := u.s.bytes.share(ctx, f.Path); err != nil {
				return "", u.s.fail(err)
			}
		}
	}
	return u.job.ID, u.s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, u.s.sql["job_insert"], u.job.ID, u.job.Tenant, u.job.Author, string(options), u.s.stamp()); err != nil {
			return err
		}
		for i := range u.files {
			if err := u.s.putFile(ctx, tx, u.job.ID, &u.files[i]); err != nil {
				return err
			}
		}
		return u.s.note(ctx, tx, AuditEntry{Actor: u.job.Author, Action: "upload.add", Tenant: u.job.Tenant, Object: u.job.ID, Note: strconv.Itoa(len(u.files))})
	})
}

// Discard lets the bytes of an upload go that is not to be a job.
func (u *Upload) Discard() error {
	return u.s.fail(u.s.bytes.drop(context.Background(), u.s.inbox(u.job.ID)))
}

// abandoned is how old a folder of the inbox is before it is taken for one whose process died while it received it.
const abandoned = 24 * time.Hour

// PruneJobs forgets the jobs that ended long ago, with the bytes that they kept, and what was never received whole.
func (s *Store) PruneJobs(ctx context.Context) error {
	rows, err := s.reader.QueryContext(ctx, s.sql["job_old"], s.now().UTC().Add(-UndoFor).Format(time.RFC3339Nano))
	if err != nil {
		return s.fail(err)
	}
	old, err := collect(rows, func(row scanner) (id string, err error) { return id, row.Scan(&id) })
	if err != nil {
		return s.fail(err)
	}
	for _, id := range old {
		if err := s.bytes.drop(ctx, s.inbox(id)); err != nil {
			return s.fail(err)
		}
		err := s.write(ctx, func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, s.sql["job_files_drop"], id); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, s.sql["job_drop"], id)
			return err
		})
		if err != nil {
			return err
		}
	}
	return errors.Join(s.sweepInbox(ctx), s.fail(s.sweepUnfinished()))
}

// sweepUnfinished removes what a process was writing when it was killed: files that never got their name, in the folders of originals and keys.
func (s *Store) sweepUnfinished() error {
	for _, folder := range []string{filesDir, keysDir} {
		err := filepath.WalkDir(filepath.Join(s.dir, folder), func(path string, e fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // gone meanwhile, or never there
			}
			if err != nil || e.IsDir() || !strings.HasPrefix(e.Name(), unfinished) {
				return err
			}
			info, err := e.Info()
			if errors.Is(err, fs.ErrNotExist) || err == nil && s.now().Sub(info.ModTime()) < abandoned {
				return nil // gone meanwhile, or young
			}
			return errors.Join(err, os.Remove(path))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) sweepInbox(ctx context.Context) error {
	if err := s.bytes.sweep(ctx, s.now().Add(-abandoned)); err != nil {
		return s.fail(err)
	}
	folders, err := os.ReadDir(filepath.Join(s.local, inboxDir))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return s.fail(err)
	}
	for _, f := range folders {
		info, err := f.Info()
		if err != nil || s.now().Sub(info.ModTime()) < abandoned {
			continue // gone meanwhile, or young
		}
		job, err := scanJob(s.reader.QueryRowContext(ctx, s.sql["job_get"], f.Name()))
		if !errors.Is(err, sql.ErrNoRows) && (err != nil || s.dialect == sqliteDialect || !job.Ended()) { // on PostgreSQL what is here is a copy
			continue
		}
		if err := os.RemoveAll(s.inbox(f.Name())); err != nil {
			return s.fail(err)
		}
	}
	return nil
}
