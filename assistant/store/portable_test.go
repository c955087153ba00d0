package store

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant"
	"sportello/assistant/fault"
	"sportello/ingest"
)

// memory is an export in memory.
type memory struct {
	s         *Store
	records   map[string][]string
	originals map[string][]byte
}

func (m *memory) Record(list string, record []byte) error {
	m.records[list] = append(m.records[list], string(record))
	return nil
}

func (m *memory) Original(ctx context.Context, sha, _ string) error {
	in, err := m.s.OriginalBytes(ctx, sha)
	if err != nil {
		return err
	}
	m.originals[sha], err = io.ReadAll(in)
	return err
}

func (m *memory) Records(list string, yield func([]byte) error) error {
	for _, r := range m.records[list] {
		if err := yield([]byte(r)); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) Originals() (all []string) {
	for sha := range m.originals {
		all = append(all, sha)
	}
	return all
}

// read is what an import is given.
type read struct{ *memory }

func (r read) Original(sha string) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(r.originals[sha])), nil
}

func exported(t *testing.T, s *Store, tenant string) *memory {
	t.Helper()
	m := &memory{s, map[string][]string{}, map[string][]byte{}}
	ok(t, s.Export(t.Context(), tenant, m))
	return m
}

// Every table leaves or says why it stays, and every column of one that leaves is a field or is set on arrival.
func TestPortableKnowsAllTables(t *testing.T) {
	onlySQLite(t, "it asks SQLite for the columns")
	s := opened(t, Config{Dir: t.TempDir()})
	leaves := map[string]bool{}
	for _, p := range portables {
		leaves[p.table] = true
		for _, c := range must[[]column](t)(columnsOf(t.Context(), s, p.table)) {
			_, set := further[p.table][c.name]
			derived := c.name == "tenant" && p.rows == inTenant || p.table == "versions" && c.name == "id" || p.table == "audit" && c.name == "tenant"
			if !set && !derived && !slices.ContainsFunc(p.fields, func(f field) bool { return f.name == c.name }) {
				t.Errorf("%s.%s does not leave", p.table, c.name)
			}
		}
	}
	rows, err := s.reader.QueryContext(t.Context(), s.dialect.tables)
	ok(t, err)
	for _, name := range must[[]string](t)(collect(rows, func(row scanner) (name string, err error) { return name, row.Scan(&name) })) {
		if leaves[name] == (portableNot[name] != "") {
			t.Errorf("%s has to leave, or to be in portableNot with a reason (and in formato.md)", name)
		}
	}
}

