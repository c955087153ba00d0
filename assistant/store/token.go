package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"sportello/assistant/access"
	"sportello/assistant/fault"
)

// Token lets a program use the interface in one tenant, for some actions, until it expires. It never allows what the person who
// made it may not do: that is checked at each use.
type Token struct {
	ID      string
	Name    string
	Person  string
	Tenant  string
	Actions []access.Action
	Created time.Time
	Expires time.Time
	Used    time.Time // last use, to the hour; zero: never
	Revoked bool
}

// TokenPrefix begins every token, so that one that leaked is recognised.
const TokenPrefix = "sportello_"

// AddToken makes a token and gives its secret, which is not kept.
func (s *Store) AddToken(ctx context.Context, actor string, t Token) (secret string, err error) {
	switch {
	case strings.TrimSpace(t.Name) == "":
		return "", fault.New(fault.Invalid, "a token needs a name that says what it is for")
	case len(t.Actions) == 0:
		return "", fault.New(fault.Invalid, "a token needs at least one action")
	case !t.Expires.After(s.now()):
		return "", fault.New(fault.Invalid, "a token needs a day in the future on which it ends")
	}
	for _, a := range t.Actions {
		if !a.Known() {
			return "", fault.New(fault.Invalid, "there is no action %q", a)
		}
	}
	actions, err := json.Marshal(t.Actions)
	if err != nil {
		return "", s.fail(err)
	}
	t.ID, secret = uuid.NewString(), TokenPrefix+access.NewSecret()
	err = s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, s.sql["token_insert"], t.ID, access.Digest(secret), strings.TrimSpace(t.Name), t.Person, t.Tenant, string(actions), s.stamp(), stampOf(t.Expires))
		if err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "token.add", Tenant: t.Tenant, Object: t.ID})
	})
	return secret, err
}

// Token gives the token of a secret, or fault.NotFound: also when it is revoked or over. Its use is remembered to the hour.
func (s *Store) Token(ctx context.Context, secret string) (*Token, error) {
	t, err := scanToken(s.reader.QueryRowContext(ctx, s.sql["token_get"], access.Digest(secret)))
	if errors.Is(err, sql.ErrNoRows) || err == nil && (t.Revoked || !t.Expires.After(s.now())) {
		return nil, fault.New(fault.NotFound, "there is no such token")
	}
	if err != nil {
		return nil, s.fail(err)
	}
	if s.now().Sub(t.Used) > time.Hour {
		err = s.exec(ctx, s.sql["token_used"], t.ID, s.stamp())
	}
	return &t, err
}

// Tokens gives those of a tenant, the newest first, revoked ones too.
func (s *Store) Tokens(ctx context.Context, tenant string) ([]Token, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["token_list"], tenant)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, scanToken)
	return all, s.fail(err)
}

// RevokeToken ends a token of a tenant.
func (s *Store) RevokeToken(ctx context.Context, actor, tenant, id string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, s.sql["token_revoke"], id, tenant, s.stamp())
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fault.New(fault.NotFound, "there is no such token"))
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "token.revoke", Tenant: tenant, Object: id})
	})
}

func scanToken(row scanner) (t Token, err error) {
	var actions []byte
	var created, expires, used, revoked string
	if err := row.Scan(&t.ID, &t.Name, &t.Person, &t.Tenant, &actions, &created, &expires, &used, &revoked); err != nil {
		return t, err
	}
	t.Created, t.Expires, t.Used, t.Revoked = timeOf(created), timeOf(expires), timeOf(used), revoked != ""
	return t, json.Unmarshal(actions, &t.Actions)
}
