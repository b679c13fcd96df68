-- The lanes that have any row, from slot ?2 and lane ?3 on. Each step is one seek in job_lane to the first entry of a higher
-- lane, however many entries lie between.
WITH RECURSIVE visit (id, step) AS (
    SELECT (SELECT id FROM {prefix}job WHERE queue = ?1 AND (slot, lane) >= (?2, ?3) ORDER BY slot, lane LIMIT 1), 1
    UNION ALL
    SELECT (SELECT higher.id FROM {prefix}job AS higher
            WHERE higher.queue = ?1 AND (higher.slot, higher.lane) > (SELECT slot, lane FROM {prefix}job WHERE id = visit.id)
            ORDER BY higher.slot, higher.lane LIMIT 1), step + 1
    FROM visit WHERE visit.id IS NOT NULL AND step < ?4
)
SELECT job.slot, job.lane, job.owner FROM visit CROSS JOIN {prefix}job AS job ON job.id = visit.id;
