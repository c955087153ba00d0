package store

import (
	"context"
	"database/sql"
	"io/fs"
	"path/filepath"

	"github.com/pressly/goose/v3"
	"github.com/rogpeppe/go-internal/lockedfile"

	"sportello/assistant/fault"
)

const (
	fileName = "sportello.db"
	filesDir = "files"
	lockName = "migrate.lock"
)

// migrate brings the schema up to date. Processes that open a new folder at the same moment wait for each other on a lock
// file that the system releases when its holder dies.
func migrate(ctx context.Context, db *sql.DB, dir string) error {
	folder, err := fs.Sub(files, "sql/sqlite")
	if err != nil {
		return fault.Wrap(fault.Internal, err, "the migrations")
	}
	if done, err := current(ctx, db, folder, dir); done || err != nil {
		return err
	}
	unlock, err := lockedfile.MutexAt(filepath.Join(dir, lockName)).Lock()
	if err != nil {
		return explain(err, dir)
	}
	defer unlock()
	p, err := provider(db, folder)
	if err != nil {
		return explain(err, dir)
	}
	if _, err := p.Up(ctx); err != nil {
		return explain(err, dir)
	}
	return nil
}

func provider(db *sql.DB, folder fs.FS) (*goose.Provider, error) {
	// Migrations are written side by side: one with a lower number may come to a folder that already has a higher one.
	return goose.NewProvider(goose.DialectSQLite3, db, folder, goose.WithDisableGlobalRegistry(true), goose.WithAllowOutofOrder(true))
}

// current says whether the schema is the one that this program knows, without writing anything.
func current(ctx context.Context, db *sql.DB, folder fs.FS, dir string) (bool, error) {
	var tables int
	const find = `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version'`
	if err := db.QueryRowContext(ctx, find).Scan(&tables); err != nil {
		return false, explain(err, dir)
	}
	if tables == 0 {
		return false, nil
	}
	var have, applied, know int64
	const state = `SELECT coalesce(max(version_id), 0), count(DISTINCT version_id) FROM goose_db_version WHERE version_id > 0`
	if err := db.QueryRowContext(ctx, state).Scan(&have, &applied); err != nil {
		return false, explain(err, dir)
	}
	p, err := provider(db, folder)
	if err != nil {
		return false, explain(err, dir)
	}
	for _, source := range p.ListSources() {
		know = max(know, source.Version)
	}
	if have > know {
		return false, fault.New(fault.Unsupported, "%s was written by a newer sportello (schema %d, this one knows %d): update the program", dir, have, know)
	}
	return applied == int64(len(p.ListSources())), nil
}
