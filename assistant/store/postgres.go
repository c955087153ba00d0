package store

import (
	"context"
	"path/filepath"

	"sportello/assistant/fault"
	"sportello/assistant/store/postgres"
)

// The connections that a process takes from PostgreSQL at most, beside the one that writes: those that read, and those that need no lock.
const (
	pgReaders = 16
	pgSide    = 8
)

// openPostgres opens the database at an address. Nothing is connected before it is asked.
func (s *Store) openPostgres(c Config) error {
	server, err := postgres.Parse(c.Postgres, c.Wait)
	if err != nil {
		return err
	}
	s.where, s.host = server.Name(), server.Host()
	s.local = filepath.Join(s.dir, nodeDir)
	s.dialect, s.keyring, s.bytes = postgresDialect, &keyRows{s: s}, byteRows{s}
	s.writer, s.reader, s.side = server.Open(1), server.Open(pgReaders), server.Open(pgSide)
	return nil
}

// forgetPostgres takes out of the tables what was deleted from them. VACUUM FULL writes the keys anew and drops the file that held the
// old ones; in the rest of the tables, which are sealed, the place of a row is free to be written over.
func (s *Store) forgetPostgres(ctx context.Context) (bool, error) {
	for _, statement := range []string{"VACUUM (FULL) keys", "VACUUM questions, feedback, handovers, messages, chats, mails, blobs, blob_pieces"} {
		if _, err := s.side.ExecContext(ctx, statement); err != nil {
			err = s.fail(err)
			if fault.CodeOf(err) == fault.Unavailable { // somebody holds a lock: it is asked again
				return false, nil
			}
			return false, err
		}
	}
	return true, nil
}
