-- What waits for its turn, apart from what a paused subscription holds back. By the index subscriptions_paused and the
-- store's job_ready: the held are counted up to ?3; the others up to ?3 over the first 1,000 lanes, one seek each, with
-- how long the oldest of them has been due.
WITH RECURSIVE visit (lane, step) AS (
    SELECT (SELECT lane FROM {prefix}job WHERE queue = ?2 AND state = 1 ORDER BY lane LIMIT 1), 1
    UNION ALL
    SELECT (SELECT job.lane FROM {prefix}job AS job
            WHERE job.queue = ?2 AND job.state = 1 AND job.lane > visit.lane ORDER BY job.lane LIMIT 1), step + 1
    FROM visit WHERE visit.lane IS NOT NULL AND step < 1000
),
moving (lane) AS (
    SELECT visit.lane FROM visit
    WHERE visit.lane IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM {prefix}subscriptions AS s WHERE s.id = visit.lane AND s.state = 'paused')
)
SELECT (SELECT count(*) FROM (SELECT 1 FROM {prefix}subscriptions AS s CROSS JOIN {prefix}job AS job
                              ON job.queue = ?2 AND job.state = 1 AND job.lane = s.id
                              WHERE s.state = 'paused' LIMIT ?3)) AS held,
       (SELECT count(*) FROM (SELECT 1 FROM moving CROSS JOIN {prefix}job AS job
                              ON job.queue = ?2 AND job.state = 1 AND job.lane = moving.lane LIMIT ?3)) AS ready,
       (SELECT {now} - min((SELECT job.due_at FROM {prefix}job AS job
                            WHERE job.queue = ?2 AND job.state = 1 AND job.lane = moving.lane
                            ORDER BY job.due_at LIMIT 1))
        FROM moving) AS oldest_ms
