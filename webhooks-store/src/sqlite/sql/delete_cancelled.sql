-- Takes jobs out of the table of unfinished ones, by primary key.
WITH given (id) AS (VALUES {rows})
DELETE FROM {prefix}job WHERE id IN (SELECT id FROM given) RETURNING id;
