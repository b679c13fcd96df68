-- Takes finished jobs out of the history, by primary key.
WITH given (id) AS (VALUES {rows})
DELETE FROM {prefix}history WHERE id IN (SELECT id FROM given);
