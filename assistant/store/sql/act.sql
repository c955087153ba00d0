-- name: act_insert
INSERT INTO acts (id, tenant, template, family, title, state, revision, author, author_name, added_at, changed_at, changed_by, review_by, review_at, approved_by, approved_at)
VALUES (?1, ?2, ?3, ?4, ?5, 'draft', 1, ?6, ?7, ?8, ?8, ?7, '', '', '', '')
-- name: act_get
SELECT a.id, a.tenant, a.template, a.family, a.title, a.state, a.revision, a.author, a.author_name, a.added_at, a.changed_at, a.changed_by, a.review_by, a.review_at, a.approved_by, a.approved_at, r.content
FROM acts a JOIN act_revisions r ON r.act = a.id AND r.revision = a.revision WHERE a.tenant = ?1 AND a.id = ?2
-- name: act_list
SELECT id, tenant, template, family, title, state, revision, author, author_name, added_at, changed_at, changed_by, review_by, review_at, approved_by, approved_at, ''
FROM acts WHERE tenant = ?1 AND (?2 = '' OR state = ?2) AND (?3 = '' OR family = ?3) AND (?4 = '' OR lower(title) LIKE ?4 ESCAPE '\')
ORDER BY changed_at DESC, id LIMIT ?5 OFFSET ?6
-- name: act_count
SELECT count(*) FROM acts WHERE tenant = ?1 AND (?2 = '' OR state = ?2) AND (?3 = '' OR family = ?3) AND (?4 = '' OR lower(title) LIKE ?4 ESCAPE '\')
-- name: act_save
UPDATE acts SET title = ?4, revision = revision + 1, changed_at = ?5, changed_by = ?6 WHERE tenant = ?1 AND id = ?2 AND revision = ?3 AND state <> 'approved' RETURNING revision
-- name: act_state
UPDATE acts SET state = ?3, review_by = ?4, review_at = ?5, approved_by = ?6, approved_at = ?7 WHERE tenant = ?1 AND id = ?2
-- name: act_delete
DELETE FROM acts WHERE tenant = ?1 AND id = ?2
-- name: act_revision_insert
INSERT INTO act_revisions (act, revision, content, what, restores, by_name, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
-- name: act_revision_get
SELECT revision, what, restores, by_name, at, content FROM act_revisions WHERE act = ?1 AND revision = ?2
-- name: act_revision_list
SELECT revision, what, restores, by_name, at, '' FROM act_revisions WHERE act = ?1 ORDER BY revision DESC LIMIT ?2
-- name: act_revision_prune
DELETE FROM act_revisions WHERE act = ?1 AND revision <= ?2 AND revision > 1
-- name: act_revision_clear
DELETE FROM act_revisions WHERE act = ?1
-- name: act_comment_insert
INSERT INTO act_comments (id, act, part, text, by_name, at, resolved_by, resolved_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', '')
-- name: act_comment_list
SELECT id, part, text, by_name, at, resolved_by, resolved_at FROM act_comments WHERE act = ?1 ORDER BY at, id
-- name: act_comment_resolve
UPDATE act_comments SET resolved_by = ?3, resolved_at = ?4 WHERE act = ?1 AND id = ?2 AND resolved_at = ''
-- name: act_comment_clear
DELETE FROM act_comments WHERE act = ?1
-- name: act_export_insert
INSERT INTO act_exports (id, act, revision, format, final, reason, manifest, by_name, at, metadata) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
-- name: act_export_list
SELECT id, revision, format, final, reason, by_name, at, manifest, metadata FROM act_exports WHERE act = ?1 ORDER BY at DESC, id
-- name: act_export_clear
DELETE FROM act_exports WHERE act = ?1
-- name: act_template_list
SELECT t.name, t.version, t.text, t.what, t.by_name, t.at FROM act_templates t
WHERE t.tenant = ?1 AND t.version = (SELECT max(x.version) FROM act_templates x WHERE x.tenant = t.tenant AND x.name = t.name) ORDER BY t.name
-- name: act_template_versions
SELECT name, version, text, what, by_name, at FROM act_templates WHERE tenant = ?1 AND name = ?2 ORDER BY version DESC
-- name: act_template_put
INSERT INTO act_templates (tenant, name, version, text, what, by_name, at)
VALUES (?1, ?2, (SELECT coalesce(max(version), 0) + 1 FROM act_templates WHERE tenant = ?1 AND name = ?2), ?3, ?4, ?5, ?6) RETURNING version
