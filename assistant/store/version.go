package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// Version is one version of a document, without its text.
type Version struct {
	Number     int
	SHA256     string
	Size       int64 // bytes of the original, 0 when it was not kept
	Title      string
	Kind       ingest.Kind
	Visibility ingest.Visibility
	Approval   ingest.Act
	ValidFrom  string
	ValidTo    string
	Year       string
	Pages      int
	AddedAt    time.Time
	Present    bool // the one that counts
}

// Versions gives the versions of a document, the newest first, or fault.NotFound.
func (s *Store) Versions(ctx context.Context, tenant, id string) ([]Version, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["version_list"], tenant, id)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, func(row scanner) (v Version, err error) {
		var approval []byte
		var added string
		if err := row.Scan(&v.Number, &v.SHA256, &v.Size, &v.Title, &v.Kind, &v.Visibility, &approval, &v.ValidFrom, &v.ValidTo,
			&v.Year, &v.Pages, &added, &v.Present); err != nil {
			return v, err
		}
		if v.AddedAt, err = time.Parse(time.RFC3339Nano, added); err != nil {
			return v, err
		}
		return v, json.Unmarshal(approval, &v.Approval)
	})
	if err == nil && len(all) == 0 {
		err = noDocument(tenant, id)
	}
	return all, s.fail(err)
}

// ContentAt gives one version of a document with its text and sections, or fault.NotFound.
func (s *Store) ContentAt(ctx context.Context, tenant, id string, number int) (*ingest.Document, error) {
	d, err := s.contentAt(ctx, s.reader, tenant, id, number)
	return d, s.fail(err)
}

func (s *Store) contentAt(ctx context.Context, q querier, tenant, id string, number int) (*ingest.Document, error) {
	d := new(ingest.Document)
	var approval, form, rest, sections, body []byte
	err := q.QueryRowContext(ctx, s.sql["version_content"], tenant, id, number).Scan(&d.Title, &d.Kind, &d.Format, &d.Language, &d.SHA256,
		&d.Visibility, &approval, &d.ValidFrom, &d.ValidTo, &d.Year, &d.Pages, &form, &rest, &sections, &body, &d.Source)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "the document %s of %s has no version %d", id, tenant, number)
	}
	if err != nil {
		return nil, err
	}
	var m meta
	if err := errors.Join(json.Unmarshal(approval, &d.Approval), json.Unmarshal(rest, &m), json.Unmarshal(sections, &d.Sections)); err != nil {
		return nil, err
	}
	d.Date, d.PageStarts, d.Warnings, d.Findings, d.Text = m.Date, m.PageStarts, m.Warnings, m.Findings, string(body)
	d.Form, err = readForm(form)
	return d, err
}

// revert makes an earlier version count again, as a new one: numbers never go back.
func (s *Store) revert(ctx context.Context, tx *sql.Tx, tenant, id string, number int) error {
	if s.analyze == nil {
		return fault.New(fault.Internal, "the store was opened without an analyser")
	}
	d, err := s.contentAt(ctx, tx, tenant, id, number)
	if err != nil {
		return err
	}
	chunks := ingest.Split(d, nil, 0)
	v, err := s.prepare(tenant, d, chunks)
	if err != nil {
		return err
	}
	v.texts = s.analyzed(d, chunks)
	if err := tx.QueryRowContext(ctx, s.sql["version_print"], id, number).Scan(&v.fingerprint, &v.size); err != nil {
		return err
	}
	r := PutResult{ID: id, Standing: Live}
	if err := tx.QueryRowContext(ctx, s.sql["version_last"], id).Scan(&r.Version); err != nil {
		return err
	}
	r.Version++
	return s.putVersion(ctx, tx, tenant, d, chunks, v, r)
}

// Block is one passage of a document as the assistant has it.
type Block struct {
	Ordinal    int
	Article    string
	EID        string
	Breadcrumb string
	Lead       string
	Start, End int // bytes of the document's text
	PageFirst  int
	PageLast   int
}

// Blocks gives the passages of a document's present version, in order, whatever its state.
func (s *Store) Blocks(ctx context.Context, tenant, id string) ([]Block, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["chunk_texts"], tenant, id)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, func(row scanner) (b Block, err error) {
		return b, row.Scan(&b.Ordinal, &b.Article, &b.EID, &b.Breadcrumb, &b.Lead, &b.Start, &b.End, &b.PageFirst, &b.PageLast)
	})
	return all, s.fail(err)
}

// EachText gives the text of each live document of a tenant. An error of yield ends it and is returned.
func (s *Store) EachText(ctx context.Context, tenant string, yield func(id string, text []byte) error) (err error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["version_bodies"], tenant)
	if err != nil {
		return s.fail(err)
	}
	defer func() { err = s.fail(errors.Join(err, rows.Close())) }()
	var id string
	var body sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&id, &body); err != nil {
			return err
		}
		if err := yield(id, body); err != nil {
			return err
		}
	}
	return rows.Err()
}
