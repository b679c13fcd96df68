-- The next lanes that have ready jobs, from ?2 on. Each step is one seek in job_ready to the first entry of a higher
-- lane, however many entries lie between.
WITH RECURSIVE visit (lane, step) AS (
    SELECT (SELECT lane FROM {prefix}job WHERE queue = ?1 AND state = 1 AND lane >= ?2 ORDER BY lane LIMIT 1), 1
    UNION ALL
    SELECT (SELECT job.lane FROM {prefix}job AS job
            WHERE job.queue = ?1 AND job.state = 1 AND job.lane > visit.lane ORDER BY job.lane LIMIT 1), step + 1
    FROM visit WHERE visit.lane IS NOT NULL AND step < ?3
)
SELECT lane FROM visit WHERE lane IS NOT NULL;
