package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"sportello/assistant/fault"
)

// Edit is one thing that a person does to documents. Zero fields leave what they name as it is.
type Edit struct {
	State        State  // Live brings back, Repealed takes out of all answers
	Reason       string // of a repeal, for those who look later
	SupersededBy string // id of the document that takes their place; State is Repealed then
	Fix          Fix    // what the file does not say, or says wrongly
	Forget       bool   // everything set by hand before Fix is forgotten
	Office       *string
	Shared       *bool // the tenants below see them
	Version      int   // an earlier version that counts again
}

// action names an edit in the journal.
func (e Edit) action() string {
	switch {
	case e.SupersededBy != "":
		return "supersede"
	case e.State == Repealed:
		return "repeal"
	case e.State == Live:
		return "restore"
	case e.Version > 0:
		return "version"
	case e.Fix == Fix{Visibility: e.Fix.Visibility} && e.Fix.Visibility != nil:
		return "visibility"
	case e.Fix == Fix{Accepted: e.Fix.Accepted} && e.Fix.Accepted != nil:
		return "accept"
	case e.Fix == Fix{Kind: e.Fix.Kind} && e.Fix.Kind != nil:
		return "kind"
	}
	return "fix"
}

// change names an edit for other programs.
func (e Edit) change() string {
	switch {
	case e.State != "":
		return stateChange(e.State, e.SupersededBy)
	case e.Version > 0:
		return changeReplaced
	}
	return changeCorrected
}

// maxEdit bounds how many documents one action takes, so that the others who write do not wait for long.
const maxEdit = 5000

