package ingest

import (
	"context"

	"sportello/assistant/fault"
)

// Job is an upload: files whose bytes are on the disk and that wait to be read.
type Job struct {
	ID      string
	Tenant  string
	Author  string // name of the account
	Options JobOptions
}

// JobOptions say how the files of a job are taken in.
type JobOptions struct {
	Visibility Visibility `json:"visibility,omitempty"` // empty: as it was, public for new documents
	Kind       Kind       `json:"kind,omitempty"`       // empty: as recognised
	Office     string     `json:"office,omitempty"`     // name of the office that answers for them
	Again      bool       `json:"again,omitempty"`      // take in also what is there under another name
	Reread     bool       `json:"reread,omitempty"`     // read also what did not change: something else about it did
}

// JobFile is one file of a job, or one of an archive of it.
type JobFile struct {
	Ordinal  int
	Name     string // as the person knows it
	Source   string // what the document is to be known by
	Path     string // where its bytes are, or the archive's
	Entry    int    // position in the archive, -1 for the file itself
	Size     int64  // bytes, of an entry those it has when it is unpacked
	State    FileState
	Outcome  Outcome
	Document string // id
	Code     fault.Code
	Message  string // what is wrong and what to do about it
	Warnings []string
}

// FileState says how far a file of a job is.
type FileState string

// The states of a file.
const (
	FileWaiting FileState = "waiting"
	FileDone    FileState = "done"
	FileFailed  FileState = "failed"
)

// What may have become of a file of a job besides what Put may have done.
const (
	Duplicate Outcome = "duplicate" // the same bytes are a document already, under another name
	Unpacked  Outcome = "unpacked"  // an archive: its files follow
)

// Queue holds jobs so that they outlive the process. Several processes may work on one: a job is leased.
type Queue interface {
	// LeaseJob gives a job that nobody works at, nil when there is none.
	LeaseJob(ctx context.Context) (*Job, error)
	// RenewJob keeps the lease. fault.Conflict: the job was cancelled, or is somebody else's now.
	RenewJob(ctx context.Context, job string) error
	// NextFile gives the first file that waits, nil when there is none.
	NextFile(ctx context.Context, job string) (*JobFile, error)
	// BeginFile notes what the file's document is before the file is taken in, for who wants to undo it.
	BeginFile(ctx context.Context, job *Job, f *JobFile) error
	// EndFile notes what became of a file.
	EndFile(ctx context.Context, job *Job, f *JobFile) error
	// Unpack puts the files of an archive in its place.
	Unpack(ctx context.Context, job string, archive *JobFile, files []JobFile) error
	// EndJob ends a job that has no file left that waits.
	EndJob(ctx context.Context, job *Job) error
	// Same gives a live document with the same bytes and another source; empty when there is none.
	Same(ctx context.Context, tenant, sha256, source string) (id, title string, err error)
}
