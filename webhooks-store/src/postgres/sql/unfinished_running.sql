-- The running jobs of a lane, in the order of the index job_running.
SELECT id, queue, lane, reference, order_key, labels, data, state::bigint, generation, attempts, claim, due_at, created_at, NULL::bigint AS finished_at
FROM {prefix}job
WHERE queue = $1 AND lane = $2 AND state = 2 ORDER BY lease_until LIMIT $3;
