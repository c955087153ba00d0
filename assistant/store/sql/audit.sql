-- name: audit_last
SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1
-- name: audit_insert
INSERT INTO audit (seq, at, actor, action, tenant, object, note, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
-- name: audit_all
SELECT seq, at, actor, action, tenant, object, note, hash FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2
-- name: audit_list
SELECT seq, at, actor, action, tenant, object, note, hash FROM audit
WHERE (?1 = 1 OR tenant IN (/*list*/))
  AND (?2 = '' OR actor = ?2) AND (?3 = '' OR action = ?3) AND (?4 = '' OR at >= ?4) AND (?5 = '' OR at < ?5) AND (?6 = 0 OR seq < ?6)
ORDER BY seq DESC LIMIT ?7
-- name: audit_actions
SELECT DISTINCT action FROM audit ORDER BY action
