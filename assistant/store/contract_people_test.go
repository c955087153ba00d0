package store

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sportello/assistant/access"
	"sportello/assistant/fault"
)

func addPerson(t *testing.T, s *Store, email string) *Person {
	t.Helper()
	return must[*Person](t)(s.AddPerson(t.Context(), ActorCommand, Person{Email: email, Name: "Maria Rossi", Password: "x"}))
}

func testPeople(t *testing.T, s *Store) {
	ctx := t.Context()
	territory(t, s)
	maria := addPerson(t, s, " Maria.Rossi@Example.IT ")
	if maria.Email != "maria.rossi@example.it" || maria.ID == "" || maria.Added.IsZero() || !maria.Seen.IsZero() {
		t.Errorf("%+v", maria)
	}
	for _, bad := range []Person{{Email: "maria", Name: "x"}, {Email: "Maria <m@example.it>", Name: "x"}, {Email: "a@b.it"}, {Email: "a@localhost", Name: "x"}} {
		if _, err := s.AddPerson(ctx, ActorCommand, bad); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if _, err := s.AddPerson(ctx, ActorCommand, Person{Email: "MARIA.rossi@example.it", Name: "x"}); fault.CodeOf(err) != fault.Conflict {
		t.Error(err)
	}
	if p := must[*Person](t)(s.PersonByEmail(ctx, "Maria.Rossi@example.it")); p.ID != maria.ID {
		t.Errorf("%+v", p)
	}
	for _, err := range []error{
		errOf(s.Person(ctx, "none")), errOf(s.PersonByEmail(ctx, "none@example.it")), errOf(s.PersonBySubject(ctx, "none")),
		s.ChangePerson(ctx, ActorCommand, "person.x", "none", "", func(*Person) error { return nil }),
		s.Grant(ctx, ActorCommand, Member{"none", "avella", access.Clerk}), s.Grant(ctx, ActorCommand, Member{maria.ID, "none", access.Clerk}),
		s.Revoke(ctx, ActorCommand, Member{maria.ID, "avella", access.Clerk}), s.RevokeSession(ctx, ActorCommand, maria.ID, "none"),
	} {
		if fault.CodeOf(err) != fault.NotFound {
			t.Error(err)
		}
	}
	if err := s.Grant(ctx, ActorCommand, Member{maria.ID, "avella", "boss"}); fault.CodeOf(err) != fault.Invalid {
		t.Error(err)
	}
	ok(t, s.ChangePerson(ctx, ActorCommand, "person.x", maria.ID, "", func(p *Person) error {
		p.Name, p.TOTP, p.Recovery, p.Subject = "Maria Verdi", "ABC", []string{"a", "b"}, "https://idp maria"
		return nil
	}))
	got := must[*Person](t)(s.PersonBySubject(ctx, "https://idp maria"))
	if got.Name != "Maria Verdi" || got.TOTP != "ABC" || !slices.Equal(got.Recovery, []string{"a", "b"}) || got.Disabled {
		t.Errorf("%+v", got)
	}
	if fresh := must[bool](t)(s.UseStep(ctx, maria.ID, 7)); !fresh {
		t.Error("a new step was refused")
	}
	if fresh := must[bool](t)(s.UseStep(ctx, maria.ID, 7)); fresh {
		t.Error("a step twice")
	}
	if all := must[[]Person](t)(s.People(ctx)); len(all) != 1 {
		t.Errorf("%+v", all)
	}
}

// Secrets of second factors lie sealed; one of an earlier version is sealed when it is first used, and one whose key is gone still asks for a code.
func testSecondSealed(t *testing.T, s *Store) {
	ctx := t.Context()
	p := addPerson(t, s, "anna@example.it")
	const secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	raw := func() (kept string) {
		t.Helper()
		ok(t, s.reader.QueryRowContext(ctx, "SELECT totp FROM people WHERE id = ?", p.ID).Scan(&kept))
		return kept
	}
	ok(t, s.ChangePerson(ctx, ActorCommand, "person.totp_on", p.ID, "", func(p *Person) error { p.TOTP = secret; return nil }))
	if got := must[*Person](t)(s.Person(ctx, p.ID)); got.TOTP != secret || strings.Contains(raw(), secret) {
		t.Errorf("%q is kept as %q", got.TOTP, raw())
	}
	_, err := s.writer.ExecContext(ctx, "UPDATE people SET totp = ? WHERE id = ?", secret, p.ID)
	ok(t, err)
	if got := must[*Person](t)(s.Person(ctx, p.ID)); got.TOTP != secret {
		t.Errorf("of an earlier version: %q", got.TOTP)
	}
	must[bool](t)(s.UseStep(ctx, p.ID, 7))
	if got := must[*Person](t)(s.Person(ctx, p.ID)); got.TOTP != secret || strings.Contains(raw(), secret) {
		t.Errorf("not sealed on first use: %q", raw())
	}
	before := raw()
	ok(t, s.shred(secondKey))
	if got := must[*Person](t)(s.Person(ctx, p.ID)); got.TOTP != lostSecond {
		t.Errorf("without its key: %q", got.TOTP)
	}
	ok(t, s.ChangePerson(ctx, ActorCommand, "person.name", p.ID, "", func(p *Person) error { p.Name = "Anna"; return nil }))
	if raw() != before {
		t.Error("what cannot be read was written over")
	}
	ok(t, s.ChangePerson(ctx, ActorCommand, "person.totp_off", p.ID, "", func(p *Person) error { p.TOTP = ""; return nil }))
	if got := must[*Person](t)(s.Person(ctx, p.ID)); got.TOTP != "" {
		t.Errorf("taken off: %q", got.TOTP)
	}
}

func errOf[T any](_ T, err error) error { return err }

func testRoles(t *testing.T, s *Store) {
	ctx := t.Context()
	territory(t, s)
	maria, luca := addPerson(t, s, "maria@example.it"), addPerson(t, s, "luca@example.it")
	for _, m := range []Member{{maria.ID, Everywhere, access.Territory}, {luca.ID, "unione", access.Editor}, {luca.ID, "avella", access.Clerk}, {luca.ID, "avella", access.Clerk}} {
		ok(t, s.Grant(ctx, ActorCommand, m))
	}
	members := must[[]Member](t)(s.Memberships(ctx, luca.ID))
	for tenant, want := range map[string][]access.Role{"avella": {access.Editor, access.Clerk}, "baiano": {access.Editor}, "unione": {access.Editor}, "provincia-av": nil, "nola": nil} {
		line := must[[]string](t)(s.Lineage(ctx, tenant))
		if got := RolesIn(members, line); !slices.Equal(got, want) {
			t.Errorf("in %s: %v", tenant, got)
		}
	}
	if all := must[[]Member](t)(s.AllMemberships(ctx)); len(all) != 3 {
		t.Errorf("%+v", all)
	}
	// The last administrator keeps the keys.
	last := Member{maria.ID, Everywhere, access.Territory}
	if err := s.Revoke(ctx, ActorCommand, last); fault.CodeOf(err) != fault.Conflict {
		t.Error(err)
	}
	ok(t, s.Grant(ctx, ActorCommand, Member{luca.ID, Everywhere, access.Territory}))
	ok(t, s.Revoke(ctx, ActorCommand, last))
	if err := s.ChangePerson(ctx, ActorCommand, "person.disable", luca.ID, "", func(p *Person) error { p.Disabled = true; return nil }); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("the last administrator was disabled: %v", err)
	}
}

