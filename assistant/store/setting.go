package store

import (
	"context"
	"database/sql"
)

// Keys of the settings that the store itself reads.
const (
	SettingHosts   = "crawl.hosts" // names of servers that addresses to watch may be of, one a line
	SettingTone    = "chat.tone"   // "formal": a model addresses people formally
	SettingTokens  = "chat.tokens" // of the chat model that a tenant may use in a day; 0: no limit
	SettingPhone   = "contact.phone"
	SettingEmail   = "contact.email"
	SettingPEC     = "contact.pec"
	SettingAddress = "contact.address"
	SettingHours   = "contact.hours"
	SettingLink    = "contact.link" // of the page with all the contacts
)

// Setting is the value of a key that holds in a tenant, and where it was set.
type Setting struct {
	Value string
	From  string // slug of the tenant itself or of an ancestor, or Everywhere
	Own   bool   // set in the tenant itself
}

// PutSetting sets a key in a tenant, or Everywhere; tenants below that have no value of their own take it.
func (s *Store) PutSetting(ctx context.Context, actor, tenant, key, value string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := s.exists(ctx, tx, tenant); err != nil {
			return err
		}
		if err := s.recordSetting(ctx, tx, actor, tenant, key, setValue{value, true}); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["setting_put"], tenant, key, value, s.stamp()); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "setting.change", Tenant: tenant, Object: key})
	})
}

// DropSetting takes a tenant's own value away, so that it inherits again.
func (s *Store) DropSetting(ctx context.Context, actor, tenant, key string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := s.exists(ctx, tx, tenant); err != nil {
			return err
		}
		if err := s.recordSetting(ctx, tx, actor, tenant, key, setValue{}); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql["setting_delete"], tenant, key); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "setting.inherit", Tenant: tenant, Object: key})
	})
}

func (s *Store) exists(ctx context.Context, tx *sql.Tx, tenant string) error {
	if tenant == Everywhere {
		return nil
	}
	_, err := s.tenant(ctx, tx, tenant)
	return err
}

// Setting gives the value of a key that holds in a tenant: its own, else that of the nearest ancestor, else that of the whole
// installation. ok is false when nobody set it. fault.NotFound when there is no such tenant.
func (s *Store) Setting(ctx context.Context, tenant, key string) (x Setting, ok bool, err error) {
	all, err := s.settings(ctx, tenant, s.sql["setting_key"], key)
	x, ok = all[key]
	return x, ok, err
}

// Settings gives all keys that hold in a tenant, see Setting.
func (s *Store) Settings(ctx context.Context, tenant string) (map[string]Setting, error) {
	return s.settings(ctx, tenant, s.sql["setting_all"])
}

// SettingAlong gives what is set for a key in a tenant, its ancestors and Everywhere, the nearest first: for what adds up along the tree.
func (s *Store) SettingAlong(ctx context.Context, tenant, key string) ([]Setting, error) {
	line, err := s.Lineage(ctx, tenant)
	if err != nil {
		return nil, err
	}
	rows, err := s.reader.QueryContext(ctx, s.sql["setting_key"], key)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, func(r scanner) (x Setting, err error) { var k string; return x, r.Scan(&x.From, &k, &x.Value) })
	if err != nil {
		return nil, s.fail(err)
	}
	var out []Setting
	for _, slug := range append(line, Everywhere) {
		for _, x := range all {
			if x.From == slug {
				x.Own = slug == tenant
				out = append(out, x)
			}
		}
	}
	return out, nil
}

func (s *Store) settings(ctx context.Context, tenant, statement string, args ...any) (map[string]Setting, error) {
	out, err := s.settingsIn(ctx, s.reader, tenant, statement, args...)
	return out, s.fail(err)
}

func (s *Store) settingsIn(ctx context.Context, q querier, tenant, statement string, args ...any) (map[string]Setting, error) {
	line := []string{}
	if tenant != Everywhere {
		var err error
		if line, err = s.lineage(ctx, q, tenant); err != nil {
			return nil, err
		}
	}
	line = append(line, Everywhere)
	depth := map[string]int{}
	for i, slug := range line {
		depth[slug] = i
	}
	type row struct{ tenant, key, value string }
	rows, err := q.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	all, err := collect(rows, func(r scanner) (x row, err error) { return x, r.Scan(&x.tenant, &x.key, &x.value) })
	if err != nil {
		return nil, err
	}
	out, best := map[string]Setting{}, map[string]int{}
	for _, r := range all {
		d, in := depth[r.tenant]
		if had, ok := best[r.key]; !in || ok && had < d {
			continue
		}
		best[r.key], out[r.key] = d, Setting{Value: r.value, From: r.tenant, Own: r.tenant == tenant}
	}
	return out, nil
}
