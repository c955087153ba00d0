-- name: question_insert
INSERT INTO questions (id, tenant, day, hour, language, subject, office, status, reason, confidence, approved, assigned, done, sealed, mark)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, '', 0, ?12, ?13)
-- name: question_count
INSERT INTO question_counts (tenant, day, language, subject, office, status, reason, weak, approved, n)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1)
ON CONFLICT (tenant, day, language, subject, office, status, reason, weak, approved) DO UPDATE SET n = question_counts.n + 1
-- name: question_get
SELECT id, tenant, day, hour, language, subject, office, status, reason, confidence, approved, assigned, done, sealed
FROM questions WHERE tenant = ?1 AND id = ?2
-- name: question_list
SELECT id, tenant, day, hour, language, subject, office, status, reason, confidence, approved, assigned, done, sealed
FROM questions WHERE tenant = ?1 AND day >= ?2 AND day <= ?3 ORDER BY day DESC, hour DESC, id
-- name: question_mark
UPDATE questions SET assigned = ?3, done = ?4 WHERE tenant = ?1 AND id = ?2
-- name: question_counts
SELECT day, language, subject, office, status, reason, weak, approved, n FROM question_counts
WHERE tenant = ?1 AND day >= ?2 AND day <= ?3 ORDER BY day, language, subject, office, status, reason, weak, approved
-- name: question_expire
DELETE FROM questions WHERE tenant = ?1 AND day <= ?2
-- name: feedback_insert
INSERT INTO feedback (tenant, question, day, useful, rate, reason, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
-- name: feedback_count
INSERT INTO feedback_counts (tenant, day, kind, value, n) VALUES (?1, ?2, ?3, ?4, 1)
ON CONFLICT (tenant, day, kind, value) DO UPDATE SET n = feedback_counts.n + 1
-- name: feedback_list
SELECT tenant, question, day, useful, rate, reason, sealed FROM feedback WHERE tenant = ?1 AND day >= ?2 AND day <= ?3 ORDER BY id DESC
-- name: feedback_counts
SELECT day, kind, value, n FROM feedback_counts WHERE tenant = ?1 AND day >= ?2 AND day <= ?3 ORDER BY day, kind, value
-- name: feedback_expire
DELETE FROM feedback WHERE tenant = ?1 AND day <= ?2
-- name: approved_put
INSERT INTO approved (id, tenant, language, question, wordings, body, sources, office, author, approved, expires, withdrawn, served, updated_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0, ?13)
ON CONFLICT (id) DO UPDATE SET language = excluded.language, question = excluded.question, wordings = excluded.wordings,
  body = excluded.body, sources = excluded.sources, office = excluded.office, author = excluded.author, approved = excluded.approved,
  expires = excluded.expires, withdrawn = excluded.withdrawn, updated_at = excluded.updated_at
WHERE approved.tenant = excluded.tenant
-- name: approved_get
SELECT id, tenant, language, question, wordings, body, sources, office, author, approved, expires, withdrawn, served, updated_at
FROM approved WHERE tenant = ?1 AND id = ?2
-- name: approved_list
SELECT id, tenant, language, question, wordings, body, sources, office, author, approved, expires, withdrawn, served, updated_at
FROM approved WHERE tenant = ?1 ORDER BY approved DESC, id
-- name: approved_served
UPDATE approved SET served = served + 1 WHERE id = ?1
-- name: counter_next
UPDATE counters SET value = value + 1 WHERE name = ?1
-- name: counter_get
SELECT value FROM counters WHERE name = ?1
-- name: closure_put
INSERT INTO closures (tenant, subject, notice, closed_by, closed_at) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (tenant, subject) DO UPDATE SET notice = excluded.notice, closed_by = excluded.closed_by, closed_at = excluded.closed_at
-- name: closure_delete
DELETE FROM closures WHERE tenant = ?1 AND subject = ?2
-- name: closure_list
SELECT tenant, subject, notice, closed_by, closed_at FROM closures ORDER BY tenant, subject
-- name: question_marks
SELECT id, mark FROM questions WHERE tenant = ?1 AND mark <> '' ORDER BY day, hour, id
-- name: question_delete
DELETE FROM questions WHERE tenant = ?1 AND id = ?2
-- name: feedback_of
SELECT tenant, question, day, useful, rate, reason, sealed FROM feedback WHERE tenant = ?1 AND question = ?2 ORDER BY id
-- name: feedback_delete
DELETE FROM feedback WHERE tenant = ?1 AND question = ?2
