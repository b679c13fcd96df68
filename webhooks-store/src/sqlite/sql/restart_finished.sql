-- Copies finished jobs back to the unfinished ones; found by primary key.
WITH given (id) AS (VALUES {rows})
INSERT INTO {prefix}job (id, queue, lane, state, due_at, claim, attempts, reference, order_key, labels, created_at,
                         data)
SELECT done.id, queue, lane, max({now} + ?2, coalesce(?3, 0)) <= {now}, max({now} + ?2, coalesce(?3, 0)), claim,
       coalesce(?4, attempts), reference, order_key, labels, created_at, data
FROM given CROSS JOIN {prefix}finished_job AS done ON done.id = given.id;
