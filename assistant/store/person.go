package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/mail"
	"strings"
	"time"

	"github.com/google/uuid"

	"sportello/assistant/access"
	"sportello/assistant/fault"
)

// Everywhere stands for the whole installation where a tenant's slug is expected: a role or a setting above all tenants.
const Everywhere = ""

// Person is somebody who may come into the staff console.
type Person struct {
	ID       string
	Email    string // small letters
	Name     string
	Password string   // encoded, see access.Hasher; empty: none
	TOTP     string   // base32; empty: no second factor; it lies sealed
	Step     int64    // the last step of TOTP that was used
	Recovery []string // digests of recovery codes
	Subject  string   // "issuer subject" of OIDC; empty: none
	Disabled bool
	Seen     time.Time // last login; zero: never
	Added    time.Time
}

// Member is a role of a person in a tenant, or Everywhere. It holds for the tenants below, too.
type Member struct {
	Person string
	Tenant string
	Role   access.Role
}

// AddPerson adds somebody without a role, and writes it into the audit log. Errors: fault.Invalid for an address that is none,
// fault.Conflict for one that is there already.
func (s *Store) AddPerson(ctx context.Context, actor string, p Person) (*Person, error) {
	email, err := Email(p.Email)
	if err != nil {
		return nil, err
	}
	p.ID, p.Email, p.Name = uuid.NewString(), email, strings.TrimSpace(p.Name)
	if p.Name == "" {
		return nil, fault.New(fault.Invalid, "%s needs a name", email)
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		if _, err := s.person(ctx, tx, s.sql["person_by_email"], email); err == nil {
			return fault.New(fault.Conflict, "%s is there already", email)
		} else if fault.CodeOf(err) != fault.NotFound {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["person_insert"], p.ID, p.Email, p.Name, p.Password, p.Subject, s.stamp()); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "person.add", Object: p.ID})
	})
	if err != nil {
		return nil, err
	}
	return s.Person(ctx, p.ID)
}

// Email gives an address as it is kept: trimmed, in small letters. fault.Invalid when it is none.
func Email(text string) (string, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text || len(text) > 254 || !strings.Contains(text[strings.LastIndex(text, "@")+1:], ".") {
		return "", fault.New(fault.Invalid, "%q is not an e-mail address: write nome.cognome@comune.example.it", text)
	}
	return text, nil
}

// Person gives somebody by id, or fault.NotFound.
func (s *Store) Person(ctx context.Context, id string) (*Person, error) {
	p, err := s.person(ctx, s.reader, s.sql["person_by_id"], id)
	return p, s.fail(err)
}

// PersonByEmail gives somebody by address, or fault.NotFound.
func (s *Store) PersonByEmail(ctx context.Context, email string) (*Person, error) {
	p, err := s.person(ctx, s.reader, s.sql["person_by_email"], strings.ToLower(strings.TrimSpace(email)))
	return p, s.fail(err)
}

// PersonBySubject gives somebody by "issuer subject" of OIDC, or fault.NotFound.
func (s *Store) PersonBySubject(ctx context.Context, subject string) (*Person, error) {
	p, err := s.person(ctx, s.reader, s.sql["person_by_subject"], subject)
	return p, s.fail(err)
}

// People gives everybody, by name.
func (s *Store) People(ctx context.Context) ([]Person, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["person_list"])
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, s.scanPerson)
	return all, s.fail(err)
}

// ChangePerson lets f change somebody's name, password, second factor, subject or state, and writes action into the audit log. A
// person who is disabled, or whose password or second factor changed, loses all sessions but keep.
func (s *Store) ChangePerson(ctx context.Context, actor, action, id, keep string, f func(*Person) error) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		p, err := s.person(ctx, tx, s.sql["person_by_id"], id)
		if err != nil {
			return err
		}
		before := *p
		if err := f(p); err != nil {
			return err
		}
		recovery, err := json.Marshal(p.Recovery)
		if err != nil {
			return err
		}
		disabled := ""
		if p.Disabled && !before.Disabled {
			if err := s.spared(ctx, tx, id); err != nil {
				return err
			}
		}
		if p.Disabled {
			disabled = s.stamp()
		}
		var second string // as it is kept
		if err := tx.QueryRowContext(ctx, s.sql["person_second"], id).Scan(&second); err != nil {
			return err
		}
		if p.TOTP != before.TOTP {
			if second, err = s.sealSecond(id, p.TOTP); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, s.sql["person_update"], id, p.Name, p.Password, second, p.Step, string(recovery), p.Subject, disabled); err != nil {
			return err
		}
		if p.Disabled || p.Password != before.Password || p.TOTP != before.TOTP {
			if _, err := tx.ExecContext(ctx, s.sql["session_delete_person"], id, keep); err != nil {
				return err
			}
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: action, Object: id})
	})
}

// UseStep remembers that the code of a step was used; false when that one, or a later one, was used before.
func (s *Store) UseStep(ctx context.Context, person string, step int64) (fresh bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, s.sql["person_step"], person, step)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if fresh = n == 1; err != nil || !fresh {
			return err
		}
		return s.resealSecond(ctx, tx, person)
	})
	return fresh, err
}

