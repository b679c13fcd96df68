-- Which job made these deliveries again. By primary key.
WITH given(id) AS (VALUES {rows})
SELECT r.delivery, r.generation, r.job
FROM given CROSS JOIN {prefix}replayed AS r ON r.delivery = given.id WHERE given.id IS NOT NULL
