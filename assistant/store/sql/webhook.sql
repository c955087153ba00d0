-- name: webhook_insert
INSERT INTO webhooks (id, tenant, url, events, active, author, added_at, sealed) VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6, ?7)
-- name: webhook_list
SELECT w.id, w.tenant, w.url, w.events, w.active, w.author, w.added_at,
  (SELECT count(*) FROM deliveries d WHERE d.webhook = w.id AND d.state = 'queued'),
  (SELECT count(*) FROM deliveries d WHERE d.webhook = w.id AND d.state = 'failed')
FROM webhooks w WHERE (?1 = '' OR w.tenant = ?1) AND (?2 = '' OR w.id = ?2) ORDER BY w.added_at, w.id
-- name: webhook_change
UPDATE webhooks SET url = ?3, events = ?4, active = ?5 WHERE tenant = ?1 AND id = ?2
-- name: webhook_reseal
UPDATE webhooks SET sealed = ?3 WHERE tenant = ?1 AND id = ?2
-- name: webhook_sealed
SELECT sealed FROM webhooks WHERE id = ?1
-- name: webhook_delete
DELETE FROM webhooks WHERE tenant = ?1 AND id = ?2
-- name: webhook_for
SELECT id FROM webhooks WHERE tenant = ?1 AND active = 1 AND instr(events, '"' || ?2 || '"') > 0 ORDER BY id
-- name: webhook_document
SELECT d.source, v.title, v.kind, v.visibility, v.number, d.state, coalesce(d.superseded_by, '')
FROM documents d JOIN versions v ON v.id = d.version WHERE d.tenant = ?1 AND d.id = ?2
-- name: delivery_insert
INSERT INTO deliveries (webhook, message, event, body, at, state, tries, next_at, status, error) VALUES (?1, ?2, ?3, ?4, ?5, 'queued', 0, ?6, 0, '')
RETURNING id
-- name: delivery_due
SELECT id FROM deliveries WHERE state = 'queued' AND (next_at <= ?1 OR next_at > ?1 + 172800000) ORDER BY next_at, id LIMIT 1
-- name: delivery_claim
UPDATE deliveries SET next_at = ?2, tries = tries + 1
WHERE id = (SELECT id FROM deliveries WHERE state = 'queued' AND (next_at <= ?1 OR next_at > ?1 + 172800000) ORDER BY next_at, id LIMIT 1)
RETURNING id, webhook, message, event, body, at, state, tries, next_at, status, error
-- name: delivery_change
UPDATE deliveries SET state = ?2, next_at = ?3, status = ?4, error = ?5 WHERE id = ?1
-- name: delivery_retry
UPDATE deliveries SET state = 'queued', tries = 0, next_at = ?3 WHERE webhook = ?1 AND id = ?2 AND state <> 'queued'
-- name: delivery_list
SELECT id, webhook, message, event, body, at, state, tries, next_at, status, error FROM deliveries WHERE webhook = ?1 ORDER BY id DESC LIMIT ?2 OFFSET ?3
-- name: delivery_get
SELECT id, webhook, message, event, body, at, state, tries, next_at, status, error FROM deliveries WHERE webhook = ?1 AND id = ?2
-- name: delivery_clear
DELETE FROM deliveries WHERE webhook = ?1
-- name: delivery_prune
DELETE FROM deliveries WHERE state <> 'queued' AND at < ?1
