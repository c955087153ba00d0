-- name: tenant_insert
INSERT INTO tenants (slug, name, kind, parent, istat, ipa, hosts, added_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
-- name: tenant_get
SELECT slug, name, kind, coalesce(parent, ''), istat, ipa, hosts FROM tenants WHERE slug = ?1
-- name: tenant_list
SELECT slug, name, kind, coalesce(parent, ''), istat, ipa, hosts FROM tenants ORDER BY slug
-- name: tenant_lineage
WITH RECURSIVE line(slug, parent, depth) AS (
  SELECT slug, parent, 0 FROM tenants WHERE slug = ?1
  UNION ALL
  SELECT t.slug, t.parent, line.depth + 1 FROM tenants t JOIN line ON t.slug = line.parent WHERE line.depth < 16
)
SELECT slug FROM line ORDER BY depth
-- name: office_clear
DELETE FROM offices WHERE tenant = ?1
-- name: office_insert
INSERT INTO offices (tenant, ordinal, name, subjects, hours, phone, email, address, closed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
-- name: office_list
SELECT name, subjects, hours, phone, email, address, closed FROM offices WHERE tenant = ?1 ORDER BY ordinal
-- name: tenant_update
UPDATE tenants SET name = ?2, istat = ?3, ipa = ?4, hosts = ?5 WHERE slug = ?1
