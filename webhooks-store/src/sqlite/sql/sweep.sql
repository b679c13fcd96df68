-- The lanes of a slot that have any row, from ?3 on. Each step is one seek in job_lane to the first entry of a higher lane,
-- however many entries lie between.
WITH RECURSIVE visit (lane, step) AS (
    SELECT (SELECT lane FROM {prefix}job WHERE queue = ?1 AND slot = ?2 AND lane >= ?3 ORDER BY lane LIMIT 1), 1
    UNION ALL
    SELECT (SELECT job.lane FROM {prefix}job AS job
            WHERE job.queue = ?1 AND job.slot = ?2 AND job.lane > visit.lane ORDER BY job.lane LIMIT 1), step + 1
    FROM visit WHERE visit.lane IS NOT NULL AND step < ?4
)
SELECT lane,
       (SELECT owner FROM {prefix}job AS job WHERE job.queue = ?1 AND job.slot = ?2 AND job.lane = visit.lane
        ORDER BY job.due_at LIMIT 1) AS owner
FROM visit WHERE lane IS NOT NULL;
