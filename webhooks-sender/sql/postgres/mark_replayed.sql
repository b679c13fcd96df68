-- Says of deliveries that wait which job had them made again. By primary keys.
INSERT INTO {prefix}replayed (delivery, generation, job)
SELECT j.id, j.generation, $1 FROM unnest($2::bytea[]) AS given (id) JOIN {prefix}job AS j ON j.id = given.id
ON CONFLICT (delivery, generation) DO NOTHING
