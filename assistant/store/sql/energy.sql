-- name: energy_add
INSERT INTO energy_use (tenant, day, answers, cpu_ms, millijoules, measured) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (tenant, day) DO UPDATE SET answers = energy_use.answers + excluded.answers, cpu_ms = energy_use.cpu_ms + excluded.cpu_ms,
  millijoules = energy_use.millijoules + excluded.millijoules, measured = energy_use.measured + excluded.measured
-- name: energy_sum
SELECT COALESCE(SUM(answers), 0), COALESCE(SUM(cpu_ms), 0), COALESCE(SUM(millijoules), 0), COALESCE(SUM(measured), 0)
FROM energy_use WHERE tenant = ?1 AND day >= ?2
