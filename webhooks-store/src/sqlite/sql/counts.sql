-- How the queue stands: what is due, over up to 1,000 lanes, until ?3 are found, a seek in job_lane for each lane; what waits
-- for its time, up to ?3 entries of job_scheduled.
WITH RECURSIVE visit (slot, lane, ready, oldest, step) AS (
    SELECT -1, x'', 0, NULL, 0
    UNION ALL
    SELECT higher.slot, higher.lane,
           visit.ready + (SELECT count(*) FROM (SELECT 1 FROM {prefix}job
                          WHERE queue = ?2 AND slot = higher.slot AND lane = higher.lane AND due_at <= {now} LIMIT ?3)),
           (SELECT min(due_at) FROM (
                SELECT visit.oldest AS due_at
                UNION ALL
                SELECT * FROM (SELECT due_at FROM {prefix}job
                    WHERE queue = ?2 AND slot = higher.slot AND lane = higher.lane AND due_at <= {now}
                    ORDER BY due_at LIMIT 1))),
           step + 1
    FROM visit CROSS JOIN {prefix}job AS higher ON higher.position = (
        SELECT position FROM {prefix}job
        WHERE queue = ?2 AND (slot, lane) > (visit.slot, visit.lane) ORDER BY slot, lane, due_at, id LIMIT 1
    )
    WHERE step < 1000 AND visit.ready < ?3
)
SELECT (SELECT min(max(ready), ?3) FROM visit) AS ready,
       (SELECT count(*) FROM (SELECT 1 FROM {prefix}job WHERE queue = ?2 AND scheduled = 1 AND due_at > {now} LIMIT ?3)) AS scheduled,
       (SELECT {now} - min(oldest) FROM visit) AS oldest_ms;
