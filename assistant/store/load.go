package store

import (
	"context"
	"database/sql"
	"time"

	"sportello/assistant/store/postgres"
)

// Load is how the database is.
type Load struct {
	Server      string        // "SQLite", "PostgreSQL 15.18"
	Host        string        // of the server, "db.example.it:5432"; empty for SQLite and for a socket of this machine
	Took        time.Duration // that the simplest question took
	Connections int           // in use
	Waits       int64         // times that somebody waited for one
}

// Load asks the database how it is.
func (s *Store) Load(ctx context.Context) (Load, error) {
	l := Load{Server: "SQLite", Host: s.host}
	if _, err := s.Seq(ctx); err != nil { // the first question of a connection takes longer
		return l, err
	}
	began := time.Now()
	if _, err := s.Seq(ctx); err != nil {
		return l, err
	}
	l.Took = time.Since(began)
	if s.dialect == postgresDialect {
		version, err := postgres.Version(ctx, s.reader)
		if err != nil {
			return l, s.fail(err)
		}
		l.Server = "PostgreSQL " + version
		side := s.side.Stats()
		l.Connections, l.Waits = side.InUse, side.WaitCount
	}
	for _, pool := range []*sql.DB{s.reader, s.writer} {
		l.Connections += pool.Stats().InUse
		l.Waits += pool.Stats().WaitCount
	}
	return l, nil
}
