-- Copies unfinished jobs that are called off to the finished ones; found by primary key.
WITH given (id) AS (VALUES {rows})
INSERT INTO {prefix}finished_job (id, queue, lane, state, due_at, claim, attempts, reference, order_key, labels,
                                  created_at, finished_at, data)
SELECT job.id, queue, lane, 5, due_at, claim, attempts, reference, order_key, labels, created_at, {now}, data
FROM given CROSS JOIN {prefix}job AS job ON job.id = given.id;
