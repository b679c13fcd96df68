-- How deliveries stand, over up to 1,000 lanes, up to $3 of each state. What is due is ready, unless its subscription is paused
-- or it stands behind a delivery in its order that waits for its next try (scheduled), or for a person (held). One seek in the
-- store's job_lane for each lane; those that wait in an order are found by its job_held, and tell which lanes need a closer
-- look; what is not due is counted by its job_scheduled. The settings are the sender's own JSON.
WITH RECURSIVE head (lane, order_key, is_stopped, is_whole) AS MATERIALIZED (
    SELECT job.lane, job.order_key, job.held_until = 9223372036854775807,
           job.order_key IS NULL
           OR coalesce((SELECT strpos(s.settings, '"first_in_first_out":true') > 0
                        FROM {prefix}subscriptions AS s WHERE s.id = job.lane), false)
    FROM {prefix}job AS job WHERE job.queue = $2 AND job.held_until > {now} ORDER BY job.held_until LIMIT $3
),
lanes (slot, lane, step) AS (
    SELECT -1::smallint, ''::bytea, 0
    UNION ALL
    SELECT higher.slot, higher.lane, step + 1
    FROM lanes CROSS JOIN LATERAL (
        SELECT slot, lane FROM {prefix}job
        WHERE queue = $2 AND (slot, lane) > (lanes.slot, lanes.lane) ORDER BY slot, lane LIMIT 1
    ) AS higher
    WHERE step < 1000
),
visit (slot, lane, state) AS MATERIALIZED (
    SELECT slot, lane,
           CASE WHEN EXISTS (SELECT 1 FROM {prefix}subscriptions AS s WHERE s.id = lanes.lane AND s.state = 'paused')
                     OR lane IN (SELECT head.lane FROM head WHERE is_whole AND is_stopped) THEN 'held'
                WHEN lane IN (SELECT head.lane FROM head WHERE is_whole) THEN 'scheduled'
                WHEN lane IN (SELECT head.lane FROM head) THEN 'by key'
                ELSE 'ready' END
    FROM lanes WHERE step > 0
),
keyed (state, due_at) AS MATERIALIZED (
    SELECT CASE WHEN (due.lane, due.order_key) IN (SELECT head.lane, head.order_key FROM head WHERE is_stopped) THEN 'held'
                WHEN (due.lane, due.order_key) IN (SELECT head.lane, head.order_key FROM head) THEN 'scheduled'
                ELSE 'ready' END,
           due.due_at
    FROM visit CROSS JOIN LATERAL (
        SELECT lane, order_key, due_at FROM {prefix}job
        WHERE queue = $2 AND slot = visit.slot AND lane = visit.lane AND due_at <= {now} ORDER BY due_at LIMIT $3
    ) AS due
    WHERE visit.state = 'by key' LIMIT $3 * 4
),
whole (state, waiting) AS (
    SELECT given.state,
           (SELECT count(*) FROM (
                SELECT 1 FROM visit CROSS JOIN LATERAL (
                    SELECT 1 FROM {prefix}job
                    WHERE queue = $2 AND slot = visit.slot AND lane = visit.lane AND due_at <= {now} ORDER BY due_at LIMIT $3
                ) AS due
                WHERE visit.state = given.state LIMIT $3) AS counted)
           + (SELECT count(*) FROM keyed WHERE keyed.state = given.state)
    FROM (VALUES ('held'), ('ready'), ('scheduled')) AS given (state)
)
SELECT (SELECT least(waiting, $3) FROM whole WHERE state = 'held') AS held,
       (SELECT least(waiting, $3) FROM whole WHERE state = 'ready') AS ready,
       (SELECT least(waiting + (SELECT count(*) FROM (SELECT 1 FROM {prefix}job
                                                      WHERE queue = $2 AND scheduled = 1 AND due_at + 0 > {now}
                                                      ORDER BY due_at + 0 LIMIT $3) AS counted), $3)
        FROM whole WHERE state = 'scheduled') AS scheduled,
       (SELECT {now} - min(due_at) FROM (
            SELECT due.due_at FROM visit CROSS JOIN LATERAL (
                SELECT due_at FROM {prefix}job
                WHERE queue = $2 AND slot = visit.slot AND lane = visit.lane AND due_at <= {now} ORDER BY due_at LIMIT 1
            ) AS due
            WHERE visit.state = 'ready'
            UNION ALL
            SELECT keyed.due_at FROM keyed WHERE keyed.state = 'ready') AS oldest) AS oldest_ms
