-- The history of a lane between two ids, the newest first: backwards through history_lane. Of one owner (?6), if one is
-- named.
SELECT id, queue, slot, lane, owner, reference, order_key, labels, data, state, generation, attempts, NULL AS held_until, due_at,
       created_at, finished_at, tried_at, duration_ms, status, error
FROM {prefix}history
WHERE queue = ?1 AND lane = ?2 AND (?6 IS NULL OR owner = ?6) AND id >= ?3 AND id <= ?4
ORDER BY id DESC LIMIT ?5;