// Grant gives a person a role. Errors: fault.NotFound for a person or tenant that is not there, fault.Invalid for an unknown role.
func (s *Store) Grant(ctx context.Context, actor string, m Member) error {
	if !m.Role.Known() {
		return fault.New(fault.Invalid, "there is no role %q: write one of %v", m.Role, access.Roles())
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := s.person(ctx, tx, s.sql["person_by_id"], m.Person); err != nil {
			return err
		}
		if m.Tenant != Everywhere {
			if _, err := s.tenant(ctx, tx, m.Tenant); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, s.sql["membership_insert"], m.Person, m.Tenant, m.Role, s.stamp()); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "role.grant", Tenant: m.Tenant, Object: m.Person, Note: string(m.Role)})
	})
}

// Revoke takes a role away. fault.NotFound when the person has not got it, fault.Conflict when it is the last administrator of
// the whole installation, whom nobody could give the role back.
func (s *Store) Revoke(ctx context.Context, actor string, m Member) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if m.Tenant == Everywhere && m.Role == access.Territory {
			if err := s.another(ctx, tx, m.Person); err != nil {
				return err
			}
		}
		result, err := tx.ExecContext(ctx, s.sql["membership_delete"], m.Person, m.Tenant, m.Role)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fault.New(fault.NotFound, "the person has no role %s there", m.Role))
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "role.revoke", Tenant: m.Tenant, Object: m.Person, Note: string(m.Role)})
	})
}

// spared makes sure that a person who is kept out is not the last who administers the whole installation.
func (s *Store) spared(ctx context.Context, tx *sql.Tx, person string) error {
	rows, err := tx.QueryContext(ctx, s.sql["membership_list"], person)
	if err != nil {
		return err
	}
	members, err := collect(rows, scanMember)
	for _, m := range members {
		if m.Tenant == Everywhere && m.Role == access.Territory {
			return s.another(ctx, tx, person)
		}
	}
	return err
}

// another makes sure that somebody else who may come in administers the whole installation.
func (s *Store) another(ctx context.Context, tx *sql.Tx, person string) error {
	rows, err := tx.QueryContext(ctx, s.sql["membership_all"])
	if err != nil {
		return err
	}
	all, err := collect(rows, scanMember)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.Tenant != Everywhere || m.Role != access.Territory || m.Person == person {
			continue
		}
		if p, err := s.person(ctx, tx, s.sql["person_by_id"], m.Person); err == nil && !p.Disabled {
			return nil
		}
	}
	return fault.New(fault.Conflict, "this is the last administrator of the installation: give the role to somebody else first")
}

// Memberships gives the roles of a person.
func (s *Store) Memberships(ctx context.Context, person string) ([]Member, error) {
	return s.members(ctx, s.sql["membership_list"], person)
}

// AllMemberships gives everybody's roles.
func (s *Store) AllMemberships(ctx context.Context) ([]Member, error) {
	return s.members(ctx, s.sql["membership_all"])
}

func (s *Store) members(ctx context.Context, statement string, args ...any) ([]Member, error) {
	rows, err := s.reader.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, scanMember)
	return all, s.fail(err)
}

// RolesIn gives the roles that hold in the tenant whose line (itself, then its ancestors) is given, the widest first.
func RolesIn(members []Member, lineage []string) []access.Role {
	var held []access.Role
	for _, m := range members {
		if m.Tenant == Everywhere {
			held = append(held, m.Role)
			continue
		}
		for _, slug := range lineage {
			if m.Tenant == slug {
				held = append(held, m.Role)
			}
		}
	}
	return access.Widest(held)
}

func (s *Store) person(ctx context.Context, q querier, statement, key string) (*Person, error) {
	p, err := s.scanPerson(q.QueryRowContext(ctx, statement, key))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "there is no such person")
	}
	if err != nil {
		return nil, err
	}
	return &p, nil
}

func (s *Store) scanPerson(row scanner) (p Person, err error) {
	var recovery []byte
	var disabled, seen, added string
	if err := row.Scan(&p.ID, &p.Email, &p.Name, &p.Password, &p.TOTP, &p.Step, &recovery, &p.Subject, &disabled, &seen, &added); err != nil {
		return p, err
	}
	p.Disabled, p.Seen, p.Added = disabled != "", timeOf(seen), timeOf(added)
	if p.TOTP, err = s.unsealSecond(p.ID, p.TOTP); err != nil {
		return p, err
	}
	return p, json.Unmarshal(recovery, &p.Recovery)
}

func scanMember(row scanner) (m Member, err error) { return m, row.Scan(&m.Person, &m.Tenant, &m.Role) }

// timeOf reads a time as the database keeps it; empty is the zero time.
func timeOf(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return t
}

// HasPeople says whether anybody was ever added: an installation without people is new.
func (s *Store) HasPeople(ctx context.Context) (bool, error) {
	n := 0
	err := s.reader.QueryRowContext(ctx, s.sql["person_any"]).Scan(&n)
	return n > 0, s.fail(err)
}
