package store

import (
	"context"
	"database/sql"
	"errors"

	"sportello/assistant"
)

// Seq is the number of the last change of the store; it grows with each. Asking is cheap: a process that wants to know
// whether another one changed something asks every second.
func (s *Store) Seq(ctx context.Context) (seq int64, err error) {
	err = s.reader.QueryRowContext(ctx, s.sql["change_seq"]).Scan(&seq)
	return seq, s.fail(err)
}

// Changes gives up to limit documents that changed after a sequence number, in order. A document that changed several
// times is there once, with its last number.
func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]assistant.Change, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["change_list"], after, limit)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, func(row scanner) (c assistant.Change, err error) {
		return c, row.Scan(&c.Seq, &c.Tenant, &c.DocumentID)
	})
	return all, s.fail(err)
}

// Cursor gives how far a consumer of the outbox has come, 0 for one not seen before.
func (s *Store) Cursor(ctx context.Context, consumer string) (seq int64, err error) {
	err = s.reader.QueryRowContext(ctx, s.sql["cursor_get"], consumer).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return seq, s.fail(err)
}

// SetCursor remembers how far a consumer has come.
func (s *Store) SetCursor(ctx context.Context, consumer string, seq int64) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, s.sql["cursor_put"], consumer, seq)
		return err
	})
}

// touch puts a document in the outbox.
func (s *Store) touch(ctx context.Context, tx *sql.Tx, tenant, document string) error {
	var seq int64
	if err := tx.QueryRowContext(ctx, s.sql["change_next"]).Scan(&seq); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, s.sql["change_put"], document, tenant, seq)
	return err
}
