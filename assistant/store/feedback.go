package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"sportello/assistant"
)

// AddFeedback counts feedback and, when keep is set, keeps it with its words. The caller has masked them.
func (s *Store) AddFeedback(ctx context.Context, f assistant.Feedback, keep bool) error {
	day := f.At.Format(time.DateOnly)
	var sealed []byte
	if keep {
		var err error
		if sealed, err = s.seal(dayKey(f.Tenant, day), "feedback", f.Text); err != nil {
			return s.fail(err)
		}
	}
	return s.add(ctx, func(tx *sql.Tx) error {
		for _, said := range []struct{ kind, value string }{{"useful", number(f.Useful)}, {"rate", number(f.Rate)}, {"reason", f.Reason}} {
			if said.value == "" {
				continue
			}
			if _, err := tx.ExecContext(ctx, s.sql["feedback_count"], f.Tenant, day, said.kind, said.value); err != nil {
				return err
			}
		}
		if !keep {
			return nil
		}
		_, err := tx.ExecContext(ctx, s.sql["feedback_insert"], f.Tenant, f.Question, day, f.Useful, f.Rate, f.Reason, sealed)
		return err
	})
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// Feedback gives what was said from one day to another, both included, the newest first.
func (s *Store) Feedback(ctx context.Context, tenant, from, to string) ([]assistant.Feedback, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["feedback_list"], tenant, from, lastDay(to))
	if err != nil {
		return nil, s.fail(err)
	}
	defer func() { _ = rows.Close() }() // its error is rows.Err's
	return s.scanFeedback(rows)
}

// feedbackOf gives what was said of one question.
func (s *Store) feedbackOf(ctx context.Context, tenant, question string) ([]assistant.Feedback, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["feedback_of"], tenant, question)
	if err != nil {
		return nil, s.fail(err)
	}
	defer func() { _ = rows.Close() }()
	return s.scanFeedback(rows)
}

// scanFeedback reads rows of feedback whose keys are still there.
func (s *Store) scanFeedback(rows *sql.Rows) ([]assistant.Feedback, error) {
	var out []assistant.Feedback
	for rows.Next() {
		var f assistant.Feedback
		var day string
		var sealed []byte
		err := rows.Scan(&f.Tenant, &f.Question, &day, &f.Useful, &f.Rate, &f.Reason, &sealed)
		if err != nil {
			return nil, s.fail(err)
		}
		if f.At, err = time.ParseInLocation(time.DateOnly, day, time.Local); err != nil {
			return nil, s.fail(err)
		}
		switch err := s.unseal(dayKey(f.Tenant, day), "feedback", sealed, &f.Text); {
		case errors.Is(err, errGone):
		case err != nil:
			return nil, s.fail(err)
		default:
			out = append(out, f)
		}
	}
	return out, s.fail(rows.Err())
}

// FeedbackCounts gives how often something was said, by day. Both days are included, empty is open.
func (s *Store) FeedbackCounts(ctx context.Context, tenant, from, to string) ([]assistant.FeedbackCount, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["feedback_counts"], tenant, from, lastDay(to))
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, func(row scanner) (c assistant.FeedbackCount, err error) {
		return c, row.Scan(&c.Day, &c.Kind, &c.Value, &c.N)
	})
	return all, s.fail(err)
}
