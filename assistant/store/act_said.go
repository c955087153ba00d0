package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"

	"sportello/assistant/fault"
)

// ActComment is what a colleague says of an act, or of a part of it.
type ActComment struct {
	ID         string
	Part       string // empty: of the whole act
	Text       string
	By         string
	At         time.Time
	ResolvedBy string
	ResolvedAt time.Time // zero: it is open
}

// AddActComment keeps a comment and gives its id.
func (s *Store) AddActComment(ctx context.Context, tenant, act string, c ActComment) (string, error) {
	id := uuid.NewString()
	return id, s.write(ctx, func(tx *sql.Tx) error {
		if _, err := s.act(ctx, tx, tenant, act); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, s.sql["act_comment_insert"], id, act, c.Part, c.Text, c.By, s.stamp())
		return err
	})
}

// ActComments gives what was said of an act, in order.
func (s *Store) ActComments(ctx context.Context, tenant, act string) ([]ActComment, error) {
	if _, err := s.Act(ctx, tenant, act); err != nil {
		return nil, err
	}
	rows, err := s.reader.QueryContext(ctx, s.sql["act_comment_list"], act)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, func(row scanner) (c ActComment, err error) {
		var at, resolved string
		err = row.Scan(&c.ID, &c.Part, &c.Text, &c.By, &at, &c.ResolvedBy, &resolved)
		c.At, c.ResolvedAt = timeOf(at), timeOf(resolved)
		return c, err
	})
	return all, s.fail(err)
}

// ResolveActComment says that a comment is dealt with. One that is already stays as it is.
func (s *Store) ResolveActComment(ctx context.Context, tenant, act, id, byName string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := s.act(ctx, tx, tenant, act); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, s.sql["act_comment_resolve"], act, id, byName, s.stamp())
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fault.New(fault.NotFound, "there is no open comment %q", id))
		}
		return nil
	})
}

// ActExport is a file that was made of an act.
type ActExport struct {
	ID       string
	Revision int
	Format   string
	Final    bool
	Reason   string // why it was made although something was open
	By       string
	At       time.Time
	Manifest []byte
	Metadata []byte // for the protocol system; empty for files made before it was kept
}

// AddActExport notes that a file was made of an act. An override is an entry of the audit log of its own, with its reason.
func (s *Store) AddActExport(ctx context.Context, actor, tenant, act string, x ActExport) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := s.act(ctx, tx, tenant, act); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["act_export_insert"], x.ID, act, x.Revision, x.Format, x.Final, x.Reason, string(x.Manifest), x.By, s.stamp(), string(x.Metadata)); err != nil {
			return err
		}
		note := x.Format
		if x.Final {
			note += " final"
		}
		if err := s.note(ctx, tx, AuditEntry{Actor: actor, Action: "act.export", Tenant: tenant, Object: act, Note: note}); err != nil || x.Reason == "" {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "act.override", Tenant: tenant, Object: act, Note: x.Reason})
	})
}

// ActExports gives the files that were made of an act, the last first.
func (s *Store) ActExports(ctx context.Context, tenant, act string) ([]ActExport, error) {
	if _, err := s.Act(ctx, tenant, act); err != nil {
		return nil, err
	}
	rows, err := s.reader.QueryContext(ctx, s.sql["act_export_list"], act)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, func(row scanner) (x ActExport, err error) {
		var at, manifest, metadata string
		err = row.Scan(&x.ID, &x.Revision, &x.Format, &x.Final, &x.Reason, &x.By, &at, &manifest, &metadata)
		x.At, x.Manifest, x.Metadata = timeOf(at), []byte(manifest), []byte(metadata)
		return x, err
	})
	return all, s.fail(err)
}
