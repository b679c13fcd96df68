-- What failed between two ids, the newest first, however much succeeded: backwards through history_failures.
SELECT id, queue, slot, lane, owner, reference, order_key, labels, data, state, generation, attempts, NULL AS held_until, due_at,
       created_at, finished_at, tried_at, duration_ms, status, error
FROM {prefix}history
WHERE state = 4 AND id >= ?1 AND id <= ?2 ORDER BY id DESC LIMIT ?3;
