-- The first due row of each of the next lanes behind a lane; the transaction is the only one that writes. Each step is a
-- seek in job_lane, and lanes of which nothing is due are passed over, up to a thousand.
WITH RECURSIVE visit (position, slot, lane, step) AS (
    SELECT position, slot, lane, 1 FROM (
        SELECT position, slot, lane FROM {prefix}job
        WHERE queue = ?2 AND (slot, lane) >= (?3, ?4) ORDER BY slot, lane, due_at, id LIMIT 1
    )
    UNION ALL
    SELECT higher.position, higher.slot, higher.lane, step + 1
    FROM visit CROSS JOIN {prefix}job AS higher ON higher.position = (
        SELECT position FROM {prefix}job
        WHERE queue = ?2 AND (slot, lane) > (visit.slot, visit.lane) ORDER BY slot, lane, due_at, id LIMIT 1
    )
    WHERE step < ?5 + 1000
)
SELECT job.id, job.slot, job.lane, job.owner, job.due_at, job.generation, job.version, job.attempts, job.starts, job.held_until,
       job.reference, job.order_key, job.labels, job.data, job.created_at,
       {now} AS now_ms
FROM visit CROSS JOIN {prefix}job AS job ON job.position = visit.position
WHERE job.due_at <= {now}
LIMIT ?5;
