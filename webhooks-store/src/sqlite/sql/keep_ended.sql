-- Copies jobs that end into the history with their last attempt, except those that are never looked up again (0): of a
-- success any version of its generation, of everything else only the one it was for. Each is found by its id. A job that is
-- there already must not keep the others from ending.
WITH given (id, generation, version, state, counted, tried_at, duration_ms, status, error) AS (VALUES {rows})
INSERT INTO {prefix}history (id, queue, slot, lane, owner, state, generation, attempts, due_at, created_at, finished_at,
                             reference, order_key, labels, data, tried_at, duration_ms, status, error)
SELECT job.id, queue, slot, lane, owner, given.state, job.generation, attempts + given.counted, due_at, created_at, {now},
       reference, order_key, labels, data, given.tried_at, given.duration_ms, given.status, given.error
FROM given CROSS JOIN {prefix}job AS job ON job.id = given.id
WHERE job.generation = given.generation AND job.version = coalesce(given.version, job.version) AND given.state <> 0
ON CONFLICT (id) DO NOTHING;
