-- name: change_next
UPDATE counters SET value = value + 1 WHERE name = 'changes' RETURNING value
-- name: change_put
INSERT INTO changes (document, tenant, seq) VALUES (?1, ?2, ?3) ON CONFLICT (document) DO UPDATE SET seq = excluded.seq
-- name: change_seq
SELECT value FROM counters WHERE name = 'changes'
-- name: change_list
SELECT seq, tenant, document FROM changes WHERE seq > ?1 ORDER BY seq LIMIT ?2
-- name: cursor_get
SELECT seq FROM cursors WHERE consumer = ?1
-- name: cursor_put
INSERT INTO cursors (consumer, seq) VALUES (?1, ?2) ON CONFLICT (consumer) DO UPDATE SET seq = excluded.seq
