-- The attempts of one job, first to last: earlier ones by the primary key of their table, the last one of a finished job
-- from the history. What came back for each is one seek.
SELECT tried.job, tried.lane, tried.generation, tried.number, tried.at, tried.duration_ms, tried.status, tried.error,
       (SELECT answer.body FROM {prefix}answer AS answer
        WHERE answer.at = tried.at AND answer.job = tried.job AND answer.generation = tried.generation
          AND answer.number = tried.number) AS body
FROM (
    SELECT job, lane, generation, number, at, duration_ms, status, error
    FROM {prefix}attempt WHERE job = ?1
    UNION ALL
    SELECT id, lane, generation, attempts, tried_at, duration_ms, status, error
    FROM {prefix}history WHERE id = ?1 AND tried_at IS NOT NULL
) AS tried
ORDER BY tried.generation, tried.number;
