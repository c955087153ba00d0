-- name: person_insert
INSERT INTO people (id, email, name, password, totp, totp_step, recovery, subject, disabled_at, seen_at, added_at)
VALUES (?1, ?2, ?3, ?4, '', 0, '[]', ?5, '', '', ?6)
-- name: person_by_id
SELECT id, email, name, password, totp, totp_step, recovery, subject, disabled_at, seen_at, added_at FROM people WHERE id = ?1
-- name: person_by_email
SELECT id, email, name, password, totp, totp_step, recovery, subject, disabled_at, seen_at, added_at FROM people WHERE email = ?1
-- name: person_by_subject
SELECT id, email, name, password, totp, totp_step, recovery, subject, disabled_at, seen_at, added_at FROM people WHERE subject = ?1
-- name: person_list
SELECT id, email, name, password, totp, totp_step, recovery, subject, disabled_at, seen_at, added_at FROM people WHERE email NOT LIKE 'erased:%' ORDER BY name, email
-- name: person_update
UPDATE people SET name = ?2, password = ?3, totp = ?4, totp_step = ?5, recovery = ?6, subject = ?7, disabled_at = ?8 WHERE id = ?1
-- name: person_seen
UPDATE people SET seen_at = ?2 WHERE id = ?1
-- name: person_step
UPDATE people SET totp_step = ?2 WHERE id = ?1 AND totp_step < ?2
-- name: membership_insert
INSERT INTO memberships (person, tenant, role, added_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (person, tenant, role) DO NOTHING
-- name: membership_delete
DELETE FROM memberships WHERE person = ?1 AND tenant = ?2 AND role = ?3
-- name: membership_list
SELECT person, tenant, role FROM memberships WHERE person = ?1 ORDER BY tenant, role
-- name: membership_all
SELECT person, tenant, role FROM memberships ORDER BY person, tenant, role
-- name: session_insert
INSERT INTO sessions (hash, id, person, pending, agent, created_at, seen_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)
-- name: session_get
SELECT id, person, pending, agent, created_at, seen_at, expires_at FROM sessions WHERE hash = ?1
-- name: session_list
SELECT id, person, pending, agent, created_at, seen_at, expires_at FROM sessions WHERE person = ?1 ORDER BY seen_at DESC
-- name: session_touch
UPDATE sessions SET seen_at = ?2 WHERE hash = ?1
-- name: session_delete
DELETE FROM sessions WHERE hash = ?1
-- name: session_delete_id
DELETE FROM sessions WHERE id = ?1 AND person = ?2
-- name: session_delete_person
DELETE FROM sessions WHERE person = ?1 AND id <> ?2
-- name: session_delete_old
DELETE FROM sessions WHERE expires_at < ?1
-- name: link_insert
INSERT INTO links (hash, kind, person, expires_at, used_at) VALUES (?1, ?2, ?3, ?4, '')
-- name: link_get
SELECT kind, person, expires_at, used_at FROM links WHERE hash = ?1
-- name: link_use
UPDATE links SET used_at = ?2 WHERE hash = ?1 AND used_at = ''
-- name: link_void
UPDATE links SET used_at = ?3 WHERE kind = ?1 AND person = ?2 AND used_at = ''
-- name: token_insert
INSERT INTO tokens (id, hash, name, person, tenant, actions, created_at, expires_at, used_at, revoked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, '', '')
-- name: token_get
SELECT id, name, person, tenant, actions, created_at, expires_at, used_at, revoked_at FROM tokens WHERE hash = ?1
-- name: token_list
SELECT id, name, person, tenant, actions, created_at, expires_at, used_at, revoked_at FROM tokens WHERE tenant = ?1 ORDER BY created_at DESC
-- name: token_used
UPDATE tokens SET used_at = ?2 WHERE id = ?1
-- name: token_revoke
UPDATE tokens SET revoked_at = ?3 WHERE id = ?1 AND tenant = ?2 AND revoked_at = ''
-- name: attempt_get
SELECT count, since FROM attempts WHERE key = ?1
-- name: attempt_put
INSERT INTO attempts (key, count, since) VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE SET count = excluded.count, since = excluded.since
-- name: attempt_clear
DELETE FROM attempts WHERE key = ?1
-- name: attempt_old
DELETE FROM attempts WHERE since < ?1
-- name: person_any
SELECT count(*) FROM people
-- name: person_second
SELECT totp FROM people WHERE id = ?1
-- name: person_second_put
UPDATE people SET totp = ?2 WHERE id = ?1
-- name: person_erase
UPDATE people SET email = 'erased:' || id, name = ?2, password = '', totp = '', recovery = '[]', subject = '', disabled_at = ?3, seen_at = '', added_at = '' WHERE id = ?1
-- name: person_erase_roles
DELETE FROM memberships WHERE person = ?1
-- name: person_erase_links
DELETE FROM links WHERE person = ?1
-- name: person_erase_there
DELETE FROM available WHERE person = ?1
-- name: person_erase_tokens
UPDATE tokens SET revoked_at = ?2 WHERE person = ?1 AND revoked_at = ''
