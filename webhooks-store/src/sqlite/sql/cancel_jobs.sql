-- Takes jobs out that have just been copied into the history as cancelled, by their ids.
WITH given (id) AS (VALUES {rows})
DELETE FROM {prefix}job WHERE id IN (SELECT id FROM given) RETURNING id;
