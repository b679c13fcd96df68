-- What is due, apart from what a paused subscription holds back: over up to 1,000 lanes, until $3 are found, one seek in the
-- store's job_lane for each lane; with how long the oldest of them has been due. What waits for a moment in an order is
-- not due.
WITH RECURSIVE visit (slot, lane, ready, held, oldest, step) AS (
    SELECT -1::smallint, ''::bytea, 0::bigint, 0::bigint, NULL::bigint, 0
    UNION ALL
    SELECT higher.slot, higher.lane,
           visit.ready + CASE WHEN paused.is_paused THEN 0 ELSE due.waiting END,
           visit.held + CASE WHEN paused.is_paused THEN due.waiting ELSE 0 END,
           CASE WHEN paused.is_paused THEN visit.oldest ELSE least(visit.oldest, due.oldest) END,
           step + 1
    FROM visit
    CROSS JOIN LATERAL (
        SELECT slot, lane FROM {prefix}job
        WHERE queue = $2 AND (slot, lane) > (visit.slot, visit.lane) ORDER BY slot, lane LIMIT 1
    ) AS higher
    CROSS JOIN LATERAL (
        SELECT EXISTS (SELECT 1 FROM {prefix}subscriptions AS s
                       WHERE s.id = higher.lane AND s.state = 'paused') AS is_paused
    ) AS paused
    CROSS JOIN LATERAL (
        SELECT count(*) AS waiting, min(due_at) AS oldest
        FROM (SELECT due_at FROM {prefix}job
              WHERE queue = $2 AND slot = higher.slot AND lane = higher.lane AND due_at <= {now}
                AND coalesce(held_until, 0) <= {now} AND (NOT paused.is_paused OR visit.held < $3)
              ORDER BY due_at LIMIT $3) AS head
    ) AS due
    WHERE step < 1000 AND visit.ready < $3
)
SELECT least(max(held), $3) AS held, least(max(ready), $3) AS ready, {now} - min(oldest) AS oldest_ms FROM visit
