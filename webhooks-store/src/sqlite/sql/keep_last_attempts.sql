-- The last attempt of jobs that are about to leave the history goes to the others; found by primary key.
WITH given (id) AS (VALUES {rows})
INSERT INTO {prefix}attempt (job, generation, number, lane, at, duration_ms, status, error)
SELECT history.id, generation, attempts, lane, tried_at, duration_ms, status, error
FROM given CROSS JOIN {prefix}history AS history ON history.id = given.id
WHERE tried_at IS NOT NULL
ON CONFLICT (job, generation, number) DO NOTHING;
