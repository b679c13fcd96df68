-- Ends the failure windows of a batch; writes only where there is one. By primary key, in one order. A subscription that
-- an open transaction is changing is passed over: no outcome waits for the application, and the next success ends it.
WITH free AS MATERIALIZED (
    SELECT id FROM {prefix}subscriptions WHERE failures > 0 AND id = ANY ($1::bytea[])
    ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE {prefix}subscriptions AS s SET failures = 0, failing_since = NULL, warned = 0
FROM free WHERE s.id = free.id AND s.id = ANY ($1::bytea[])
RETURNING s.id
