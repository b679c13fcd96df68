-- Forgets jobs that finished long ago, the oldest first: the head of finished_job_age.
DELETE FROM {prefix}finished_job
WHERE id IN (SELECT id FROM {prefix}finished_job
             WHERE queue = ?2 AND finished_at <= {now} - ?3 ORDER BY finished_at LIMIT ?4)
RETURNING id;
