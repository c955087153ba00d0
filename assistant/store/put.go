package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// PutResult says what became of a document.
type PutResult = ingest.Stored

// Put stores a document of a tenant with its chunks and its original bytes, in one transaction: the new version counts
// and the old one does not, or nothing happened. The original is on disk before that. The same bytes read the same way
// change nothing; a document that was retired comes back; one that was repealed stays so, with its new version.
//
// Errors: fault.NotFound for an unknown tenant, fault.Invalid for a document whose spans lie outside its text.
func (s *Store) Put(ctx context.Context, tenant string, d *ingest.Document, chunks []ingest.Chunk, original []byte) (PutResult, error) {
	if s.analyze == nil {
		return PutResult{}, fault.New(fault.Internal, "the store was opened without an analyser")
	}
	d, err := checked(d, chunks, original)
	if err != nil {
		return PutResult{}, err
	}
	v, err := s.prepare(tenant, d, chunks)
	if err != nil {
		return PutResult{}, s.fail(err)
	}
	if original != nil {
		v.size = len(original)
	}
	if r, same, err := s.have(ctx, tenant, d, v, original); same || err != nil {
		return r, s.fail(err)
	}
	if original != nil {
		if err := s.keep(ctx, d.SHA256, original); err != nil {
			return PutResult{}, s.fail(err)
		}
	}
	for {
		result, err := s.putFixed(ctx, tenant, d, chunks, v)
		if !errors.Is(err, errFixed) {
			return result, err
		}
	}
}

// errFixed says that somebody fixed the document while it was being prepared.
var errFixed = errors.New("fixed meanwhile")

// putFixed puts a document as it was fixed by hand. What decides "unchanged" stays what the file says.
func (s *Store) putFixed(ctx context.Context, tenant string, d *ingest.Document, chunks []ingest.Chunk, v *prepared) (result PutResult, err error) {
	fields, _, raw, err := s.fix(ctx, s.reader, v.document)
	if err != nil {
		return result, s.fail(err)
	}
	want := d
	if raw != "" {
		want = fields.apply(d)
		if ordered(want.ValidFrom, want.ValidTo) != nil { // the file's new validity does not fit what was fixed: the person's word stands
			want.ValidFrom, want.ValidTo = "", ""
			give(&want.ValidFrom, fields.ValidFrom)
			give(&want.ValidTo, fields.ValidTo)
		}
		if want.Title != d.Title {
			chunks = ingest.Split(want, nil, 0)
		}
		if v, err = s.reprepare(tenant, want, chunks, v); err != nil {
			return result, s.fail(err)
		}
	}
	v.texts = s.analyzed(want, chunks)
	err = s.write(ctx, func(tx *sql.Tx) (err error) {
		if _, _, now, err := s.fix(ctx, tx, v.document); err != nil {
			return err
		} else if now != raw {
			return errFixed
		}
		if result, err = s.put(ctx, tx, tenant, want, chunks, v); err != nil || result.Outcome == ingest.Unchanged {
			return err
		}
		if raw != "" {
			if err := s.putFix(ctx, tx, v.document, fields, said(d)); err != nil {
				return err
			}
		}
		change := changeReplaced
		if result.Outcome == ingest.Added {
			change = changeAdded
		}
		return s.changed(ctx, tx, tenant, result.ID, change)
	})
	return result, err
}

// reprepare is prepare for a document that differs from its file: its fingerprint stays the file's.
func (s *Store) reprepare(tenant string, d *ingest.Document, chunks []ingest.Chunk, file *prepared) (*prepared, error) {
	v, err := s.prepare(tenant, d, chunks)
	if err != nil {
		return nil, err
	}
	v.fingerprint, v.size = file.fingerprint, file.size
	return v, nil
}

// have says whether a document is there already, so that nothing need be analysed or locked. The rule is that of put,
// which looks again.
func (s *Store) have(ctx context.Context, tenant string, d *ingest.Document, v *prepared, original []byte) (r PutResult, same bool, err error) {
	if _, err := s.tenant(ctx, s.reader, tenant); err != nil {
		return r, false, err
	}
	r, fingerprint, err := s.find(ctx, s.reader, tenant, d.Source)
	if err != nil {
		return r, false, err
	}
	var declined int // by a person, after a visit had brought it
	if err := s.reader.QueryRowContext(ctx, s.sql["declined_has"], v.document, v.fingerprint).Scan(&declined); err != nil || declined > 0 {
		return r, declined > 0, err
	}
	if fingerprint != v.fingerprint || r.Standing == Retired {
		return r, false, nil
	}
	if original != nil { // put back when somebody removed it from the folder
		err = s.keep(ctx, d.SHA256, original)
	}
	return r, true, err
}

