package store

import (
	"context"
	"database/sql"
	"encoding/json"
)

// nameOf is what ChangeTenant changes, as the journal keeps it.
type nameOf struct {
	Name  string   `json:"name"`
	ISTAT string   `json:"istat"`
	IPA   string   `json:"ipa"`
	Hosts []string `json:"hosts"`
}

func (s *Store) setTenant(ctx context.Context, tx *sql.Tx, slug string, n nameOf) error {
	hosts, err := json.Marshal(n.Hosts)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, s.sql["tenant_update"], slug, n.Name, n.ISTAT, n.IPA, string(hosts))
	return err
}

// restoreTenant makes a tenant's name and codes again what they were.
func (s *Store) restoreTenant(ctx context.Context, tx *sql.Tx, slug string, was json.RawMessage) error {
	var n nameOf
	if err := json.Unmarshal(was, &n); err != nil {
		return err
	}
	return s.setTenant(ctx, tx, slug, n)
}
