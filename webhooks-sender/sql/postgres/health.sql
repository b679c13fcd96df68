-- What waits for its turn, apart from what a paused subscription holds back. By the index subscriptions_paused and the
-- store's job_ready: the held are counted up to $3; the others up to $3 over the first 1,000 lanes, one seek each, with
-- how long the oldest of them has been due.
WITH RECURSIVE visit (lane, step) AS (
    (SELECT lane, 1 FROM {prefix}job WHERE queue = $2 AND state = 1 ORDER BY lane LIMIT 1)
    UNION ALL
    SELECT higher.lane, step + 1
    FROM visit CROSS JOIN LATERAL (
        SELECT lane FROM {prefix}job WHERE queue = $2 AND state = 1 AND lane > visit.lane ORDER BY lane LIMIT 1
    ) AS higher
    WHERE step < 1000
),
moving (lane) AS (
    SELECT visit.lane FROM visit
    WHERE visit.lane NOT IN (SELECT s.id FROM {prefix}subscriptions AS s WHERE s.state = 'paused')
)
SELECT (SELECT count(*) FROM (SELECT 1 FROM {prefix}subscriptions AS s CROSS JOIN LATERAL (
                                  SELECT 1 FROM {prefix}job AS job
                                  WHERE job.queue = $2 AND job.state = 1 AND job.lane = s.id
                                  ORDER BY due_at, id LIMIT $3) AS job
                              WHERE s.state = 'paused' LIMIT $3) AS held) AS held,
       (SELECT count(*) FROM (SELECT 1 FROM moving CROSS JOIN LATERAL (
                                  SELECT 1 FROM {prefix}job AS job
                                  WHERE job.queue = $2 AND job.state = 1 AND job.lane = moving.lane
                                  ORDER BY due_at, id LIMIT $3) AS job
                              LIMIT $3) AS ready) AS ready,
       (SELECT {now} - min((SELECT job.due_at FROM {prefix}job AS job
                            WHERE job.queue = $2 AND job.state = 1 AND job.lane = moving.lane
                            ORDER BY job.due_at LIMIT 1))
        FROM moving) AS oldest_ms
