-- One job, wherever it is: a seek in each primary key.
SELECT id, queue, slot::bigint, lane, owner, reference, order_key, labels, data, 0::bigint AS state, generation, attempts, held_until, due_at,
       created_at, NULL::bigint AS finished_at, NULL::bigint AS tried_at, NULL::bigint AS duration_ms, NULL::bigint AS status,
       NULL::text AS error
FROM {prefix}job
WHERE id = $1
UNION ALL
SELECT id, queue, slot::bigint, lane, owner, reference, order_key, labels, data, state::bigint, generation, attempts, NULL::bigint AS held_until, due_at,
       created_at, finished_at, tried_at, duration_ms, status, error
FROM {prefix}history
WHERE id = $1;
