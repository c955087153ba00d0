package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// PutApproved keeps an approved answer, new or changed, with the audit entries that tell of it; how often it was given is kept by the store.
func (s *Store) PutApproved(ctx context.Context, a assistant.Approved, notes ...AuditEntry) error {
	wordings, err := json.Marshal(append([]string{}, a.Wordings...))
	if err != nil {
		return s.fail(err)
	}
	sources, err := json.Marshal(a.Sources)
	if err != nil {
		return s.fail(err)
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, s.sql["approved_put"], a.ID, a.Tenant, a.Language, a.Question, string(wordings), a.Text, string(sources),
			a.Office, a.Author, a.On, a.Expires, a.Withdrawn, s.stamp())
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, noApproved(a.ID))
		}
		if _, err = tx.ExecContext(ctx, s.sql["counter_next"], "approved"); err != nil {
			return err
		}
		return s.noteAll(ctx, tx, notes)
	})
}

// noteAll writes the audit entries of a change in its transaction.
func (s *Store) noteAll(ctx context.Context, tx *sql.Tx, notes []AuditEntry) error {
	for _, e := range notes {
		if err := s.note(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

func noApproved(id string) error {
	return fault.New(fault.NotFound, "there is no approved answer %q", id)
}

// Approved gives one approved answer, or fault.NotFound.
func (s *Store) Approved(ctx context.Context, tenant, id string) (*assistant.Approved, error) {
	a, err := scanApproved(s.reader.QueryRowContext(ctx, s.sql["approved_get"], tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, noApproved(id)
	}
	return &a, s.fail(err)
}

// ApprovedList gives the approved answers of a tenant, the newest first, withdrawn and expired ones included.
func (s *Store) ApprovedList(ctx context.Context, tenant string) ([]assistant.Approved, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["approved_list"], tenant)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, scanApproved)
	return all, s.fail(err)
}

// ApprovedSeq grows with every change of an approved answer of any tenant. Asking is cheap.
func (s *Store) ApprovedSeq(ctx context.Context) (int64, error) { return s.counter(ctx, "approved") }

func (s *Store) counter(ctx context.Context, name string) (n int64, err error) {
	err = s.reader.QueryRowContext(ctx, s.sql["counter_get"], name).Scan(&n)
	return n, s.fail(err)
}

func scanApproved(row scanner) (a assistant.Approved, err error) {
	var wordings, sources []byte
	var updated string
	if err := row.Scan(&a.ID, &a.Tenant, &a.Language, &a.Question, &wordings, &a.Text, &sources, &a.Office, &a.Author, &a.On, &a.Expires,
		&a.Withdrawn, &a.Served, &updated); err != nil {
		return a, err
	}
	if a.UpdatedAt, err = time.Parse(time.RFC3339Nano, updated); err != nil {
		return a, err
	}
	return a, errors.Join(json.Unmarshal(wordings, &a.Wordings), json.Unmarshal(sources, &a.Sources))
}
