package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"time"

	"sportello/assistant/fault"
)

// VisitCount is how many visits of a month were alike. There is nothing else of a visit: no day, no person, no words.
type VisitCount struct {
	Month     string // "2026-11"
	Point     string
	Language  string
	Subject   string // one of the offices' subjects, or empty
	Outcome   string
	N         int
	Questions int // asked in these visits
}

// VisitNote is what a facilitator leaves for the next one about a document. The caller has masked it.
type VisitNote struct {
	ID       string
	Document string
	Title    string // of the document, when the note was written
	Text     string
	Author   string
	Day      string // ISO 8601
}

// CountVisit counts one visit that is over, in the month of at; N of v is not looked at.
func (s *Store) CountVisit(ctx context.Context, tenant string, at time.Time, v VisitCount) error {
	return s.add(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, s.sql["visit_count"], tenant, at.Format("2006-01"), v.Point, v.Language, v.Subject, v.Outcome, v.Questions)
		return err
	})
}

// VisitCounts gives the counts from one month to another, both included, the newest first; empty is open.
func (s *Store) VisitCounts(ctx context.Context, tenant, from, to string) ([]VisitCount, error) {
	if to == "" {
		to = "9999-12"
	}
	rows, err := s.reader.QueryContext(ctx, s.sql["visit_counts"], tenant, from, to)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, func(row scanner) (c VisitCount, err error) {
		return c, row.Scan(&c.Month, &c.Point, &c.Language, &c.Subject, &c.Outcome, &c.N, &c.Questions)
	})
	return all, s.fail(err)
}

// AddVisitNote keeps a note, with the audit entries that tell of it.
func (s *Store) AddVisitNote(ctx context.Context, tenant string, n VisitNote, notes ...AuditEntry) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, s.sql["visit_note_insert"], rand.Text(), tenant, n.Document, n.Title, n.Text, n.Author, n.Day); err != nil {
			return err
		}
		return s.noteAll(ctx, tx, notes)
	})
}

// VisitNotes gives the notes about a document, or all of a tenant's when document is empty, the newest first.
func (s *Store) VisitNotes(ctx context.Context, tenant, document string) ([]VisitNote, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["visit_note_list"], tenant, document)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, func(row scanner) (n VisitNote, err error) {
		return n, row.Scan(&n.ID, &n.Document, &n.Title, &n.Text, &n.Author, &n.Day)
	})
	return all, s.fail(err)
}

// RemoveVisitNote erases a note, or gives fault.NotFound.
func (s *Store) RemoveVisitNote(ctx context.Context, tenant, id string, notes ...AuditEntry) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, s.sql["visit_note_delete"], tenant, id)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			if err != nil {
				return err
			}
			return fault.New(fault.NotFound, "there is no note %q", id)
		}
		return s.noteAll(ctx, tx, notes)
	})
}
