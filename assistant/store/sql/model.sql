-- name: use_add
INSERT INTO model_use (tenant, day, read, written, answers, guessed) VALUES (?1, ?2, ?3, ?4, 1, ?5)
ON CONFLICT (tenant, day) DO UPDATE SET read = read + excluded.read, written = written + excluded.written, answers = answers + 1, guessed = guessed + excluded.guessed
-- name: use_get
SELECT read, written, answers, guessed FROM model_use WHERE tenant = ?1 AND day = ?2
