package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// MostMessages is how many messages a conversation has at most: one that needs more needs a telephone.
const MostMessages = 200

// seenEvery is how often it is written down that somebody is there.
const seenEvery = 10 * time.Second

type sealedMessage struct {
	Text string `json:"t"`
}

// AskChat says that the citizen of an open hand-over wants to write with a person. Asking again changes nothing. fault.Conflict when the
// question was answered or closed.
func (s *Store) AskChat(ctx context.Context, tenant, id string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := s.openHandOver(ctx, tx, tenant, id); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, s.sql["chat_ask"], id, s.now().UnixMilli())
		return err
	})
}

// openHandOver gives fault.NotFound for a hand-over that is not there and fault.Conflict for one that is answered or closed.
func (s *Store) openHandOver(ctx context.Context, tx *sql.Tx, tenant, id string) error {
	h, err := s.scanHandOver(tx.QueryRowContext(ctx, s.sql["handover_get"], tenant, id))
	if errors.Is(err, sql.ErrNoRows) || errors.Is(err, errGone) {
		return fault.New(fault.NotFound, "this question is not there, or no longer kept")
	}
	if err == nil && h.State != assistant.HandOverOpen {
		err = fault.New(fault.Conflict, "this question was already answered or closed")
	}
	return err
}

// Chat gives the conversation of a hand-over with all its messages, nil when nobody asked for one.
func (s *Store) Chat(ctx context.Context, id string) (*assistant.Chat, error) {
	c, err := scanChat(s.reader.QueryRowContext(ctx, s.sql["chat_get"], id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, s.fail(err)
	}
	rows, err := s.reader.QueryContext(ctx, s.sql["message_list"], id)
	if err != nil {
		return nil, s.fail(err)
	}
	n := 0
	c.Messages, err = collect(rows, func(row scanner) (m assistant.Message, err error) {
		var at int64
		var sealed []byte
		if err := row.Scan(&at, &m.Office, &sealed); err != nil {
			return m, err
		}
		m.At = time.UnixMilli(at)
		n++
		var in sealedMessage
		err = s.unseal(handOverKey(id), messageRow(id, n), sealed, &in)
		m.Text = in.Text
		return m, err
	})
	if errors.Is(err, errGone) {
		return nil, fault.New(fault.NotFound, "this conversation is no longer kept")
	}
	return &c, s.fail(err)
}

// messageRow binds what is sealed to its place in the conversation.
func messageRow(id string, n int) string { return id + "/" + strconv.Itoa(n) }

func scanChat(row scanner) (c assistant.Chat, err error) {
	var asked, citizen, clerk int64
	err = row.Scan(&c.HandOver, &c.State, &asked, &c.JoinedBy, &citizen, &clerk)
	c.AskedAt, c.CitizenAt, c.ClerkAt = time.UnixMilli(asked), time.UnixMilli(citizen), time.UnixMilli(clerk)
	return c, err
}

// Chats gives the conversations of a tenant that wait for a person or are under way, the oldest first, without their messages.
func (s *Store) Chats(ctx context.Context, tenant string) ([]assistant.Chat, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["chat_list"], tenant)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, scanChat)
	return all, s.fail(err)
}

// JoinChat lets a person of the office in. fault.Conflict when a colleague was first.
func (s *Store) JoinChat(ctx context.Context, tenant, id, by, actor string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := s.openHandOver(ctx, tx, tenant, id); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, s.sql["chat_join"], id, by, s.now().UnixMilli())
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fault.New(fault.Conflict, "nobody waits for a person here, or a colleague was first"))
		}
		return s.noteHandOver(ctx, tx, actor, "handover.join", tenant, id, "")
	})
}

// Say keeps a message. The caller has masked a citizen's. fault.Conflict when the conversation is over, or for the office has not begun;
// fault.TooLarge when it has MostMessages.
func (s *Store) Say(ctx context.Context, tenant, id string, office bool, text string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := s.openHandOver(ctx, tx, tenant, id); err != nil {
			return err
		}
		c, err := scanChat(tx.QueryRowContext(ctx, s.sql["chat_get"], id))
		if errors.Is(err, sql.ErrNoRows) || err == nil && (c.State == assistant.ChatEnded || office && c.State != assistant.ChatJoined) {
			return fault.New(fault.Conflict, "this conversation is not open")
		}
		if err != nil {
			return err
		}
		var n int
		if err := tx.QueryRowContext(ctx, s.sql["message_count"], id).Scan(&n); err != nil {
			return err
		}
		if n >= MostMessages {
			return fault.New(fault.TooLarge, "this conversation has %d messages: go on by telephone", n)
		}
		sealed, err := s.seal(handOverKey(id), messageRow(id, n+1), sealedMessage{text})
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["message_insert"], id, s.now().UnixMilli(), office, sealed); err != nil {
			return err
		}
		return s.seen(ctx, tx, id, office)
	})
}

// Seen notes that the citizen, or the person of the office, has the conversation before them.
func (s *Store) Seen(ctx context.Context, id string, office bool) error {
	c, err := scanChat(s.reader.QueryRowContext(ctx, s.sql["chat_get"], id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	last := c.CitizenAt
	if office {
		last = c.ClerkAt
	}
	if err != nil || s.now().Sub(last) < seenEvery {
		return s.fail(err)
	}
	return s.write(ctx, func(tx *sql.Tx) error { return s.seen(ctx, tx, id, office) })
}

func (s *Store) seen(ctx context.Context, tx *sql.Tx, id string, office bool) error {
	statement := s.sql["chat_citizen"]
	if office {
		statement = s.sql["chat_clerk"]
	}
	now := s.now()
	_, err := tx.ExecContext(ctx, statement, id, now.UnixMilli(), now.Add(-seenEvery).UnixMilli())
	return err
}

// EndChat ends a conversation that answered the question: the hand-over counts as answered, and what was said is the answer.
func (s *Store) EndChat(ctx context.Context, tenant, id, by, actor string) error {
	return s.changeHandOver(ctx, tenant, id, AuditEntry{Actor: actor, Action: "handover.answer", Note: "chat"}, func(h *assistant.HandOver) (bool, bool) {
		h.AnsweredBy, h.State, h.Email = by, assistant.HandOverAnswered, ""
		return false, false
	})
}

// SetAvailable says until when a person of the console answers citizens at once; a moment that has passed ends it.
func (s *Store) SetAvailable(ctx context.Context, person, tenant string, until time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, s.sql["available_put"], person, tenant, until.UnixMilli()); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, s.sql["available_delete"], s.now().UnixMilli())
		return err
	})
}

// Available says how many people of a tenant answer at once.
func (s *Store) Available(ctx context.Context, tenant string) (n int, err error) {
	err = s.reader.QueryRowContext(ctx, s.sql["available_count"], tenant, s.now().UnixMilli()).Scan(&n)
	return n, s.fail(err)
}

// IsAvailable says whether this person does.
func (s *Store) IsAvailable(ctx context.Context, person, tenant string) (bool, error) {
	var n int
	err := s.reader.QueryRowContext(ctx, s.sql["available_one"], tenant, person, s.now().UnixMilli()).Scan(&n)
	return n > 0, s.fail(err)
}