// furnished makes a tenant with something in every list.
func furnished(t *testing.T, s *Store) {
	t.Helper()
	ctx := t.Context()
	ok(t, s.AddTenant(ctx, Tenant{Slug: "provincia", Name: "Provincia", Kind: Provincia}))
	ok(t, s.AddTenant(ctx, Tenant{Slug: "avella", Name: "Comune di Avella", Parent: "provincia", ISTAT: "064007", IPA: "c_a508", Hosts: []string{"www.comune.avella.av.it"}}))
	for _, version := range []string{"uno", "due"} {
		put(t, s, "avella", "atti/tari.txt", "Regolamento TARI", "La tassa è dovuta <"+version+"> & «così»\u2028.", "Riduzioni.")
	}
	old := put(t, s, "avella", "atti/vecchio.txt", "Vecchio", "abrogato")
	ok(t, s.PutOffices(ctx, "avella", []Office{{Name: "Tributi", Subjects: []string{"tari"}}, {Name: "Anagrafe"}}))
	ok(t, s.Note(ctx, AuditEntry{Actor: "person:p1", Action: "prova", Tenant: "avella", Object: "x"}))
	tari := derive("document", "avella", "atti/tari.txt")
	ok(t, s.Supersede(ctx, "avella", old.ID, tari))
	put(t, s, "avella", "atti/tolto.txt", "Tolto", "tolto")
	for _, statement := range []string{
		"INSERT INTO fixes (document, fields, parsed) VALUES ('" + tari + "', '{\"title\":\"TARI\"}', '{\"title\":\"Regolamento\"}')",
		"INSERT INTO people (id, email, name, password, totp, totp_step, recovery, subject, disabled_at, seen_at, added_at) VALUES ('p1', 'anna@example.it', 'Anna', 'segreta-argon', 'segreta-totp', 7, '[\"segreta\"]', 'segreta-oidc', '', 'ieri', 'oggi')",
		"INSERT INTO memberships (person, tenant, role, added_at) VALUES ('p1', 'avella', 'editor', 'oggi')",
		"INSERT INTO settings (tenant, key, value, changed_at) VALUES ('avella', 'page.notice', 'Ciao', 'oggi'), ('avella', 'page.logo', 'aaaa', 'oggi'), ('provincia', 'page.notice', 'altro', 'oggi')",
		"INSERT INTO pictures (sha256, bytes, added_at) VALUES ('aaaa', 'png', 'oggi'), ('bbbb', 'png', 'oggi')",
		"INSERT INTO approved (id, tenant, language, question, wordings, body, sources, office, author, approved, expires, withdrawn, served, updated_at) VALUES ('a1', 'avella', 'it', 'Quando?', 'null', 'Subito.', '[{\"DocumentID\":\"" + tari + "\"}]', 'Tributi', 'Anna', 'oggi', '', 0, 3, 'oggi')",
		"INSERT INTO closures (tenant, subject, notice, closed_by, closed_at) VALUES ('avella', 'tari', 'chiuso', 'Anna', 'oggi')",
		"INSERT INTO addresses (id, tenant, address, kind, options, hours, active, author, added_at, next_at, lease, visited_at, report) VALUES ('i1', 'avella', 'https://www.example.it', 'page', '{}', 24, 1, 'Anna', 'oggi', 5, 9, '', '{}')",
		"INSERT INTO address_pages (address, url, etag, modified, links, seen_at, gone_at) VALUES ('i1', 'https://www.example.it/x', 'e', '', '[]', 'oggi', '')",
		"INSERT INTO declined (document, fingerprint) VALUES ('" + tari + "', 'f')",
		"INSERT INTO acts (id, tenant, template, family, title, state, revision, author, author_name, added_at, changed_at, changed_by, review_by, review_at, approved_by, approved_at) VALUES ('t1', 'avella', 'determina', 'determina', 'Atto', 'approved', 2, 'person:p1', 'Anna', 'o', 'o', 'Anna', 'person:p1', 'o', 'person:p1', 'o')",
		"INSERT INTO act_revisions (act, revision, content, what, restores, by_name, at) VALUES ('t1', 1, '{ \"x\": \"" + tari + "\" }', 'made', 0, 'Anna', 'o'), ('t1', 2, '{}', 'fields', 0, 'Anna', 'o')",
		"INSERT INTO act_comments (id, act, part, text, by_name, at, resolved_by, resolved_at) VALUES ('c1', 't1', '', 'bene', 'Anna', 'o', '', '')",
		"INSERT INTO act_exports (id, act, revision, format, final, reason, manifest, by_name, at, metadata) VALUES ('e1', 't1', 2, 'pdf', 1, '', '{ \"a\":  1 }', 'Anna', 'o', '<documento/>')",
		"INSERT INTO act_templates (tenant, name, version, text, what, by_name, at) VALUES ('avella', 'avviso', 1, '-- x --', 'copied', 'Anna', 'o')",
		"INSERT INTO meetings (id, tenant, organ, day, revision, body, transcript, parts, added_at, changed_at, changed_by) VALUES ('m1', 'avella', 'giunta', '2026-11-20', 1, '{}', '', '', 'o', 'o', 'Anna')",
		"INSERT INTO meeting_saves (meeting, revision, at, author, body) VALUES ('m1', 1, 'o', 'Anna', '{}')",
		"INSERT INTO visit_notes (id, tenant, document, title, body, author, day) VALUES ('n1', 'avella', '" + tari + "', 'TARI', 'nota', 'Anna', 'o')",
		"INSERT INTO question_counts (tenant, day, language, subject, office, status, reason, weak, approved, n) VALUES ('avella', 'o', 'it', '', '', 'quoted', '', 0, 1, 4)",
		"INSERT INTO feedback_counts (tenant, day, kind, value, n) VALUES ('avella', 'o', 'useful', '1', 4)",
		"INSERT INTO visit_counts (tenant, month, point, language, subject, outcome, n, questions) VALUES ('avella', '2026-11', 'p', 'it', '', 'done', 1, 2)",
		"INSERT INTO model_use (tenant, day, read, written, answers, guessed) VALUES ('avella', 'o', 1, 2, 3, 4)",
		"INSERT INTO energy_use (tenant, day, answers, cpu_ms, millijoules, measured) VALUES ('avella', 'o', 1, 2, 3, 4)",
		"INSERT INTO webhooks (id, tenant, url, events, active, author, added_at, sealed) VALUES ('w1', 'avella', 'https://www.example.it/', '[\"document.changed\"]', 1, 'person:p1', 'o', 'segreta-sigillata')",
	} {
		_, err := s.writer.ExecContext(ctx, strings.ReplaceAll(statement, "'png'", s.bytesLiteral("png")))
		if err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// bytesLiteral writes bytes for a column of bytes.
func (s *Store) bytesLiteral(text string) string {
	if s.dialect == sqliteDialect {
		return fmt.Sprintf("x'%x'", text)
	}
	return fmt.Sprintf(`'\x%x'`, text)
}

// A tenant comes to another installation as it left, under its own name, and leaves it again as the same records; under another name in the same
// installation with ids of its own everywhere. No secret leaves.
func TestPortable(t *testing.T) {
	ctx := t.Context()
	s := opened(t, Config{Dir: t.TempDir()})
	furnished(t, s)
	before := exported(t, s, "avella")
	for _, p := range portables {
		if len(before.records[p.Name]) == 0 {
			t.Errorf("nothing of %s: this test sees too little", p.Name)
		}
	}
	if all := fmt.Sprint(before.records); strings.Contains(all, "segreta") {
		t.Errorf("a secret leaves: %s", all)
	}
	other := opened(t, Config{Dir: t.TempDir()})
	came := must[*Imported](t)(other.Import(ctx, read{before}, ImportOptions{Actor: "prova"}))
	if came.Tenant != "avella" || came.Originals != 4 || !slices.Equal(came.Invited, []string{"anna@example.it"}) {
		t.Errorf("came %+v", came)
	}
	after := exported(t, other, "avella")
	for _, p := range portables {
		want, got := before.records[p.Name], after.records[p.Name]
		if p.Name == auditList {
			continue
		}
		if p.Name == "tenant" { // the one above is not there
			want = []string{strings.Replace(want[0], `"provincia"`, "null", 1)}
		}
		text := strings.Join(got, "\n")
		var people []Person
		people, err := other.People(ctx)
		ok(t, err)
		text = strings.ReplaceAll(text, people[0].ID, "p1") // who comes anew gets an id that nobody else has
		if diff := cmp.Diff(strings.Join(want, "\n"), text); diff != "" {
			t.Errorf("%s (-left +came):\n%s", p.Name, diff)
		}
	}
	if diff := cmp.Diff(before.originals, after.originals); diff != "" {
		t.Error(diff)
	}
	if got, want := points(t, other, "avella", ""), points(t, s, "avella", ""); len(want) == 0 || cmp.Diff(want, got) != "" {
		t.Errorf("the passages are others:\n%s", cmp.Diff(want, got))
	}
	// Not twice, and in part never.
	_, err := other.Import(ctx, read{before}, ImportOptions{Actor: "prova"})
	wantCode(t, err, fault.Conflict)
	torn := exported(t, s, "avella")
	torn.records["versions"] = torn.records["versions"][:1]
	_, err = other.Import(ctx, read{torn}, ImportOptions{Actor: "prova", Slug: "altro"})
	wantCode(t, err, fault.Broken)
	if _, err := other.Tenant(ctx, "altro"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("half a tenant is there: %v", err)
	}
	// Beside itself.
	must[*Imported](t)(s.Import(ctx, read{before}, ImportOptions{Actor: "prova", Slug: "avella-prova", Name: "Prova", Parent: "provincia"}))
	if again := exported(t, s, "avella"); cmp.Diff(before.records["answers"], again.records["answers"]) != "" || len(again.records["acts"]) != 1 {
		t.Error("the first one changed")
	}
	copied := exported(t, s, "avella-prova")
	for list, all := range copied.records {
		if list != auditList && len(all) != len(before.records[list]) {
			t.Errorf("%s: %d of %d", list, len(all), len(before.records[list]))
		}
		if text := strings.Join(all, "\n"); strings.Contains(text, derive("document", "avella", "atti/tari.txt")) || strings.Contains(text, `"act":"t1"`) || strings.Contains(text, `"id":"a1"`) {
			t.Errorf("%s still speaks of the other tenant: %s", list, text)
		}
	}
	if live := must[[]Record](t)(s.Documents(ctx, "avella-prova", Filter{State: Live})); len(live) != 2 || live[0].Version != 2 && live[1].Version != 2 {
		t.Errorf("%+v", live)
	}
	if got := len(must[[]assistant.Passage](t)(s.Passages(ctx, assistant.IndexQuery{Tenants: []string{"avella-prova"}, Audience: ingest.Public}, ids(points(t, s, "avella-prova", ""))))); got != 3 {
		t.Errorf("%d passages", got)
	}
}
