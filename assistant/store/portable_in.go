package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"sportello/assistant/fault"
	"sportello/ingest"
)

// PortableSource is an export that is read: the records of a list, and an original by its sha256.
type PortableSource interface {
	Records(list string, yield func(record []byte) error) error
	Originals() []string
	Original(sha256 string) (io.ReadCloser, error)
}

// ImportOptions say as what an exported tenant comes.
type ImportOptions struct {
	Actor  string
	Slug   string // empty: as exported
	Name   string // empty: as exported
	Parent string // empty: as exported when it is there, else none
}

// Imported says what came.
type Imported struct {
	Tenant    string         `json:"tenant"`
	Records   map[string]int `json:"records"` // of each list
	Originals int            `json:"originals"`
	Invited   []string       `json:"invited"` // people who are new here: they have no password yet
}

// Import makes a tenant of an export, whole or not at all: it must not be there yet. Ids that are taken here already are made anew, everywhere they
// occur. The passages of the documents are cut again and get their terms and vectors as those of any document.
//
// Errors: fault.Conflict when the tenant is there, fault.Broken for records that cannot be read or that lack what they refer to.
func (s *Store) Import(ctx context.Context, source PortableSource, o ImportOptions) (*Imported, error) {
	if s.analyze == nil {
		return nil, fault.New(fault.Internal, "the store was opened without an analyser")
	}
	in := &importing{s: s, source: source, o: o, out: &Imported{Records: map[string]int{}, Invited: []string{}}, ids: map[string]string{}, replaced: strings.NewReplacer()}
	if err := in.head(ctx); err != nil {
		return nil, err
	}
	for _, sha := range source.Originals() {
		if err := in.original(ctx, sha); err != nil {
			return nil, err
		}
	}
	err := s.write(ctx, func(tx *sql.Tx) error {
		for i := range portables {
			if err := in.list(ctx, tx, &portables[i]); err != nil {
				return err
			}
		}
		if err := in.settle(ctx, tx); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: o.Actor, Action: "tenant.import", Tenant: in.out.Tenant, Object: in.out.Tenant})
	})
	if err != nil {
		return nil, err
	}
	return in.out, nil
}

// importing is an Import under way.
type importing struct {
	s        *Store
	source   PortableSource
	o        ImportOptions
	out      *Imported
	was      string            // the slug that was exported
	ids      map[string]string // as exported -> here
	replaced *strings.Replacer // of ids

	documents []imported // in the order of their sources
}

type imported struct {
	id, superseded, state string
	present               int64 // number
}

func brokenRecord(list string, err error) error {
	return fault.Wrap(fault.Broken, err, "%s.jsonl holds a record that cannot be read: export again", list)
}

// head reads who comes, and what the ids of its documents are here: they are made of the tenant and the source.
func (in *importing) head(ctx context.Context) error {
	err := in.source.Records("tenant", func(record []byte) error {
		var t struct{ Slug, Name, Kind string }
		if err := json.Unmarshal(record, &t); err != nil || t.Slug == "" {
			return brokenRecord("tenant", err)
		}
		in.was, in.out.Tenant = t.Slug, t.Slug
		return nil
	})
	if err != nil {
		return err
	}
	if in.was == "" {
		return fault.New(fault.Broken, "the file holds no tenant: it is no export, or was cut off")
	}
	if in.o.Slug != "" {
		in.out.Tenant = in.o.Slug
	}
	if !slugForm.MatchString(in.out.Tenant) {
		return fault.New(fault.Invalid, "the slug %q is not usable in an address: small letters without accents, digits and hyphens, at most 63", in.out.Tenant)
	}
	if _, err := in.s.Tenant(ctx, in.out.Tenant); err == nil {
		return fault.New(fault.Conflict, "%s is there already: nothing was imported; give another name with --as", in.out.Tenant)
	} else if fault.CodeOf(err) != fault.NotFound {
		return err
	}
	err = in.source.Records("documents", func(record []byte) error {
		var d struct{ ID, Source string }
		if err := json.Unmarshal(record, &d); err != nil || d.ID == "" || d.Source == "" {
			return brokenRecord("documents", err)
		}
		in.renames(d.ID, derive("document", in.out.Tenant, d.Source))
		return nil
	})
	in.rename()
	return err
}

