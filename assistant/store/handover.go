package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// sealedHandOver is what of a hand-over lies sealed in its row.
type sealedHandOver struct {
	Text  string `json:"t"`
	Reply string `json:"r,omitempty"`
	Email string `json:"e,omitempty"`
	Token string `json:"k"`
}

func handOverKey(id string) string { return "h." + id }

func hashed(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// AddHandOver keeps a question that was left for an office; with mail set, the office is written to. The caller has masked the text and
// made id and token.
func (s *Store) AddHandOver(ctx context.Context, h assistant.HandOver, mail bool) error {
	sealed, err := s.seal(handOverKey(h.ID), h.ID, sealedHandOver{Text: h.Text, Email: h.Email, Token: h.Token})
	if err != nil {
		return s.fail(err)
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := s.tenant(ctx, tx, h.Tenant); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["handover_insert"], h.ID, h.Tenant, hashed(h.Token), h.Office, h.Language, h.Asked, h.Email != "", s.stamp(), sealed); err != nil {
			return err
		}
		err := s.tell(ctx, tx, h.Tenant, assistant.EventHandOver, func() (any, error) {
			return assistant.HandOverEvent{Tenant: h.Tenant, HandOver: h.ID, Office: h.Office, Language: h.Language}, nil
		})
		if err != nil || !mail {
			return err
		}
		_, err = tx.ExecContext(ctx, s.sql["mail_insert"], h.Tenant, h.ID, assistant.ToOffice, s.now().UnixMilli())
		return err
	})
}

// HandOver gives one hand-over, with its e-mail address while that is kept, or fault.NotFound.
func (s *Store) HandOver(ctx context.Context, tenant, id string) (*assistant.HandOver, error) {
	return s.handOver(s.reader.QueryRowContext(ctx, s.sql["handover_get"], tenant, id))
}

// HandOverByToken gives the hand-over of a private link, or fault.NotFound.
func (s *Store) HandOverByToken(ctx context.Context, tenant, token string) (*assistant.HandOver, error) {
	return s.handOver(s.reader.QueryRowContext(ctx, s.sql["handover_token"], tenant, hashed(token)))
}

func (s *Store) handOver(row *sql.Row) (*assistant.HandOver, error) {
	h, err := s.scanHandOver(row)
	if errors.Is(err, sql.ErrNoRows) || errors.Is(err, errGone) {
		return nil, fault.New(fault.NotFound, "this question is not there, or no longer kept")
	}
	return &h, s.fail(err)
}

// HandOvers gives the hand-overs of a tenant, the newest first; empty state and office choose all. The address is left out.
func (s *Store) HandOvers(ctx context.Context, tenant, state, office string) ([]assistant.HandOver, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["handover_list"], tenant, state, office)
	if err != nil {
		return nil, s.fail(err)
	}
	defer func() { _ = rows.Close() }() // its error is rows.Err's
	var out []assistant.HandOver
	for rows.Next() {
		h, err := s.scanHandOver(rows)
		if errors.Is(err, errGone) {
			continue
		}
		if err != nil {
			return nil, s.fail(err)
		}
		h.Email, h.Token = "", ""
		out = append(out, h)
	}
	return out, s.fail(rows.Err())
}

func (s *Store) scanHandOver(row scanner) (h assistant.HandOver, err error) {
	var at, answered string
	var sealed []byte
	if err := row.Scan(&h.ID, &h.Tenant, &h.Office, &h.Language, &h.Asked, &h.State, &h.WithEmail, &at, &answered, &h.AnsweredBy, &sealed); err != nil {
		return h, err
	}
	if h.At, err = time.Parse(time.RFC3339Nano, at); err != nil {
		return h, err
	}
	if answered != "" {
		if h.AnsweredAt, err = time.Parse(time.RFC3339Nano, answered); err != nil {
			return h, err
		}
	}
	var in sealedHandOver
	err = s.unseal(handOverKey(h.ID), h.ID, sealed, &in)
	h.Text, h.Reply, h.Email, h.Token = in.Text, in.Reply, in.Email, in.Token
	return h, err
}

