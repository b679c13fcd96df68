-- Takes finished jobs out, by primary key.
WITH given (id) AS (VALUES {rows})
DELETE FROM {prefix}finished_job WHERE id IN (SELECT id FROM given) RETURNING id;
