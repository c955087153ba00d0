-- What only PostgreSQL is asked: keys and bytes that are files beside SQLite.
-- name: key_get
SELECT secret FROM keys WHERE name = ?1
-- name: key_put
INSERT INTO keys (name, secret) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING
-- name: key_delete
DELETE FROM keys WHERE name = ?1
-- name: key_names
SELECT name FROM keys WHERE substr(name, 1, CAST(?2 AS INTEGER)) = ?1 ORDER BY name
-- name: blob_put
INSERT INTO blobs (name, size, added_at) VALUES (?1, 0, ?2) ON CONFLICT (name) DO NOTHING
-- name: blob_size
UPDATE blobs SET size = ?2 WHERE name = ?1
-- name: blob_get
SELECT size FROM blobs WHERE name = ?1
-- name: blob_delete
DELETE FROM blobs WHERE name = ?1
-- name: blob_names
SELECT name FROM blobs WHERE substr(name, 1, CAST(?2 AS INTEGER)) = ?1 ORDER BY name
-- name: piece_put
INSERT INTO blob_pieces (blob, ordinal, bytes) VALUES (?1, ?2, ?3)
-- name: piece_get
SELECT bytes FROM blob_pieces WHERE blob = ?1 AND ordinal = ?2
-- name: blob_abandoned
DELETE FROM blobs WHERE substr(name, 1, 6) = 'inbox/' AND added_at < ?1 AND substr(name, 7, 36) NOT IN (SELECT id FROM jobs)
