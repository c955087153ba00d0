package store

import (
	"context"
	"io/fs"

	"github.com/pressly/goose/v3"

	"sportello/assistant/fault"
)

const (
	fileName = "sportello.db"
	filesDir = "files"
	lockName = "migrate.lock"
)

// migrate brings the schema up to date. Processes that open a new store at the same moment wait for each other.
func (s *Store) migrate(ctx context.Context) error {
	folder, err := s.dialect.migrations()
	if err != nil {
		return fault.Wrap(fault.Internal, err, "the migrations")
	}
	if done, err := s.current(ctx, folder); done || err != nil {
		return err
	}
	unlock, err := s.dialect.alone(ctx, s.reader, s.dir)
	if err != nil {
		return s.fail(err)
	}
	defer unlock()
	p, err := s.provider(folder)
	if err != nil {
		return s.fail(err)
	}
	if _, err := p.Up(ctx); err != nil {
		return s.fail(err)
	}
	return nil
}

func (s *Store) provider(folder fs.FS) (*goose.Provider, error) {
	// Migrations are written side by side: one with a lower number may come to a folder that already has a higher one.
	return goose.NewProvider(s.dialect.goose, s.writer, folder, goose.WithDisableGlobalRegistry(true), goose.WithAllowOutofOrder(true))
}

// current says whether the schema is the one that this program knows, without writing anything.
func (s *Store) current(ctx context.Context, folder fs.FS) (bool, error) {
	var tables int
	if err := s.writer.QueryRowContext(ctx, s.dialect.migrated).Scan(&tables); err != nil {
		return false, s.fail(err)
	}
	if tables == 0 {
		return false, nil
	}
	var have, applied, know int64
	const state = `SELECT coalesce(max(version_id), 0), count(DISTINCT version_id) FROM goose_db_version WHERE version_id > 0`
	if err := s.writer.QueryRowContext(ctx, state).Scan(&have, &applied); err != nil {
		return false, s.fail(err)
	}
	p, err := s.provider(folder)
	if err != nil {
		return false, s.fail(err)
	}
	for _, source := range p.ListSources() {
		know = max(know, source.Version)
	}
	if have > know {
		return false, fault.New(fault.Unsupported, "%s was written by a newer sportello (schema %d, this one knows %d): update the program", s.where, have, know)
	}
	return applied == int64(len(p.ListSources())), nil
}