// OpenHandOvers gives how many hand-overs wait, by office.
func (s *Store) OpenHandOvers(ctx context.Context, tenant string) (map[string]int, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["handover_count"], tenant)
	if err != nil {
		return nil, s.fail(err)
	}
	defer func() { _ = rows.Close() }() // its error is rows.Err's
	out := map[string]int{}
	for rows.Next() {
		var office string
		var n int
		if err := rows.Scan(&office, &n); err != nil {
			return nil, s.fail(err)
		}
		out[office] = n
	}
	return out, s.fail(rows.Err())
}

// AnswerHandOver keeps the reply of a person; with mail set and an address left, it is sent. fault.Conflict when somebody else answered
// or closed it first. actor is who did it for the audit log, which is written with it; by is their name for colleagues.
func (s *Store) AnswerHandOver(ctx context.Context, tenant, id, reply, by, actor string, mail bool) error {
	return s.changeHandOver(ctx, tenant, id, AuditEntry{Actor: actor, Action: "handover.answer"}, func(h *assistant.HandOver) (toCitizen, toOffice bool) {
		h.Reply, h.AnsweredBy, h.State = reply, by, assistant.HandOverAnswered
		return mail && h.Email != "", false
	})
}

// CloseHandOver ends one without a reply: a joke, a double, or answered by other means.
func (s *Store) CloseHandOver(ctx context.Context, tenant, id, by, actor string) error {
	return s.changeHandOver(ctx, tenant, id, AuditEntry{Actor: actor, Action: "handover.close"}, func(h *assistant.HandOver) (bool, bool) {
		h.AnsweredBy, h.State, h.Email = by, assistant.HandOverClosed, ""
		return false, false
	})
}

// MoveHandOver gives an open one to another office, which is written to when mail is set.
func (s *Store) MoveHandOver(ctx context.Context, tenant, id, office, actor string, mail bool) error {
	return s.changeHandOver(ctx, tenant, id, AuditEntry{Actor: actor, Action: "handover.move", Note: office}, func(h *assistant.HandOver) (bool, bool) {
		h.Office = office
		return false, mail
	})
}

func (s *Store) changeHandOver(ctx context.Context, tenant, id string, note AuditEntry, change func(*assistant.HandOver) (toCitizen, toOffice bool)) error {
	h, err := s.HandOver(ctx, tenant, id)
	if err != nil {
		return err
	}
	if h.State != assistant.HandOverOpen {
		return fault.New(fault.Conflict, "this question was already answered or closed")
	}
	toCitizen, toOffice := change(h)
	sealed, err := s.seal(handOverKey(h.ID), h.ID, sealedHandOver{Text: h.Text, Reply: h.Reply, Email: h.Email, Token: h.Token})
	if err != nil {
		return s.fail(err)
	}
	ended := ""
	if h.State != assistant.HandOverOpen {
		ended = s.stamp()
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, s.sql["handover_change"], tenant, id, h.Office, h.State, ended, h.AnsweredBy, sealed, assistant.HandOverOpen)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fault.New(fault.Conflict, "somebody else answered or closed this question first"))
		}
		for to, wanted := range map[string]bool{assistant.ToCitizen: toCitizen, assistant.ToOffice: toOffice} {
			if wanted {
				if _, err := tx.ExecContext(ctx, s.sql["mail_insert"], tenant, id, to, s.now().UnixMilli()); err != nil {
					return err
				}
			}
		}
		if ended != "" {
			if _, err := tx.ExecContext(ctx, s.sql["chat_end"], id); err != nil {
				return err
			}
		}
		return s.noteHandOver(ctx, tx, note.Actor, note.Action, tenant, id, note.Note)
	})
}

// noteHandOver writes the audit entry of what was done to one.
func (s *Store) noteHandOver(ctx context.Context, tx *sql.Tx, actor, action, tenant, id, note string) error {
	return s.note(ctx, tx, AuditEntry{Actor: actor, Action: action, Tenant: tenant, Object: id, Note: note})
}

// ForgetEmail removes the address of a hand-over: the reply has left.
func (s *Store) ForgetEmail(ctx context.Context, tenant, id string) error {
	h, err := s.HandOver(ctx, tenant, id)
	if err != nil {
		return err
	}
	sealed, err := s.seal(handOverKey(id), id, sealedHandOver{Text: h.Text, Reply: h.Reply, Token: h.Token})
	if err != nil {
		return s.fail(err)
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, s.sql["handover_reseal"], tenant, id, sealed)
		return err
	})
}
