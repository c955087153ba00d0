-- name: point_of
SELECT c.id, d.id, v.visibility, v.valid_from, v.valid_to, t.terms, x.vector
FROM documents d JOIN versions v ON v.id = d.version JOIN chunks c ON c.version = v.id JOIN texts t ON t.id = c.text
LEFT JOIN vectors x ON x.model = ?2 AND x.text = t.id
WHERE d.tenant = ?1 AND d.state = 'live' AND d.id = ?3 ORDER BY c.ordinal
-- name: point_all
SELECT c.id, d.id, v.visibility, v.valid_from, v.valid_to, t.terms, x.vector
FROM documents d JOIN versions v ON v.id = d.version JOIN chunks c ON c.version = v.id JOIN texts t ON t.id = c.text
LEFT JOIN vectors x ON x.model = ?2 AND x.text = t.id
WHERE d.tenant = ?1 AND d.state = 'live' ORDER BY v.id, c.ordinal
-- name: stale_find
SELECT EXISTS (SELECT 1 FROM texts WHERE analyzer < ?1)
-- name: stale_list
SELECT id, body FROM texts WHERE analyzer < ?1 LIMIT ?2
-- name: stale_put
UPDATE texts SET analyzer = ?2, terms = ?3 WHERE id = ?1
-- name: passages
SELECT c.id, d.id, d.source, v.title, v.kind, v.format, c.article, c.eid, c.breadcrumb, c.lead, c.page_first, c.page_last,
  c.start_at, c.end_at, v.approval, v.valid_from, v.valid_to, v.year, d.tenant, v.form, t.body,
  coalesce(d.shared, CASE WHEN v.visibility = 'public' AND o.kind <> 'comune' THEN 1 ELSE 0 END), v.visibility
FROM chunks c JOIN documents d ON d.version = c.version JOIN versions v ON v.id = c.version
JOIN tenants o ON o.slug = d.tenant JOIN texts t ON t.id = c.text
WHERE d.state = 'live' AND c.id IN (/*list*/)
