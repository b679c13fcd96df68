-- Ends the failure windows of a batch; writes only where there is one. By primary key.
UPDATE {prefix}subscriptions SET failures = 0, failing_since = NULL
WHERE failures > 0 AND id = ANY ($1::bytea[])
RETURNING id
