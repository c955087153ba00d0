package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"sportello/assistant/fault"
)

// ActState is how far an act is.
type ActState string

// The states of an act, in order.
const (
	ActDraft    ActState = "draft"
	ActInReview ActState = "in_review"
	ActApproved ActState = "approved" // for export: its text does not change any more
)

// Act is an act that is being written. Content is JSON that only assistant/drafting reads.
type Act struct {
	ID         string
	Tenant     string
	Template   string
	Family     string
	Title      string
	State      ActState
	Revision   int // counts its contents, from 1
	Author     string
	AuthorName string
	AddedAt    time.Time
	ChangedAt  time.Time
	ChangedBy  string
	ReviewBy   string // who sent it to review
	ReviewAt   time.Time
	ApprovedBy string
	ApprovedAt time.Time
	Content    []byte // nil in a list
}

// ActRevision is a content that an act had.
type ActRevision struct {
	Revision int
	What     string // "made", "fields", "part", "undo"…: what was done to get it
	Restores int    // the revision whose content it is again, 0: it is new
	By       string
	At       time.Time
	Content  []byte // nil in a list
}

// MostRevisions is how many contents of an act are kept, with the first.
const MostRevisions = 300

func noAct(id string) error { return fault.New(fault.NotFound, "there is no act %q", id) }

// AddAct begins an act and gives its id; of a are read Tenant, Template, Family, Title, AuthorName and Content.
func (s *Store) AddAct(ctx context.Context, actor string, a Act) (string, error) {
	id := uuid.NewString()
	return id, s.write(ctx, func(tx *sql.Tx) error {
		if _, err := s.tenant(ctx, tx, a.Tenant); err != nil {
			return err
		}
		at := s.stamp()
		if _, err := tx.ExecContext(ctx, s.sql["act_insert"], id, a.Tenant, a.Template, a.Family, a.Title, actor, a.AuthorName, at); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["act_revision_insert"], id, 1, string(a.Content), "made", 0, a.AuthorName, at); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "act.add", Tenant: a.Tenant, Object: id, Note: a.Template})
	})
}

// ActFilter narrows Acts. Zero fields let everything through.
type ActFilter struct {
	State  ActState
	Family string
	Text   string // part of the title
	Limit  int    // default 100
	Offset int
}

// Acts gives a tenant's acts without their contents, the last changed first, and how many there are without Limit.
func (s *Store) Acts(ctx context.Context, tenant string, f ActFilter) (acts []Act, total int, err error) {
	if f.Limit <= 0 {
		f.Limit = 100
	}
	text := ""
	if f.Text != "" {
		text = "%" + likeEscaper.Replace(strings.ToLower(f.Text)) + "%"
	}
	err = s.read(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, s.sql["act_count"], tenant, f.State, f.Family, text).Scan(&total); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, s.sql["act_list"], tenant, f.State, f.Family, text, f.Limit, f.Offset)
		if err != nil {
			return err
		}
		acts, err = collect(rows, scanAct)
		return err
	})
	return acts, total, err
}

func scanAct(row scanner) (a Act, err error) {
	var added, changed, review, approved, content string
	err = row.Scan(&a.ID, &a.Tenant, &a.Template, &a.Family, &a.Title, &a.State, &a.Revision, &a.Author, &a.AuthorName, &added, &changed, &a.ChangedBy,
		&a.ReviewBy, &review, &a.ApprovedBy, &approved, &content)
	a.AddedAt, a.ChangedAt, a.ReviewAt, a.ApprovedAt = timeOf(added), timeOf(changed), timeOf(review), timeOf(approved)
	if content != "" {
		a.Content = []byte(content)
	}
	return a, err
}

// Act gives one act of a tenant with its content, or fault.NotFound.
func (s *Store) Act(ctx context.Context, tenant, id string) (*Act, error) {
	a, err := s.act(ctx, s.reader, tenant, id)
	return a, s.fail(err)
}

