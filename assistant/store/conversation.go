package store

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"fmt"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// Kept gives everything that is kept of the conversation of a code, the oldest first, and writes down that it was given. It is empty when there is
// nothing, or no longer anything.
func (s *Store) Kept(ctx context.Context, actor, tenant string, code assistant.Code) (*assistant.Kept, error) {
	questions, left, err := s.marked(ctx, tenant, code)
	if err != nil {
		return nil, err
	}
	out := &assistant.Kept{Questions: []assistant.KeptQuestion{}, Left: []assistant.KeptLeft{}}
	for _, id := range questions {
		a, err := s.Asked(ctx, tenant, id)
		if fault.CodeOf(err) == fault.NotFound {
			continue // gone meanwhile
		}
		if err != nil {
			return nil, err
		}
		one := assistant.KeptQuestion{Asked: *a, Opinions: []assistant.KeptOpinion{}}
		said, err := s.feedbackOf(ctx, tenant, id)
		if err != nil {
			return nil, err
		}
		for _, f := range said {
			one.Opinions = append(one.Opinions, assistant.KeptOpinion{Useful: f.Useful, Rate: f.Rate, Reason: f.Reason, Text: f.Text})
		}
		out.Questions = append(out.Questions, one)
	}
	for _, id := range left {
		h, err := s.HandOver(ctx, tenant, id)
		if fault.CodeOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		one := assistant.KeptLeft{ID: h.ID, Office: h.Office, State: h.State, Text: h.Text, Reply: h.Reply, Email: h.Email, Messages: []string{}}
		chat, err := s.Chat(ctx, id)
		if err != nil {
			return nil, err
		}
		if chat != nil {
			for _, m := range chat.Messages {
				one.Messages = append(one.Messages, m.Text)
			}
		}
		out.Left = append(out.Left, one)
	}
	if len(out.Questions)+len(out.Left) == 0 {
		return out, nil
	}
	return out, s.Note(ctx, AuditEntry{Actor: actor, Action: "conversation.export", Tenant: tenant, Note: fmt.Sprintf("%d + %d", len(out.Questions), len(out.Left))})
}

// EraseConversation deletes for good what is kept of the conversation of a code: questions with their answers, opinions, and what was left for
// offices, with its key. SQLite overwrites the rows; Forget empties the log after it. Counts hold no content and stay.
func (s *Store) EraseConversation(ctx context.Context, actor, tenant string, code assistant.Code) (gone assistant.Erased, err error) {
	questions, left, err := s.marked(ctx, tenant, code)
	if err != nil || len(questions)+len(left) == 0 {
		return gone, err
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		gone = assistant.Erased{}
		count := func(n *int, statement string, args ...any) error {
			result, err := tx.ExecContext(ctx, statement, args...)
			if err != nil {
				return err
			}
			rows, err := result.RowsAffected()
			*n += int(rows)
			return err
		}
		for _, id := range questions {
			if err := count(&gone.Opinions, s.sql["feedback_delete"], tenant, id); err != nil {
				return err
			}
			if err := count(&gone.Questions, s.sql["question_delete"], tenant, id); err != nil {
				return err
			}
		}
		for _, id := range left {
			for _, statement := range []string{s.sql["mail_delete"], s.sql["message_delete"], s.sql["chat_delete"]} {
				if _, err := tx.ExecContext(ctx, statement, id); err != nil {
					return err
				}
			}
			if err := count(&gone.Left, s.sql["handover_delete"], id); err != nil {
				return err
			}
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "conversation.erase", Tenant: tenant, Note: fmt.Sprintf("%d + %d", gone.Questions, gone.Left)})
	})
	if err != nil {
		return assistant.Erased{}, err
	}
	for _, id := range left {
		if err := s.shred(handOverKey(id)); err != nil {
			return gone, s.fail(err)
		}
	}
	return gone, nil
}

// marked gives the ids of the questions and hand-overs that bear a mark of the code. All marks of the tenant are looked at: they are those of a
// month at most, and one that could be looked up would say which belong together.
func (s *Store) marked(ctx context.Context, tenant string, code assistant.Code) (questions, left []string, err error) {
	is := func(id, mark string) bool {
		return subtle.ConstantTimeCompare([]byte(code.Mark(id)), []byte(mark)) == 1
	}
	rows, err := s.reader.QueryContext(ctx, s.sql["question_marks"], tenant)
	if err != nil {
		return nil, nil, s.fail(err)
	}
	questions, err = collect(rows, func(row scanner) (id string, err error) {
		var mark string
		if err = row.Scan(&id, &mark); !is(id, mark) {
			id = ""
		}
		return id, err
	})
	if err != nil {
		return nil, nil, s.fail(err)
	}
	if rows, err = s.reader.QueryContext(ctx, s.sql["handover_marks"], tenant); err != nil {
		return nil, nil, s.fail(err)
	}
	left, err = collect(rows, func(row scanner) (id string, err error) {
		var asked, mark string
		if err = row.Scan(&id, &asked, &mark); !is(asked, mark) {
			id = ""
		}
		return id, err
	})
	return named(questions), named(left), s.fail(err)
}

// named leaves out what has no name.
func named(ids []string) (out []string) {
	for _, id := range ids {
		if id != "" {
			out = append(out, id)
		}
	}
	return out
}
