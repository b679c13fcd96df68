-- What failed in a lane, the oldest id first: through finished_job_failed, however much succeeded.
SELECT id, queue, lane, reference, order_key, labels, data, state, attempts, claim, due_at,
       created_at, finished_at
FROM {prefix}finished_job
WHERE queue = ?1 AND lane = ?2 AND state = 4 AND id > ?3 ORDER BY id LIMIT ?4;
