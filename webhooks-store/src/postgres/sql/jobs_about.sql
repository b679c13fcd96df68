-- The jobs about one thing, in the order of their ids. All of them lie between $2 and $3, because their ids begin like
-- the id of that thing; the few others there are left out. Both primary keys, merged.
-- Of one owner ($5), if one is named.
SELECT id, queue, slot::bigint, lane, owner, reference, order_key, labels, data, 0::bigint AS state, generation, attempts, held_until, due_at,
       created_at, NULL::bigint AS finished_at, NULL::bigint AS tried_at, NULL::bigint AS duration_ms, NULL::bigint AS status,
       NULL::text AS error
FROM {prefix}job
WHERE id >= $2 AND id <= $3 AND reference = $1 AND ($5::bigint IS NULL OR owner = $5::bigint)
UNION ALL
SELECT id, queue, slot::bigint, lane, owner, reference, order_key, labels, data, state::bigint, generation, attempts, NULL::bigint AS held_until, due_at,
       created_at, finished_at, tried_at, duration_ms, status, error
FROM {prefix}history
WHERE id >= $2 AND id <= $3 AND reference = $1 AND ($5::bigint IS NULL OR owner = $5::bigint)
ORDER BY id LIMIT $4;