// Edit does one thing to documents of a tenant, all or none, and writes in the journal who did it and what was before. It
// gives the number of the entry.
//
// Errors: fault.NotFound for a document that is not the tenant's, fault.Invalid for a value that cannot be.
func (s *Store) Edit(ctx context.Context, tenant, author string, ids []string, e Edit) (entry int64, err error) {
	if err := s.checkEdit(ctx, tenant, ids, e); err != nil {
		return 0, err
	}
	if e.SupersededBy != "" && e.Reason == "" {
		e.Reason = "superseded"
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	err = s.write(ctx, func(tx *sql.Tx) (err error) {
		items := make([]item, len(ids))
		var label string
		for i, id := range ids {
			was, title, err := s.snapshot(ctx, tx, tenant, id)
			if err != nil {
				return err
			}
			items[i], label = item{documentItem, id, was}, title
		}
		if len(ids) > 1 {
			label = strconv.Itoa(len(ids))
		}
		if entry, err = s.record(ctx, tx, tenant, author, e.action(), label, items); err != nil {
			return err
		}
		for i, id := range ids {
			if err := s.edit(ctx, tx, tenant, id, items[i].was.(*snapshot), e); err != nil {
				return err
			}
			if err := s.note(ctx, tx, AuditEntry{Actor: author, Action: "document." + e.action(), Tenant: tenant, Object: id}); err != nil {
				return err
			}
			if err := s.changed(ctx, tx, tenant, id, e.change()); err != nil {
				return err
			}
		}
		return nil
	})
	return entry, err
}

func (s *Store) checkEdit(ctx context.Context, tenant string, ids []string, e Edit) error {
	switch {
	case len(ids) == 0:
		return fault.New(fault.Invalid, "no document was chosen")
	case len(ids) > maxEdit:
		return fault.New(fault.TooLarge, "%d documents at once, more than %d", len(ids), maxEdit)
	case e.State != "" && e.State != Live && e.State != Repealed:
		return fault.New(fault.Invalid, "%q is not a state that a person gives", e.State)
	case e.SupersededBy != "" && e.State != Repealed:
		return fault.New(fault.Invalid, "a document whose place was taken is repealed")
	}
	if err := e.Fix.check(); err != nil {
		return err
	}
	if e.SupersededBy == "" {
		return nil
	}
	for _, id := range ids {
		if err := s.checkSuccessor(ctx, tenant, id, e.SupersededBy); err != nil {
			return err
		}
	}
	return nil
}

// edit does e to one document whose present is in was.
func (s *Store) edit(ctx context.Context, tx *sql.Tx, tenant, id string, was *snapshot, e Edit) error {
	if e.Version > 0 && e.Version != was.Version {
		if err := s.revert(ctx, tx, tenant, id, e.Version); err != nil {
			return err
		}
		if err := s.forgetParsed(ctx, tx, tenant, id); err != nil {
			return err
		}
	}
	now := *was
	if e.State != "" {
		now.State, now.Reason, now.SupersededBy = e.State, e.Reason, e.SupersededBy
	}
	if e.Office != nil {
		now.Office = *e.Office
	}
	if e.Shared != nil {
		now.Shared = e.Shared
	}
	if err := s.standing(ctx, tx, tenant, id, &now); err != nil {
		return err
	}
	if e.Fix.Empty() && !e.Forget && e.Version == 0 {
		return nil
	}
	fields := e.Fix
	if !e.Forget {
		fields = was.fix().over(e.Fix)
	}
	return s.refix(ctx, tx, tenant, id, fields)
}

// forgetParsed makes what the present version says what its file says: after it came back from the shelf of old versions.
func (s *Store) forgetParsed(ctx context.Context, tx *sql.Tx, tenant, id string) error {
	_, now, err := s.versionFields(ctx, tx, tenant, id)
	if err != nil {
		return err
	}
	fields, _, raw, err := s.fix(ctx, tx, id)
	if err != nil || raw == "" {
		return err
	}
	return s.putFix(ctx, tx, id, fields, said(now))
}

// standing writes what is not of a version, and puts the document in the outbox.
func (s *Store) standing(ctx context.Context, tx *sql.Tx, tenant, id string, now *snapshot) error {
	by := sql.NullString{String: now.SupersededBy, Valid: now.SupersededBy != ""}
	result, err := tx.ExecContext(ctx, s.sql["document_edit"], tenant, id, now.State, now.Reason, by, now.Office, now.Shared)
	if err := one(result, err, tenant, id); err != nil {
		return err
	}
	return s.touch(ctx, tx, tenant, id)
}

// snapshot is what of a document an undo brings back. Version 0: it was not there.
type snapshot struct {
	State        State           `json:"state,omitempty"`
	Reason       string          `json:"reason,omitempty"`
	SupersededBy string          `json:"superseded_by,omitempty"`
	Office       string          `json:"office,omitempty"`
	Shared       *bool           `json:"shared,omitempty"`
	Version      int             `json:"version"`
	Fields       json.RawMessage `json:"fields,omitempty"` // a Fix
}

func (n *snapshot) fix() (f Fix) {
	if len(n.Fields) > 0 {
		_ = json.Unmarshal(n.Fields, &f) // written by this package; damage leaves what the file says
	}
	return f
}

// before gives as JSON what a document is now, or that it is not there: what the journal keeps.
func (s *Store) before(ctx context.Context, q querier, tenant, id string) (string, error) {
	was, _, err := s.snapshot(ctx, q, tenant, id)
	if fault.CodeOf(err) == fault.NotFound {
		was, err = &snapshot{}, nil
	}
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(was)
	return string(b), err
}

// snapshot reads what a document is now, with its title. fault.NotFound when it is not there.
func (s *Store) snapshot(ctx context.Context, q querier, tenant, id string) (*snapshot, string, error) {
	n := new(snapshot)
	var fields, title string
	var shared sql.NullBool
	err := q.QueryRowContext(ctx, s.sql["document_snapshot"], tenant, id).Scan(&n.State, &n.Reason, &n.SupersededBy, &n.Office, &shared,
		&n.Version, &fields, &title)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, "", noDocument(tenant, id)
	}
	if err != nil {
		return nil, "", fmt.Errorf("document %s: %w", id, err)
	}
	if shared.Valid {
		n.Shared = &shared.Bool
	}
	if fields != "" {
		n.Fields = json.RawMessage(fields)
	}
	return n, title, nil
}
