-- The jobs about one thing, in the order of their ids. All of them lie between ?2 and ?3, because their ids begin like
-- the id of that thing; the few others there are left out. Both primary keys, merged.
-- Of one owner (?5), if one is named.
SELECT id, queue, slot, lane, owner, reference, order_key, labels, data, 0 AS state, generation, attempts, held_until, due_at,
       created_at, NULL AS finished_at, NULL AS tried_at, NULL AS duration_ms, NULL AS status, NULL AS error
FROM {prefix}job
WHERE id >= ?2 AND id <= ?3 AND reference = ?1 AND (?5 IS NULL OR owner = ?5)
UNION ALL
SELECT id, queue, slot, lane, owner, reference, order_key, labels, data, state, generation, attempts, NULL AS held_until, due_at,
       created_at, finished_at, tried_at, duration_ms, status, error
FROM {prefix}history
WHERE id >= ?2 AND id <= ?3 AND reference = ?1 AND (?5 IS NULL OR owner = ?5)
ORDER BY id LIMIT ?4;
