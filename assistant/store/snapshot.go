package store

import (
	"context"
	"os"

	"sportello/assistant/fault"
)

// Snapshot writes the whole database as it is at one moment to a file that is not there yet, while others read and write.
// fault.Unsupported when the database is PostgreSQL, which has its own tools.
func (s *Store) Snapshot(ctx context.Context, path string) error {
	if _, ok := s.keyring.(keyFiles); !ok {
		return fault.New(fault.Unsupported, "the database is PostgreSQL: sportello store backup FOLDER copies it, or pg_dump without its keys")
	}
	if _, err := os.Stat(path); err == nil {
		return fault.New(fault.Conflict, "%s is there already", path)
	}
	// The reader's connections may not; on the writer's, who writes waits meanwhile, and who asks does not.
	_, err := s.writer.ExecContext(ctx, "VACUUM INTO ?1", path)
	return s.fail(err)
}

// Sound looks through the pages of the database, also those that nobody has read for long. PostgreSQL looks after its own. Errors: fault.Broken.
func (s *Store) Sound(ctx context.Context) error {
	if s.dialect != sqliteDialect {
		return nil
	}
	var verdict string
	if err := s.reader.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return s.fail(err)
	}
	if verdict != "ok" {
		return fault.New(fault.Broken, "%s/%s is damaged: restore a backup with sportello restore (%s)", s.where, fileName, verdict)
	}
	return nil
}

// Lost gives the documents whose original bytes are not in the data folder though they were kept, for whoever checks a restored folder,
// after looking through the database itself. Errors: fault.Broken for a damaged database.
func (s *Store) Lost(ctx context.Context) ([]string, error) {
	var verdict string
	if err := s.reader.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return nil, s.fail(err)
	}
	if verdict != "ok" {
		return nil, fault.New(fault.Broken, "the database is damaged: %s", verdict)
	}
	tenants, err := s.Tenants(ctx)
	if err != nil {
		return nil, err
	}
	var lost []string
	for _, t := range tenants {
		all, err := s.Documents(ctx, t.Slug, Filter{})
		if err != nil {
			return nil, err
		}
		for i := range all {
			if all[i].Size == 0 {
				continue
			}
			f, _, err := s.Original(ctx, t.Slug, all[i].ID)
			if err != nil {
				lost = append(lost, all[i].Source)
				continue
			}
			_ = f.Close() // it was only looked for
		}
	}
	return lost, nil
}
