-- The first due row of each of the next lanes behind a lane, locked; what another process has in hand is passed over. Each
-- step is a seek in job_lane, and lanes of which nothing is due are passed over, up to a thousand.
WITH RECURSIVE visit (slot, lane, step) AS (
    (SELECT slot, lane, 1::bigint FROM {prefix}job
     WHERE queue = $2 AND (slot, lane) >= ($3::smallint, $4::bytea) ORDER BY slot, lane LIMIT 1)
    UNION ALL
    SELECT higher.slot, higher.lane, step + 1
    FROM visit CROSS JOIN LATERAL (
        SELECT slot, lane FROM {prefix}job
        WHERE queue = $2 AND (slot, lane) > (visit.slot, visit.lane) ORDER BY slot, lane LIMIT 1
    ) AS higher
    WHERE step < $5::bigint + 1000
)
SELECT job.id, job.slot::bigint, job.lane, job.owner, job.due_at, job.generation, job.version, job.attempts, job.starts, job.held_until,
       job.reference, job.order_key, job.labels, job.data, job.created_at,
       {now} AS now_ms
FROM visit CROSS JOIN LATERAL (
    SELECT * FROM {prefix}job AS job
    WHERE job.queue = $2 AND job.slot = visit.slot AND job.lane = visit.lane AND job.due_at <= {now}
    ORDER BY job.due_at, (job.id || '') LIMIT 1 FOR UPDATE SKIP LOCKED
) AS job
LIMIT $5;
