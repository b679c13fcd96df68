-- Forgets jobs that finished long ago, the oldest first: the head of finished_job_age. What another process is
-- pruning is passed over.
DELETE FROM {prefix}finished_job
WHERE id = ANY (ARRAY(
    SELECT id FROM {prefix}finished_job
    WHERE queue = $2 AND finished_at <= {now} - $3 ORDER BY finished_at LIMIT $4 FOR UPDATE SKIP LOCKED
))
RETURNING id;
