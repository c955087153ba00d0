-- name: meeting_insert
INSERT INTO meetings (id, tenant, organ, day, revision, body, transcript, parts, added_at, changed_at, changed_by) VALUES (?1, ?2, ?3, ?4, 1, ?5, '', '', ?6, ?6, ?7)
-- name: meeting_list
SELECT id, organ, day, revision, body, added_at, changed_at, changed_by FROM meetings WHERE tenant = ?1 ORDER BY day DESC, added_at DESC, id
-- name: meeting_get
SELECT id, organ, day, revision, body, transcript, parts, added_at, changed_at, changed_by FROM meetings WHERE tenant = ?1 AND id = ?2
-- name: meeting_change
UPDATE meetings SET organ = ?4, day = ?5, revision = ?3 + 1, body = ?6, transcript = ?7, parts = ?8, changed_at = ?9, changed_by = ?10 WHERE id = ?1 AND tenant = ?2 AND revision = ?3
-- name: meeting_save
INSERT INTO meeting_saves (meeting, revision, at, author, body) VALUES (?1, ?2, ?3, ?4, ?5)
-- name: meeting_trim
DELETE FROM meeting_saves WHERE meeting = ?1 AND revision < ?2
-- name: meeting_saves
SELECT revision, at, author, body FROM meeting_saves WHERE meeting = ?1 ORDER BY revision DESC
-- name: meeting_unsave
DELETE FROM meeting_saves WHERE meeting = ?1
-- name: meeting_delete
DELETE FROM meetings WHERE tenant = ?1 AND id = ?2
