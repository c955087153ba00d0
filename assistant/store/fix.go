package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"reflect"
	"time"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// Fix is what a person says of a document against what its file says. It is kept beside the document and applied to every
// version that comes, so that ingesting again does not take it back. A nil field is as the file says.
type Fix struct {
	Title      *string            `json:"title,omitempty"`
	Kind       *ingest.Kind       `json:"kind,omitempty"`
	Visibility *ingest.Visibility `json:"visibility,omitempty"`
	Approval   *ingest.Act        `json:"approval,omitempty"`
	Date       *string            `json:"date,omitempty"`       // ISO 8601, as the next two; empty: none
	ValidFrom  *string            `json:"valid_from,omitempty"` // first day in force
	ValidTo    *string            `json:"valid_to,omitempty"`   // last day in force
	Year       *string            `json:"year,omitempty"`
	// Accepted are the keys of the findings that an editor has read and lets stand, see ingest.Finding: the file is read anew with them.
	Accepted *[]string `json:"accepted,omitempty"`
}

// Empty says whether nothing is fixed.
func (f Fix) Empty() bool { return f == Fix{} }

// over gives f with the fields that g sets set as there.
func (f Fix) over(g Fix) Fix {
	set(&f.Title, g.Title)
	set(&f.Kind, g.Kind)
	set(&f.Visibility, g.Visibility)
	set(&f.Approval, g.Approval)
	set(&f.Date, g.Date)
	set(&f.ValidFrom, g.ValidFrom)
	set(&f.ValidTo, g.ValidTo)
	set(&f.Year, g.Year)
	set(&f.Accepted, g.Accepted)
	return f
}

func set[T any](to **T, from *T) {
	if from != nil {
		*to = from
	}
}

// differing gives f without the fields in which it says what the file says.
func (f Fix) differing(parsed Fix) Fix {
	unset(&f.Title, parsed.Title)
	unset(&f.Kind, parsed.Kind)
	unset(&f.Visibility, parsed.Visibility)
	unset(&f.Approval, parsed.Approval)
	unset(&f.Date, parsed.Date)
	unset(&f.ValidFrom, parsed.ValidFrom)
	unset(&f.ValidTo, parsed.ValidTo)
	unset(&f.Year, parsed.Year)
	return f
}

func unset[T any](field **T, same *T) {
	if *field != nil && same != nil && reflect.DeepEqual(**field, *same) {
		*field = nil
	}
}

var kinds = map[ingest.Kind]bool{
	ingest.Regolamento: true, ingest.Modulo: true, ingest.Scheda: true, ingest.Delibera: true, ingest.Determina: true, ingest.Ordinanza: true,
	ingest.Verbale: true, ingest.Bando: true, ingest.Norma: true, ingest.Pagina: true, ingest.Altro: true,
}

func (f Fix) check() error {
	switch {
	case f.Title != nil && *f.Title == "":
		return fault.New(fault.Invalid, "a document needs a title")
	case f.Kind != nil && !kinds[*f.Kind]:
		return fault.New(fault.Invalid, "%q is not a kind of document", *f.Kind)
	case f.Visibility != nil && *f.Visibility != ingest.Public && *f.Visibility != ingest.Staff:
		return fault.New(fault.Invalid, "%q is not a visibility: public or staff", *f.Visibility)
	}
	days := []*string{f.Date, f.ValidFrom, f.ValidTo}
	if f.Approval != nil {
		days = append(days, &f.Approval.Date)
	}
	for _, day := range days {
		if day == nil || *day == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, *day); err != nil {
			return fault.Wrap(fault.Invalid, err, "%q is not a day: write it as 2026-01-31", *day)
		}
	}
	return nil
}

// ordered refuses a validity that ends before it begins.
func ordered(from, to string) error {
	if from != "" && to != "" && to < from {
		return fault.New(fault.Invalid, "in force until %s, before it begins on %s", to, from)
	}
	return nil
}

// said gives what a parsed document says in the fields that can be fixed.
func said(d *ingest.Document) Fix {
	return Fix{Title: &d.Title, Kind: &d.Kind, Visibility: &d.Visibility, Approval: &d.Approval, Date: &d.Date,
		ValidFrom: &d.ValidFrom, ValidTo: &d.ValidTo, Year: &d.Year}
}

// apply gives a copy of d as fixed.
func (f Fix) apply(d *ingest.Document) *ingest.Document {
	c := *d
	give(&c.Title, f.Title)
	give(&c.Kind, f.Kind)
	give(&c.Visibility, f.Visibility)
	give(&c.Approval, f.Approval)
	give(&c.Date, f.Date)
	give(&c.ValidFrom, f.ValidFrom)
	give(&c.ValidTo, f.ValidTo)
	give(&c.Year, f.Year)
	return &c
}

