-- What one subscription saw behind a cursor, the attempts of the newest message first and of each delivery the last one
-- first. Two indexes of the store that begin with the lane, attempt_lane and history_lane, merged.
SELECT a.delivery, a.subscription, a.generation, a.number, a.at, a.duration_ms, a.status, a.error
FROM (
    SELECT * FROM (
        SELECT job AS delivery, lane AS subscription, generation, number, at, duration_ms, status, error
        FROM {prefix}attempt
        WHERE lane = ?1 AND (job, generation, number) < (?2, ?3, ?4)
        ORDER BY job DESC, generation DESC, number DESC LIMIT ?5
    ) AS earlier
    UNION ALL
    SELECT * FROM (
        SELECT id, lane, generation, attempts, tried_at, duration_ms, status, error
        FROM {prefix}history
        WHERE lane = ?1 AND id <= ?2 AND (id < ?2 OR (generation, attempts) < (?3, ?4))
          AND tried_at IS NOT NULL
        ORDER BY id DESC LIMIT ?5
    ) AS last
) AS a
ORDER BY a.delivery DESC, a.generation DESC, a.number DESC LIMIT ?5
