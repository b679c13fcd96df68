-- One job, wherever it is: a seek in each primary key.
SELECT id, queue, slot, lane, owner, reference, order_key, labels, data, 0 AS state, generation, attempts, held_until, due_at,
       created_at, NULL AS finished_at, NULL AS tried_at, NULL AS duration_ms, NULL AS status, NULL AS error
FROM {prefix}job
WHERE id = ?1
UNION ALL
SELECT id, queue, slot, lane, owner, reference, order_key, labels, data, state, generation, attempts, NULL AS held_until, due_at,
       created_at, finished_at, tried_at, duration_ms, status, error
FROM {prefix}history
WHERE id = ?1;
