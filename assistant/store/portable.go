package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// What of a tenant goes into an open format and comes back from it. A table is a list of records, a column a field of the same name; what is
// derived, secret or a citizen's own words stays (see portableNot, and the test that looks for tables which are in neither list).

// portable is a table as it leaves.
type portable struct {
	Name   string // of the list: documents.jsonl
	table  string
	rows   string // which are the tenant's: a condition with ?1 for its slug
	order  string
	fields []field
}

type field struct {
	name string
	kind fieldKind
	id   bool // an id of ours that another row of this table may have already where it comes to
	own  bool // holds ids, also within its text: they change when those do
}

type fieldKind byte

const (
	plainText  fieldKind = iota
	wholeNum             // may be null
	realNum              //
	jsonText             // JSON in a column of text: a value of its own; empty when there is none
	textBytes            // text in a column of bytes
	base64Data           // bytes
)

const inTenant = "tenant = ?1"

// f reads a list of fields: "name" is text, "name#" a number, "name~" a real number, "name{}" JSON, "name$" bytes of text, "name%" bytes. A "!" before
// marks an id, a "@" something that holds ids.
func f(list string) (all []field) {
	kinds := map[string]fieldKind{"#": wholeNum, "~": realNum, "{}": jsonText, "$": textBytes, "%": base64Data}
	for name := range strings.FieldsSeq(list) {
		one := field{id: strings.HasPrefix(name, "!"), own: strings.HasPrefix(name, "@")}
		one.name = strings.TrimLeft(name, "!@")
		for suffix, kind := range kinds {
			if cut, ok := strings.CutSuffix(one.name, suffix); ok {
				one.name, one.kind = cut, kind
			}
		}
		all = append(all, one)
	}
	return all
}

// portables are in an order in which each row finds what it refers to.
var portables = []portable{
	{"tenant", "tenants", "slug = ?1", "slug", f("slug name kind parent istat ipa hosts{} added_at")},
	{"offices", "offices", inTenant, "ordinal", f("ordinal# name subjects{} hours phone email address closed{}")},
	{"pictures", "pictures", "EXISTS (SELECT 1 FROM settings s WHERE s.tenant = ?1 AND instr(s.value, pictures.sha256) > 0)", "sha256", f("sha256 bytes% added_at")},
	{"settings", "settings", inTenant, "key", f("key value changed_at")},
	{"people", "people", "id IN (SELECT person FROM memberships WHERE tenant = ?1)", "email", f("!id email name disabled_at added_at")},
	{"roles", "memberships", inTenant, "person, role", f("@person role added_at")},
	{"documents", "documents", inTenant, "source", f("@id source state reason @superseded_by shared# version# office added_at")},
	{"versions", "versions", "document IN (SELECT id FROM documents WHERE tenant = ?1)", "document, number",
		f("@document number# sha256 size# fingerprint title kind format language visibility valid_from valid_to year pages# chunks# approval{} form{} added_at meta{} sections{} body$")},
	{"corrections", "fixes", "document IN (SELECT id FROM documents WHERE tenant = ?1)", "document", f("@document fields{} parsed{}")},
	{"answers", "approved", inTenant, "id", f("!id language question wordings{} body @sources{} office author approved expires withdrawn# served# updated_at")},
	{"closures", "closures", inTenant, "subject", f("subject notice closed_by closed_at")},
	{"addresses", "addresses", inTenant, "id", f("!id address kind options{} hours# active# author added_at next_at# visited_at report{}")},
	{"pages", "address_pages", "address IN (SELECT id FROM addresses WHERE tenant = ?1)", "address, url", f("@address url etag modified links{} seen_at gone_at")},
	{"declined", "declined", "document IN (SELECT id FROM documents WHERE tenant = ?1)", "document, fingerprint", f("@document fingerprint")},
	{"acts", "acts", inTenant, "id", f("!id template family title state revision# @author author_name added_at changed_at changed_by @review_by review_at @approved_by approved_at")},
	{"act_revisions", "act_revisions", "act IN (SELECT id FROM acts WHERE tenant = ?1)", "act, revision", f("@act revision# @content what restores# by_name at")},
	{"act_comments", "act_comments", "act IN (SELECT id FROM acts WHERE tenant = ?1)", "id", f("!id @act part text by_name at resolved_by resolved_at")},
	{"act_exports", "act_exports", "act IN (SELECT id FROM acts WHERE tenant = ?1)", "id", f("!id @act revision# format final# reason manifest by_name at metadata")},
	{"templates", "act_templates", inTenant, "name, version", f("name version# text what by_name at")},
	{"meetings", "meetings", inTenant, "id", f("!id organ day revision# body transcript parts added_at changed_at changed_by")},
	{"meeting_saves", "meeting_saves", "meeting IN (SELECT id FROM meetings WHERE tenant = ?1)", "meeting, revision", f("@meeting revision# at author body")},
	{"notes", "visit_notes", inTenant, "id", f("!id @document title body author day")},
	{"question_counts", "question_counts", inTenant, "day, language, subject, office, status, reason, weak, approved", f("day language subject office status reason weak# approved# n#")},
	{"feedback_counts", "feedback_counts", inTenant, "day, kind, value", f("day kind value n#")},
	{"visit_counts", "visit_counts", inTenant, "month, point, language, subject, outcome", f("month point language subject outcome n# questions#")},
	{"model_use", "model_use", inTenant, "day", f("day read# written# answers# guessed#")},
	{"energy_use", "energy_use", inTenant, "day", f("day answers# cpu_ms# millijoules# measured#")},
	{"webhooks", "webhooks", inTenant, "id", f("!id url events{} @author added_at")},
	{auditList, "audit", inTenant, "seq", f("seq# at actor action object note hash")},
}

