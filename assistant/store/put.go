package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

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
		if err := s.keep(d.SHA256, original); err != nil {
			return PutResult{}, s.fail(err)
		}
	}
	var result PutResult
	err = s.write(ctx, func(tx *sql.Tx) error {
		result, err = s.put(ctx, tx, tenant, d, chunks, v)
		return err
	})
	return result, err
}

// checked gives a copy of d fit to be stored: a validity that is not a day is left out with a warning, since a slip in
// an old text is no reason to refuse it.
func checked(d *ingest.Document, chunks []ingest.Chunk, original []byte) (*ingest.Document, error) {
	c := *d
	sum := sha256.Sum256(original)
	switch have := hex.EncodeToString(sum[:]); {
	case c.Source == "":
		return nil, fault.New(fault.Invalid, "a document needs a source")
	case original == nil && c.SHA256 == "":
		return nil, fault.New(fault.Invalid, "%s: neither bytes nor their sha256", c.Source)
	case original != nil && c.SHA256 == "":
		c.SHA256 = have
	case original != nil && c.SHA256 != have:
		return nil, fault.New(fault.Invalid, "%s: the sha256 is not that of the bytes", c.Source)
	}
	if !utf8.ValidString(c.Text) {
		return nil, fault.New(fault.Invalid, "%s: the text is not UTF-8", c.Source)
	}
	for _, k := range chunks {
		if k.Start < 0 || k.End < k.Start || k.End > len(c.Text) || k.Section < -1 || k.Section >= len(c.Sections) {
			return nil, fault.New(fault.Invalid, "%s: chunk %d lies outside the text", c.Source, k.Ordinal)
		}
	}
	for _, day := range []*string{&c.ValidFrom, &c.ValidTo} {
		if _, err := time.Parse(time.DateOnly, *day); *day != "" && err != nil {
			c.Warnings = append(c.Warnings[:len(c.Warnings):len(c.Warnings)], "not a day, left out: "+*day)
			*day = ""
		}
	}
	if c.Visibility == "" {
		c.Visibility = ingest.Public
	}
	if c.Language == "" {
		c.Language = "it"
	}
	if c.Kind == "" {
		c.Kind = ingest.Altro
	}
	return &c, nil
}

// prepared is what Put works out before it takes the write lock.
type prepared struct {
	document                       string // id
	fingerprint                    string
	approval, form, meta, sections string // JSON
	size                           int
	texts                          []text // one a chunk
}

type text struct {
	hash, body string
	terms      []byte
}

// meta is what is kept of a version only to be shown again.
type meta struct {
	Date       string   `json:"date,omitempty"`
	PageStarts []int    `json:"page_starts,omitempty"`
	Warnings   []string `json:"warnings,omitempty"`
}

func (s *Store) prepare(tenant string, d *ingest.Document, chunks []ingest.Chunk) (*prepared, error) {
	v := &prepared{document: derive("document", tenant, d.Source)}
	whole, err := json.Marshal(struct {
		Document *ingest.Document
		Chunks   []ingest.Chunk
	}{d, chunks})
	if err != nil {
		return nil, err
	}
	v.fingerprint = digest(whole)
	for _, part := range []struct {
		to   *string
		from any
	}{{&v.approval, d.Approval}, {&v.meta, meta{d.Date, d.PageStarts, d.Warnings}}, {&v.sections, d.Sections}} {
		b, err := json.Marshal(part.from)
		if err != nil {
			return nil, err
		}
		*part.to = string(b)
	}
	if d.Form != nil {
		b, err := json.Marshal(d.Form)
		if err != nil {
			return nil, err
		}
		v.form = string(b)
	}
	for _, c := range chunks {
		body := d.Indexed(c)
		v.texts = append(v.texts, text{digest([]byte(body)), body, packTerms(s.analyze(body))})
	}
	return v, nil
}

func (s *Store) put(ctx context.Context, tx *sql.Tx, tenant string, d *ingest.Document, chunks []ingest.Chunk, v *prepared) (r PutResult, err error) {
	if _, err := s.tenant(ctx, tx, tenant); err != nil {
		return r, err
	}
	var fingerprint string
	r = PutResult{ID: v.document, Outcome: ingest.Replaced}
	err = tx.QueryRowContext(ctx, s.sql["document_find"], tenant, d.Source).Scan(&r.ID, &r.Standing, &r.Version, &fingerprint, &r.Chunks)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		r.Outcome, r.Standing = ingest.Added, Live
		if _, err := tx.ExecContext(ctx, s.sql["document_insert"], v.document, tenant, d.Source, s.stamp()); err != nil {
			return r, err
		}
	case err != nil:
		return r, err
	case fingerprint == v.fingerprint && r.Standing == Retired:
		r.Outcome, r.Standing = ingest.Added, Live
		return r, s.setState(ctx, tx, tenant, r.ID, Live, "", "")
	case fingerprint == v.fingerprint:
		r.Outcome = ingest.Unchanged
		return r, nil
	case r.Standing == Retired:
		r.Outcome, r.Standing = ingest.Added, Live
		if err := s.setState(ctx, tx, tenant, r.ID, Live, "", ""); err != nil {
			return r, err
		}
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
	if err := s.putChunks(ctx, tx, tenant, version, d, chunks, v); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, s.sql["document_point"], v.document, version, r.Standing); err != nil {
		return err
	}
	return s.touch(ctx, tx, tenant, v.document)
}

func (s *Store) putChunks(ctx context.Context, tx *sql.Tx, tenant string, version int64, d *ingest.Document, chunks []ingest.Chunk, v *prepared) (err error) {
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
		t := v.texts[i]
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

// space is the namespace of our UUIDs; changing it would give every document and chunk a new id.
var space = uuid.NewSHA1(uuid.NameSpaceURL, []byte("sportello"))

// derive gives the UUIDv5 of parts.
func derive(parts ...string) string {
	return uuid.NewSHA1(space, []byte(strings.Join(parts, "\x00"))).String()
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
