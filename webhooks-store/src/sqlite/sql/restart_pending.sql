-- Gives pending jobs another due time; found by primary key.
WITH given (id) AS (VALUES {rows})
UPDATE {prefix}job
SET state = max({now} + ?2, coalesce(?3, 0)) <= {now},
    due_at = max({now} + ?2, coalesce(?3, 0)),
    attempts = coalesce(?4, attempts)
WHERE id IN (SELECT id FROM given) AND state IN (0, 1)
RETURNING id;
