package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"sportello/assistant/fault"
)

// Who did something that no person with an account did.
const (
	ActorCommand = "command" // on the command line, on the server itself
	ActorSystem  = "system"  // a job
)

// AuditEntry is one line of the audit log: who did what to which object of which tenant, and when. It holds nothing that a citizen wrote.
type AuditEntry struct {
	Seq    int64
	At     time.Time
	Actor  string // "person:ID", "token:ID", ActorCommand, ActorSystem
	Action string // "document.repeal": subject and verb, of a closed list in the code
	Tenant string // slug, or Everywhere
	Object string // id or key of what was changed
	Note   string // a role, a state, a number: short, from the code, never from a citizen
	Hash   string // hex, of this entry and the hash of the one before
}

// Note writes an entry by itself; a change of the store writes its own in the same transaction. At, Seq and Hash are filled in.
func (s *Store) Note(ctx context.Context, e AuditEntry) error {
	return s.write(ctx, func(tx *sql.Tx) error { return s.note(ctx, tx, e) })
}

// note is Note in the transaction of the change that it tells of. Writers wait for each other, so that the chain has one end.
func (s *Store) note(ctx context.Context, tx *sql.Tx, e AuditEntry) error {
	var last int64
	var before string
	err := tx.QueryRowContext(ctx, s.sql["audit_last"]).Scan(&last, &before)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	at := s.stamp()
	e.Seq = last + 1
	_, err = tx.ExecContext(ctx, s.sql["audit_insert"], e.Seq, at, e.Actor, e.Action, e.Tenant, e.Object, e.Note, chain(before, e, at))
	return err
}

// chain gives the hash of an entry that follows the one with the hash before.
func chain(before string, e AuditEntry, at string) string {
	text, err := json.Marshal([]any{before, e.Seq, at, e.Actor, e.Action, e.Tenant, e.Object, e.Note})
	if err != nil {
		return "" // strings and a number always marshal
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// AuditFilter chooses entries; zero values choose all.
type AuditFilter struct {
	Tenants  []string // of these tenants; nil: of all, and of none
	Actor    string
	Action   string
	From, To time.Time
	Before   int64 // seq: the page after
	Limit    int   // default 100
}

// Audit gives entries, the newest first.
func (s *Store) Audit(ctx context.Context, f AuditFilter) ([]AuditEntry, error) {
	if f.Limit <= 0 {
		f.Limit = 100
	}
	all, from, to := 0, "", ""
	if f.Tenants == nil {
		all = 1
	}
	if !f.From.IsZero() {
		from = stampOf(f.From)
	}
	if !f.To.IsZero() {
		to = stampOf(f.To)
	}
	args := []any{all, f.Actor, f.Action, from, to, f.Before, f.Limit}
	for _, t := range f.Tenants {
		args = append(args, t)
	}
	rows, err := s.reader.QueryContext(ctx, list(s.sql["audit_list"], 8, len(f.Tenants)), args...)
	if err != nil {
		return nil, s.fail(err)
	}
	entries, err := collect(rows, scanAudit)
	return entries, s.fail(err)
}

// AuditActions gives the actions that are in the log, sorted.
func (s *Store) AuditActions(ctx context.Context) ([]string, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["audit_actions"])
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, func(row scanner) (a string, err error) { return a, row.Scan(&a) })
	return all, s.fail(err)
}

// VerifyAudit walks the chain from its start and gives the number of entries and the last hash. fault.Broken names the first entry
// that was changed, or after which one is missing. Entries cut off at the end are found by comparing the last hash with one noted before.
func (s *Store) VerifyAudit(ctx context.Context) (n int64, last string, err error) {
	const batch = 1000
	for {
		rows, err := s.reader.QueryContext(ctx, s.sql["audit_all"], n, batch)
		if err != nil {
			return n, last, s.fail(err)
		}
		type stored struct {
			AuditEntry
			at string
		}
		entries, err := collect(rows, func(row scanner) (e stored, err error) {
			return e, row.Scan(&e.Seq, &e.at, &e.Actor, &e.Action, &e.Tenant, &e.Object, &e.Note, &e.Hash)
		})
		if err != nil {
			return n, last, s.fail(err)
		}
		for _, e := range entries {
			if e.Seq != n+1 {
				return n, last, fault.New(fault.Broken, "the audit log is broken: entry %d is missing", n+1)
			}
			if chain(last, e.AuditEntry, e.at) != e.Hash {
				return n, last, fault.New(fault.Broken, "the audit log is broken: entry %d was changed", e.Seq)
			}
			n, last = e.Seq, e.Hash
		}
		if len(entries) < batch {
			return n, last, nil
		}
	}
}

func scanAudit(row scanner) (e AuditEntry, err error) {
	var at string
	if err := row.Scan(&e.Seq, &at, &e.Actor, &e.Action, &e.Tenant, &e.Object, &e.Note, &e.Hash); err != nil {
		return e, err
	}
	e.At = timeOf(at)
	return e, nil
}
