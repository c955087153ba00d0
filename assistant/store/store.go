package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/assistant/store/postgres"
)

// Config is what a Store needs.
type Config struct {
	Dir string // the data folder; made when it is not there

	// Postgres is the address of a PostgreSQL database that holds everything instead of Dir, which is then a place for what can be had
	// again: several nodes, each with a folder of its own, may have the same database. Empty: SQLite in Dir.
	Postgres string

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
	local    string // where uploads are received and worked at: dir, or a part of it when they are kept elsewhere
	where    string // what messages call it
	host     string // of the database server, empty for this machine
	dialect  *dialect
	analyze  func(string) []assistant.Term
	analyzer int
	lease    time.Duration
	now      func() time.Time
	sql      statements
	writer   *sql.DB // one connection: writers queue here before they queue on the database
	reader   *sql.DB
	side     *sql.DB // for what needs no lock: keys, bytes and rows that are only added; on SQLite the writer
	keyring  keyring
	bytes    shelf
	chunksBy *sql.Stmt // of the reader, see Passages
	ownersBy *sql.Stmt
	over     overridden
}

// Open opens the data folder, making it and bringing its schema up to date when needed.
//
// Errors: fault.Invalid for a folder that cannot be written or a database that lets nobody in, fault.Broken for a file that is not a
// database of ours or is damaged, fault.Unsupported for a schema newer than this program, fault.Unavailable for a full disk, a folder
// that another process keeps locked or a server that does not answer.
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
	s := &Store{dir: dir, local: dir, where: dir, analyze: c.Analyze, analyzer: c.AnalyzerVersion, lease: c.Lease, now: c.Now, sql: statements}
	if c.Postgres != "" {
		err = s.openPostgres(c)
	} else {
		err = s.openSQLite(c)
	}
	if err != nil {
		return nil, err
	}
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(err, s.closeAll())
	}
	return s, nil
}

// begin makes the database ready and prepares what is asked all the time.
func (s *Store) begin(ctx context.Context) (err error) {
	if err := s.migrate(ctx); err != nil {
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
	return s.fail(errors.Join(s.chunksBy.Close(), s.ownersBy.Close(), s.closeAll()))
}

// closeAll closes the connections.
func (s *Store) closeAll() error {
	err := errors.Join(s.reader.Close(), s.writer.Close())
	if s.side != s.writer {
		err = errors.Join(err, s.side.Close())
	}
	return err
}

// Dir is the data folder, absolute.
func (s *Store) Dir() string { return s.dir }

// Where is what a person knows the store by: the data folder, or the database without its password.
func (s *Store) Where() string { return s.where }

// write runs f in one transaction that has the write lock from its start.
func (s *Store) write(ctx context.Context, f func(tx *sql.Tx) error) error {
	return s.fail(s.transaction(ctx, s.writer, s.dialect.lock, f))
}

// add runs f in one transaction that locks nothing but the rows it changes: other nodes write at the same time. It is for what is right
// in any order, rows that are added and numbers that grow, and never for the audit log, the journal or the outbox, whose entries know the
// one before. f may be run again.
func (s *Store) add(ctx context.Context, f func(tx *sql.Tx) error) error {
	for tries := 0; ; tries++ {
		err := s.transaction(ctx, s.side, "", f)
		if tries < 5 && postgres.Again(err) {
			continue
		}
		return s.fail(err)
	}
}

func (s *Store) transaction(ctx context.Context, db *sql.DB, first string, f func(tx *sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if first != "" {
		_, err = tx.ExecContext(ctx, first)
	}
	if err == nil {
		err = f(tx)
	}
	if err != nil {
		// The cause is err; a rollback that fails adds nothing to it, and the connection is dropped by database/sql.
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// read runs f on one unchanging picture of the database.
func (s *Store) read(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := s.reader.BeginTx(ctx, s.dialect.moment)
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
