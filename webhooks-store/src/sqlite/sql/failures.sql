-- What failed, the newest id first, however much succeeded: backwards through history_failures.
SELECT id, queue, slot, lane, owner, reference, order_key, labels, data, state, generation, attempts, NULL AS held_until, due_at,
       created_at, finished_at
FROM {prefix}history
WHERE state = 4 AND id < ?1 ORDER BY id DESC LIMIT ?2;
