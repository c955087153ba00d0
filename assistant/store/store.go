package store

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"

	_ "modernc.org/sqlite" // the driver, "sqlite"
)

// Config is what a Store needs.
type Config struct {
	Dir string // the data folder; made when it is not there

	// Analyze gives the terms of a text for the word leg of the index. AnalyzerVersion grows whenever it would give other
	// terms for the same text: terms of older versions are then made anew the next time they are read. Without Analyze
	// the store can be read and administered, but takes no documents.
	Analyze         func(text string) []assistant.Term
	AnalyzerVersion int

	// Lease is how long a process may take to embed what PendingVectors gave it before others are given the same. Default one minute.
	Lease time.Duration

	// Wait is how long to wait for another process that writes. Default 30 seconds.
	Wait time.Duration

	// Now is the clock; default time.Now.
	Now func() time.Time
}

// Store is an open data folder. It is safe for concurrent use.
type Store struct {
	dir      string
	analyze  func(string) []assistant.Term
	analyzer int
	lease    time.Duration
	now      func() time.Time
	sql      statements
	writer   *sql.DB // one connection: writers queue here before they queue on the file
	reader   *sql.DB
	chunksBy *sql.Stmt // of the reader, see Passages
	ownersBy *sql.Stmt
}

// readers is the number of connections that read at once; each keeps a page cache of up to 2 MB.
const readers = 4

// Open opens the data folder, making it and bringing its schema up to date when needed.
//
// Errors: fault.Invalid for a folder that cannot be written, fault.Broken for a file that is not a database of ours or
// is damaged, fault.Unsupported for a schema newer than this program, fault.Unavailable for a full disk or a folder
// that another process keeps locked.
func Open(ctx context.Context, c Config) (*Store, error) {
	if c.Dir == "" {
		return nil, fault.New(fault.Invalid, "no data folder: give one with --data")
	}
	if c.Lease <= 0 {
		c.Lease = time.Minute
	}
	if c.Wait <= 0 {
		c.Wait = 30 * time.Second
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return nil, explain(err, c.Dir)
	}
	if err := os.MkdirAll(filepath.Join(dir, filesDir), 0o750); err != nil {
		return nil, explain(err, dir)
	}
	statements, err := loadStatements()
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, analyze: c.Analyze, analyzer: c.AnalyzerVersion, lease: c.Lease, now: c.Now, sql: statements}
	if s.writer, err = sql.Open("sqlite", dsn(dir, c.Wait, false)); err != nil {
		return nil, explain(err, dir)
	}
	s.writer.SetMaxOpenConns(1)
	if s.reader, err = sql.Open("sqlite", dsn(dir, c.Wait, true)); err != nil {
		return nil, errors.Join(explain(err, dir), s.writer.Close())
	}
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(err, s.reader.Close(), s.writer.Close())
	}
	return s, nil
}

// begin makes the database ready and prepares what is asked all the time.
func (s *Store) begin(ctx context.Context) (err error) {
	// Made here so that only its owner can read it: SQLite would let the umask decide. Its companions take after it.
	f, err := os.OpenFile(filepath.Join(s.dir, fileName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return s.fail(err)
	}
	if err := f.Close(); err != nil {
		return s.fail(err)
	}
	if err := migrate(ctx, s.writer, s.dir); err != nil {
		return err
	}
	if s.chunksBy, err = s.reader.PrepareContext(ctx, list(s.sql["passage_chunks"], 1, passageBatch)); err != nil {
		return s.fail(err)
	}
	s.ownersBy, err = s.reader.PrepareContext(ctx, list(s.sql["passage_documents"], 1, passageBatch))
	return s.fail(err)
}

// Close lets go of the folder.
func (s *Store) Close() error {
	return s.fail(errors.Join(s.chunksBy.Close(), s.ownersBy.Close(), s.reader.Close(), s.writer.Close()))
}

// Dir is the data folder, absolute.
func (s *Store) Dir() string { return s.dir }

// dsn addresses the database. Writers take the write lock at BEGIN, where waiting for it works, and sync at every commit:
// what was acknowledged survives a power cut.
func dsn(dir string, wait time.Duration, readOnly bool) string {
	q := url.Values{}
	q.Set("_busy_timeout", strconv.FormatInt(wait.Milliseconds(), 10))
	if readOnly {
		q.Add("_pragma", "query_only(1)")
	} else {
		q.Set("_txlock", "immediate")
		q.Add("_pragma", "page_size(8192)") // of a new file: five vectors of 384 dimensions a page
		q.Add("_pragma", "journal_mode(WAL)")
		q.Add("_pragma", "synchronous(FULL)")
		q.Add("_pragma", "foreign_keys(1)")
		q.Add("_pragma", "secure_delete(1)") // what is deleted is overwritten, see Expire
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dir, fileName)), RawQuery: q.Encode()}
	return u.String()
}

// write runs f in one transaction that has the write lock from its start.
func (s *Store) write(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return s.fail(err)
	}
	if err := f(tx); err != nil {
		// The cause is err; a rollback that fails adds nothing to it, and the connection is dropped by database/sql.
		_ = tx.Rollback()
		return s.fail(err)
	}
	return s.fail(tx.Commit())
}

// read runs f on one unchanging picture of the database.
func (s *Store) read(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := s.reader.BeginTx(ctx, nil)
	if err != nil {
		return s.fail(err)
	}
	err = f(tx)
	// There is nothing to keep: a rollback that fails costs the connection only.
	_ = tx.Rollback()
	return s.fail(err)
}

// stamp is the present moment as the database keeps it.
func (s *Store) stamp() string { return s.now().UTC().Format(time.RFC3339Nano) }
