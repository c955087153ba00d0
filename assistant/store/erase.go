package store

import (
	"context"
	"database/sql"
)

// ErasedName is what stands for the name of a person whose account was erased.
const ErasedName = "—"

// ErasePerson erases what is known of somebody who left: name, address, password, second factor, identity, roles, sessions and links. What
// remains is a number nobody can come in with, because the audit log, which an administration has to keep, says who did what by that number. It
// cannot be undone. fault.NotFound for nobody, fault.Conflict for the last administrator of the installation.
func (s *Store) ErasePerson(ctx context.Context, actor, id string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := s.person(ctx, tx, s.sql["person_by_id"], id); err != nil {
			return err
		}
		if err := s.spared(ctx, tx, id); err != nil {
			return err
		}
		for _, statement := range []string{s.sql["person_erase_roles"], s.sql["person_erase_links"], s.sql["person_erase_there"]} {
			if _, err := tx.ExecContext(ctx, statement, id); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, s.sql["session_delete_person"], id, ""); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["person_erase_tokens"], id, s.stamp()); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["person_erase"], id, ErasedName, s.stamp()); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "person.erase", Object: id})
	})
}
