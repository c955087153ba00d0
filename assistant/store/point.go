package store

import (
	"context"
	"database/sql"
	"errors"

	"sportello/assistant"
)

// Points gives the chunks of a document as an index wants them, in order, with vectors of the model where they are there.
// None when the document is not live: the index is to forget it.
func (s *Store) Points(ctx context.Context, tenant, documentID, model string) ([]assistant.Point, error) {
	var all []assistant.Point
	err := s.eachPoint(ctx, model, func(p assistant.Point) error {
		all = append(all, p)
		return nil
	}, s.sql["point_document"], tenant, documentID)
	return all, err
}

// EachPoint gives the chunks of all live documents of a tenant, one document after the other, from one moment of the
// store. The texts of a point's terms share memory: clone what is kept. An error of yield ends it and is returned.
func (s *Store) EachPoint(ctx context.Context, tenant, model string, yield func(assistant.Point) error) error {
	return s.eachPoint(ctx, model, yield, s.sql["point_documents"], tenant)
}

// holder is a live document of which points are wanted.
type holder struct {
	point   assistant.Point // what its points have in common
	version int64
}

func (s *Store) eachPoint(ctx context.Context, model string, yield func(assistant.Point) error, documents, tenant string, more ...any) error {
	if err := s.refresh(ctx); err != nil {
		return err
	}
	return s.read(ctx, func(tx *sql.Tx) (err error) {
		id, _, err := s.model(ctx, tx, model)
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, documents, append([]any{tenant}, more...)...)
		if err != nil {
			return err
		}
		holders, err := collect(rows, func(row scanner) (h holder, err error) {
			h.point.Tenant = tenant
			return h, row.Scan(&h.point.DocumentID, &h.version, &h.point.Visibility, &h.point.ValidFrom, &h.point.ValidTo)
		})
		if err != nil {
			return err
		}
		// One statement a document, each reading an index in its order: one for all would sort the vectors on disk.
		chunks, err := tx.PrepareContext(ctx, s.sql["point_chunks"])
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, chunks.Close()) }()
		for _, h := range holders {
			if err := yieldChunks(ctx, chunks, h, id, yield); err != nil {
				return err
			}
		}
		return nil
	})
}

func yieldChunks(ctx context.Context, chunks *sql.Stmt, h holder, model int64, yield func(assistant.Point) error) (err error) {
	rows, err := chunks.QueryContext(ctx, h.version, model)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	p := h.point
	var terms, vector sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&p.ID, &terms, &vector); err != nil {
			return err
		}
		if p.Terms, err = unpackTerms(terms); err != nil {
			return err
		}
		p.Vector = nil
		if vector != nil {
			if p.Vector, err = unpackVector(vector); err != nil {
				return err
			}
		}
		if err := yield(p); err != nil {
			return err
		}
	}
	return rows.Err()
}

// refreshBatch is how many texts are analysed anew in one transaction.
const refreshBatch = 500

// refresh makes anew the terms that an older analyser made, and puts the documents concerned in the outbox.
func (s *Store) refresh(ctx context.Context) error {
	if s.analyze == nil {
		return nil
	}
	for {
		var stale bool
		if err := s.reader.QueryRowContext(ctx, s.sql["stale_find"], s.analyzer).Scan(&stale); err != nil || !stale {
			return s.fail(err)
		}
		if err := s.write(ctx, func(tx *sql.Tx) error { return s.refreshSome(ctx, tx) }); err != nil {
			return err
		}
	}
}

func (s *Store) refreshSome(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, s.sql["stale_list"], s.analyzer, refreshBatch)
	if err != nil {
		return err
	}
	type old struct {
		id   int64
		body string
	}
	texts, err := collect(rows, func(row scanner) (o old, err error) {
		var body []byte
		err = row.Scan(&o.id, &body)
		o.body = string(body)
		return o, err
	})
	if err != nil {
		return err
	}
	ids := make([]int64, len(texts))
	for i, t := range texts {
		ids[i] = t.id
		if _, err := tx.ExecContext(ctx, s.sql["stale_put"], t.id, s.analyzer, packTerms(s.analyze(t.body))); err != nil {
			return err
		}
	}
	return s.touchTexts(ctx, tx, ids)
}

// touchTexts puts the live documents that hold any of the texts in the outbox, each once.
func (s *Store) touchTexts(ctx context.Context, tx *sql.Tx, texts []int64) error {
	type document struct{ id, tenant string }
	seen := map[document]bool{}
	for _, text := range texts {
		rows, err := tx.QueryContext(ctx, s.sql["text_documents"], text)
		if err != nil {
			return err
		}
		found, err := collect(rows, func(row scanner) (d document, err error) { return d, row.Scan(&d.id, &d.tenant) })
		if err != nil {
			return err
		}
		for _, d := range found {
			if seen[d] {
				continue
			}
			seen[d] = true
			if err := s.touch(ctx, tx, d.tenant, d.id); err != nil {
				return err
			}
		}
	}
	return nil
}
