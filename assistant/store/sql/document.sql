-- name: document_find
SELECT d.id, d.state, v.number, v.fingerprint, v.chunks
FROM documents d JOIN versions v ON v.id = d.version WHERE d.tenant = ?1 AND d.source = ?2
-- name: document_insert
INSERT INTO documents (id, tenant, source, state, reason, version, added_at) VALUES (?1, ?2, ?3, 'live', '', 0, ?4)
-- name: document_point
UPDATE documents SET version = ?2, state = ?3 WHERE id = ?1
-- name: document_state
UPDATE documents SET state = ?3, reason = ?4, superseded_by = ?5 WHERE tenant = ?1 AND id = ?2
-- name: document_share
UPDATE documents SET shared = ?3 WHERE tenant = ?1 AND id = ?2
-- name: version_insert
INSERT INTO versions (document, number, sha256, size, fingerprint, title, kind, format, language, visibility, valid_from,
  valid_to, year, pages, chunks, approval, form, added_at, meta, sections, body)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21) RETURNING id
-- name: chunk_clear
DELETE FROM chunks WHERE version IN (SELECT id FROM versions WHERE document = ?1)
-- name: text_upsert
INSERT INTO texts (hash, analyzer, terms, body) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (hash) DO UPDATE SET analyzer = excluded.analyzer, terms = excluded.terms RETURNING id
-- name: chunk_insert
INSERT INTO chunks (id, version, ordinal, text, section, article, eid, breadcrumb, lead, start_at, end_at, page_first, page_last)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
-- name: record_columns
SELECT d.id, d.tenant, v.number, d.source, v.title, v.kind, v.format, v.language, v.sha256, v.size, v.visibility, v.approval,
  v.valid_from, v.valid_to, v.year, v.pages, v.form, v.meta, d.state, d.reason, coalesce(d.superseded_by, ''),
  coalesce(d.shared, CASE WHEN v.visibility = 'public' AND t.kind <> 'comune' THEN 1 ELSE 0 END), v.added_at, v.chunks,
  d.office
FROM documents d JOIN versions v ON v.id = d.version JOIN tenants t ON t.slug = d.tenant
-- name: content_get
SELECT sections, body FROM versions WHERE document = ?1 AND number = ?2
