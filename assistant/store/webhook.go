package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// sealedWebhook is what of a webhook lies sealed. Its key is not in a backup: after restoring one a new secret is made.
type sealedWebhook struct {
	Secret string `json:"s"`
}

func webhookKey(id string) string { return "w." + id }

// AddWebhook has an address told of events from now on, and gives its id. The caller has made the secret.
func (s *Store) AddWebhook(ctx context.Context, actor string, w assistant.Webhook, secret string) (string, error) {
	events, err := checkWebhook(w)
	if err != nil {
		return "", err
	}
	w.ID = uuid.NewString()
	sealed, err := s.seal(webhookKey(w.ID), w.ID, sealedWebhook{secret})
	if err != nil {
		return "", s.fail(err)
	}
	return w.ID, s.write(ctx, func(tx *sql.Tx) error {
		if _, err := s.tenant(ctx, tx, w.Tenant); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["webhook_insert"], w.ID, w.Tenant, w.URL, events, actor, s.stamp(), sealed); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "webhook.add", Tenant: w.Tenant, Object: w.ID})
	})
}

func checkWebhook(w assistant.Webhook) (events string, err error) {
	if w.URL == "" || len(w.Events) == 0 {
		return "", fault.New(fault.Invalid, "a webhook needs an address and at least one event")
	}
	for _, e := range w.Events {
		if !slices.Contains(assistant.Events, e) {
			return "", fault.New(fault.Invalid, "there is no event %q", e)
		}
	}
	raw, err := json.Marshal(slices.Compact(slices.Sorted(slices.Values(w.Events))))
	return string(raw), err
}

// Webhooks gives those of a tenant, or all when tenant is Everywhere, in the order in which they were added.
func (s *Store) Webhooks(ctx context.Context, tenant string) ([]assistant.Webhook, error) {
	return s.webhooks(ctx, tenant, "")
}

// Webhook gives one of a tenant, or fault.NotFound.
func (s *Store) Webhook(ctx context.Context, tenant, id string) (*assistant.Webhook, error) {
	all, err := s.webhooks(ctx, tenant, id)
	if err == nil && (len(all) == 0 || id == "") {
		return nil, noWebhook(id)
	}
	if err != nil {
		return nil, err
	}
	return &all[0], nil
}

func noWebhook(id string) error { return fault.New(fault.NotFound, "there is no webhook %q", id) }

func (s *Store) webhooks(ctx context.Context, tenant, id string) ([]assistant.Webhook, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["webhook_list"], tenant, id)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, func(row scanner) (w assistant.Webhook, err error) {
		var events []byte
		var added string
		if err := row.Scan(&w.ID, &w.Tenant, &w.URL, &events, &w.Active, &w.Author, &added, &w.Waiting, &w.Failed); err != nil {
			return w, err
		}
		w.AddedAt = timeOf(added)
		return w, json.Unmarshal(events, &w.Events)
	})
	return all, s.fail(err)
}

// ChangeWebhook changes address, events and whether it is active.
func (s *Store) ChangeWebhook(ctx context.Context, actor string, w assistant.Webhook) error {
	events, err := checkWebhook(w)
	if err != nil {
		return err
	}
	return s.toWebhook(ctx, actor, w.Tenant, w.ID, "webhook.change", s.sql["webhook_change"], w.URL, events, w.Active)
}

// RenewWebhook gives a webhook another secret: what is still to be sent is signed with it.
func (s *Store) RenewWebhook(ctx context.Context, actor, tenant, id, secret string) error {
	if _, err := s.Webhook(ctx, tenant, id); err != nil {
		return err
	}
	sealed, err := s.seal(webhookKey(id), id, sealedWebhook{secret})
	if err != nil {
		return s.fail(err)
	}
	return s.toWebhook(ctx, actor, tenant, id, "webhook.secret", s.sql["webhook_reseal"], sealed)
}

// DropWebhook forgets a webhook with its secret and all its deliveries.
func (s *Store) DropWebhook(ctx context.Context, actor, tenant, id string) error {
	if _, err := s.Webhook(ctx, tenant, id); err != nil {
		return err
	}
	err := s.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, s.sql["delivery_clear"], id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["webhook_delete"], tenant, id); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "webhook.delete", Tenant: tenant, Object: id})
	})
	if err != nil {
		return err
	}
	return s.fail(s.shred(webhookKey(id)))
}

// toWebhook runs a statement on one webhook; its parameters are tenant, id and more.
func (s *Store) toWebhook(ctx context.Context, actor, tenant, id, action, statement string, more ...any) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, statement, append([]any{tenant, id}, more...)...)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, noWebhook(id))
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: action, Tenant: tenant, Object: id})
	})
}

// TestWebhook has a message sent that says nothing, to try the address, and gives the number of its delivery.
func (s *Store) TestWebhook(ctx context.Context, actor, tenant, id string) (delivery int64, err error) {
	if _, err := s.Webhook(ctx, tenant, id); err != nil {
		return 0, err
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		if delivery, err = s.deliver(ctx, tx, id, assistant.EventTest, map[string]string{"tenant": tenant}); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "webhook.test", Tenant: tenant, Object: id})
	})
	return delivery, err
}

// tell puts an event in the queue of every webhook of the tenant that wants it, in the transaction of what happened.
func (s *Store) tell(ctx context.Context, tx *sql.Tx, tenant, event string, data func() (any, error)) error {
	rows, err := tx.QueryContext(ctx, s.sql["webhook_for"], tenant, event)
	if err != nil {
		return err
	}
	ids, err := collect(rows, func(row scanner) (id string, err error) { return id, row.Scan(&id) })
	if err != nil || len(ids) == 0 {
		return err
	}
	what, err := data()
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := s.deliver(ctx, tx, id, event, what); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) deliver(ctx context.Context, tx *sql.Tx, webhook, event string, data any) (int64, error) {
	at := s.stamp()
	body, err := json.Marshal(struct {
		Type      string `json:"type"`
		Timestamp string `json:"timestamp"`
		Data      any    `json:"data"`
	}{event, at, data})
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.QueryRowContext(ctx, s.sql["delivery_insert"], webhook, "msg_"+uuid.NewString(), event, string(body), at, s.now().UnixMilli()).Scan(&id)
	return id, err
}

// The changes of a document that EventDocument tells of.
const (
	changeAdded      = "added"
	changeReplaced   = "replaced"
	changeCorrected  = "corrected"
	changeSuperseded = "superseded"
	changeRepealed   = "repealed"
	changeRestored   = "restored"
	changeRemoved    = "removed"
)

// stateChange names the change to a state.
func stateChange(to State, supersededBy string) string {
	switch {
	case to == Live:
		return changeRestored
	case to == Retired:
		return changeRemoved
	case supersededBy != "":
		return changeSuperseded
	}
	return changeRepealed
}

// changed tells of a change of a document.
func (s *Store) changed(ctx context.Context, tx *sql.Tx, tenant, id, change string) error {
	return s.tell(ctx, tx, tenant, assistant.EventDocument, func() (any, error) {
		e := assistant.DocumentEvent{Tenant: tenant, Document: id, Change: change}
		err := tx.QueryRowContext(ctx, s.sql["webhook_document"], tenant, id).Scan(&e.Source, &e.Title, &e.Kind, &e.Visibility, &e.Version, &e.State, &e.SupersededBy)
		return e, err
	})
}

// retryObject names a delivery in the audit log.
func retryObject(webhook string, delivery int64) string {
	return webhook + "/" + strconv.FormatInt(delivery, 10)
}
