-- Attempts that are not the last of a finished job. One that was recorded before stays as it is.
WITH given (job, generation, number, lane, at, duration_ms, status, error) AS (VALUES {rows})
INSERT INTO {prefix}attempt (job, generation, number, lane, at, duration_ms, status, error)
SELECT job, generation, number, lane, at, duration_ms, status, error FROM given WHERE job IS NOT NULL
ON CONFLICT (job, generation, number) DO NOTHING;
