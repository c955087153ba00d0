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
	err := s.eachPoint(ctx, tenant, model, func(p assistant.Point) error {
		all = append(all, p)
		return nil
	}, "point_of", documentID)
	return all, err
}

// EachPoint gives the chunks of all live documents of a tenant, one document after the other, from one moment of the
// store. The texts of a point's terms share memory: clone what is kept. An error of yield ends it and is returned.
func (s *Store) EachPoint(ctx context.Context, tenant, model string, yield func(assistant.Point) error) error {
	return s.eachPoint(ctx, tenant, model, yield, "point_all")
}

func (s *Store) eachPoint(ctx context.Context, tenant, model string, yield func(assistant.Point) error, statement string, more ...any) (err error) {
	if err := s.refresh(ctx); err != nil {
		return err
	}
	id, _, err := s.model(ctx, s.reader, model)
	if err != nil {
		return s.fail(err)
	}
	rows, err := s.reader.QueryContext(ctx, s.sql[statement], append([]any{tenant, id}, more...)...)
	if err != nil {
		return s.fail(err)
	}
	defer func() { err = errors.Join(err, s.fail(rows.Close())) }()
	p := assistant.Point{Tenant: tenant}
	var document, visibility, from, to, terms, vector sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&p.ID, &document, &visibility, &from, &to, &terms, &vector); err != nil {
			return s.fail(err)
		}
		same(&p.DocumentID, document)
		same(&p.Visibility, visibility)
		same(&p.ValidFrom, from)
		same(&p.ValidTo, to)
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
	return s.fail(rows.Err())
}

// same sets to from b, keeping the string that is there when it says the same: rows of one document follow each other.
func same[T ~string](to *T, b []byte) {
	if string(*to) != string(b) {
		*to = T(b)
	}
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
