-- The attempts of these deliveries, without what came back. By primary keys.
WITH given(id) AS (VALUES {rows})
SELECT a.job AS delivery, a.lane AS subscription, a.generation, a.number, a.at, a.duration_ms, a.status, a.error,
       NULL AS response,
       (SELECT r.job FROM {prefix}replayed AS r
        WHERE r.delivery = a.job AND r.generation = a.generation) AS replay
FROM given CROSS JOIN {prefix}attempt AS a ON a.job = given.id WHERE given.id IS NOT NULL
UNION ALL
SELECT h.id, h.lane, h.generation, h.attempts, h.tried_at, h.duration_ms, h.status, h.error, NULL,
       (SELECT r.job FROM {prefix}replayed AS r WHERE r.delivery = h.id AND r.generation = h.generation)
FROM given CROSS JOIN {prefix}history AS h ON h.id = given.id WHERE given.id IS NOT NULL AND h.tried_at IS NOT NULL
