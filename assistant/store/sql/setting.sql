-- name: setting_put
INSERT INTO settings (tenant, key, value, changed_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (tenant, key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at
-- name: setting_delete
DELETE FROM settings WHERE tenant = ?1 AND key = ?2
-- name: setting_key
SELECT tenant, key, value FROM settings WHERE key = ?1
-- name: setting_all
SELECT tenant, key, value FROM settings
-- name: setting_own
SELECT value FROM settings WHERE tenant = ?1 AND key = ?2
