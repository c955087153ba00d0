-- name: handover_insert
INSERT INTO handovers (id, tenant, token, office, language, asked, state, with_email, added_at, answered_at, answered_by, sealed, mark)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'open', ?7, ?8, '', '', ?9, COALESCE((SELECT q.mark FROM questions q WHERE q.tenant = ?2 AND q.id = ?6), ''))
-- name: handover_get
SELECT id, tenant, office, language, asked, state, with_email, added_at, answered_at, answered_by, sealed FROM handovers WHERE tenant = ?1 AND id = ?2
-- name: handover_token
SELECT id, tenant, office, language, asked, state, with_email, added_at, answered_at, answered_by, sealed FROM handovers WHERE tenant = ?1 AND token = ?2
-- name: handover_list
SELECT id, tenant, office, language, asked, state, with_email, added_at, answered_at, answered_by, sealed FROM handovers
WHERE tenant = ?1 AND (?2 = '' OR state = ?2) AND (?3 = '' OR office = ?3) ORDER BY added_at DESC, id
-- name: handover_count
SELECT office, count(*) FROM handovers WHERE tenant = ?1 AND state = 'open' GROUP BY office ORDER BY office
-- name: handover_change
UPDATE handovers SET office = ?3, state = ?4, answered_at = ?5, answered_by = ?6, sealed = ?7 WHERE tenant = ?1 AND id = ?2 AND state = ?8
-- name: handover_reseal
UPDATE handovers SET sealed = ?3 WHERE tenant = ?1 AND id = ?2
-- name: handover_old
SELECT id FROM handovers WHERE state <> 'open' AND answered_at <> '' AND answered_at < ?1 ORDER BY id
-- name: handover_delete
DELETE FROM handovers WHERE id = ?1
-- name: mail_delete
DELETE FROM mails WHERE handover = ?1
-- name: mail_insert
INSERT INTO mails (tenant, handover, receiver, state, tries, next_at, error) VALUES (?1, ?2, ?3, 'queued', 0, ?4, '')
-- name: mail_claim
UPDATE mails SET next_at = ?2, tries = tries + 1
WHERE id = (SELECT id FROM mails WHERE state = 'queued' AND (next_at <= ?1 OR next_at > ?1 + 172800000) ORDER BY next_at, id LIMIT 1)
RETURNING id, tenant, handover, receiver, state, tries, next_at, error
-- name: mail_change
UPDATE mails SET state = ?2, next_at = ?3, error = ?4 WHERE id = ?1
-- name: mail_list
SELECT id, tenant, handover, receiver, state, tries, next_at, error FROM mails WHERE tenant = ?1 AND (?2 = '' OR handover = ?2) ORDER BY id
-- name: handover_marks
SELECT id, asked, mark FROM handovers WHERE tenant = ?1 AND mark <> '' ORDER BY added_at, id