// find gives the present version of a source as Put would leave it alone, and its fingerprint, empty when there is none.
func (s *Store) find(ctx context.Context, q querier, tenant, source string) (r PutResult, fingerprint string, err error) {
	r.Outcome = ingest.Unchanged
	err = q.QueryRowContext(ctx, s.sql["document_find"], tenant, source).Scan(&r.ID, &r.Standing, &r.Version, &fingerprint, &r.Chunks)
	if errors.Is(err, sql.ErrNoRows) {
		return PutResult{}, "", nil
	}
	return r, fingerprint, err
}

func (s *Store) put(ctx context.Context, tx *sql.Tx, tenant string, d *ingest.Document, chunks []ingest.Chunk, v *prepared) (PutResult, error) {
	if _, err := s.tenant(ctx, tx, tenant); err != nil {
		return PutResult{}, err
	}
	r, fingerprint, err := s.find(ctx, tx, tenant, d.Source)
	if err != nil {
		return r, err
	}
	same := fingerprint == v.fingerprint
	switch {
	case r.ID == "":
		r = PutResult{ID: v.document, Outcome: ingest.Added, Standing: Live}
		if _, err := tx.ExecContext(ctx, s.sql["document_insert"], v.document, tenant, d.Source, s.stamp()); err != nil {
			return r, err
		}
	case r.Standing == Retired:
		r.Outcome, r.Standing = ingest.Added, Live
		if err := s.setState(ctx, tx, tenant, r.ID, Live, "", ""); err != nil || same {
			return r, err
		}
	case same:
		return r, nil
	default:
		r.Outcome = ingest.Replaced
	}
	r.Version++
	r.Chunks = len(chunks)
	return r, s.putVersion(ctx, tx, tenant, d, chunks, v, r)
}

func (s *Store) putVersion(ctx context.Context, tx *sql.Tx, tenant string, d *ingest.Document, chunks []ingest.Chunk, v *prepared, r PutResult) error {
	var version int64
	err := tx.QueryRowContext(ctx, s.sql["version_insert"], v.document, r.Version, d.SHA256, v.size, v.fingerprint, d.Title, d.Kind,
		d.Format, d.Language, d.Visibility, d.ValidFrom, d.ValidTo, d.Year, d.Pages, len(chunks), v.approval, v.form, s.stamp(),
		v.meta, v.sections, []byte(d.Text)).Scan(&version)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, s.sql["chunk_clear"], v.document); err != nil {
		return err
	}
	if err := s.putChunks(ctx, tx, tenant, version, d, chunks, v.texts); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, s.sql["document_point"], v.document, version, r.Standing); err != nil {
		return err
	}
	return s.touch(ctx, tx, tenant, v.document)
}

func (s *Store) putChunks(ctx context.Context, tx *sql.Tx, tenant string, version int64, d *ingest.Document, chunks []ingest.Chunk, texts []text) (err error) {
	addText, err := tx.PrepareContext(ctx, s.sql["text_upsert"])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, addText.Close()) }()
	addChunk, err := tx.PrepareContext(ctx, s.sql["chunk_insert"])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, addChunk.Close()) }()
	for i, c := range chunks {
		var id int64
		t := texts[i]
		if err := addText.QueryRowContext(ctx, t.hash, s.analyzer, t.terms, []byte(t.body)).Scan(&id); err != nil {
			return err
		}
		eid := ""
		if c.Section >= 0 {
			eid = d.Sections[c.Section].EID
		}
		chunk := derive("chunk", tenant, d.Source, d.SHA256, strconv.Itoa(c.Ordinal))
		if _, err := addChunk.ExecContext(ctx, chunk, version, c.Ordinal, id, c.Section, c.Article, eid, c.Breadcrumb, c.Lead,
			c.Start, c.End, c.PageFirst, c.PageLast); err != nil {
			return err
		}
	}
	return nil
}
