-- The last attempt of each of these deliveries: from the history where it has ended with one, else the last of the earlier
-- ones. By primary keys. All lie between $1 and $2: the partitions of other days are not even opened.
SELECT given.id AS delivery, a.number, a.at, a.duration_ms, a.status, a.error
FROM unnest($3::bytea[]) AS given (id) CROSS JOIN LATERAL (
    SELECT * FROM (
        SELECT h.generation, h.attempts AS number, h.tried_at AS at, h.duration_ms, h.status, h.error
        FROM {prefix}history AS h WHERE h.id = given.id AND h.id >= $1 AND h.id <= $2 AND h.tried_at IS NOT NULL
        UNION ALL
        SELECT * FROM (
            SELECT l.generation, l.number, l.at, l.duration_ms, l.status, l.error
            FROM {prefix}attempt AS l WHERE l.job = given.id AND l.job >= $1 AND l.job <= $2
            ORDER BY l.generation DESC, l.number DESC LIMIT 1
        ) AS earlier
    ) AS tried
    ORDER BY generation DESC, number DESC LIMIT 1
) AS a
