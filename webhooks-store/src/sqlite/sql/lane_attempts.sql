-- The attempts of a lane behind a place, those of the newest job first and of each job the last one first: two indexes
-- that begin with the lane, attempt_lane and history_lane, merged.
SELECT tried.job, tried.lane, tried.generation, tried.number, tried.at, tried.duration_ms, tried.status, tried.error,
       (SELECT answer.body FROM {prefix}answer AS answer
        WHERE answer.at = tried.at AND answer.job = tried.job AND answer.generation = tried.generation
          AND answer.number = tried.number) AS body
FROM (
    SELECT * FROM (
        SELECT job, lane, generation, number, at, duration_ms, status, error
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
) AS tried
ORDER BY tried.job DESC, tried.generation DESC, tried.number DESC LIMIT ?5;
