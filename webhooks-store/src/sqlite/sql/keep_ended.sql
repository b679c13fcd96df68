-- Copies jobs that end under a lease that still counts to the finished ones, except those to be forgotten (0).
-- Each is found by its primary key. One that is among them already must not keep the others from being settled.
WITH given (id, claim, state, counted) AS (VALUES {rows})
INSERT INTO {prefix}finished_job (id, queue, lane, state, due_at, claim, attempts, reference, order_key, labels,
                                  created_at, finished_at, data)
SELECT job.id, queue, lane, given.state, due_at, job.claim, attempts + given.counted, reference, order_key, labels,
       created_at, {now}, data
FROM given CROSS JOIN {prefix}job AS job ON job.id = given.id
WHERE given.id IS NOT NULL AND job.claim = given.claim AND job.state = 2 AND given.state <> 0
ON CONFLICT (id) DO NOTHING;
