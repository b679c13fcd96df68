-- Copies jobs that end under a lease that still counts into the history with their last attempt, except those that
-- are never looked up again (0). Each is found by its primary key. A job that is there already must not keep the others
-- from ending.
WITH given (id, claim, state, counted, tried_at, duration_ms, status, error) AS (VALUES {rows})
INSERT INTO {prefix}history (id, queue, lane, state, generation, attempts, claim, due_at, created_at, finished_at,
                             reference, order_key, labels, data, tried_at, duration_ms, status, error)
SELECT job.id, queue, lane, given.state, generation, attempts + given.counted, job.claim, due_at, created_at, {now},
       reference, order_key, labels, data, given.tried_at, given.duration_ms, given.status, given.error
FROM given CROSS JOIN {prefix}job AS job ON job.id = given.id
WHERE job.claim = given.claim AND +job.state = 2 AND given.state <> 0
ON CONFLICT (id) DO NOTHING;
