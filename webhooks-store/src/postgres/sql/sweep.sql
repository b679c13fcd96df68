-- The lanes of a slot that have any row, from $3 on. Each step is one seek in job_lane to the first entry of a higher lane,
-- however many entries lie between.
WITH RECURSIVE visit (lane, owner, step) AS (
    (SELECT lane, owner, 1::bigint FROM {prefix}job WHERE queue = $1 AND slot = $2::smallint AND lane >= $3 ORDER BY lane LIMIT 1)
    UNION ALL
    SELECT higher.lane, higher.owner, step + 1
    FROM visit CROSS JOIN LATERAL (
        SELECT lane, owner FROM {prefix}job
        WHERE queue = $1 AND slot = $2::smallint AND lane > visit.lane ORDER BY lane LIMIT 1
    ) AS higher
    WHERE step < $4
)
SELECT lane, owner FROM visit;
