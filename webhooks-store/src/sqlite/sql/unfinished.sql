-- What waits in a lane, in its order: job_lane.
SELECT id, queue, slot, lane, owner, reference, order_key, labels, data, 0 AS state, generation, attempts, held_until, due_at,
       created_at, NULL AS finished_at, NULL AS tried_at, NULL AS duration_ms, NULL AS status, NULL AS error
FROM {prefix}job
WHERE queue = ?1 AND slot = ?2 AND lane = ?3 ORDER BY due_at, id LIMIT ?4;
