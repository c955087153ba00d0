package store

import (
	"context"
	"database/sql"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// SwitchOff keeps that the assistant of a tenant, or one subject of it, answers no more, with the audit entries
// that tell of it; At is set here.
func (s *Store) SwitchOff(ctx context.Context, c assistant.Closure, notes ...AuditEntry) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := s.tenant(ctx, tx, c.Tenant); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["closure_put"], c.Tenant, c.Subject, c.Notice, c.By, s.stamp()); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["counter_next"], "closures"); err != nil {
			return err
		}
		return s.noteAll(ctx, tx, notes)
	})
}

// SwitchOn takes a SwitchOff back. fault.NotFound when there is none.
func (s *Store) SwitchOn(ctx context.Context, tenant, subject string, notes ...AuditEntry) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, s.sql["closure_delete"], tenant, subject)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil {
			return err
		} else if n == 0 {
			what := "the assistant"
			if subject != "" {
				what = "the subject " + subject
			}
			return fault.New(fault.NotFound, "%s of %s is not switched off", what, tenant)
		}
		if _, err = tx.ExecContext(ctx, s.sql["counter_next"], "closures"); err != nil {
			return err
		}
		return s.noteAll(ctx, tx, notes)
	})
}

// Closures gives all that is switched off, of all tenants.
func (s *Store) Closures(ctx context.Context) ([]assistant.Closure, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["closure_list"])
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, func(row scanner) (c assistant.Closure, err error) {
		var at string
		if err := row.Scan(&c.Tenant, &c.Subject, &c.Notice, &c.By, &at); err != nil {
			return c, err
		}
		c.At, err = time.Parse(time.RFC3339Nano, at)
		return c, err
	})
	return all, s.fail(err)
}

// ClosureSeq grows with every switch. Asking is cheap: a server asks several times a second.
func (s *Store) ClosureSeq(ctx context.Context) (int64, error) { return s.counter(ctx, "closures") }
