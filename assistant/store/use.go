package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"
)

// Use is what a tenant's answers took of the chat model on a day.
type Use struct {
	Read, Written int // tokens: of prompts, and of what the model said
	Answers       int
	Guessed       int // answers of which the server did not say what they took: a bound is counted for these
}

// Tokens is the sum that a limit is about.
func (u Use) Tokens() int { return u.Read + u.Written }

// UseToday gives what a tenant's answers took today.
func (s *Store) UseToday(ctx context.Context, tenant string) (u Use, err error) {
	err = s.reader.QueryRowContext(ctx, s.sql["use_get"], tenant, s.now().Format(time.DateOnly)).Scan(&u.Read, &u.Written, &u.Answers, &u.Guessed)
	if errors.Is(err, sql.ErrNoRows) {
		return Use{}, nil
	}
	return u, s.fail(err)
}

// Spend notes what an answer took. It is part of model.Ledger.
func (s *Store) Spend(ctx context.Context, tenant string, read, written int, guessed bool) error {
	return s.add(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, s.sql["use_add"], tenant, s.now().Format(time.DateOnly), read, written, guessed)
		return err
	})
}

// Spent says whether a tenant has used up what SettingTokens lets it use in a day; 0 sets no limit. It is part of model.Ledger.
func (s *Store) Spent(ctx context.Context, tenant string) (bool, error) {
	x, ok, err := s.Setting(ctx, tenant, SettingTokens)
	if err != nil || !ok {
		return false, err
	}
	limit, err := strconv.Atoi(x.Value)
	if err != nil || limit <= 0 {
		return false, nil //nolint:nilerr // the page of settings takes numbers only
	}
	u, err := s.UseToday(ctx, tenant)
	return u.Tokens() >= limit, err
}
