package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// sealedAsked is what of a question lies sealed in its row.
type sealedAsked struct {
	Question   string                    `json:"q"`
	Understood string                    `json:"u,omitempty"`
	Statements []assistant.StatementJSON `json:"s"`
	Passages   []assistant.PassageJSON   `json:"p"`
}

// dayKey names the key of what citizens wrote on a day.
func dayKey(tenant, day string) string { return "q." + tenant + "." + day }

// AddAsked counts a question and, when keep is set, keeps it. The caller has masked it.
func (s *Store) AddAsked(ctx context.Context, a assistant.Asked, keep bool) error {
	day := a.At.Format(time.DateOnly)
	var sealed []byte
	if keep {
		var err error
		sealed, err = s.seal(dayKey(a.Tenant, day), a.ID, sealedAsked{a.Question, a.Understood, a.Statements, a.Passages})
		if err != nil {
			return s.fail(err)
		}
	}
	return s.add(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, s.sql["question_count"], a.Tenant, day, a.Language, a.Subject, a.Office, a.Status, a.Reason, a.Weak(), a.Approved != ""); err != nil {
			return err
		}
		if a.Approved != "" {
			if _, err := tx.ExecContext(ctx, s.sql["approved_served"], a.Approved); err != nil {
				return err
			}
		}
		if keep {
			_, err := tx.ExecContext(ctx, s.sql["question_insert"], a.ID, a.Tenant, day, a.At.Hour(), a.Language, a.Subject, a.Office,
				a.Status, a.Reason, a.Confidence, a.Approved, sealed, a.Mark)
			if err != nil {
				return err
			}
		}
		if !a.Unanswered() {
			return nil
		}
		return s.tell(ctx, tx, a.Tenant, assistant.EventUnanswered, func() (any, error) {
			e := assistant.UnansweredEvent{Tenant: a.Tenant, Language: a.Language, Reason: a.Reason, Subject: a.Subject, Office: a.Office}
			if keep {
				e.Question = a.ID
			}
			return e, nil
		})
	})
}

// Asked gives one question, or fault.NotFound.
func (s *Store) Asked(ctx context.Context, tenant, id string) (*assistant.Asked, error) {
	a, err := s.scanAsked(s.reader.QueryRowContext(ctx, s.sql["question_get"], tenant, id))
	if errors.Is(err, sql.ErrNoRows) || errors.Is(err, errGone) {
		return nil, fault.New(fault.NotFound, "there is no question %q, or it is no longer kept", id)
	}
	return &a, s.fail(err)
}

// AskedList gives the questions that are kept, the newest first, and how many there are without the limit. What is chosen by words or
// feedback is opened and looked at here: the database cannot read it.
func (s *Store) AskedList(ctx context.Context, tenant string, f assistant.AskedFilter) ([]assistant.Asked, int, error) {
	disliked := map[string]bool{}
	if f.What == "disliked" {
		said, err := s.Feedback(ctx, tenant, f.From, f.To)
		if err != nil {
			return nil, 0, err
		}
		for _, one := range said {
			disliked[one.Question] = disliked[one.Question] || one.Useful < 0 || one.Rate > 0 && one.Rate < 4
		}
	}
	rows, err := s.reader.QueryContext(ctx, s.sql["question_list"], tenant, f.From, lastDay(f.To))
	if err != nil {
		return nil, 0, s.fail(err)
	}
	defer func() { _ = rows.Close() }() // its error is rows.Err's
	var out []assistant.Asked
	n := 0
	for rows.Next() {
		a, err := s.scanAsked(rows)
		if errors.Is(err, errGone) {
			continue
		}
		if err != nil {
			return nil, 0, s.fail(err)
		}
		if !chosen(&a, f) || f.What == "disliked" && !disliked[a.ID] {
			continue
		}
		if n++; f.Limit == 0 || n <= f.Limit {
			out = append(out, a)
		}
	}
	return out, n, s.fail(rows.Err())
}

// lastDay makes an open end of a range comparable.
func lastDay(day string) string {
	if day == "" {
		return "9999-12-31"
	}
	return day
}

func chosen(a *assistant.Asked, f assistant.AskedFilter) bool {
	switch f.What {
	case "unanswered":
		if !a.Unanswered() {
			return false
		}
	case "weak":
		if !a.Weak() {
			return false
		}
	case "refused":
		if a.Status != assistant.Refused {
			return false
		}
	case "answered":
		if a.Status == assistant.Refused {
			return false
		}
	}
	return (f.Language == "" || a.Language == f.Language) && (f.Subject == "" || a.Subject == f.Subject) && !(f.NoneOf && a.Subject != "") &&
		(f.Office == "" || a.Office == f.Office || a.Assigned == f.Office) && !(f.Open && a.Done) &&
		(f.Words == "" || strings.Contains(strings.ToLower(a.Question), strings.ToLower(f.Words)))
}

func (s *Store) scanAsked(row scanner) (a assistant.Asked, err error) {
	var day string
	var hour int
	var sealed []byte
	if err := row.Scan(&a.ID, &a.Tenant, &day, &hour, &a.Language, &a.Subject, &a.Office, &a.Status, &a.Reason, &a.Confidence, &a.Approved, &a.Assigned, &a.Done, &sealed); err != nil {
		return a, err
	}
	if a.At, err = time.ParseInLocation(time.DateOnly, day, time.Local); err != nil {
		return a, err
	}
	a.At = a.At.Add(time.Duration(hour) * time.Hour)
	var in sealedAsked
	err = s.unseal(dayKey(a.Tenant, day), a.ID, sealed, &in)
	a.Question, a.Understood, a.Statements, a.Passages = in.Question, in.Understood, in.Statements, in.Passages
	return a, err
}

// MarkAsked assigns a question to an office and says whether it is done. fault.NotFound when it is not there.
func (s *Store) MarkAsked(ctx context.Context, tenant, id, office string, done bool, notes ...AuditEntry) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, s.sql["question_mark"], tenant, id, office, done)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fault.New(fault.NotFound, "there is no question %q, or it is no longer kept", id))
		}
		return s.noteAll(ctx, tx, notes)
	})
}

// Counts gives how many questions were asked, by day and sort, in order of days. Both days are included, empty is open.
func (s *Store) Counts(ctx context.Context, tenant, from, to string) ([]assistant.Count, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["question_counts"], tenant, from, lastDay(to))
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, func(row scanner) (c assistant.Count, err error) {
		return c, row.Scan(&c.Day, &c.Language, &c.Subject, &c.Office, &c.Status, &c.Reason, &c.Weak, &c.Approved, &c.N)
	})
	return all, s.fail(err)
}