func (in *importing) renames(was, is string) {
	if was != is {
		in.ids[was] = is
	}
}

func (in *importing) rename() {
	pairs := make([]string, 0, 2*len(in.ids))
	for was, is := range in.ids {
		pairs = append(pairs, was, is)
	}
	in.replaced = strings.NewReplacer(pairs...)
}

func (in *importing) original(ctx context.Context, sha string) error {
	if !shaForm.MatchString(sha) {
		return fault.New(fault.Broken, "an original is called %q, which is no sha256", sha)
	}
	r, err := in.source.Original(sha)
	if err != nil {
		return err
	}
	b, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil {
		return err
	}
	if digest(b) != sha {
		return fault.New(fault.Broken, "the original %s is not what its name says: export again", sha)
	}
	in.out.Originals++
	return in.s.fail(in.s.keep(ctx, sha, b))
}

// list writes the rows of one list.
func (in *importing) list(ctx context.Context, tx *sql.Tx, p *portable) error {
	if p.Name == auditList {
		return nil
	}
	taken := `SELECT count(*) FROM ` + quoted(p.table) + ` WHERE id = ?1`
	err := in.source.Records(p.Name, func(record []byte) error {
		values, err := p.values(record)
		if err != nil {
			return brokenRecord(p.Name, err)
		}
		in.out.Records[p.Name]++
		skip, err := in.meet(ctx, tx, p, values)
		if err != nil || skip {
			return err
		}
		for _, one := range p.fields {
			text, isText := values[one.name].(string)
			switch {
			case one.own && isText:
				values[one.name] = in.replaced.Replace(text)
			case one.id && p.table != "people":
				var n int
				if err := tx.QueryRowContext(ctx, taken, text).Scan(&n); err != nil {
					return err
				}
				if n > 0 {
					values[one.name] = uuid.NewString()
					in.renames(text, values[one.name].(string))
				}
			}
		}
		return in.insert(ctx, tx, p, values)
	})
	in.rename()
	return err
}

// meet does what is particular to a list. skip: the row is there already.
func (in *importing) meet(ctx context.Context, tx *sql.Tx, p *portable, values map[string]any) (skip bool, err error) {
	switch p.table {
	case "tenants":
		values["slug"] = in.out.Tenant
		if in.o.Name != "" {
			values["name"] = in.o.Name
		}
		parent, _ := values["parent"].(string)
		if in.o.Parent != "" {
			parent = in.o.Parent
		}
		values["parent"] = nil
		if parent == "" {
			break
		}
		above, err := in.s.tenant(ctx, tx, parent)
		if fault.CodeOf(err) == fault.NotFound && in.o.Parent == "" {
			break
		}
		if err == nil && above.Kind == Comune {
			err = fault.New(fault.Invalid, "%s is a comune: nothing can be below it", parent)
		}
		if err != nil {
			return false, err
		}
		values["parent"] = parent
	case "people":
		var id string
		email, _ := values["email"].(string)
		err := tx.QueryRowContext(ctx, `SELECT id FROM people WHERE email = ?1`, email).Scan(&id)
		if err == nil {
			in.renames(values["id"].(string), id)
			return true, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return false, err
		}
		fresh := uuid.NewString()
		in.renames(values["id"].(string), fresh)
		values["id"] = fresh
		in.out.Invited = append(in.out.Invited, email)
	case "pictures":
		var n int
		err := tx.QueryRowContext(ctx, `SELECT count(*) FROM pictures WHERE sha256 = ?1`, values["sha256"]).Scan(&n)
		return n > 0, err
	case "documents":
		d := imported{id: in.replaced.Replace(values["id"].(string)), state: values["state"].(string)}
		d.present, _ = values["version"].(int64)
		if other, ok := values["superseded_by"].(string); ok {
			d.superseded = in.replaced.Replace(other)
		}
		in.documents = append(in.documents, d)
		values["superseded_by"], values["version"] = nil, int64(0) // once all are there
	}
	return false, nil
}

