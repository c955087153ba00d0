package store

import (
	"context"
	"database/sql"

	"sportello/assistant/fault"
)

// Repeal says that a document is no longer in force: from this moment it is in no answer. Its text stays readable, and
// ingesting the file again does not bring it back.
func (s *Store) Repeal(ctx context.Context, tenant, id, reason string) error {
	return s.change(ctx, tenant, id, Repealed, reason, "")
}

// Restore undoes Repeal, Retire and Supersede.
func (s *Store) Restore(ctx context.Context, tenant, id string) error {
	return s.change(ctx, tenant, id, Live, "", "")
}

// Retire puts a document aside because its file vanished; ingesting the file again brings it back. A repealed document
// stays repealed.
func (s *Store) Retire(ctx context.Context, tenant, id string) error {
	r, err := s.Document(ctx, tenant, id)
	if err != nil || r.State == Repealed {
		return err
	}
	return s.change(ctx, tenant, id, Retired, "", "")
}

// Supersede repeals a document because another of the same tenant took its place. Errors: fault.Invalid when the other
// one is itself, or was in its turn superseded by this one.
func (s *Store) Supersede(ctx context.Context, tenant, id, by string) error {
	if err := s.checkSuccessor(ctx, tenant, id, by); err != nil {
		return err
	}
	return s.change(ctx, tenant, id, Repealed, "superseded", by)
}

// checkSuccessor refuses a document that took the place of itself, through others too.
func (s *Store) checkSuccessor(ctx context.Context, tenant, id, by string) error {
	for next, steps := by, 0; next != ""; steps++ {
		if next == id || steps > 1000 {
			return fault.New(fault.Invalid, "a document cannot take its own place, not even through others")
		}
		r, err := s.Document(ctx, tenant, next)
		if err != nil {
			return err
		}
		next = r.SupersededBy
	}
	return nil
}

// Share says whether the tenants below see a document. Without it those of a provincia or unione that are public are seen.
func (s *Store) Share(ctx context.Context, tenant, id string, shared bool) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, s.sql["document_share"], tenant, id, shared)
		if err := one(result, err, tenant, id); err != nil {
			return err
		}
		if err := s.touch(ctx, tx, tenant, id); err != nil {
			return err
		}
		return s.changed(ctx, tx, tenant, id, changeCorrected)
	})
}

func (s *Store) change(ctx context.Context, tenant, id string, to State, reason, by string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := s.setState(ctx, tx, tenant, id, to, reason, by); err != nil {
			return err
		}
		return s.changed(ctx, tx, tenant, id, stateChange(to, by))
	})
}

func (s *Store) setState(ctx context.Context, tx *sql.Tx, tenant, id string, to State, reason, by string) error {
	result, err := tx.ExecContext(ctx, s.sql["document_state"], tenant, id, to, reason, sql.NullString{String: by, Valid: by != ""})
	if err := one(result, err, tenant, id); err != nil {
		return err
	}
	return s.touch(ctx, tx, tenant, id)
}

// one makes sure that a statement changed the document it meant.
func one(result sql.Result, err error, tenant, id string) error {
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		err = noDocument(tenant, id)
	}
	return err
}
