package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"sportello/assistant"
)

// ClaimMail gives the next message that is due and leases it: nobody else is given it before until. nil when none is due.
func (s *Store) ClaimMail(ctx context.Context, until time.Time) (*assistant.Mail, error) {
	var m *assistant.Mail
	err := s.write(ctx, func(tx *sql.Tx) error {
		one, err := scanMail(tx.QueryRowContext(ctx, s.sql["mail_claim"], s.now().UnixMilli(), until.UnixMilli()))
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		m = &one
		return err
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// MailSent says that a message left.
func (s *Store) MailSent(ctx context.Context, id int64) error {
	return s.setMail(ctx, id, "sent", time.Time{}, "")
}

// MailLater says that a message did not leave and when to try again; a zero time gives it up. why is shown to the office and holds no
// personal data.
func (s *Store) MailLater(ctx context.Context, id int64, next time.Time, why string) error {
	if next.IsZero() {
		return s.setMail(ctx, id, "failed", next, why)
	}
	return s.setMail(ctx, id, "queued", next, why)
}

func (s *Store) setMail(ctx context.Context, id int64, state string, next time.Time, why string) error {
	at := int64(0)
	if !next.IsZero() {
		at = next.UnixMilli()
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, s.sql["mail_change"], id, state, at, why)
		return err
	})
}

// Mails gives the messages of a hand-over, or of the tenant when that is empty, in the order in which they were written.
func (s *Store) Mails(ctx context.Context, tenant, handOver string) ([]assistant.Mail, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["mail_list"], tenant, handOver)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, scanMail)
	return all, s.fail(err)
}

func scanMail(row scanner) (m assistant.Mail, err error) {
	var next int64
	err = row.Scan(&m.ID, &m.Tenant, &m.HandOver, &m.To, &m.State, &m.Tries, &next, &m.Error)
	if next > 0 {
		m.Next = time.UnixMilli(next)
	}
	return m, err
}
