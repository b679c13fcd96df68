-- The history of a lane, the newest id first: backwards through history_lane.
SELECT id, queue, slot, lane, owner, reference, order_key, labels, data, state, generation, attempts, NULL AS held_until, due_at,
       created_at, finished_at
FROM {prefix}history
WHERE queue = ?1 AND lane = ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4;
