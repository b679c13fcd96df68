-- Copies unfinished jobs that are called off into the history; found by their ids.
WITH given (id) AS (VALUES {rows})
INSERT INTO {prefix}history (id, queue, slot, lane, owner, state, generation, attempts, due_at, created_at, finished_at,
                             reference, order_key, labels, data)
SELECT job.id, queue, slot, lane, owner, 5, generation, attempts, due_at, created_at, {now}, reference, order_key, labels,
       data
FROM given CROSS JOIN {prefix}job AS job ON job.id = given.id
WHERE true
ON CONFLICT (id) DO NOTHING;
