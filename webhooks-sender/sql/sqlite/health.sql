-- What is due, apart from what a paused subscription holds back: over up to 1,000 lanes, until ?3 are found, one seek in the
-- store's job_lane for each lane; with how long the oldest of them has been due. What waits for a moment in an order is
-- not due.
WITH RECURSIVE lanes (slot, lane, step) AS (
    SELECT -1, x'', 0
    UNION ALL
    SELECT higher.slot, higher.lane, step + 1
    FROM lanes CROSS JOIN {prefix}job AS higher ON higher.position = (
        SELECT position FROM {prefix}job
        WHERE queue = ?2 AND (slot, lane) > (lanes.slot, lanes.lane) ORDER BY slot, lane, due_at, id LIMIT 1
    )
    WHERE step < 1000
),
visit (slot, lane, is_paused) AS (
    SELECT slot, lane,
           EXISTS (SELECT 1 FROM {prefix}subscriptions AS s WHERE s.id = lanes.lane AND s.state = 'paused')
    FROM lanes WHERE step > 0
)
SELECT (SELECT count(*) FROM (SELECT 1 FROM visit CROSS JOIN {prefix}job AS job
                              ON job.queue = ?2 AND job.slot = visit.slot AND job.lane = visit.lane AND job.due_at <= {now}
                              WHERE visit.is_paused LIMIT ?3)) AS held,
       (SELECT count(*) FROM (SELECT 1 FROM visit CROSS JOIN {prefix}job AS job
                              ON job.queue = ?2 AND job.slot = visit.slot AND job.lane = visit.lane AND job.due_at <= {now}
                              WHERE NOT visit.is_paused AND coalesce(job.held_until, 0) <= {now} LIMIT ?3)) AS ready,
       (SELECT {now} - min((SELECT job.due_at FROM {prefix}job AS job
                            WHERE job.queue = ?2 AND job.slot = visit.slot AND job.lane = visit.lane
                              AND job.due_at <= {now} AND coalesce(job.held_until, 0) <= {now}
                            ORDER BY job.due_at LIMIT 1))
        FROM visit WHERE NOT visit.is_paused) AS oldest_ms
