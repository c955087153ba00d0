-- name: fix_get
SELECT fields, parsed FROM fixes WHERE document = ?1
-- name: fix_put
INSERT INTO fixes (document, fields, parsed) VALUES (?1, ?2, ?3)
ON CONFLICT (document) DO UPDATE SET fields = excluded.fields, parsed = excluded.parsed
-- name: fix_drop
DELETE FROM fixes WHERE document = ?1
-- name: version_fields
SELECT v.id, v.title, v.kind, v.visibility, v.approval, v.valid_from, v.valid_to, v.year, v.meta
FROM documents d JOIN versions v ON v.id = d.version WHERE d.tenant = ?1 AND d.id = ?2
-- name: version_fix
UPDATE versions SET title = ?2, kind = ?3, visibility = ?4, approval = ?5, valid_from = ?6, valid_to = ?7, year = ?8, meta = ?9 WHERE id = ?1
-- name: version_chunks
UPDATE versions SET chunks = ?2 WHERE id = ?1
-- name: document_edit
UPDATE documents SET state = ?3, reason = ?4, superseded_by = ?5, office = ?6, shared = ?7 WHERE tenant = ?1 AND id = ?2
-- name: document_snapshot
SELECT d.state, d.reason, coalesce(d.superseded_by, ''), d.office, d.shared, v.number, coalesce(f.fields, ''), v.title
FROM documents d JOIN versions v ON v.id = d.version LEFT JOIN fixes f ON f.document = d.id WHERE d.tenant = ?1 AND d.id = ?2
-- name: version_list
SELECT v.number, v.sha256, v.size, v.title, v.kind, v.visibility, v.approval, v.valid_from, v.valid_to, v.year, v.pages, v.added_at,
  CASE WHEN d.version = v.id THEN 1 ELSE 0 END
FROM versions v JOIN documents d ON d.id = v.document WHERE d.tenant = ?1 AND d.id = ?2 ORDER BY v.number DESC
-- name: version_content
SELECT v.title, v.kind, v.format, v.language, v.sha256, v.visibility, v.approval, v.valid_from, v.valid_to, v.year, v.pages, v.form,
  v.meta, v.sections, v.body, d.source
FROM versions v JOIN documents d ON d.id = v.document WHERE d.tenant = ?1 AND d.id = ?2 AND v.number = ?3
-- name: version_print
SELECT fingerprint, size FROM versions WHERE document = ?1 AND number = ?2
-- name: version_last
SELECT max(number) FROM versions WHERE document = ?1
-- name: version_bodies
SELECT d.id, v.body FROM documents d JOIN versions v ON v.id = d.version WHERE d.tenant = ?1 AND d.state = 'live' ORDER BY v.title, d.source
-- name: document_same
SELECT d.id, d.source, v.title FROM documents d JOIN versions v ON v.id = d.version
WHERE d.tenant = ?1 AND v.sha256 = ?2 AND d.source <> ?3 AND d.state = 'live' ORDER BY d.source LIMIT 1
-- name: chunk_texts
SELECT c.ordinal, c.article, c.eid, c.breadcrumb, c.lead, c.start_at, c.end_at, c.page_first, c.page_last
FROM chunks c JOIN documents d ON d.version = c.version WHERE d.tenant = ?1 AND d.id = ?2 ORDER BY c.ordinal
-- name: journal_insert
INSERT INTO journal (tenant, at, author, action, label, undone_at, undone_by) VALUES (?1, ?2, ?3, ?4, ?5, '', '') RETURNING id
-- name: journal_item
INSERT INTO journal_items (entry, kind, subject, was) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (entry, kind, subject) DO NOTHING
-- name: journal_list
SELECT j.id, j.at, j.author, j.action, j.label, j.undone_at, j.undone_by, count(i.subject), coalesce(min(i.subject), ''), coalesce(min(i.kind), '')
FROM journal j LEFT JOIN journal_items i ON i.entry = j.id WHERE j.tenant = ?1
GROUP BY j.id, j.at, j.author, j.action, j.label, j.undone_at, j.undone_by ORDER BY j.id DESC LIMIT ?2 OFFSET ?3
-- name: journal_get
SELECT id, at, author, action, label, undone_at, undone_by FROM journal WHERE tenant = ?1 AND id = ?2
-- name: journal_items_of
SELECT kind, subject, was FROM journal_items WHERE entry = ?1 ORDER BY kind, subject
-- name: journal_later
SELECT count(*) FROM journal_items i JOIN journal j ON j.id = i.entry
WHERE i.kind = ?1 AND i.subject = ?2 AND i.entry > ?3 AND j.tenant = ?4 AND j.undone_at = ''
-- name: journal_undone
UPDATE journal SET undone_at = ?2, undone_by = ?3 WHERE id = ?1
-- name: journal_prune_items
DELETE FROM journal_items WHERE entry IN (SELECT id FROM journal WHERE at < ?1)
-- name: journal_prune
DELETE FROM journal WHERE at < ?1
-- name: version_present
SELECT v.id, v.number FROM documents d JOIN versions v ON v.id = d.version WHERE d.id = ?1
