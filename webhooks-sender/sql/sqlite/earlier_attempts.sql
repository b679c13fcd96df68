-- The attempts of these deliveries that do not stand with how they ended, without what came back. By primary key.
-- CROSS JOIN: the list first, however long it is.
WITH given(id) AS (VALUES {rows})
SELECT a.job AS delivery, a.lane AS subscription, a.generation, a.number, a.at, a.duration_ms, a.status, a.error
FROM given CROSS JOIN {prefix}attempt AS a ON a.job = given.id WHERE given.id IS NOT NULL
