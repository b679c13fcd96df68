-- What one subscription saw behind a cursor, the attempts of the newest message first and of each delivery the last one
-- first, of the deliveries between $6 and $7. Two indexes of the store that begin with the lane, attempt_lane and
-- history_lane, merged. The ids are said twice: for the index, and so that the partitions of other days are not opened. There
-- they stand next to an id that does not exist: by either of two ways the primary key is not searched.
SELECT a.delivery, a.subscription, a.generation, a.number, a.at, a.duration_ms, a.status, a.error
FROM (
    SELECT * FROM (
        SELECT job AS delivery, lane AS subscription, generation, number, at, duration_ms, status, error
        FROM {prefix}attempt
        WHERE lane = $1 AND ((job || ''), generation, number) < ($2, $3, $4) AND (job || '') >= $6
          AND (job >= $6 AND job <= $7 OR job = '')
        ORDER BY (job || '') DESC, generation DESC, number DESC LIMIT $5
    ) AS earlier
    UNION ALL
    SELECT * FROM (
        SELECT id, lane, generation, attempts, tried_at, duration_ms, status, error
        FROM {prefix}history
        WHERE lane = $1 AND (id || '') >= $6 AND (id || '') <= $2 AND (id < $2 OR (generation, attempts) < ($3, $4))
          AND (id >= $6 AND id <= $7 OR id = '') AND tried_at IS NOT NULL
        ORDER BY (id || '') DESC LIMIT $5
    ) AS last
) AS a
ORDER BY a.delivery DESC, a.generation DESC, a.number DESC LIMIT $5
