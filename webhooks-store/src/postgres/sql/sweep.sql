-- The lanes that have any row, from slot $2 and lane $3 on. Each step is one seek in job_lane to the first entry of a higher
-- lane, however many entries lie between.
WITH RECURSIVE visit (slot, lane, owner, step) AS (
    (SELECT slot, lane, owner, 1::bigint FROM {prefix}job WHERE queue = $1 AND (slot, lane) >= ($2::smallint, $3)
     ORDER BY slot, lane LIMIT 1)
    UNION ALL
    SELECT higher.slot, higher.lane, higher.owner, step + 1
    FROM visit CROSS JOIN LATERAL (
        SELECT slot, lane, owner FROM {prefix}job
        WHERE queue = $1 AND (slot, lane) > (visit.slot, visit.lane) ORDER BY slot, lane LIMIT 1
    ) AS higher
    WHERE step < $4
)
SELECT slot, lane, owner FROM visit;