// auditList is there to be read: a chain of another installation cannot go on here.
const auditList = "audit"

// portableNot are the tables that stay, each with why.
var portableNot = map[string]string{
	"counters": derivedHere, "changes": derivedHere, "cursors": derivedHere, "queue": derivedHere, "models": derivedHere, "vectors": derivedHere, "texts": derivedHere, "chunks": derivedHere,
	"remembered": derivedHere, "goose_db_version": derivedHere,
	"sessions": secret, "links": secret, "tokens": secret, "attempts": secret,
	"questions": citizens, "feedback": citizens, "handovers": citizens, "chats": citizens, "messages": citizens, "mails": citizens, "available": underWay,
	"jobs": underWay, "job_files": underWay, "journal": underWay, "journal_items": underWay, "address_taken": underWay, "deliveries": underWay,
}

const (
	derivedHere = "is made again"
	secret      = "lets somebody in"
	citizens    = "citizens' words, sealed: they are forgotten here and nowhere else"
	underWay    = "work under way and what can be undone of it"
)

// PortableLists names the lists of an export, in order.
func PortableLists() (names []string) {
	for _, p := range portables {
		names = append(names, p.Name)
	}
	return names
}

// PortableFields names the fields of a list.
func PortableFields(list string) (names []string) {
	for _, p := range portables {
		for _, one := range p.fields {
			if p.Name == list {
				names = append(names, one.name)
			}
		}
	}
	return names
}

// PortableSink takes what Export gives: each record of a list as JSON, and the sha256 and source of every original.
type PortableSink interface {
	Record(list string, record []byte) error
	Original(ctx context.Context, sha256, source string) error
}

// Export gives all of a tenant that goes into an open format, as it is at one moment. Errors: fault.NotFound for an unknown tenant.
func (s *Store) Export(ctx context.Context, tenant string, sink PortableSink) error {
	return s.read(ctx, func(tx *sql.Tx) error {
		if _, err := s.tenant(ctx, tx, tenant); err != nil {
			return err
		}
		for i := range portables {
			if err := portables[i].each(ctx, tx, tenant, func(record []byte) error { return sink.Record(portables[i].Name, record) }); err != nil {
				return err
			}
		}
		rows, err := tx.QueryContext(ctx, `SELECT v.sha256, min(d.source) FROM versions v JOIN documents d ON d.id = v.document WHERE d.tenant = ?1 AND v.size > 0 GROUP BY v.sha256 ORDER BY v.sha256`, tenant)
		if err != nil {
			return err
		}
		originals, err := collect(rows, func(row scanner) (o [2]string, err error) { return o, row.Scan(&o[0], &o[1]) })
		if err != nil {
			return err
		}
		for _, o := range originals {
			if err := sink.Original(ctx, o[0], o[1]); err != nil {
				return err
			}
		}
		return nil
	})
}

// each gives the rows of a tenant as JSON objects, their fields in the order of the list.
func (p *portable) each(ctx context.Context, tx *sql.Tx, tenant string, yield func([]byte) error) (err error) {
	names := make([]string, len(p.fields))
	for i, one := range p.fields {
		names[i] = quoted(one.name)
		if p.table == "documents" && one.name == "version" { // the number, which means something elsewhere too
			names[i] = "(SELECT v.number FROM versions v WHERE v.id = documents.version)"
		}
	}
	rows, err := tx.QueryContext(ctx, `SELECT `+strings.Join(names, ", ")+` FROM `+quoted(p.table)+` WHERE `+p.rows+` ORDER BY `+p.order, tenant)
	if err != nil {
		return err
	}
	defer func() {
		if closed := rows.Close(); err == nil {
			err = closed
		}
	}()
	values := make([]any, len(names))
	to := make([]any, len(names))
	for i := range to {
		to[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			return err
		}
		record, err := p.record(values)
		if err != nil {
			return err
		}
		if err := yield(record); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (p *portable) record(values []any) ([]byte, error) {
	var b bytes.Buffer
	for i, one := range p.fields {
		b.WriteByte("{,"[min(i, 1)])
		v, err := one.out(values[i])
		if err != nil {
			return nil, err
		}
		if err := writeJSON(&b, one.name); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := writeJSON(&b, v); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// out gives the value of a column as it is written.
func (f *field) out(v any) (any, error) {
	if raw, ok := v.([]byte); ok {
		if f.kind == base64Data {
			return base64.StdEncoding.EncodeToString(raw), nil
		}
		v = string(raw)
	}
	if text, ok := v.(string); ok && f.kind == jsonText && text != "" {
		return json.RawMessage(text), nil
	}
	return v, nil
}

// writeJSON writes a value as people read it: no sign is turned into a number for the sake of HTML.
func writeJSON(b *bytes.Buffer, v any) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // the line end of Encode
	return nil
}
