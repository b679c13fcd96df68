-- The history of a lane, the newest id first: backwards through finished_job_lane.
SELECT id, queue, lane, reference, order_key, labels, data, state, attempts, claim, due_at,
       created_at, finished_at
FROM {prefix}finished_job
WHERE queue = ?1 AND lane = ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4;
