-- name: point_documents
SELECT d.id, d.version, v.visibility, v.valid_from, v.valid_to
FROM documents d JOIN versions v ON v.id = d.version WHERE d.tenant = ?1 AND d.state = 'live' ORDER BY d.version
-- name: point_document
SELECT d.id, d.version, v.visibility, v.valid_from, v.valid_to
FROM documents d JOIN versions v ON v.id = d.version WHERE d.tenant = ?1 AND d.state = 'live' AND d.id = ?2
-- name: point_chunks
SELECT c.id, t.terms, x.vector FROM chunks c JOIN texts t ON t.id = c.text
LEFT JOIN vectors x ON x.model = ?2 AND x.text = c.text WHERE c.version = ?1 ORDER BY c.ordinal
-- name: stale_find
SELECT EXISTS (SELECT 1 FROM texts WHERE analyzer < ?1)
-- name: stale_list
SELECT id, body FROM texts WHERE analyzer < ?1 LIMIT ?2
-- name: stale_put
UPDATE texts SET analyzer = ?2, terms = ?3 WHERE id = ?1
-- name: passage_chunks
SELECT c.id, c.version, c.article, c.eid, c.breadcrumb, c.lead, c.page_first, c.page_last, c.start_at, c.end_at, t.body
FROM chunks c JOIN texts t ON t.id = c.text WHERE c.id IN (/*list*/)
-- name: passage_documents
SELECT v.id, d.id, d.source, v.title, v.kind, v.format, v.approval, v.valid_from, v.valid_to, v.year, d.tenant, v.form,
  coalesce(d.shared, CASE WHEN v.visibility = 'public' AND o.kind <> 'comune' THEN 1 ELSE 0 END), v.visibility
FROM documents d JOIN versions v ON v.id = d.version JOIN tenants o ON o.slug = d.tenant
WHERE d.state = 'live' AND d.version IN (/*list*/)
