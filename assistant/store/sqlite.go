package store

import (
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	_ "modernc.org/sqlite" // the driver, "sqlite"
)

// readers is the number of connections that read at once; each keeps a page cache of up to 2 MB.
const readers = 4

// openSQLite opens the database in the data folder.
func (s *Store) openSQLite(c Config) (err error) {
	s.dialect, s.keyring, s.bytes = sqliteDialect, keyFiles{s}, byteFiles{s}
	if s.writer, err = sql.Open("sqlite", dsn(s.dir, c.Wait, false)); err != nil {
		return s.fail(err)
	}
	s.writer.SetMaxOpenConns(1)
	s.side = s.writer
	if s.reader, err = sql.Open("sqlite", dsn(s.dir, c.Wait, true)); err != nil {
		return errors.Join(s.fail(err), s.writer.Close())
	}
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
	// Made here so that only its owner can read it: SQLite would let the umask decide. Its companions take after it.
	f, err := os.OpenFile(filepath.Join(s.dir, fileName), os.O_RDWR|os.O_CREATE, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return errors.Join(s.fail(err), s.closeAll())
	}
	return nil
}

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
