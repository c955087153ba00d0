package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"sportello/assistant/fault"
	"sportello/ingest"
)

var _ ingest.Queue = (*Store)(nil)

// jobLease is how long a process may be silent before its job is given to another.
const jobLease = 45 * time.Second

// JobState says how far a job is.
type JobState string

// The states of a job.
const (
	JobWaiting   JobState = "waiting"
	JobWorking   JobState = "working"
	JobDone      JobState = "done"
	JobCancelled JobState = "cancelled"
)

// JobRecord is a job with how far it is.
type JobRecord struct {
	ingest.Job
	State      JobState
	AddedAt    time.Time
	FinishedAt time.Time // zero while it goes on
	Files      int
	Done       int // taken in, or found to be there
	Failed     int
}

// Ended says whether nothing more will happen.
func (j *JobRecord) Ended() bool { return j.State == JobDone || j.State == JobCancelled }

// LeaseJob is part of ingest.Queue.
func (s *Store) LeaseJob(ctx context.Context) (job *ingest.Job, err error) {
	var waiting string // look before locking: mostly there is nothing
	err = s.reader.QueryRowContext(ctx, s.sql["job_next"], s.now().UnixMilli()).Scan(&waiting)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, s.fail(err)
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		var id string
		err := tx.QueryRowContext(ctx, s.sql["job_next"], s.now().UnixMilli()).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["job_lease"], id, s.now().Add(jobLease).UnixMilli()); err != nil {
			return err
		}
		r, err := scanJob(tx.QueryRowContext(ctx, s.sql["job_get"], id))
		job = &r.Job
		return err
	})
	return job, err
}

// RenewJob is part of ingest.Queue.
func (s *Store) RenewJob(ctx context.Context, job string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, s.sql["job_lease"], job, s.now().Add(jobLease).UnixMilli())
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return fault.New(fault.Conflict, "the upload was stopped")
	})
}

// NextFile is part of ingest.Queue.
func (s *Store) NextFile(ctx context.Context, job string) (*ingest.JobFile, error) {
	f, err := s.scanFile(job, s.reader.QueryRowContext(ctx, s.sql["job_file_next"], job))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err == nil {
		err = s.bytes.fetch(ctx, f.Path)
	}
	return &f, s.fail(err)
}

// BeginFile is part of ingest.Queue. What was before stays as first noted: a file that is begun again after a crash may
// have been taken in already.
func (s *Store) BeginFile(ctx context.Context, job *ingest.Job, f *ingest.JobFile) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		id := derive("document", job.Tenant, f.Source)
		was, err := s.before(ctx, tx, job.Tenant, id)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["declined_drop"], id); err != nil { // a person brings it now
			return err
		}
		_, err = tx.ExecContext(ctx, s.sql["job_file_was"], job.ID, f.Ordinal, was, id)
		return err
	})
}

// EndFile is part of ingest.Queue.
func (s *Store) EndFile(ctx context.Context, job *ingest.Job, f *ingest.JobFile) error {
	warnings, err := json.Marshal(f.Warnings)
	if err != nil {
		return s.fail(err)
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		outcome := f.Outcome
		if f.State == ingest.FileDone && outcome != ingest.Duplicate {
			if outcome, err = s.settle(ctx, tx, job, f); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, s.sql["job_file_done"], job.ID, f.Ordinal, f.State, outcome, f.Document, f.Code, f.Message, string(warnings))
		return err
	})
}

// settle gives a document its office, and says what became of it since the file was first begun.
func (s *Store) settle(ctx context.Context, tx *sql.Tx, job *ingest.Job, f *ingest.JobFile) (ingest.Outcome, error) {
	now, _, err := s.snapshot(ctx, tx, job.Tenant, f.Document)
	if err != nil {
		return f.Outcome, err
	}
	if job.Options.Office != "" && now.Office != job.Options.Office {
		now.Office = job.Options.Office
		if err := s.standing(ctx, tx, job.Tenant, f.Document, now); err != nil {
			return f.Outcome, err
		}
	}
	var raw string
	if err := tx.QueryRowContext(ctx, s.sql["job_file_before"], job.ID, f.Ordinal).Scan(&raw); err != nil || raw == "" {
		return f.Outcome, err
	}
	var was snapshot
	if err := json.Unmarshal([]byte(raw), &was); err != nil {
		return f.Outcome, err
	}
	switch {
	case was.Version == 0, was.State == Retired && now.State == Live:
		return ingest.Added, nil
	case was.Version < now.Version:
		return ingest.Replaced, nil
	}
	return f.Outcome, nil
}

// Unpack is part of ingest.Queue.
func (s *Store) Unpack(ctx context.Context, job string, archive *ingest.JobFile, files []ingest.JobFile) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		var last int
		if err := tx.QueryRowContext(ctx, s.sql["job_file_last"], job).Scan(&last); err != nil {
			return err
		}
		for i := range files {
			files[i].Ordinal = last + 1 + i
			if err := s.putFile(ctx, tx, job, &files[i]); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, s.sql["job_file_done"], job, archive.Ordinal, ingest.FileDone, ingest.Unpacked, "", "", strconv.Itoa(len(files)), "[]")
		return err
	})
}

func (s *Store) putFile(ctx context.Context, tx *sql.Tx, job string, f *ingest.JobFile) error {
	_, err := tx.ExecContext(ctx, s.sql["job_file_insert"], job, f.Ordinal, f.Name, f.Source, filepath.Base(f.Path), f.Entry, f.Size, f.State, f.Code, f.Message)
	return err
}

