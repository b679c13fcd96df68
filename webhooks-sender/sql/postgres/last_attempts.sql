-- The last attempt of each of these deliveries. By primary key, from its end.
SELECT a.delivery, a.number, a.at, a.duration_ms, a.status, a.error
FROM unnest($1::bytea[]) AS given (id) CROSS JOIN LATERAL (
    SELECT l.delivery, l.number, l.at, l.duration_ms, l.status, l.error
    FROM {prefix}attempts AS l WHERE l.delivery = given.id ORDER BY l.claim DESC LIMIT 1) AS a
