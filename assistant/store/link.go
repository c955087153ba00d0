package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"sportello/assistant/access"
	"sportello/assistant/fault"
)

// Link kinds: what a link that is good once is for.
const (
	LinkInvite = "invite" // choose a password and come in for the first time
	LinkReset  = "reset"  // choose another password
	LinkSetup  = "setup"  // the first administrator of an empty installation
)

// Link is a link that is good once, until it expires.
type Link struct {
	Kind    string
	Person  string // empty for LinkSetup
	Expires time.Time
}

// NewLink makes a link and gives its secret, which is not kept. Earlier links of the same kind for the same person are void.
func (s *Store) NewLink(ctx context.Context, actor string, l Link) (secret string, err error) {
	secret = access.NewSecret()
	err = s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, s.sql["link_void"], l.Kind, l.Person, s.stamp()); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["link_insert"], access.Digest(secret), l.Kind, l.Person, stampOf(l.Expires)); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "link." + l.Kind, Object: l.Person})
	})
	return secret, err
}

// Link gives the link of a secret. fault.NotFound when there is none, or it is used or over.
func (s *Store) Link(ctx context.Context, secret string) (*Link, error) {
	l, err := s.link(ctx, s.reader, secret)
	return l, s.fail(err)
}

// UseLink makes the link of a secret used: of two who use it at the same moment
// one gets fault.NotFound.
func (s *Store) UseLink(ctx context.Context, secret string) (*Link, error) {
	var used *Link
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		if used, err = s.link(ctx, tx, secret); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, s.sql["link_use"], access.Digest(secret), s.stamp())
		return err
	})
	return used, err
}

func (s *Store) link(ctx context.Context, q querier, secret string) (*Link, error) {
	var l Link
	var expires, used string
	err := q.QueryRowContext(ctx, s.sql["link_get"], access.Digest(secret)).Scan(&l.Kind, &l.Person, &expires, &used)
	l.Expires = timeOf(expires)
	if errors.Is(err, sql.ErrNoRows) || err == nil && (used != "" || !l.Expires.After(s.now())) {
		return nil, fault.New(fault.NotFound, "the link is not good any more: ask for another")
	}
	if err != nil {
		return nil, err
	}
	return &l, nil
}