func (s *Store) act(ctx context.Context, q querier, tenant, id string) (*Act, error) {
	a, err := scanAct(q.QueryRowContext(ctx, s.sql["act_get"], tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, noAct(id)
	}
	return &a, err
}

// ActChange is another content of an act.
type ActChange struct {
	Tenant   string
	ID       string
	Revision int // the one that was changed: another is fault.Conflict, and nothing is written
	Title    string
	Content  []byte
	What     string
	Restores int
	ByName   string
}

// SaveAct gives an act another content and tells its revision. Somebody else's change since c.Revision, and an act that is approved, are
// fault.Conflict. Autosaves are many, so that the audit log has only the states of an act and its files, not each content.
func (s *Store) SaveAct(ctx context.Context, c ActChange) (revision int, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		at := s.stamp()
		err := tx.QueryRowContext(ctx, s.sql["act_save"], c.Tenant, c.ID, c.Revision, c.Title, at, c.ByName).Scan(&revision)
		if errors.Is(err, sql.ErrNoRows) {
			return s.whyNotSaved(ctx, tx, c)
		}
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["act_revision_insert"], c.ID, revision, string(c.Content), c.What, c.Restores, c.ByName, at); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, s.sql["act_revision_prune"], c.ID, revision-MostRevisions)
		return err
	})
	return revision, err
}

func (s *Store) whyNotSaved(ctx context.Context, q querier, c ActChange) error {
	a, err := s.act(ctx, q, c.Tenant, c.ID)
	switch {
	case err != nil:
		return err
	case a.State == ActApproved:
		return fault.New(fault.Conflict, "the act is approved: take it back to draft before changing it")
	}
	return fault.New(fault.Conflict, "the act was changed meanwhile by %s: it is at revision %d, not %d", a.ChangedBy, a.Revision, c.Revision)
}

// ActRevisions gives the contents that an act had, without the contents themselves, the last first.
func (s *Store) ActRevisions(ctx context.Context, tenant, id string) ([]ActRevision, error) {
	if _, err := s.Act(ctx, tenant, id); err != nil {
		return nil, err
	}
	rows, err := s.reader.QueryContext(ctx, s.sql["act_revision_list"], id, MostRevisions+1)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, scanRevision)
	return all, s.fail(err)
}

// ActRevision gives one of them with its content; one that is no longer kept is fault.NotFound.
func (s *Store) ActRevision(ctx context.Context, tenant, id string, revision int) (*ActRevision, error) {
	if _, err := s.Act(ctx, tenant, id); err != nil {
		return nil, err
	}
	r, err := scanRevision(s.reader.QueryRowContext(ctx, s.sql["act_revision_get"], id, revision))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "the act has no revision %d", revision)
	}
	return &r, s.fail(err)
}

func scanRevision(row scanner) (r ActRevision, err error) {
	var at, content string
	err = row.Scan(&r.Revision, &r.What, &r.Restores, &r.By, &at, &content)
	r.At = timeOf(at)
	if content != "" {
		r.Content = []byte(content)
	}
	return r, err
}

// SetActState takes an act to a state. It is to be at the given revision: nobody approves what they have not seen.
func (s *Store) SetActState(ctx context.Context, actor, tenant, id string, revision int, to ActState, byName string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		a, err := s.act(ctx, tx, tenant, id)
		if err != nil {
			return err
		}
		if a.Revision != revision {
			return fault.New(fault.Conflict, "the act was changed meanwhile by %s: it is at revision %d, not %d", a.ChangedBy, a.Revision, revision)
		}
		if a.State == to {
			return nil
		}
		reviewBy, reviewAt, approvedBy, approvedAt := a.ReviewBy, stampOrNone(a.ReviewAt), "", ""
		switch to {
		case ActDraft:
			reviewBy, reviewAt = "", ""
		case ActInReview:
			reviewBy, reviewAt = byName, s.stamp()
		case ActApproved:
			approvedBy, approvedAt = byName, s.stamp()
		default:
			return fault.New(fault.Invalid, "there is no state %q", to)
		}
		if _, err := tx.ExecContext(ctx, s.sql["act_state"], tenant, id, to, reviewBy, reviewAt, approvedBy, approvedAt); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "act.state", Tenant: tenant, Object: id, Note: string(to)})
	})
}

func stampOrNone(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return stampOf(t)
}

// DropAct forgets a draft with its revisions, comments and exports. What is in review or approved stays.
func (s *Store) DropAct(ctx context.Context, actor, tenant, id string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		a, err := s.act(ctx, tx, tenant, id)
		if err != nil {
			return err
		}
		if a.State != ActDraft {
			return fault.New(fault.Conflict, "only a draft can be deleted: this one is %s", a.State)
		}
		for _, statement := range []string{s.sql["act_revision_clear"], s.sql["act_comment_clear"], s.sql["act_export_clear"]} {
			if _, err := tx.ExecContext(ctx, statement, id); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, s.sql["act_delete"], tenant, id); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "act.delete", Tenant: tenant, Object: id, Note: a.Template})
	})
}
