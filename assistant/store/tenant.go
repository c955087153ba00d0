package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"regexp"

	"sportello/assistant/fault"
)

// Tenant is a comune, or a union or provincia above it.
type Tenant struct {
	Slug   string   `json:"slug"` // in addresses: small letters, digits and hyphens
	Name   string   `json:"name"`
	Kind   string   `json:"kind"`             // comune | unione | provincia
	Parent string   `json:"parent,omitempty"` // slug of the unione or provincia it belongs to
	ISTAT  string   `json:"istat,omitempty"`  // six digits
	IPA    string   `json:"ipa,omitempty"`    // code in the index of public administrations, "c_a508"
	Hosts  []string `json:"hosts,omitempty"`  // names of web sites that may show its widget
}

// The kinds of a tenant.
const (
	Comune    = "comune"
	Unione    = "unione"
	Provincia = "provincia"
)

var (
	slugForm  = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$`)
	istatForm = regexp.MustCompile(`^[0-9]{6}$`)
)

func (t *Tenant) check() error {
	switch {
	case !slugForm.MatchString(t.Slug):
		return fault.New(fault.Invalid, "the slug %q is not usable in an address: small letters without accents, digits and hyphens, at most 63", t.Slug)
	case t.Name == "":
		return fault.New(fault.Invalid, "the tenant %s needs a name", t.Slug)
	case t.Kind != Comune && t.Kind != Unione && t.Kind != Provincia:
		return fault.New(fault.Invalid, "the kind %q of %s is not one of comune, unione, provincia", t.Kind, t.Slug)
	case t.ISTAT != "" && !istatForm.MatchString(t.ISTAT):
		return fault.New(fault.Invalid, "the ISTAT code %q of %s is not six digits", t.ISTAT, t.Slug)
	case t.Parent == t.Slug:
		return fault.New(fault.Invalid, "%s cannot be its own parent", t.Slug)
	}
	return nil
}

// AddTenant adds a tenant; an empty kind is a comune. Errors: fault.Conflict when the slug is taken, fault.Invalid for a
// slug, kind or code that is not well formed and for a parent that is not there or cannot have tenants below it. A
// parent has to be there first, which also keeps the tree free of cycles. notes are the audit entries that tell of it; their tenant and object
// are set here.
func (s *Store) AddTenant(ctx context.Context, t Tenant, notes ...AuditEntry) error {
	if t.Kind == "" {
		t.Kind = Comune
	}
	if err := t.check(); err != nil {
		return err
	}
	hosts, err := json.Marshal(t.Hosts)
	if err != nil {
		return s.fail(err)
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		if _, err := s.tenant(ctx, tx, t.Slug); err == nil {
			return fault.New(fault.Conflict, "there is already a tenant %s", t.Slug)
		} else if fault.CodeOf(err) != fault.NotFound {
			return err
		}
		parent := sql.NullString{String: t.Parent, Valid: t.Parent != ""}
		if parent.Valid {
			above, err := s.tenant(ctx, tx, t.Parent)
			if fault.CodeOf(err) == fault.NotFound {
				return fault.Wrap(fault.Invalid, err, "the parent %q of %s is not a tenant: add it first", t.Parent, t.Slug)
			}
			if err != nil {
				return err
			}
			if rank[above.Kind] <= rank[t.Kind] {
				return fault.New(fault.Invalid, "%s is a %s: a %s cannot be below it", above.Slug, above.Kind, t.Kind)
			}
		}
		if _, err := tx.ExecContext(ctx, s.sql["tenant_insert"], t.Slug, t.Name, t.Kind, parent, t.ISTAT, t.IPA, string(hosts), s.stamp()); err != nil {
			return err
		}
		for _, n := range notes {
			n.Action, n.Tenant, n.Object = "tenant.add", t.Slug, t.Slug
			if err := s.note(ctx, tx, n); err != nil {
				return err
			}
		}
		return nil
	})
}

// ChangeTenant lets f change a tenant's name, codes and hosts, and writes it into the audit log and the journal. Slug, kind and parent stay: addresses
// that people know, and what is seen from where, hang on them.
func (s *Store) ChangeTenant(ctx context.Context, actor, slug string, f func(*Tenant) error) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		t, err := s.tenant(ctx, tx, slug)
		if err != nil {
			return err
		}
		was := nameOf{t.Name, t.ISTAT, t.IPA, t.Hosts}
		if err := f(t); err != nil {
			return err
		}
		t.Slug = slug
		if err := t.check(); err != nil {
			return err
		}
		if err := s.setTenant(ctx, tx, slug, nameOf{t.Name, t.ISTAT, t.IPA, t.Hosts}); err != nil {
			return err
		}
		if _, err := s.record(ctx, tx, slug, actor, "tenant", was.Name, []item{{tenantItem, tenantItem, was}}); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "tenant.change", Tenant: slug, Object: slug})
	})
}

// rank orders kinds: a parent is of a higher one. Unioni do not nest (art. 32 d.lgs. 267/2000: a union is made of comuni).
var rank = map[string]int{Comune: 0, Unione: 1, Provincia: 2}

// Tenant gives one tenant, or fault.NotFound.
func (s *Store) Tenant(ctx context.Context, slug string) (*Tenant, error) {
	t, err := s.tenant(ctx, s.reader, slug)
	return t, s.fail(err)
}

// Tenants gives all tenants by slug.
func (s *Store) Tenants(ctx context.Context) ([]Tenant, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["tenant_list"])
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, scanTenant)
	return all, s.fail(err)
}

// querier is a *sql.DB or a *sql.Tx.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func (s *Store) tenant(ctx context.Context, q querier, slug string) (*Tenant, error) {
	t, err := scanTenant(q.QueryRowContext(ctx, s.sql["tenant_get"], slug))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "there is no tenant %q: add it with sportello tenant add", slug)
	}
	if err != nil {
		return nil, err
	}
	return &t, nil
}

// scanner is a *sql.Row or a *sql.Rows.
type scanner interface{ Scan(dest ...any) error }

func scanTenant(row scanner) (t Tenant, err error) {
	var hosts []byte
	if err := row.Scan(&t.Slug, &t.Name, &t.Kind, &t.Parent, &t.ISTAT, &t.IPA, &hosts); err != nil {
		return t, err
	}
	return t, json.Unmarshal(hosts, &t.Hosts)
}

// collect reads all rows and closes them.
func collect[T any](rows *sql.Rows, scan func(scanner) (T, error)) (all []T, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