func testSessions(t *testing.T, s *Store) {
	ctx := t.Context()
	maria := addPerson(t, s, "maria@example.it")
	start := func(pending bool, length time.Duration) string {
		return must[string](t)(s.StartSession(ctx, Session{Person: maria.ID, Pending: pending, Agent: "Firefox", Expires: s.now().Add(length)}))
	}
	one, two, pending, over := start(false, time.Hour), start(false, time.Hour), start(true, time.Hour), start(false, -time.Second)
	x := must[*Session](t)(s.Session(ctx, one))
	if x.Person != maria.ID || x.Pending || x.Agent != "Firefox" || x.ID == one {
		t.Errorf("%+v", x)
	}
	for _, secret := range []string{over, "", "none", x.ID} {
		if _, err := s.Session(ctx, secret); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("%q: %v", secret, err)
		}
	}
	if !must[*Session](t)(s.Session(ctx, pending)).Pending {
		t.Error("the second factor is done by itself")
	}
	if all := must[[]Session](t)(s.Sessions(ctx, maria.ID)); len(all) != 2 {
		t.Errorf("%+v", all)
	}
	if p := must[*Person](t)(s.Person(ctx, maria.ID)); p.Seen.IsZero() {
		t.Error("never seen")
	}
	ok(t, s.TouchSession(ctx, one))
	// A new password ends all sessions but the one it was changed in.
	ok(t, s.ChangePerson(ctx, ActorCommand, "person.password", maria.ID, x.ID, func(p *Person) error { p.Password = "y"; return nil }))
	if _, err := s.Session(ctx, two); fault.CodeOf(err) != fault.NotFound {
		t.Error("a session outlived the password")
	}
	must[*Session](t)(s.Session(ctx, one))
	two = start(false, time.Hour)
	ok(t, s.RevokeSession(ctx, ActorCommand, maria.ID, must[*Session](t)(s.Session(ctx, two)).ID))
	two = start(false, time.Hour)
	ok(t, s.RevokeSessions(ctx, ActorCommand, maria.ID, x.ID))
	if _, err := s.Session(ctx, two); fault.CodeOf(err) != fault.NotFound {
		t.Error("a revoked session goes on")
	}
	ok(t, s.EndSession(ctx, one))
	ok(t, s.EndSession(ctx, one))
	if all := must[[]Session](t)(s.Sessions(ctx, maria.ID)); len(all) != 0 {
		t.Errorf("%+v", all)
	}
}

