-- The lanes of some slots ($4) that have any row, from a lane on. Each step is one seek in job_lane to the first entry of a
-- higher lane, or of a higher slot where the slot is not asked for, however many entries lie between.
WITH RECURSIVE visit (slot, lane, owner, next_slot, next_lane, step) AS (
    SELECT -1::smallint, ''::bytea, 0::bigint, $2::bigint, $3::bytea, 0::bigint
    UNION ALL
    SELECT higher.slot, higher.lane, higher.owner,
           (CASE WHEN substr($4::text, higher.slot + 1, 1) = '1' THEN higher.slot ELSE higher.slot + 1 END)::bigint,
           CASE WHEN substr($4::text, higher.slot + 1, 1) = '1' THEN higher.lane || '\x00'::bytea ELSE ''::bytea END,
           step + 1
    FROM visit CROSS JOIN LATERAL (
        SELECT slot, lane, owner FROM {prefix}job
        WHERE queue = $1 AND (slot, lane) >= (visit.next_slot, visit.next_lane) ORDER BY slot, lane LIMIT 1
    ) AS higher
    WHERE step < $5::bigint + 256
)
SELECT slot::bigint, lane, owner FROM visit WHERE slot >= 0 AND substr($4::text, slot + 1, 1) = '1' LIMIT $5;
