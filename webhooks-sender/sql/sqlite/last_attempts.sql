-- The last attempt of each of these deliveries: from the history where it has ended with one, else the last of the earlier
-- ones. By primary keys.
WITH given(id) AS (VALUES {rows})
SELECT h.id AS delivery, h.attempts AS number, h.tried_at AS at, h.duration_ms, h.status, h.error
FROM given CROSS JOIN {prefix}history AS h ON h.id = given.id
WHERE h.tried_at IS NOT NULL
UNION ALL
SELECT a.job, a.number, a.at, a.duration_ms, a.status, a.error
FROM given CROSS JOIN {prefix}attempt AS a
  ON a.job = given.id
 AND (a.generation, a.number) = (SELECT l.generation, l.number FROM {prefix}attempt AS l WHERE l.job = given.id
                                 ORDER BY l.generation DESC, l.number DESC LIMIT 1)
WHERE NOT EXISTS (SELECT 1 FROM {prefix}history AS h WHERE h.id = given.id AND h.tried_at IS NOT NULL)