func testLinks(t *testing.T, s *Store) {
	ctx := t.Context()
	maria := addPerson(t, s, "maria@example.it")
	first := must[string](t)(s.NewLink(ctx, ActorCommand, Link{LinkInvite, maria.ID, s.now().Add(time.Hour)}))
	second := must[string](t)(s.NewLink(ctx, ActorCommand, Link{LinkInvite, maria.ID, s.now().Add(time.Hour)}))
	reset := must[string](t)(s.NewLink(ctx, ActorCommand, Link{LinkReset, maria.ID, s.now().Add(time.Hour)}))
	over := must[string](t)(s.NewLink(ctx, ActorCommand, Link{LinkSetup, "", s.now().Add(-time.Hour)}))
	for _, secret := range []string{first, over, "none", ""} {
		if _, err := s.Link(ctx, secret); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("%q: %v", secret, err)
		}
	}
	for _, secret := range []string{second, reset} {
		if l := must[*Link](t)(s.Link(ctx, secret)); l.Person != maria.ID {
			t.Errorf("%+v", l)
		}
		must[*Link](t)(s.UseLink(ctx, secret))
		if _, err := s.UseLink(ctx, secret); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("a link twice: %v", err)
		}
	}
}

func testTokens(t *testing.T, s *Store) {
	ctx := t.Context()
	territory(t, s)
	maria := addPerson(t, s, "maria@example.it")
	good := Token{Name: "gestionale", Person: maria.ID, Tenant: "avella", Actions: []access.Action{access.ReadDocuments}, Expires: s.now().Add(time.Hour)}
	secret := must[string](t)(s.AddToken(ctx, ActorCommand, good))
	got := must[*Token](t)(s.Token(ctx, secret))
	if got.Tenant != "avella" || !slices.Equal(got.Actions, good.Actions) || got.Revoked {
		t.Errorf("%+v", got)
	}
	for name, change := range map[string]func(*Token){
		"no name": func(x *Token) { x.Name = " " }, "no action": func(x *Token) { x.Actions = nil }, "over": func(x *Token) { x.Expires = s.now() },
		"strange": func(x *Token) { x.Actions = []access.Action{"all"} },
	} {
		bad := good
		change(&bad)
		if _, err := s.AddToken(ctx, ActorCommand, bad); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if all := must[[]Token](t)(s.Tokens(ctx, "avella")); len(all) != 1 || all[0].Used.IsZero() {
		t.Errorf("%+v", all)
	}
	if err := s.RevokeToken(ctx, ActorCommand, "baiano", got.ID); fault.CodeOf(err) != fault.NotFound {
		t.Error(err)
	}
	ok(t, s.RevokeToken(ctx, ActorCommand, "avella", got.ID))
	if _, err := s.Token(ctx, secret); fault.CodeOf(err) != fault.NotFound {
		t.Error(err)
	}
}

func testSettings(t *testing.T, s *Store) {
	ctx := t.Context()
	territory(t, s)
	for _, x := range [][3]string{{Everywhere, "a", "house"}, {Everywhere, "b", "house"}, {"unione", "a", "unione"}, {"avella", "a", "avella"}, {"nola", "a", "nola"}} {
		ok(t, s.PutSetting(ctx, ActorCommand, x[0], x[1], x[2]))
	}
	want := map[string]Setting{"a": {"avella", "avella", true}, "b": {"house", Everywhere, false}}
	if diff := cmp.Diff(want, must[map[string]Setting](t)(s.Settings(ctx, "avella"))); diff != "" {
		t.Error(diff)
	}
	ok(t, s.DropSetting(ctx, ActorCommand, "avella", "a"))
	one, set, err := s.Setting(ctx, "avella", "a")
	if err != nil || !set || one.Value != "unione" || one.From != "unione" || one.Own {
		t.Error(one, set, err)
	}
	if _, set, err := s.Setting(ctx, "avella", "c"); set || err != nil {
		t.Error(set, err)
	}
	if one, _, _ := s.Setting(ctx, Everywhere, "a"); one.Value != "house" || !one.Own {
		t.Errorf("%+v", one)
	}
	for _, err := range []error{s.PutSetting(ctx, ActorCommand, "none", "a", "x"), s.DropSetting(ctx, ActorCommand, "none", "a"), errOf(s.Settings(ctx, "none"))} {
		if fault.CodeOf(err) != fault.NotFound {
			t.Error(err)
		}
	}
}

func testAttempts(t *testing.T, s *Store) {
	ctx := t.Context()
	now := s.now()
	s.now = func() time.Time { return now }
	for i := range 5 {
		if wait := must[time.Duration](t)(s.Attempt(ctx, "k", 5, time.Minute)); wait != 0 {
			t.Errorf("attempt %d waits %s", i, wait)
		}
	}
	if wait := must[time.Duration](t)(s.Attempt(ctx, "k", 5, time.Minute)); wait <= 0 || wait > time.Minute {
		t.Errorf("waits %s", wait)
	}
	if wait := must[time.Duration](t)(s.Attempt(ctx, "other", 5, time.Minute)); wait != 0 {
		t.Errorf("another waits %s", wait)
	}
	now = now.Add(2 * time.Minute)
	if wait := must[time.Duration](t)(s.Attempt(ctx, "k", 1, time.Minute)); wait != 0 {
		t.Errorf("after the window it waits %s", wait)
	}
	ok(t, s.ClearAttempts(ctx, "k"))
	if wait := must[time.Duration](t)(s.Attempt(ctx, "k", 1, time.Minute)); wait != 0 {
		t.Errorf("cleared, it waits %s", wait)
	}
}

func testAudit(t *testing.T, s *Store) {
	ctx := t.Context()
	if n, last, err := s.VerifyAudit(ctx); n != 0 || last != "" || err != nil {
		t.Error(n, last, err)
	}
	for i := range 2_100 / 100 {
		for range 3 {
			ok(t, s.Note(ctx, AuditEntry{Actor: "person:1", Action: "document.repeal", Tenant: []string{"avella", "nola"}[i%2], Object: "d" + strconv.Itoa(i)}))
		}
	}
	n, last, err := s.VerifyAudit(ctx)
	if err != nil || n != 63 || len(last) != 64 {
		t.Fatal(n, last, err)
	}
	got := must[[]AuditEntry](t)(s.Audit(ctx, AuditFilter{Tenants: []string{"avella", "none"}, Limit: 5, Action: "document.repeal", Actor: "person:1"}))
	if len(got) != 5 || got[0].Seq != 63 || got[0].Tenant != "avella" || got[0].At.IsZero() {
		t.Errorf("%+v", got)
	}
	if next := must[[]AuditEntry](t)(s.Audit(ctx, AuditFilter{Before: got[4].Seq, Limit: 1})); len(next) != 1 || next[0].Seq != got[4].Seq-1 {
		t.Errorf("%+v", next)
	}
	if none := must[[]AuditEntry](t)(s.Audit(ctx, AuditFilter{To: s.now().Add(-time.Hour)})); len(none) != 0 {
		t.Errorf("%+v", none)
	}
	if all := must[[]AuditEntry](t)(s.Audit(ctx, AuditFilter{From: s.now().Add(-time.Hour)})); len(all) != 63 {
		t.Errorf("%d entries", len(all))
	}
	if actions := must[[]string](t)(s.AuditActions(ctx)); !slices.Equal(actions, []string{"document.repeal"}) {
		t.Error(actions)
	}
	// The database itself refuses to change an entry; somebody who takes the guard away is found by the chain.
	if _, err := s.writer.ExecContext(ctx, "DELETE FROM audit WHERE seq = 9"); err == nil {
		t.Error("an entry could be deleted")
	}
	if _, err := s.writer.ExecContext(ctx, "UPDATE audit SET actor = 'x'"); err == nil {
		t.Error("an entry could be changed")
	}
	for _, statement := range []string{"UPDATE audit SET object = 'other' WHERE seq = 7", "DELETE FROM audit WHERE seq = 5"} {
		for _, sql := range append(unguarded(), statement) {
			if _, err := s.writer.ExecContext(ctx, sql); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := s.VerifyAudit(ctx); fault.CodeOf(err) != fault.Broken {
			t.Errorf("%s: %v", statement, err)
		}
	}
}
