-- How the queue stands: what is due, over up to 1,000 lanes, until $3 are found, a seek in job_lane for each lane; what waits
-- for its time, up to $3 entries of job_scheduled.
WITH RECURSIVE visit (slot, lane, ready, oldest, step) AS (
    SELECT -1::smallint, ''::bytea, 0::bigint, NULL::bigint, 0
    UNION ALL
    SELECT higher.slot, higher.lane, visit.ready + due.ready, least(visit.oldest, due.oldest), step + 1
    FROM visit
    CROSS JOIN LATERAL (
        SELECT slot, lane FROM {prefix}job
        WHERE queue = $2 AND (slot, lane) > (visit.slot, visit.lane) ORDER BY slot, lane LIMIT 1
    ) AS higher
    CROSS JOIN LATERAL (
        SELECT count(*) AS ready, min(due_at) AS oldest
        FROM (SELECT due_at FROM {prefix}job
              WHERE queue = $2 AND slot = higher.slot AND lane = higher.lane AND due_at <= {now}
              ORDER BY due_at LIMIT $3) AS head
    ) AS due
    WHERE step < 1000 AND visit.ready < $3
)
SELECT (SELECT least(max(ready), $3) FROM visit) AS ready,
       (SELECT count(*) FROM (SELECT 1 FROM {prefix}job WHERE queue = $2 AND scheduled = 1 AND due_at + 0 > {now}
                              ORDER BY due_at + 0 LIMIT $3) AS counted) AS scheduled,
       (SELECT {now} - min(oldest) FROM visit) AS oldest_ms;
