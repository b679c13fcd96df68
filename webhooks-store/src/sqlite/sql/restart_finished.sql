-- Copies finished jobs back to the unfinished ones, as their next generation; found by primary key.
WITH given (id) AS (VALUES {rows})
INSERT INTO {prefix}job (id, queue, lane, state, generation, attempts, claim, due_at, created_at, reference, order_key,
                         labels, data)
SELECT history.id, queue, lane, max({now} + ?2, coalesce(?3, 0)) <= {now}, generation + 1, coalesce(?4, attempts), claim,
       max({now} + ?2, coalesce(?3, 0)), created_at, reference, order_key, labels, data
FROM given CROSS JOIN {prefix}history AS history ON history.id = given.id
RETURNING id;
