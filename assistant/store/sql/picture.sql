-- name: picture_put
INSERT INTO pictures (sha256, bytes, added_at) VALUES (?1, ?2, ?3) ON CONFLICT (sha256) DO UPDATE SET added_at = excluded.added_at
-- name: picture_get
SELECT bytes FROM pictures WHERE sha256 = ?1
-- name: picture_prune
DELETE FROM pictures WHERE added_at < ?1 AND sha256 NOT IN (SELECT value FROM settings)
AND NOT EXISTS (SELECT 1 FROM journal_items WHERE kind = 'setting' AND instr(was, sha256) > 0)
