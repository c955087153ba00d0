package store

import (
	"context"
	"database/sql"
	"time"

	"sportello/assistant/fault"
)

// ActTemplate is a version of a template of acts that a tenant has made its own.
type ActTemplate struct {
	Name    string
	Version int
	Text    string // the template as one file; empty: it was taken out of use
	What    string // "copied", "changed", "restored", "imported", "withdrawn"
	By      string
	At      time.Time
}

// PutActTemplate keeps a new version of a template and gives its number. Versions never go away: an act remembers the one it was made of.
func (s *Store) PutActTemplate(ctx context.Context, actor, tenant string, t ActTemplate) (version int, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if _, err := s.tenant(ctx, tx, tenant); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, s.sql["act_template_put"], tenant, t.Name, t.Text, t.What, t.By, s.stamp()).Scan(&version); err != nil {
			return err
		}
		return s.note(ctx, tx, AuditEntry{Actor: actor, Action: "act.template", Tenant: tenant, Object: t.Name, Note: t.What})
	})
	return version, err
}

// ActTemplates gives the last version of each template of a tenant, also of those that were taken out of use.
func (s *Store) ActTemplates(ctx context.Context, tenant string) ([]ActTemplate, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["act_template_list"], tenant)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, scanActTemplate)
	return all, s.fail(err)
}

// ActTemplateVersions gives all versions of one, the last first; none of a template that the tenant has not.
func (s *Store) ActTemplateVersions(ctx context.Context, tenant, name string) ([]ActTemplate, error) {
	rows, err := s.reader.QueryContext(ctx, s.sql["act_template_versions"], tenant, name)
	if err != nil {
		return nil, s.fail(err)
	}
	all, err := collect(rows, scanActTemplate)
	return all, s.fail(err)
}

// ActTemplateVersion gives one version, or fault.NotFound.
func (s *Store) ActTemplateVersion(ctx context.Context, tenant, name string, version int) (*ActTemplate, error) {
	all, err := s.ActTemplateVersions(ctx, tenant, name)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Version == version {
			return &all[i], nil
		}
	}
	return nil, fault.New(fault.NotFound, "the template %q has no version %d", name, version)
}

func scanActTemplate(row scanner) (t ActTemplate, err error) {
	var at string
	err = row.Scan(&t.Name, &t.Version, &t.Text, &t.What, &t.By, &at)
	t.At = timeOf(at)
	return t, err
}
