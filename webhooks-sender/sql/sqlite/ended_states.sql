-- How these deliveries ended; those that have not are left out. By primary key.
WITH given(id) AS (VALUES {rows})
SELECT h.id, h.state FROM given CROSS JOIN {prefix}history AS h ON h.id = given.id WHERE given.id IS NOT NULL
