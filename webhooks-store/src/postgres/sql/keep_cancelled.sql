-- Copies unfinished jobs that are called off to the finished ones; found by primary key, and locked until they are
-- deleted.
INSERT INTO {prefix}finished_job (id, queue, lane, state, due_at, claim, attempts, reference, order_key, labels,
                                  created_at, finished_at, data)
SELECT job.id, queue, lane, 5, due_at, claim, attempts, reference, order_key, labels, created_at, {now}, data
FROM {prefix}job AS job
WHERE job.id = ANY ($2::bytea[])
FOR UPDATE OF job;