// EndJob is part of ingest.Queue: what the job did becomes one entry of the journal, and its bytes are let go: what was taken
// in has its own copy, and what failed is kept for another try until the job is pruned.
func (s *Store) EndJob(ctx context.Context, job *ingest.Job) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, s.sql["job_end"], job.ID, JobDone, s.stamp())
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err // somebody else ended it
		}
		return s.recordJob(ctx, tx, job)
	})
	if err != nil {
		return err
	}
	return s.dropBytes(ctx, job.ID)
}

// recordJob writes what a job did in the journal.
func (s *Store) recordJob(ctx context.Context, tx *sql.Tx, job *ingest.Job) error {
	rows, err := tx.QueryContext(ctx, s.sql["job_file_items"], job.ID)
	if err != nil {
		return err
	}
	items, err := collect(rows, func(row scanner) (i item, err error) {
		i.kind = documentItem
		var was []byte
		err = row.Scan(&i.subject, &was)
		i.was = json.RawMessage(was)
		return i, err
	})
	if err != nil || len(items) == 0 {
		return err
	}
	_, label, err := s.snapshot(ctx, tx, job.Tenant, items[0].subject)
	if err != nil {
		return err
	}
	if len(items) > 1 {
		label = strconv.Itoa(len(items))
	}
	_, err = s.record(ctx, tx, job.Tenant, job.Author, "upload", label, items)
	return err
}

// dropBytes removes the uploaded files that no file that failed needs.
func (s *Store) dropBytes(ctx context.Context, job string) error {
	files, err := s.JobFiles(ctx, job)
	if err != nil {
		return err
	}
	needed := map[string]bool{}
	for _, f := range files {
		needed[f.Path] = needed[f.Path] || f.State != ingest.FileDone
	}
	var errs []error
	for path, keep := range needed {
		if !keep {
			errs = append(errs, s.bytes.drop(ctx, path))
		}
	}
	if err := os.Remove(s.inbox(job)); err != nil && errors.Join(errs...) == nil { // not empty: something failed and is kept
		return nil //nolint:nilerr // it goes when the job is pruned
	}
	return s.fail(errors.Join(errs...))
}

// Same is part of ingest.Queue.
func (s *Store) Same(ctx context.Context, tenant, sha256, source string) (id, title string, err error) {
	var other string
	err = s.reader.QueryRowContext(ctx, s.sql["document_same"], tenant, sha256, source).Scan(&id, &other, &title)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", nil
	}
	return id, title, s.fail(err)
}

// Job gives one job of a tenant, or fault.NotFound.
func (s *Store) Job(ctx context.Context, tenant, id string) (*JobRecord, error) {
	r, err := scanJob(s.reader.QueryRowContext(ctx, s.sql["job_get"], id))
	if errors.Is(err, sql.ErrNoRows) || err == nil && r.Tenant != tenant {
		return nil, fault.New(fault.NotFound, "%s has no upload %s", tenant, id)
	}
	return &r, s.fail(err)
}

// Jobs gives the uploads of a tenant, the newest first.
func (s *Store) Jobs(ctx context.Context, tenant string, limit int) ([]JobRecord, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["job_list"], tenant, limit)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, scanJob)
	return all, s.fail(err)
}

// JobFiles gives the files of a job in order; their paths are absolute.
func (s *Store) JobFiles(ctx context.Context, job string) ([]ingest.JobFile, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["job_file_list"], job)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, func(row scanner) (ingest.JobFile, error) { return s.scanFile(job, row) })
	return all, s.fail(err)
}

// CancelJob stops a job: what was taken in stays and can be undone, the bytes of the rest are let go.
func (s *Store) CancelJob(ctx context.Context, tenant, author, id string) error {
	job, err := s.Job(ctx, tenant, id)
	if err != nil {
		return err
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, s.sql["job_end"], id, JobCancelled, s.stamp())
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
		if err := s.note(ctx, tx, AuditEntry{Actor: author, Action: "upload.stop", Tenant: tenant, Object: id}); err != nil {
			return err
		}
		return s.recordJob(ctx, tx, &job.Job)
	})
	if err != nil {
		return err
	}
	return s.fail(s.bytes.drop(ctx, s.inbox(id)))
}

// RetryJob puts the files of a job that could not be read in the queue again. Those that were refused before they were read
// are not: they have to be uploaded anew. fault.Conflict for a job that is under way or was stopped.
func (s *Store) RetryJob(ctx context.Context, tenant, author, id string) error {
	job, err := s.Job(ctx, tenant, id)
	if err != nil {
		return err
	}
	if job.State != JobDone {
		return fault.New(fault.Conflict, "only an upload that has ended can be tried again")
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, s.sql["job_retry_files"], id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["job_reopen"], tenant, id); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: author, Action: "upload.retry", Tenant: tenant, Object: id})
	})
}

func scanJob(row scanner) (r JobRecord, err error) {
	var options []byte
	var added, finished string
	if err := row.Scan(&r.ID, &r.Tenant, &r.Author, &options, &r.State, &added, &finished, &r.Files, &r.Done, &r.Failed); err != nil {
		return r, err
	}
	if err := json.Unmarshal(options, &r.Options); err != nil {
		return r, err
	}
	if r.AddedAt, err = time.Parse(time.RFC3339Nano, added); err == nil && finished != "" {
		r.FinishedAt, err = time.Parse(time.RFC3339Nano, finished)
	}
	return r, err
}

func (s *Store) scanFile(job string, row scanner) (f ingest.JobFile, err error) {
	var warnings []byte
	var name string
	if err := row.Scan(&f.Ordinal, &f.Name, &f.Source, &name, &f.Entry, &f.Size, &f.State, &f.Outcome, &f.Document, &f.Code, &f.Message, &warnings); err != nil {
		return f, err
	}
	f.Path = filepath.Join(s.inbox(job), name)
	return f, json.Unmarshal(warnings, &f.Warnings)
}
