package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"sportello/assistant"
	"sportello/assistant/fault"
)

// Office is a counter of a tenant that people can turn to.
type Office struct {
	Name     string   `json:"name"`
	Subjects []string `json:"subjects,omitempty"`
	Hours    string   `json:"hours,omitempty"`
	Phone    string   `json:"phone,omitempty"`
	Email    string   `json:"email,omitempty"`
	Address  string   `json:"address,omitempty"`
	Closed   []Closed `json:"closed,omitempty"` // days on which it is closed besides its hours
}

// Closed is a day, or a run of days, on which an office is closed.
type Closed = assistant.ClosedDay

// closedAhead is how far ahead closed days are told.
const closedAhead = 30 * 24 * time.Hour

// PutOffices makes offices the only ones of a tenant, in this order.
func (s *Store) PutOffices(ctx context.Context, tenant string, offices []Office) error {
	if err := checkOffices(tenant, offices); err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error { return s.putOffices(ctx, tx, tenant, offices) })
}

// EditOffices is PutOffices by a person: it can be undone, and is in the audit log as what was done ("office.change") to which object.
func (s *Store) EditOffices(ctx context.Context, actor, tenant string, offices []Office, action, object string) error {
	if err := checkOffices(tenant, offices); err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		was, err := s.offices(ctx, tx, tenant)
		if err != nil {
			return err
		}
		if err := s.putOffices(ctx, tx, tenant, offices); err != nil {
			return err
		}
		if _, err := s.record(ctx, tx, tenant, actor, "offices", object, []item{{officesItem, officesItem, was}}); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: action, Tenant: tenant, Object: object})
	})
}

// restoreOffices makes the offices again what they were.
func (s *Store) restoreOffices(ctx context.Context, tx *sql.Tx, tenant string, was json.RawMessage) error {
	var offices []Office
	if err := json.Unmarshal(was, &offices); err != nil {
		return err
	}
	return s.putOffices(ctx, tx, tenant, offices)
}

func checkOffices(tenant string, offices []Office) error {
	for i, o := range offices {
		if o.Name == "" {
			return fault.New(fault.Invalid, "office %d of %s has no name", i+1, tenant)
		}
		for _, c := range o.Closed {
			if !day(c.From) || c.To != "" && (!day(c.To) || c.To < c.From) {
				return fault.New(fault.Invalid, "%s: the closed days %q to %q are no days: write 2026-12-24", o.Name, c.From, c.To)
			}
		}
	}
	return nil
}

func (s *Store) putOffices(ctx context.Context, tx *sql.Tx, tenant string, offices []Office) error {
	if _, err := s.tenant(ctx, tx, tenant); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, s.sql["office_clear"], tenant); err != nil {
		return err
	}
	for i, o := range offices {
		subjects, err := json.Marshal(o.Subjects)
		if err != nil {
			return err
		}
		closed, err := json.Marshal(append([]Closed{}, o.Closed...))
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["office_insert"], tenant, i, o.Name, string(subjects), o.Hours, o.Phone, o.Email, o.Address, string(closed)); err != nil {
			return err
		}
	}
	return nil
}

// Offices gives the offices of a tenant in their order.
func (s *Store) Offices(ctx context.Context, tenant string) ([]Office, error) {
	all, err := s.offices(ctx, s.reader, tenant)
	return all, s.fail(err)
}

func (s *Store) offices(ctx context.Context, q querier, tenant string) ([]Office, error) {
	if _, err := s.tenant(ctx, q, tenant); err != nil {
		return nil, err
	}
	rows, err := q.QueryContext(ctx, s.sql["office_list"], tenant)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(row scanner) (o Office, err error) {
		var subjects, closed []byte
		if err := row.Scan(&o.Name, &subjects, &o.Hours, &o.Phone, &o.Email, &o.Address, &closed); err != nil {
			return o, err
		}
		err = errors.Join(json.Unmarshal(subjects, &o.Subjects), json.Unmarshal(closed, &o.Closed))
		if len(o.Closed) == 0 {
			o.Closed = nil
		}
		return o, err
	})
}

// Contacts gives the offices of a tenant as an answer shows them, and last the administration itself when its settings say how it is
// reached. It is part of assistant.Library.
func (s *Store) Contacts(ctx context.Context, tenant string) ([]assistant.Contact, error) {
	offices, err := s.Offices(ctx, tenant)
	if err != nil {
		return nil, err
	}
	today, ahead := s.now().Format(time.DateOnly), s.now().Add(closedAhead).Format(time.DateOnly)
	contacts := make([]assistant.Contact, len(offices))
	for i, o := range offices {
		contacts[i] = assistant.Contact{Office: o.Name, Subjects: o.Subjects, Hours: o.Hours, Phone: o.Phone, Email: o.Email, Address: o.Address}
		for _, c := range o.Closed {
			if c.Last() >= today && c.From <= ahead {
				contacts[i].Closed = append(contacts[i].Closed, c)
			}
		}
	}
	general, err := s.general(ctx, tenant)
	if err != nil || general == nil {
		return contacts, err
	}
	return append(contacts, *general), nil
}

// general gives the contact of the administration itself, nil when no setting says any. It goes by the name of the tenant, or of the
// one above it whose settings these are.
func (s *Store) general(ctx context.Context, tenant string) (*assistant.Contact, error) {
	set, err := s.Settings(ctx, tenant)
	if err != nil {
		return nil, err
	}
	c := &assistant.Contact{General: true}
	from, said := "", false
	for key, into := range map[string]*string{SettingPhone: &c.Phone, SettingEmail: &c.Email, SettingPEC: &c.PEC, SettingAddress: &c.Address, SettingHours: &c.Hours, SettingLink: &c.Link} {
		x := set[key]
		if *into = x.Value; x.Value != "" && (from == Everywhere || x.Own) {
			from = x.From
		}
		said = said || x.Value != ""
	}
	if !said {
		return nil, nil
	}
	if from == Everywhere {
		from = tenant
	}
	t, err := s.Tenant(ctx, from)
	if err != nil {
		return nil, err
	}
	c.Office = t.Name
	return c, nil
}

func day(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}
