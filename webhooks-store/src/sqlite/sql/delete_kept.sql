-- Takes jobs out that have just been copied into the history, by their ids. It returns no rows: each would cost more than
-- its deletion.
WITH given (id) AS (VALUES {rows})
DELETE FROM {prefix}job WHERE id IN (SELECT id FROM given);
