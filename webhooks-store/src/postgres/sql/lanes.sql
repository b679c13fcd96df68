-- The next lanes that have ready jobs, from $2 on. Each step is one seek in job_ready to the first entry of a higher
-- lane, however many entries lie between.
WITH RECURSIVE visit (lane, step) AS (
    (SELECT lane, 1::bigint FROM {prefix}job WHERE queue = $1 AND state = 1 AND lane >= $2 ORDER BY lane LIMIT 1)
    UNION ALL
    SELECT higher.lane, step + 1
    FROM visit CROSS JOIN LATERAL (
        SELECT lane FROM {prefix}job WHERE queue = $1 AND state = 1 AND lane > visit.lane ORDER BY lane LIMIT 1
    ) AS higher
    WHERE step < $3
)
SELECT lane FROM visit;
