-- Copies unfinished jobs that are called off into the history; found by primary key.
WITH given (id) AS (VALUES {rows})
INSERT INTO {prefix}history (id, queue, lane, state, generation, attempts, claim, due_at, created_at, finished_at,
                             reference, order_key, labels, data)
SELECT job.id, queue, lane, 5, generation, attempts, claim, due_at, created_at, {now}, reference, order_key, labels, data
FROM given CROSS JOIN {prefix}job AS job ON job.id = given.id
WHERE true
ON CONFLICT (id) DO NOTHING;
