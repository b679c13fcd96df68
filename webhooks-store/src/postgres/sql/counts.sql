-- How the queue stands. Each count reads at most $3 entries of the index of its state; the oldest is looked for at
-- the head of up to 1,000 lanes, one seek in job_ready each. Each count is in the order
-- of its index, lest it be made in the table itself.
WITH RECURSIVE visit (lane, step) AS (
    (SELECT lane, 1 FROM {prefix}job WHERE queue = $2 AND state = 1 ORDER BY lane LIMIT 1)
    UNION ALL
    SELECT higher.lane, step + 1
    FROM visit CROSS JOIN LATERAL (
        SELECT lane FROM {prefix}job WHERE queue = $2 AND state = 1 AND lane > visit.lane ORDER BY lane LIMIT 1
    ) AS higher
    WHERE step < 1000
)
SELECT (SELECT count(*) FROM (SELECT 1 FROM {prefix}job WHERE queue = $2 AND state = 1
                              ORDER BY lane, due_at, id LIMIT $3) AS counted) AS ready,
       (SELECT count(*) FROM (SELECT 1 FROM {prefix}job WHERE queue = $2 AND state = 0
                              ORDER BY due_at LIMIT $3) AS counted) AS scheduled,
       (SELECT count(*) FROM (SELECT 1 FROM {prefix}job WHERE queue = $2 AND state = 2
                              ORDER BY lane, lease_until LIMIT $3) AS counted) AS running,
       (SELECT {now} - min((SELECT job.due_at FROM {prefix}job AS job
                            WHERE job.queue = $2 AND job.state = 1 AND job.lane = visit.lane
                            ORDER BY job.due_at LIMIT 1))
        FROM visit) AS oldest_ms;
