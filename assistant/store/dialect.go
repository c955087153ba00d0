package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/pressly/goose/v3"
	"github.com/rogpeppe/go-internal/lockedfile"

	"sportello/assistant/store/postgres"
)

// dialect is all in which the two databases differ for the rest of the package. The statements of sql/*.sql are written once, for both:
// ?1 for parameters, instr for a part of a text, CAST(?1 AS BIGINT) where nothing else says that a parameter is a number.
type dialect struct {
	name       string
	goose      goose.Dialect
	migrations func() (fs.FS, error)
	migrated   string // finds goose's own table
	tables     string // names all tables, in order

	// lock is what a transaction that writes does first, empty where BEGIN takes the lock: one writes at a time, on all nodes, so that
	// what was read in a transaction still holds when it writes.
	lock string

	moment *sql.TxOptions // of a transaction that reads, and sees one moment

	// alone keeps other processes from migrating at the same time until unlock.
	alone func(ctx context.Context, db *sql.DB, dir string) (unlock func(), err error)
}

var sqliteDialect = &dialect{
	name: "sqlite", goose: goose.DialectSQLite3,
	migrations: func() (fs.FS, error) { return fs.Sub(files, "sql/sqlite") },
	migrated:   `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version'`,
	tables:     `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`,
	alone: func(_ context.Context, _ *sql.DB, dir string) (func(), error) {
		return lockedfile.MutexAt(filepath.Join(dir, lockName)).Lock() // the system releases it when its holder dies
	},
}

var postgresDialect = &dialect{
	name: "postgres", goose: goose.DialectPostgres,
	migrations: func() (fs.FS, error) {
		common, err := fs.Sub(files, "sql/sqlite")
		if err != nil {
			return nil, err
		}
		own, err := fs.Sub(files, "sql/postgres")
		return postgres.Migrations{SQLite: common, Own: own}, err
	},
	migrated: `SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'goose_db_version'`,
	tables: `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
ORDER BY table_name COLLATE "C"`,
	lock:   `SELECT pg_advisory_xact_lock(hashtext('sportello.write'), hashtext(current_schema()))`,
	moment: &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
	alone: func(ctx context.Context, db *sql.DB, _ string) (func(), error) {
		c, err := db.Conn(ctx)
		if err != nil {
			return nil, err
		}
		if _, err := c.ExecContext(ctx, `SELECT pg_advisory_lock(hashtext('sportello.migrate'), hashtext(current_schema()))`); err != nil {
			return nil, errors.Join(err, c.Close())
		}
		return func() {
			// The server lets the lock go with the connection if not by this.
			_, _ = c.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock(hashtext('sportello.migrate'), hashtext(current_schema()))`)
			_ = c.Close()
		}, nil
	},
}
