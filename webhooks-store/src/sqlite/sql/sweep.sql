-- The lanes of some slots (?4) that have any row, from a lane on. Each step is one seek in job_lane to the first entry of a
-- higher lane, or of a higher slot where the slot is not asked for, however many entries lie between.
WITH RECURSIVE visit (slot, lane, owner, next_slot, next_lane, step) AS (
    SELECT -1, x'', 0, ?2, ?3, 0
    UNION ALL
    SELECT higher.slot, higher.lane, higher.owner,
           iif(substr(?4, higher.slot + 1, 1) = '1', higher.slot, higher.slot + 1),
           iif(substr(?4, higher.slot + 1, 1) = '1', CAST(higher.lane || x'00' AS BLOB), x''),
           step + 1
    FROM visit CROSS JOIN {prefix}job AS higher ON higher.position = (
        SELECT position FROM {prefix}job
        WHERE queue = ?1 AND (slot, lane) >= (visit.next_slot, visit.next_lane) ORDER BY slot, lane, due_at, id LIMIT 1
    )
    WHERE step < ?5 + 256
)
SELECT slot, lane, owner FROM visit WHERE slot >= 0 AND substr(?4, slot + 1, 1) = '1' LIMIT ?5;
