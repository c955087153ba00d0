package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// ClaimDelivery gives the next message that is due, with where it goes and what it is signed with, and leases it: nobody else is given
// it before until. nil when none is due.
func (s *Store) ClaimDelivery(ctx context.Context, until time.Time) (*assistant.Delivery, error) {
	var due int64 // look before locking: mostly there is nothing
	err := s.reader.QueryRowContext(ctx, s.sql["delivery_due"], s.now().UnixMilli()).Scan(&due)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, s.fail(err)
	}
	var d *assistant.Delivery
	var sealed []byte
	err = s.write(ctx, func(tx *sql.Tx) error {
		one, err := scanDelivery(tx.QueryRowContext(ctx, s.sql["delivery_claim"], s.now().UnixMilli(), until.UnixMilli()))
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		d = &one
		return tx.QueryRowContext(ctx, s.sql["webhook_sealed"], one.Webhook).Scan(&sealed)
	})
	if err != nil || d == nil {
		return nil, err
	}
	all, err := s.webhooks(ctx, Everywhere, d.Webhook)
	if err != nil || len(all) == 0 {
		return nil, err // it was deleted meanwhile, with the message
	}
	d.Tenant, d.URL = all[0].Tenant, all[0].URL
	var in sealedWebhook
	err = s.unseal(webhookKey(d.Webhook), d.Webhook, sealed, &in)
	if errors.Is(err, errGone) { // Secret stays empty: who delivers says so
		return d, nil
	}
	d.Secret = in.Secret
	return d, s.fail(err)
}

// Delivered notes how a try went: a zero next ends it, in state.
func (s *Store) Delivered(ctx context.Context, id int64, state string, next time.Time, status int, why string) error {
	at := int64(0)
	if !next.IsZero() {
		at = next.UnixMilli()
	}
	return s.exec(ctx, s.sql["delivery_change"], id, state, at, status, why)
}

// Deliveries gives the messages of a webhook of a tenant, the newest first, or fault.NotFound.
func (s *Store) Deliveries(ctx context.Context, tenant, webhook string, limit, offset int) ([]assistant.Delivery, error) {
	if _, err := s.Webhook(ctx, tenant, webhook); err != nil {
		return nil, err
	}
	rows, err := s.reader.QueryContext(ctx, s.sql["delivery_list"], webhook, limit, offset)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, scanDelivery)
	return all, s.fail(err)
}

// RetryDelivery has a message sent again from now on: one that was given up, or one that arrived and is wanted once more.
func (s *Store) RetryDelivery(ctx context.Context, actor, tenant, webhook string, id int64) error {
	if _, err := s.Webhook(ctx, tenant, webhook); err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := scanDelivery(tx.QueryRowContext(ctx, s.sql["delivery_get"], webhook, id)); errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "there is no message %d, or it is no longer kept", id)
		} else if err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, s.sql["delivery_retry"], webhook, id, s.now().UnixMilli())
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fault.New(fault.Conflict, "the message waits to be sent already"))
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "webhook.retry", Tenant: tenant, Object: retryObject(webhook, id)})
	})
}

// PruneDeliveries forgets the messages of before a moment that were sent or given up.
func (s *Store) PruneDeliveries(ctx context.Context, before time.Time) error {
	return s.exec(ctx, s.sql["delivery_prune"], stampOf(before))
}

func scanDelivery(row scanner) (d assistant.Delivery, err error) {
	var at string
	var next int64
	if err := row.Scan(&d.ID, &d.Webhook, &d.Message, &d.Event, &d.Body, &at, &d.State, &d.Tries, &next, &d.Status, &d.Error); err != nil {
		return d, err
	}
	d.At = timeOf(at)
	if next > 0 && d.State == assistant.DeliveryQueued {
		d.Next = time.UnixMilli(next)
	}
	return d, nil
}
