-- One job, wherever it is: a seek in each primary key.
SELECT id, queue, slot::bigint, lane, owner, reference, order_key, labels, data, 0::bigint AS state, generation, attempts, held_until, due_at,
       created_at, NULL::bigint AS finished_at
FROM {prefix}job
WHERE id = $1
UNION ALL
SELECT id, queue, slot::bigint, lane, owner, reference, order_key, labels, data, state::bigint, generation, attempts, NULL::bigint AS held_until, due_at,
       created_at, finished_at
FROM {prefix}history
WHERE id = $1;
