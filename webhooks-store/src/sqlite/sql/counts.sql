-- How the queue stands. Each count reads at most ?3 entries of the index of its state; the oldest is looked for at
-- the head of up to 1,000 lanes, one seek in job_ready each.
WITH RECURSIVE visit (lane, step) AS (
    SELECT (SELECT lane FROM {prefix}job WHERE queue = ?2 AND state = 1 ORDER BY lane LIMIT 1), 1
    UNION ALL
    SELECT (SELECT job.lane FROM {prefix}job AS job
            WHERE job.queue = ?2 AND job.state = 1 AND job.lane > visit.lane ORDER BY job.lane LIMIT 1), step + 1
    FROM visit WHERE visit.lane IS NOT NULL AND step < 1000
)
SELECT (SELECT count(*) FROM (SELECT 1 FROM {prefix}job WHERE queue = ?2 AND state = 1 LIMIT ?3)) AS ready,
       (SELECT count(*) FROM (SELECT 1 FROM {prefix}job WHERE queue = ?2 AND state = 0 LIMIT ?3)) AS scheduled,
       (SELECT count(*) FROM (SELECT 1 FROM {prefix}job WHERE queue = ?2 AND state = 2 LIMIT ?3)) AS running,
       (SELECT {now} - min((SELECT job.due_at FROM {prefix}job AS job
                            WHERE job.queue = ?2 AND job.state = 1 AND job.lane = visit.lane
                            ORDER BY job.due_at LIMIT 1))
        FROM visit WHERE lane IS NOT NULL) AS oldest_ms;
