package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"

	"sportello/assistant/access"
	"sportello/assistant/fault"
)

// Session is a browser that somebody came in with.
type Session struct {
	ID      string // to list and to end it; not the secret
	Person  string
	Pending bool // the second factor is still to come
	Agent   string
	Created time.Time
	Seen    time.Time
	Expires time.Time
}

// StartSession makes a session and gives its secret, which is not kept. It also forgets sessions that are over.
func (s *Store) StartSession(ctx context.Context, x Session) (secret string, err error) {
	secret = access.NewSecret()
	err = s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, s.sql["session_delete_old"], s.stamp()); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["session_insert"], access.Digest(secret), uuid.NewString(), x.Person, x.Pending, x.Agent, s.stamp(), stampOf(x.Expires)); err != nil {
			return err
		}
		if x.Pending {
			return nil
		}
		if _, err := tx.ExecContext(ctx, s.sql["person_seen"], x.Person, s.stamp()); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: "person:" + x.Person, Action: "session.start", Object: x.Person})
	})
	return secret, err
}

// Session gives the session of a secret, or fault.NotFound: also when it is over.
func (s *Store) Session(ctx context.Context, secret string) (*Session, error) {
	x, err := scanSession(s.reader.QueryRowContext(ctx, s.sql["session_get"], access.Digest(secret)))
	if errors.Is(err, sql.ErrNoRows) || err == nil && !x.Expires.After(s.now()) {
		return nil, fault.New(fault.NotFound, "there is no such session")
	}
	if err != nil {
		return nil, s.fail(err)
	}
	return &x, nil
}

// TouchSession remembers that the session was used now.
func (s *Store) TouchSession(ctx context.Context, secret string) error {
	return s.exec(ctx, s.sql["session_touch"], access.Digest(secret), s.stamp())
}

// EndSession ends the session of a secret; one that is over already is no error.
func (s *Store) EndSession(ctx context.Context, secret string) error {
	return s.exec(ctx, s.sql["session_delete"], access.Digest(secret))
}

// Sessions gives those of a person, the last used first; those that wait for the second factor are left out.
func (s *Store) Sessions(ctx context.Context, person string) ([]Session, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["session_list"], person)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, scanSession)
	var live []Session
	for _, x := range all {
		if !x.Pending && x.Expires.After(s.now()) {
			live = append(live, x)
		}
	}
	return live, s.fail(err)
}

// RevokeSession ends one session of a person by its id.
func (s *Store) RevokeSession(ctx context.Context, actor, person, id string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, s.sql["session_delete_id"], id, person)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fault.New(fault.NotFound, "there is no such session"))
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "session.revoke", Object: person})
	})
}

// RevokeSessions ends all sessions of a person except keep, which may be empty.
func (s *Store) RevokeSessions(ctx context.Context, actor, person, keep string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, s.sql["session_delete_person"], person, keep); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "session.revoke_all", Object: person})
	})
}

// exec does one statement, which is right whatever others write at the same time.
func (s *Store) exec(ctx context.Context, statement string, args ...any) error {
	return s.add(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, statement, args...)
		return err
	})
}

func scanSession(row scanner) (x Session, err error) {
	var created, seen, expires string
	if err := row.Scan(&x.ID, &x.Person, &x.Pending, &x.Agent, &created, &seen, &expires); err != nil {
		return x, err
	}
	x.Created, x.Seen, x.Expires = timeOf(created), timeOf(seen), timeOf(expires)
	return x, nil
}

func stampOf(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
