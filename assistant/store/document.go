package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// State says whether a document counts.
type State = ingest.Standing

// The states of a document.
const (
	Live     = ingest.Live
	Retired  = ingest.Retired
	Repealed = ingest.Repealed
)

// Record is a document without its text, in its present version.
type Record struct {
	ID           string            `json:"id"`
	Tenant       string            `json:"tenant"`
	Version      int               `json:"version"` // 1 for the first
	Source       string            `json:"source"`
	Title        string            `json:"title"`
	Kind         ingest.Kind       `json:"kind"`
	Format       string            `json:"format"`
	Language     string            `json:"language"`
	SHA256       string            `json:"sha256"`
	Size         int64             `json:"size"` // bytes of the original, 0 when it was not kept
	Visibility   ingest.Visibility `json:"visibility"`
	Approval     ingest.Act        `json:"approval"`
	Date         string            `json:"date,omitempty"`
	ValidFrom    string            `json:"valid_from,omitempty"`
	ValidTo      string            `json:"valid_to,omitempty"`
	Year         string            `json:"year,omitempty"`
	Pages        int               `json:"pages"`
	PageStarts   []int             `json:"-"`
	Form         *ingest.Form      `json:"form,omitempty"`
	Warnings     []string          `json:"warnings,omitempty"`
	Hidden       []ingest.Finding  `json:"hidden,omitempty"` // what a reader of the file does not see, or what speaks to an assistant
	State        State             `json:"state"`
	Reason       string            `json:"reason,omitempty"`        // why it is not live
	SupersededBy string            `json:"superseded_by,omitempty"` // id of the document that took its place
	Shared       bool              `json:"shared"`                  // the tenants below see it
	AddedAt      time.Time         `json:"added_at"`                // of this version
	Chunks       int               `json:"chunks"`
	Office       string            `json:"office,omitempty"` // name of the office that answers for it, set by hand
}

// Filter narrows Documents. Zero fields let everything through.
type Filter struct {
	State      State
	Kind       ingest.Kind
	Visibility ingest.Visibility
	Year       string
	Text       string // part of title or source, letter case ignored for ASCII
	Limit      int
	Offset     int
}

// Documents gives a tenant's own documents by title. Unknown tenant: fault.NotFound.
func (s *Store) Documents(ctx context.Context, tenant string, f Filter) ([]Record, error) {
	if _, err := s.tenant(ctx, s.reader, tenant); err != nil {
		return nil, s.fail(err)
	}
	var where strings.Builder
	args := []any{tenant}
	add := func(condition string, value any) {
		args = append(args, value)
		where.WriteString(" AND " + strings.ReplaceAll(condition, "?", "?"+strconv.Itoa(len(args))))
	}
	where.WriteString("WHERE d.tenant = ?1")
	if f.State != "" {
		add("d.state = ?", f.State)
	}
	if f.Kind != "" {
		add("v.kind = ?", f.Kind)
	}
	if f.Visibility != "" {
		add("v.visibility = ?", f.Visibility)
	}
	if f.Year != "" {
		add("v.year = ?", f.Year)
	}
	if f.Text != "" {
		add(`lower(v.title || ' ' || d.source) LIKE ? ESCAPE '\'`, "%"+likeEscaper.Replace(strings.ToLower(f.Text))+"%")
	}
	where.WriteString(" ORDER BY v.title, d.source")
	if f.Limit > 0 {
		where.WriteString(" LIMIT " + strconv.Itoa(f.Limit) + " OFFSET " + strconv.Itoa(max(f.Offset, 0)))
	}
	return s.records(ctx, where.String(), args...)
}

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// Document gives one document of a tenant, whatever its state, or fault.NotFound.
func (s *Store) Document(ctx context.Context, tenant, id string) (*Record, error) {
	all, err := s.records(ctx, "WHERE d.tenant = ?1 AND d.id = ?2", tenant, id)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, noDocument(tenant, id)
	}
	return &all[0], nil
}

func noDocument(tenant, id string) error {
	return fault.New(fault.NotFound, "%s has no document %s", tenant, id)
}

// Sources gives the documents whose source is prefix or lies in the folder prefix, in any state, by source: what
// was known of a folder before it is walked again.
func (s *Store) Sources(ctx context.Context, tenant, prefix string) ([]Record, error) {
	if _, err := s.tenant(ctx, s.reader, tenant); err != nil {
		return nil, s.fail(err)
	}
	folder := strings.TrimSuffix(prefix, "/") + "/"
	return s.records(ctx, "WHERE d.tenant = ?1 AND (d.source = ?2 OR substr(d.source, 1, ?3) = ?4) ORDER BY d.source",
		tenant, prefix, len([]rune(folder)), folder)
}

func (s *Store) records(ctx context.Context, where string, args ...any) ([]Record, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["record_columns"]+where, args...)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, scanRecord)
	return all, s.fail(err)
}

func scanRecord(row scanner) (r Record, err error) {
	var approval, form, rest []byte
	var added string
	if err := row.Scan(&r.ID, &r.Tenant, &r.Version, &r.Source, &r.Title, &r.Kind, &r.Format, &r.Language, &r.SHA256, &r.Size,
		&r.Visibility, &approval, &r.ValidFrom, &r.ValidTo, &r.Year, &r.Pages, &form, &rest, &r.State, &r.Reason,
		&r.SupersededBy, &r.Shared, &added, &r.Chunks, &r.Office); err != nil {
		return r, err
	}
	var m meta
	if err := errors.Join(json.Unmarshal(approval, &r.Approval), json.Unmarshal(rest, &m)); err != nil {
		return r, err
	}
	r.Date, r.PageStarts, r.Warnings, r.Hidden = m.Date, m.PageStarts, m.Warnings, m.Findings
	if r.Form, err = readForm(form); err != nil {
		return r, err
	}
	r.AddedAt, err = time.Parse(time.RFC3339Nano, added)
	return r, err
}

func readForm(b []byte) (*ingest.Form, error) {
	if len(b) == 0 {
		return nil, nil
	}
	f := new(ingest.Form)
	return f, json.Unmarshal(b, f)
}

// Content gives a document with its text and sections as they were ingested, whatever its state, or fault.NotFound.
func (s *Store) Content(ctx context.Context, tenant, id string) (*ingest.Document, error) {
	r, err := s.Document(ctx, tenant, id)
	if err != nil {
		return nil, err
	}
	d := &ingest.Document{
		Source: r.Source, Title: r.Title, Kind: r.Kind, Format: r.Format, Language: r.Language, SHA256: r.SHA256,
		Visibility: r.Visibility, Approval: r.Approval, Date: r.Date, ValidFrom: r.ValidFrom, ValidTo: r.ValidTo,
		Year: r.Year, Pages: r.Pages, PageStarts: r.PageStarts, Form: r.Form, Warnings: r.Warnings, Findings: r.Hidden,
	}
	var sections, body []byte
	err = s.reader.QueryRowContext(ctx, s.sql["content_get"], id, r.Version).Scan(&sections, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, noDocument(tenant, id)
	}
	if err != nil {
		return nil, s.fail(err)
	}
	d.Text = string(body)
	return d, s.fail(json.Unmarshal(sections, &d.Sections))
}
