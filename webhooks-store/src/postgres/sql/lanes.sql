-- The next lanes that have ready jobs, from $2 on, and how many of each lane's jobs run.
-- Each step is one seek in job_ready to the first entry of a higher lane, however many entries lie between; each
-- count reads at most $4 entries of job_running; the order is that of the index, lest the table itself be searched.
WITH RECURSIVE visit (lane, step) AS (
    (SELECT lane, 1::bigint FROM {prefix}job WHERE queue = $1 AND state = 1 AND lane >= $2 ORDER BY lane LIMIT 1)
    UNION ALL
    SELECT higher.lane, step + 1
    FROM visit CROSS JOIN LATERAL (
        SELECT lane FROM {prefix}job WHERE queue = $1 AND state = 1 AND lane > visit.lane ORDER BY lane LIMIT 1
    ) AS higher
    WHERE step < $3
)
SELECT lane,
       (SELECT count(*) FROM (SELECT 1 FROM {prefix}job AS job
                              WHERE job.queue = $1 AND job.state = 2 AND job.lane = visit.lane
                              ORDER BY job.lease_until LIMIT $4) AS running)
FROM visit;
