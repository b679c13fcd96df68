-- What failed in a lane, the oldest failure first: through history_failed, however much succeeded.
SELECT id, queue, slot, lane, owner, reference, order_key, labels, data, state, generation, attempts, NULL AS held_until, due_at,
       created_at, finished_at, tried_at, duration_ms, status, error
FROM {prefix}history
WHERE queue = ?1 AND lane = ?2 AND state = 4 AND (finished_at, id) > (?3, ?4)
ORDER BY finished_at, id LIMIT ?5;
