-- name: model_get
SELECT id, dims FROM models WHERE name = ?1
-- name: model_insert
INSERT INTO models (name, dims) VALUES (?1, 0) ON CONFLICT (name) DO NOTHING
-- name: model_dims
UPDATE models SET dims = ?2 WHERE id = ?1
-- name: vector_put
INSERT INTO vectors (model, text, vector) VALUES (?1, ?2, ?3) ON CONFLICT (model, text) DO UPDATE SET vector = excluded.vector
-- name: text_by_hash
SELECT id FROM texts WHERE hash = ?1
-- name: text_documents
SELECT d.id, d.tenant FROM chunks c JOIN documents d ON d.version = c.version WHERE c.text = ?1 AND d.state = 'live'
-- name: queue_missing
SELECT EXISTS (
  SELECT 1 FROM documents d JOIN chunks c ON c.version = d.version
  WHERE d.state = 'live' AND NOT EXISTS (SELECT 1 FROM vectors x WHERE x.model = ?1 AND x.text = c.text)
    AND NOT EXISTS (SELECT 1 FROM queue q WHERE q.model = ?1 AND q.text = c.text AND q.lease > ?2 AND q.lease <= ?2 + 3600000))
-- name: queue_sweep
DELETE FROM queue WHERE model = ?1 AND NOT EXISTS (
  SELECT 1 FROM chunks c JOIN documents d ON d.version = c.version WHERE c.text = queue.text AND d.state = 'live')
-- name: queue_fill
INSERT INTO queue (model, text, lease)
SELECT DISTINCT CAST(?1 AS BIGINT), c.text, 0 FROM documents d JOIN chunks c ON c.version = d.version
WHERE d.state = 'live' AND NOT EXISTS (SELECT 1 FROM vectors x WHERE x.model = ?1 AND x.text = c.text)
ON CONFLICT (model, text) DO NOTHING
-- name: queue_list
SELECT q.text, t.hash, t.body FROM queue q JOIN texts t ON t.id = q.text
WHERE q.model = ?1 AND (q.lease <= ?2 OR q.lease > ?2 + 3600000) AND EXISTS (
  SELECT 1 FROM chunks c JOIN documents d ON d.version = c.version WHERE c.text = q.text AND d.state = 'live')
ORDER BY q.text LIMIT ?3
-- name: queue_lease
UPDATE queue SET lease = ?3 WHERE model = ?1 AND text = ?2
-- name: queue_drop
DELETE FROM queue WHERE model = ?1 AND text = ?2
-- name: pending_count
SELECT count(DISTINCT c.text) FROM documents d JOIN chunks c ON c.version = d.version
WHERE d.state = 'live' AND NOT EXISTS (SELECT 1 FROM vectors x WHERE x.model = ?1 AND x.text = c.text)
-- name: pending_count_of
SELECT count(DISTINCT c.text) FROM documents d JOIN chunks c ON c.version = d.version
WHERE d.state = 'live' AND NOT EXISTS (SELECT 1 FROM vectors x WHERE x.model = ?1 AND x.text = c.text)
  AND d.tenant IN (/*list*/)
