-- name: chat_ask
INSERT INTO chats (handover, state, asked_at, joined_by, citizen_at, clerk_at) VALUES (?1, 'asked', ?2, '', ?2, 0) ON CONFLICT (handover) DO NOTHING
-- name: chat_get
SELECT handover, state, asked_at, joined_by, citizen_at, clerk_at FROM chats WHERE handover = ?1
-- name: chat_list
SELECT c.handover, c.state, c.asked_at, c.joined_by, c.citizen_at, c.clerk_at FROM chats c JOIN handovers h ON h.id = c.handover
WHERE h.tenant = ?1 AND h.state = 'open' AND c.state <> 'ended' ORDER BY c.asked_at, c.handover
-- name: chat_join
UPDATE chats SET state = 'joined', joined_by = ?2, clerk_at = ?3 WHERE handover = ?1 AND state = 'asked'
-- name: chat_end
UPDATE chats SET state = 'ended' WHERE handover = ?1
-- name: chat_citizen
UPDATE chats SET citizen_at = ?2 WHERE handover = ?1 AND citizen_at < ?3
-- name: chat_clerk
UPDATE chats SET clerk_at = ?2 WHERE handover = ?1 AND clerk_at < ?3
-- name: message_insert
INSERT INTO messages (handover, at, office, sealed) VALUES (?1, ?2, ?3, ?4)
-- name: message_count
SELECT count(*) FROM messages WHERE handover = ?1
-- name: message_list
SELECT at, office, sealed FROM messages WHERE handover = ?1 ORDER BY id
-- name: message_delete
DELETE FROM messages WHERE handover = ?1
-- name: chat_delete
DELETE FROM chats WHERE handover = ?1
-- name: available_put
INSERT INTO available (person, tenant, until) VALUES (?1, ?2, ?3) ON CONFLICT (person, tenant) DO UPDATE SET until = excluded.until
-- name: available_delete
DELETE FROM available WHERE until < ?1
-- name: available_count
SELECT count(*) FROM available WHERE tenant = ?1 AND until > ?2
-- name: available_one
SELECT count(*) FROM available WHERE tenant = ?1 AND person = ?2 AND until > ?3
