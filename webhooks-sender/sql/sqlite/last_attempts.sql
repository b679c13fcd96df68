-- The last attempt of each of these deliveries. By primary key, from its end.
WITH given(id) AS (VALUES {rows})
SELECT a.delivery, a.number, a.at, a.duration_ms, a.status, a.error
FROM given CROSS JOIN {prefix}attempts AS a
  ON a.delivery = given.id
 AND a.claim = (SELECT l.claim FROM {prefix}attempts AS l WHERE l.delivery = given.id ORDER BY l.claim DESC LIMIT 1)
WHERE given.id IS NOT NULL
