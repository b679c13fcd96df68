-- The attempts of these deliveries, without what came back. By primary keys.
SELECT a.job AS delivery, a.lane AS subscription, a.generation, a.number, a.at, a.duration_ms, a.status, a.error,
       NULL::bytea AS response,
       (SELECT r.job FROM {prefix}replayed AS r
        WHERE r.delivery = a.job AND r.generation = a.generation) AS replay
FROM unnest($1::bytea[]) AS given (id) JOIN {prefix}attempt AS a ON a.job = given.id
UNION ALL
SELECT h.id, h.lane, h.generation, h.attempts, h.tried_at, h.duration_ms, h.status, h.error, NULL::bytea,
       (SELECT r.job FROM {prefix}replayed AS r WHERE r.delivery = h.id AND r.generation = h.generation)
FROM unnest($1::bytea[]) AS given (id) JOIN {prefix}history AS h ON h.id = given.id
WHERE h.tried_at IS NOT NULL
