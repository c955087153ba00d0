package store

import (
	"context"
	"database/sql"
	"strings"
	"time"
)

// Expire deletes for good the questions and the feedback of a tenant that were kept since day (ISO 8601) or before: rows, which SQLite
// overwrites (secure_delete), and then the keys of those days. It returns how many questions went. Forget empties the log after it.
func (s *Store) Expire(ctx context.Context, tenant, day string) (int, error) {
	gone := 0
	err := s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, s.sql["feedback_expire"], tenant, day); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, s.sql["question_expire"], tenant, day)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		gone = int(n)
		return err
	})
	if err != nil {
		return 0, err
	}
	prefix := dayKey(tenant, "")
	keys, err := s.keys(prefix)
	if err != nil {
		return gone, s.fail(err)
	}
	for _, key := range keys {
		if of := strings.TrimPrefix(key, prefix); len(of) == len(time.DateOnly) && of <= day {
			if err := s.shred(key); err != nil {
				return gone, s.fail(err)
			}
		}
	}
	return gone, nil
}

// ExpireHandOvers deletes for good the hand-overs that were answered or closed before a moment, with their messages and keys. Open
// ones stay: somebody waits for an answer.
func (s *Store) ExpireHandOvers(ctx context.Context, before time.Time) (int, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["handover_old"], before.UTC().Format(time.RFC3339Nano))
	if err != nil {
		return 0, s.fail(err)
	}
	ids, err := collect(rows, func(row scanner) (id string, err error) { return id, row.Scan(&id) })
	if err != nil {
		return 0, s.fail(err)
	}
	for _, id := range ids {
		err := s.write(ctx, func(tx *sql.Tx) error {
			for _, statement := range []string{s.sql["mail_delete"], s.sql["message_delete"], s.sql["chat_delete"]} {
				if _, err := tx.ExecContext(ctx, statement, id); err != nil {
					return err
				}
			}
			_, err := tx.ExecContext(ctx, s.sql["handover_delete"], id)
			return err
		})
		if err != nil {
			return 0, err
		}
		if err := s.shred(handOverKey(id)); err != nil {
			return 0, s.fail(err)
		}
	}
	return len(ids), nil
}

// Forget empties the write-ahead log, which holds pages as they were before a deletion; on PostgreSQL it takes deleted rows out of the
// tables, see forgetPostgres. It says false when a reader was in its way and it has to be asked again.
func (s *Store) Forget(ctx context.Context) (bool, error) {
	if s.dialect == postgresDialect {
		return s.forgetPostgres(ctx)
	}
	var busy, pages, moved int
	err := s.writer.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved)
	return busy == 0, s.fail(err)
}
