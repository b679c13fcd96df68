-- Ends the failure windows of a batch; writes only where there is one. By primary key.
WITH given(id) AS (VALUES {rows})
UPDATE {prefix}subscriptions SET failures = 0, failing_since = NULL, warned = 0
WHERE failures > 0 AND id IN (SELECT id FROM given WHERE id IS NOT NULL)
RETURNING id
