package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// PendingVectors gives up to limit texts of live documents that have no vector of the model yet, oldest first, and leases
// them: for Config.Lease nobody else is given the same ones. None does not mean that all is done: others may be at it,
// see PendingCount. A process that dies loses nothing, its leases run out.
func (s *Store) PendingVectors(ctx context.Context, model string, limit int) ([]assistant.Pending, error) {
	if model == "" {
		return nil, fault.New(fault.Invalid, "no embedding model named")
	}
	now := s.now().UnixMilli()
	id, _, err := s.model(ctx, s.reader, model)
	if err != nil {
		return nil, s.fail(err)
	}
	var missing bool
	if err := s.reader.QueryRowContext(ctx, s.sql["queue_missing"], id, now).Scan(&missing); err != nil || !missing {
		return nil, s.fail(err)
	}
	var pending []assistant.Pending
	err = s.write(ctx, func(tx *sql.Tx) error {
		pending, err = s.claim(ctx, tx, model, now, limit)
		return err
	})
	return pending, err
}

func (s *Store) claim(ctx context.Context, tx *sql.Tx, model string, now int64, limit int) ([]assistant.Pending, error) {
	id, err := s.modelFor(ctx, tx, model)
	if err != nil {
		return nil, err
	}
	pending, texts, err := s.queued(ctx, tx, id, now, limit)
	if err != nil {
		return nil, err
	}
	if len(pending) == 0 { // look for new ones only when the queue is done: looking reads every chunk
		if _, err := tx.ExecContext(ctx, s.sql["queue_sweep"], id); err != nil {
			return nil, err
		}
		if _, err := tx.ExecContext(ctx, s.sql["queue_fill"], id); err != nil {
			return nil, err
		}
		if pending, texts, err = s.queued(ctx, tx, id, now, limit); err != nil {
			return nil, err
		}
	}
	until := now + s.lease.Milliseconds()
	for _, text := range texts {
		if _, err := tx.ExecContext(ctx, s.sql["queue_lease"], id, text, until); err != nil {
			return nil, err
		}
	}
	return pending, nil
}

func (s *Store) queued(ctx context.Context, tx *sql.Tx, model, now int64, limit int) ([]assistant.Pending, []int64, error) {
	rows, err := tx.QueryContext(ctx, s.sql["queue_list"], model, now, limit)
	if err != nil {
		return nil, nil, err
	}
	var texts []int64
	pending, err := collect(rows, func(row scanner) (p assistant.Pending, err error) {
		var id int64
		var body []byte
		err = row.Scan(&id, &p.Hash, &body)
		p.Text = string(body)
		texts = append(texts, id)
		return p, err
	})
	return pending, texts, err
}

// ReleaseVectors gives back leased texts that were not embedded after all, so that others need not wait.
func (s *Store) ReleaseVectors(ctx context.Context, model string, hashes []string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		id, err := s.modelFor(ctx, tx, model)
		if err != nil {
			return err
		}
		for _, hash := range hashes {
			text, err := s.textOf(ctx, tx, hash)
			if err != nil || text == 0 {
				return err
			}
			if _, err := tx.ExecContext(ctx, s.sql["queue_lease"], id, text, 0); err != nil {
				return err
			}
		}
		return nil
	})
}

// PutVectors stores the vectors of texts by hash, and puts the documents that hold those texts in the outbox, in one
// transaction. Texts that are gone meanwhile are passed over. Errors: fault.Invalid for a vector that is not of unit
// length or not as long as the model's others.
func (s *Store) PutVectors(ctx context.Context, model string, vectors map[string][]float32) error {
	if model == "" {
		return fault.New(fault.Invalid, "no embedding model named")
	}
	hashes := make([]string, 0, len(vectors))
	for hash, v := range vectors {
		if err := checkVector(v); err != nil {
			return err
		}
		hashes = append(hashes, hash)
	}
	slices.Sort(hashes)
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := s.modelFor(ctx, tx, model); err != nil {
			return err
		}
		id, dims, err := s.model(ctx, tx, model)
		if err != nil {
			return err
		}
		var texts []int64
		for _, hash := range hashes {
			v := vectors[hash]
			if dims == 0 {
				dims = len(v)
				if _, err := tx.ExecContext(ctx, s.sql["model_dims"], id, dims); err != nil {
					return err
				}
			}
			if len(v) != dims {
				return fault.New(fault.Invalid, "the model gave a vector of %d dimensions, its others have %d", len(v), dims)
			}
			text, err := s.textOf(ctx, tx, hash)
			if err != nil {
				return err
			}
			if text == 0 {
				continue
			}
			if _, err := tx.ExecContext(ctx, s.sql["vector_put"], id, text, packVector(v)); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, s.sql["queue_drop"], id, text); err != nil {
				return err
			}
			texts = append(texts, text)
		}
		return s.touchTexts(ctx, tx, texts)
	})
}

// checkVector wants unit length, give or take what float32 and a server's rounding to a few digits lose.
func checkVector(v []float32) error {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if math.IsNaN(sum) || math.Abs(sum-1) > .02 {
		return fault.New(fault.Invalid, "a vector of length %.3f: the embedding model has to give unit vectors", math.Sqrt(sum))
	}
	return nil
}

// PendingCount gives how many texts of live documents have no vector of the model yet, leased ones included; of the given
// tenants only, when there are any.
func (s *Store) PendingCount(ctx context.Context, model string, tenants ...string) (n int, err error) {
	id, _, err := s.model(ctx, s.reader, model)
	if err != nil {
		return 0, s.fail(err)
	}
	statement, args := s.sql["pending_count"], []any{id}
	if len(tenants) > 0 {
		statement = list(s.sql["pending_count_of"], 2, len(tenants))
		for _, t := range tenants {
			args = append(args, t)
		}
	}
	err = s.reader.QueryRowContext(ctx, statement, args...).Scan(&n)
	return n, s.fail(err)
}

// model gives the number and the dimensions of a model, 0 and 0 for one not seen before.
func (s *Store) model(ctx context.Context, q querier, name string) (id int64, dims int, err error) {
	err = q.QueryRowContext(ctx, s.sql["model_get"], name).Scan(&id, &dims)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, 0, nil
	}
	return id, dims, err
}

// modelFor gives the number of a model, entering it when it is new.
func (s *Store) modelFor(ctx context.Context, tx *sql.Tx, name string) (int64, error) {
	if _, err := tx.ExecContext(ctx, s.sql["model_insert"], name); err != nil {
		return 0, err
	}
	id, _, err := s.model(ctx, tx, name)
	return id, err
}

// textOf gives the number of a text, 0 when there is none with that hash.
func (s *Store) textOf(ctx context.Context, tx *sql.Tx, hash string) (id int64, err error) {
	err = tx.QueryRowContext(ctx, s.sql["text_by_hash"], hash).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}
