package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
)

// setValue is what a tenant says of a key itself, as the journal keeps it.
type setValue struct {
	Value string `json:"value"`
	Own   bool   `json:"own"` // false: it takes what is set above it
}

// recordSetting writes in the journal what a key of a tenant is before it becomes next. What holds for the whole installation
// belongs to no tenant's journal, and what does not change to none.
func (s *Store) recordSetting(ctx context.Context, tx *sql.Tx, author, tenant, key string, next setValue) error {
	if tenant == Everywhere {
		return nil
	}
	was := setValue{Own: true}
	err := tx.QueryRowContext(ctx, s.sql["setting_own"], tenant, key).Scan(&was.Value)
	if errors.Is(err, sql.ErrNoRows) {
		was, err = setValue{}, nil
	}
	if err != nil || was == next {
		return err
	}
	_, err = s.record(ctx, tx, tenant, author, "setting", key, []item{{settingItem, key, was}})
	return err
}

// restoreSetting makes a key again what it was.
func (s *Store) restoreSetting(ctx context.Context, tx *sql.Tx, tenant, key string, was json.RawMessage) error {
	var v setValue
	if err := json.Unmarshal(was, &v); err != nil {
		return err
	}
	var err error
	if v.Own {
		_, err = tx.ExecContext(ctx, s.sql["setting_put"], tenant, key, v.Value, s.stamp())
	} else {
		_, err = tx.ExecContext(ctx, s.sql["setting_delete"], tenant, key)
	}
	return err
}
