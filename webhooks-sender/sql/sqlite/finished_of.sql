-- Those of these deliveries that have ended. By the store's primary key.
WITH given(id) AS (VALUES {rows})
SELECT h.id FROM given CROSS JOIN {prefix}history AS h ON h.id = given.id WHERE given.id IS NOT NULL