func give[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// fix reads what was fixed of a document and what its file says; raw is the first as stored, to see whether it changed.
func (s *Store) fix(ctx context.Context, q querier, document string) (fields, parsed Fix, raw string, err error) {
	var was string
	err = q.QueryRowContext(ctx, s.sql["fix_get"], document).Scan(&raw, &was)
	if errors.Is(err, sql.ErrNoRows) {
		return Fix{}, Fix{}, "", nil
	}
	if err != nil {
		return fields, parsed, raw, err
	}
	return fields, parsed, raw, errors.Join(json.Unmarshal([]byte(raw), &fields), json.Unmarshal([]byte(was), &parsed))
}

// putFix keeps what was fixed, or that nothing is.
func (s *Store) putFix(ctx context.Context, tx *sql.Tx, document string, fields, parsed Fix) error {
	if fields.Empty() {
		_, err := tx.ExecContext(ctx, s.sql["fix_drop"], document)
		return err
	}
	a, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	b, err := json.Marshal(parsed)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, s.sql["fix_put"], document, string(a), string(b))
	return err
}

// Fixed gives what was set by hand of a document and what its file says in the same fields; the second is empty when
// nothing was set.
func (s *Store) Fixed(ctx context.Context, tenant, id string) (fields, parsed Fix, err error) {
	if _, err := s.Document(ctx, tenant, id); err != nil {
		return fields, parsed, err
	}
	fields, parsed, _, err = s.fix(ctx, s.reader, id)
	return fields, parsed, s.fail(err)
}

// refix brings the present version of a document in line with what is fixed of it; what it was parsed as is kept, so that
// a fix can be taken back.
func (s *Store) refix(ctx context.Context, tx *sql.Tx, tenant, id string, fields Fix) error {
	version, now, err := s.versionFields(ctx, tx, tenant, id)
	if err != nil {
		return err
	}
	_, parsed, raw, err := s.fix(ctx, tx, id)
	if err != nil {
		return err
	}
	if raw == "" {
		parsed = said(now)
	}
	fields = fields.differing(parsed)
	want := fields.apply(parsed.apply(now))
	if err := ordered(want.ValidFrom, want.ValidTo); err != nil {
		return err
	}
	if err := s.putFix(ctx, tx, id, fields, parsed); err != nil {
		return err
	}
	approval, err := json.Marshal(want.Approval)
	if err != nil {
		return err
	}
	rest, err := json.Marshal(meta{want.Date, want.PageStarts, want.Warnings, want.Findings})
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, s.sql["version_fix"], version, want.Title, want.Kind, want.Visibility, string(approval),
		want.ValidFrom, want.ValidTo, want.Year, string(rest)); err != nil {
		return err
	}
	if want.Title != now.Title { // passages carry the title: they are cut and analysed anew
		if err := s.rechunk(ctx, tx, tenant, id); err != nil {
			return err
		}
	}
	return s.touch(ctx, tx, tenant, id)
}

// versionFields reads what can be fixed of the present version.
func (s *Store) versionFields(ctx context.Context, tx *sql.Tx, tenant, id string) (version int64, d *ingest.Document, err error) {
	d = new(ingest.Document)
	var approval, rest []byte
	err = tx.QueryRowContext(ctx, s.sql["version_fields"], tenant, id).Scan(&version, &d.Title, &d.Kind, &d.Visibility, &approval,
		&d.ValidFrom, &d.ValidTo, &d.Year, &rest)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, noDocument(tenant, id)
	}
	if err != nil {
		return 0, nil, err
	}
	var m meta
	err = errors.Join(json.Unmarshal(approval, &d.Approval), json.Unmarshal(rest, &m))
	d.Date, d.PageStarts, d.Warnings, d.Findings = m.Date, m.PageStarts, m.Warnings, m.Findings
	return version, d, err
}

// rechunk cuts the present version of a document anew, with the title that it has now.
func (s *Store) rechunk(ctx context.Context, tx *sql.Tx, tenant, id string) error {
	if s.analyze == nil {
		return fault.New(fault.Internal, "the store was opened without an analyser")
	}
	var version int64
	var number int
	if err := tx.QueryRowContext(ctx, s.sql["version_present"], id).Scan(&version, &number); err != nil {
		return err
	}
	d, err := s.contentAt(ctx, tx, tenant, id, number)
	if err != nil {
		return err
	}
	chunks := ingest.Split(d, nil, 0)
	if _, err := tx.ExecContext(ctx, s.sql["chunk_clear"], id); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, s.sql["version_chunks"], version, len(chunks)); err != nil {
		return err
	}
	return s.putChunks(ctx, tx, tenant, version, d, chunks, s.analyzed(d, chunks))
}

// analyzed gives the texts of chunks with their terms.
func (s *Store) analyzed(d *ingest.Document, chunks []ingest.Chunk) []text {
	texts := make([]text, len(chunks))
	for i, c := range chunks {
		body := d.Indexed(c)
		texts[i] = text{digest([]byte(body)), body, packTerms(s.analyze(body))}
	}
	return texts
}
