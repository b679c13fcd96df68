-- Copies finished jobs back to the unfinished ones, as their next generation; found by primary key.
WITH given (id) AS (VALUES {rows})
INSERT INTO {prefix}job (id, queue, slot, lane, owner, generation, attempts, due_at, created_at, reference, order_key,
                         labels, data)
SELECT history.id, queue, slot, lane, owner, generation + 1, coalesce(?2, attempts), {now}, created_at, reference,
       order_key, labels, data
FROM given CROSS JOIN {prefix}history AS history ON history.id = given.id
RETURNING id;
