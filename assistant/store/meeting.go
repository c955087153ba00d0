package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"

	"sportello/assistant/fault"
)

// Meeting is a session of a Giunta or a Consiglio. What is in Body, Transcript and Parts is for assistant/drafting/minutes to read.
type Meeting struct {
	ID         string
	Organ      string
	Day        string // ISO 8601, empty: not known yet
	Revision   int
	Body       string // JSON of the session
	Transcript string // JSON, empty: none; not in a list
	Parts      string // JSON, empty: none; not in a list
	Added      time.Time
	Changed    time.Time
	By         string // who changed it last
}

// MeetingSave is what a session was before a change.
type MeetingSave struct {
	Revision int
	At       time.Time // when it was changed
	By       string
	Body     string
}

// savesKept is how many states of a session can be gone back to.
const savesKept = 100

// AddMeeting keeps a new session and gives its id.
func (s *Store) AddMeeting(ctx context.Context, actor, tenant string, m Meeting) (string, error) {
	m.ID = uuid.NewString()
	return m.ID, s.write(ctx, func(tx *sql.Tx) error {
		if _, err := s.tenant(ctx, tx, tenant); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["meeting_insert"], m.ID, tenant, m.Organ, m.Day, m.Body, s.stamp(), actor); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "meeting.add", Tenant: tenant, Object: m.ID})
	})
}

// Meetings gives the sessions of a tenant, the latest first.
func (s *Store) Meetings(ctx context.Context, tenant string) ([]Meeting, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["meeting_list"], tenant)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, func(row scanner) (m Meeting, err error) {
		var added, changed string
		err = row.Scan(&m.ID, &m.Organ, &m.Day, &m.Revision, &m.Body, &added, &changed, &m.By)
		m.Added, m.Changed = timeOf(added), timeOf(changed)
		return m, err
	})
	return all, s.fail(err)
}

// Meeting gives one session, or fault.NotFound.
func (s *Store) Meeting(ctx context.Context, tenant, id string) (*Meeting, error) {
	m, err := s.scanMeeting(s.reader.QueryRowContext(ctx, s.sql["meeting_get"], tenant, id), id)
	if err != nil {
		return nil, s.fail(err)
	}
	return m, nil
}

func (s *Store) scanMeeting(row scanner, id string) (*Meeting, error) {
	var m Meeting
	var added, changed string
	err := row.Scan(&m.ID, &m.Organ, &m.Day, &m.Revision, &m.Body, &m.Transcript, &m.Parts, &added, &changed, &m.By)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "there is no session %q", id)
	}
	m.Added, m.Changed = timeOf(added), timeOf(changed)
	return &m, err
}

// ChangeMeeting changes a session in one transaction and keeps what it was. revision is the one that the caller has seen, and fault.Conflict
// says that somebody else changed it since; with 0 the change holds whatever it is, as adding a line does. action goes into the audit log;
// empty: nothing does, because what it was is kept anyway.
func (s *Store) ChangeMeeting(ctx context.Context, actor, tenant, id string, revision int, action string, change func(*Meeting) error) (*Meeting, error) {
	var out *Meeting
	err := s.write(ctx, func(tx *sql.Tx) error {
		m, err := s.scanMeeting(tx.QueryRowContext(ctx, s.sql["meeting_get"], tenant, id), id)
		if err != nil {
			return err
		}
		if revision > 0 && m.Revision != revision {
			return fault.New(fault.Conflict, "somebody else has changed the session meanwhile (revision %d, not %d)", m.Revision, revision)
		}
		before := *m
		if err := change(m); err != nil {
			return err
		}
		if m.Body == before.Body && m.Transcript == before.Transcript && m.Parts == before.Parts {
			out = m
			return nil
		}
		if m.Body != before.Body {
			if _, err := tx.ExecContext(ctx, s.sql["meeting_save"], id, before.Revision, s.stamp(), before.By, before.Body); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, s.sql["meeting_trim"], id, before.Revision-savesKept); err != nil {
				return err
			}
		}
		result, err := tx.ExecContext(ctx, s.sql["meeting_change"], id, tenant, before.Revision, m.Organ, m.Day, m.Body, m.Transcript, m.Parts, s.stamp(), actor)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fault.New(fault.Conflict, "somebody else has changed the session meanwhile"))
		}
		m.Revision, m.By = before.Revision+1, actor
		out = m
		if action == "" {
			return nil
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: action, Tenant: tenant, Object: id})
	})
	return out, err
}

// MeetingSaves gives what a session was, the latest first.
func (s *Store) MeetingSaves(ctx context.Context, tenant, id string) ([]MeetingSave, error) {
	if _, err := s.Meeting(ctx, tenant, id); err != nil {
		return nil, err
	}
	rows, err := s.reader.QueryContext(ctx, s.sql["meeting_saves"], id)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, func(row scanner) (m MeetingSave, err error) {
		var at string
		err = row.Scan(&m.Revision, &at, &m.By, &m.Body)
		m.At = timeOf(at)
		return m, err
	})
	return all, s.fail(err)
}

// DropMeeting erases a session with all that it was.
func (s *Store) DropMeeting(ctx context.Context, actor, tenant, id string) error {
	if _, err := s.Meeting(ctx, tenant, id); err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		for _, step := range []struct {
			statement string
			args      []any
		}{{s.sql["meeting_unsave"], []any{id}}, {s.sql["meeting_delete"], []any{tenant, id}}} {
			if _, err := tx.ExecContext(ctx, step.statement, step.args...); err != nil {
				return err
			}
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "meeting.drop", Tenant: tenant, Object: id})
	})
}
