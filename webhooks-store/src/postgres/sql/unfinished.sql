-- What waits in a lane, in its order: job_lane.
SELECT id, queue, slot::bigint, lane, owner, reference, order_key, labels, data, 0::bigint AS state, generation, attempts, held_until, due_at,
       created_at, NULL::bigint AS finished_at, NULL::bigint AS tried_at, NULL::bigint AS duration_ms, NULL::bigint AS status,
       NULL::text AS error
FROM {prefix}job
WHERE queue = $1 AND slot = $2::smallint AND lane = $3 ORDER BY due_at, (id || '') LIMIT $4;
