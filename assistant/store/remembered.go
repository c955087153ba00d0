package store

import (
	"context"
	"database/sql"
	"errors"
)

// Remembered gives what a process left for the next under a name, empty when none did.
func (s *Store) Remembered(ctx context.Context, name string) (value string, err error) {
	err = s.reader.QueryRowContext(ctx, s.sql["remembered_get"], name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, s.fail(err)
}

// Remember leaves something for the next process.
func (s *Store) Remember(ctx context.Context, name, value string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, s.sql["remembered_put"], name, value)
		return err
	})
}
