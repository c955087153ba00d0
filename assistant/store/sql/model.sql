-- name: use_add
INSERT INTO model_use (tenant, day, read, written, answers, guessed) VALUES (?1, ?2, ?3, ?4, 1, ?5)
ON CONFLICT (tenant, day) DO UPDATE SET read = model_use.read + excluded.read, written = model_use.written + excluded.written,
  answers = model_use.answers + 1, guessed = model_use.guessed + excluded.guessed
-- name: use_get
SELECT read, written, answers, guessed FROM model_use WHERE tenant = ?1 AND day = ?2
