-- name: job_insert
INSERT INTO jobs (id, tenant, author, options, state, added_at, finished_at, lease) VALUES (?1, ?2, ?3, ?4, 'waiting', ?5, '', 0)
-- name: job_file_insert
INSERT INTO job_files (job, ordinal, name, source, path, entry, size, state, outcome, document, was, code, message, warnings)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, '', '', '', ?9, ?10, '[]')
-- name: job_next
SELECT id FROM jobs WHERE state IN ('waiting', 'working') AND (lease <= ?1 OR lease > ?1 + 3600000) ORDER BY added_at, id LIMIT 1
-- name: job_lease
UPDATE jobs SET lease = ?2, state = 'working' WHERE id = ?1 AND state IN ('waiting', 'working')
-- name: job_get
SELECT j.id, j.tenant, j.author, j.options, j.state, j.added_at, j.finished_at,
  (SELECT count(*) FROM job_files f WHERE f.job = j.id), (SELECT count(*) FROM job_files f WHERE f.job = j.id AND f.state = 'done'),
  (SELECT count(*) FROM job_files f WHERE f.job = j.id AND f.state = 'failed')
FROM jobs j WHERE j.id = ?1
-- name: job_list
SELECT j.id, j.tenant, j.author, j.options, j.state, j.added_at, j.finished_at,
  (SELECT count(*) FROM job_files f WHERE f.job = j.id), (SELECT count(*) FROM job_files f WHERE f.job = j.id AND f.state = 'done'),
  (SELECT count(*) FROM job_files f WHERE f.job = j.id AND f.state = 'failed')
FROM jobs j WHERE j.tenant = ?1 ORDER BY j.added_at DESC, j.id LIMIT ?2
-- name: job_file_list
SELECT ordinal, name, source, path, entry, size, state, outcome, document, code, message, warnings
FROM job_files WHERE job = ?1 ORDER BY ordinal
-- name: job_file_next
SELECT ordinal, name, source, path, entry, size, state, outcome, document, code, message, warnings
FROM job_files WHERE job = ?1 AND state = 'waiting' ORDER BY ordinal LIMIT 1
-- name: job_file_was
UPDATE job_files SET was = ?3, document = ?4 WHERE job = ?1 AND ordinal = ?2 AND was = ''
-- name: job_file_done
UPDATE job_files SET state = ?3, outcome = ?4, document = ?5, code = ?6, message = ?7, warnings = ?8 WHERE job = ?1 AND ordinal = ?2
-- name: job_file_last
SELECT coalesce(max(ordinal), -1) FROM job_files WHERE job = ?1
-- name: job_file_items
SELECT document, was FROM job_files WHERE job = ?1 AND state = 'done' AND outcome IN ('added', 'replaced') AND document <> '' AND was <> ''
-- name: job_end
UPDATE jobs SET state = ?2, finished_at = ?3, lease = 0 WHERE id = ?1 AND finished_at = ''
-- name: job_retry_files
UPDATE job_files SET state = 'waiting', code = '', message = '' WHERE job = ?1 AND state = 'failed' AND source <> ''
-- name: job_reopen
UPDATE jobs SET state = 'waiting', finished_at = '', lease = 0 WHERE tenant = ?1 AND id = ?2
-- name: job_old
SELECT id FROM jobs WHERE finished_at <> '' AND finished_at < ?1
-- name: job_files_drop
DELETE FROM job_files WHERE job = ?1
-- name: job_drop
DELETE FROM jobs WHERE id = ?1
-- name: job_file_before
SELECT was FROM job_files WHERE job = ?1 AND ordinal = ?2