// further are the columns that an export does not hold, with what they are at first.
var further = map[string]map[string]any{
	"people":    {"password": "", "totp": "", "totp_step": int64(0), "recovery": "[]", "subject": "", "seen_at": ""},
	"addresses": {"lease": int64(0)},
	"webhooks":  {"active": int64(0), "sealed": []byte{}}, // nobody is told anything before somebody here says so, and makes a secret
}

func (in *importing) insert(ctx context.Context, tx *sql.Tx, p *portable, values map[string]any) error {
	if p.rows == inTenant {
		values["tenant"] = in.out.Tenant
	}
	for name, v := range further[p.table] {
		values[name] = v
	}
	var names, marks []string
	var args []any
	for name, v := range values {
		args = append(args, v)
		names, marks = append(names, quoted(name)), append(marks, "?"+strconv.Itoa(len(args)))
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO `+quoted(p.table)+` (`+strings.Join(names, ", ")+`) VALUES (`+strings.Join(marks, ", ")+`)`, args...)
	return err
}

// settle points the documents at their versions and at each other, and cuts the passages.
func (in *importing) settle(ctx context.Context, tx *sql.Tx) error {
	for _, d := range in.documents {
		var version int64
		err := tx.QueryRowContext(ctx, `SELECT id FROM versions WHERE document = ?1 AND number = ?2`, d.id, d.present).Scan(&version)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.Broken, "a document lacks its version %d: export again", d.present)
		}
		if err != nil {
			return err
		}
		var superseded any
		if d.superseded != "" {
			superseded = d.superseded
		}
		if _, err := tx.ExecContext(ctx, `UPDATE documents SET version = ?2, superseded_by = ?3 WHERE id = ?1`, d.id, version, superseded); err != nil {
			return err
		}
		content, err := in.s.contentAt(ctx, tx, in.out.Tenant, d.id, int(d.present))
		if err != nil {
			return err
		}
		chunks := ingest.Split(content, nil, 0)
		if err := in.s.putChunks(ctx, tx, in.out.Tenant, version, content, chunks, in.s.analyzed(content, chunks)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE versions SET chunks = ?2 WHERE id = ?1`, version, len(chunks)); err != nil {
			return err
		}
		if err := in.s.touch(ctx, tx, in.out.Tenant, d.id); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `UPDATE counters SET value = value + 1 WHERE name IN ('approved', 'closures')`) // other processes look at these
	return err
}

// values reads a record as the columns want it. Every field has to be there, and no other.
func (p *portable) values(record []byte) (map[string]any, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(record, &raw); err != nil {
		return nil, err
	}
	values := map[string]any{}
	for i := range p.fields {
		one := &p.fields[i]
		text, ok := raw[one.name]
		if !ok {
			return nil, fault.New(fault.Broken, "%s is missing", one.name)
		}
		v, err := one.in(text)
		if err != nil {
			return nil, err
		}
		values[one.name] = v
	}
	if len(raw) != len(values) {
		return nil, fault.New(fault.Broken, "it has %d fields, not %d", len(raw), len(values))
	}
	return values, nil
}

func (f *field) in(raw json.RawMessage) (any, error) {
	if bytes.Equal(raw, []byte("null")) {
		if f.kind == jsonText { // an empty list may be kept as null
			return "null", nil
		}
		return nil, nil
	}
	switch f.kind {
	case wholeNum:
		var n int64
		err := json.Unmarshal(raw, &n)
		return n, err
	case realNum:
		var x float64
		err := json.Unmarshal(raw, &x)
		return x, err
	case jsonText:
		if raw[0] != '"' {
			return string(raw), nil
		}
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return nil, err
	}
	switch f.kind {
	case textBytes:
		return []byte(text), nil
	case base64Data:
		return base64.StdEncoding.DecodeString(text)
	}
	return text, nil
}
