-- Says of deliveries that wait which job had them made again. By primary keys.
WITH given(id) AS (VALUES {rows})
INSERT INTO {prefix}replayed (delivery, generation, job)
SELECT j.id, j.generation, ?1 FROM given CROSS JOIN {prefix}job AS j ON j.id = given.id WHERE given.id IS NOT NULL
ON CONFLICT (delivery, generation) DO NOTHING
