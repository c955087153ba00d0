-- name: address_put
INSERT INTO addresses (id, tenant, address, kind, options, hours, active, author, added_at, next_at, lease, visited_at, report)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, '', '')
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, options = excluded.options, hours = excluded.hours, active = excluded.active,
  next_at = excluded.next_at
-- name: address_columns
SELECT a.id, a.tenant, a.address, a.kind, a.options, a.hours, a.active, a.author, a.added_at, a.next_at, a.lease, a.visited_at, a.report
FROM addresses a
-- name: address_next
WHERE a.active = 1 AND (a.next_at <= ?1 OR a.next_at > ?1 + (a.hours + 48) * 3600000) AND (a.lease <= ?1 OR a.lease > ?1 + 3600000) AND a.next_at > 0 ORDER BY a.next_at, a.id LIMIT 1
-- name: address_lease
UPDATE addresses SET lease = ?2 WHERE id = ?1
-- name: address_visited
UPDATE addresses SET lease = 0, visited_at = ?2, report = ?3, next_at = ?4 WHERE id = ?1
-- name: address_now
UPDATE addresses SET next_at = ?3 WHERE tenant = ?1 AND id = ?2 AND active = 1
-- name: address_active
UPDATE addresses SET active = ?3 WHERE tenant = ?1 AND id = ?2
-- name: address_page_get
SELECT etag, modified, links FROM address_pages WHERE address = ?1 AND url = ?2
-- name: address_page_put
INSERT INTO address_pages (address, url, etag, modified, links, seen_at, gone_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, '')
ON CONFLICT (address, url) DO UPDATE SET etag = excluded.etag, modified = excluded.modified, links = excluded.links,
  seen_at = excluded.seen_at, gone_at = ''
-- name: address_page_seen
UPDATE address_pages SET seen_at = ?3, gone_at = '' WHERE address = ?1 AND url = ?2
-- name: address_page_gone
UPDATE address_pages SET gone_at = ?3 WHERE address = ?1 AND seen_at < ?2 AND gone_at = ''
-- name: address_gone
SELECT url, gone_at FROM address_pages WHERE address = ?1 AND gone_at <> '' ORDER BY url
-- name: address_tenant
SELECT tenant FROM addresses WHERE id = ?1
-- name: address_taken_put
INSERT INTO address_taken (address, document, was) VALUES (?1, ?2, ?3) ON CONFLICT (address, document) DO NOTHING
-- name: address_taken_list
SELECT document, was FROM address_taken WHERE address = ?1 ORDER BY document
-- name: address_taken_drop
DELETE FROM address_taken WHERE address = ?1
-- name: declined_put
INSERT INTO declined (document, fingerprint)
SELECT d.id, v.fingerprint FROM documents d JOIN versions v ON v.id = d.version WHERE d.tenant = ?1 AND d.id = ?2
ON CONFLICT (document, fingerprint) DO NOTHING
-- name: declined_has
SELECT count(*) FROM declined WHERE document = ?1 AND fingerprint = ?2
-- name: declined_drop
DELETE FROM declined WHERE document = ?1
