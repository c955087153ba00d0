package store

import (
	"context"
	"database/sql"
	"encoding/json"

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
}

// PutOffices makes offices the only ones of a tenant, in this order.
func (s *Store) PutOffices(ctx context.Context, tenant string, offices []Office) error {
	for i, o := range offices {
		if o.Name == "" {
			return fault.New(fault.Invalid, "office %d of %s has no name", i+1, tenant)
		}
	}
	return s.write(ctx, func(tx *sql.Tx) error {
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
			if _, err := tx.ExecContext(ctx, s.sql["office_insert"], tenant, i, o.Name, string(subjects), o.Hours, o.Phone, o.Email, o.Address); err != nil {
				return err
			}
		}
		return nil
	})
}

// Offices gives the offices of a tenant in their order.
func (s *Store) Offices(ctx context.Context, tenant string) ([]Office, error) {
	if _, err := s.tenant(ctx, s.reader, tenant); err != nil {
		return nil, s.fail(err)
	}
	rows, err := s.reader.QueryContext(ctx, s.sql["office_list"], tenant)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, func(row scanner) (o Office, err error) {
		var subjects []byte
		if err := row.Scan(&o.Name, &subjects, &o.Hours, &o.Phone, &o.Email, &o.Address); err != nil {
			return o, err
		}
		return o, json.Unmarshal(subjects, &o.Subjects)
	})
	return all, s.fail(err)
}

// Contacts gives the offices of a tenant as an answer shows them. It is part of assistant.Library.
func (s *Store) Contacts(ctx context.Context, tenant string) ([]assistant.Contact, error) {
	offices, err := s.Offices(ctx, tenant)
	if err != nil {
		return nil, err
	}
	contacts := make([]assistant.Contact, len(offices))
	for i, o := range offices {
		contacts[i] = assistant.Contact{Office: o.Name, Subjects: o.Subjects, Hours: o.Hours, Phone: o.Phone, Email: o.Email, Address: o.Address}
	}
	return contacts, nil
}
