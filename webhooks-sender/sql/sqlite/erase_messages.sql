-- Removes what messages carry, and by what they could be found; that they were sent stays. By primary key.
WITH given(id) AS (VALUES {rows})
UPDATE {prefix}messages SET body = NULL, wire = NULL, labels = NULL, idempotency_key = NULL
WHERE id IN (SELECT id FROM given)
