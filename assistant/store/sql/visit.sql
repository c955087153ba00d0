-- name: visit_count
INSERT INTO visit_counts (tenant, month, point, language, subject, outcome, n, questions) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7)
ON CONFLICT (tenant, month, point, language, subject, outcome) DO UPDATE SET n = visit_counts.n + 1, questions = visit_counts.questions + excluded.questions
-- name: visit_counts
SELECT month, point, language, subject, outcome, n, questions FROM visit_counts WHERE tenant = ?1 AND month >= ?2 AND month <= ?3
ORDER BY month DESC, point, language, subject, outcome
-- name: visit_note_insert
INSERT INTO visit_notes (id, tenant, document, title, body, author, day) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
-- name: visit_note_list
SELECT id, document, title, body, author, day FROM visit_notes WHERE tenant = ?1 AND (?2 = '' OR document = ?2) ORDER BY day DESC, id
-- name: visit_note_delete
DELETE FROM visit_notes WHERE tenant = ?1 AND id = ?2
