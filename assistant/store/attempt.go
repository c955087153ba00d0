package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Attempt counts one more attempt of key (a digest: of an account, of an address) and says whether it may go on, else how long
// to wait. After limit attempts in a window the rest of the window is closed. The count is in the store: a restart does not forget it.
func (s *Store) Attempt(ctx context.Context, key string, limit int, window time.Duration) (wait time.Duration, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		now := s.now()
		count, since := 0, now.Unix()
		err := tx.QueryRowContext(ctx, s.sql["attempt_get"], key).Scan(&count, &since)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		end := time.Unix(since, 0).Add(window)
		if !end.After(now) {
			count, since = 0, now.Unix()
		} else if count >= limit {
			wait = end.Sub(now)
			return nil
		}
		if _, err := tx.ExecContext(ctx, s.sql["attempt_old"], now.Add(-48*time.Hour).Unix()); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, s.sql["attempt_put"], key, count+1, since)
		return err
	})
	return wait, err
}

// ClearAttempts forgets the attempts of key, after one that was right.
func (s *Store) ClearAttempts(ctx context.Context, key string) error {
	return s.exec(ctx, s.sql["attempt_clear"], key)
}
