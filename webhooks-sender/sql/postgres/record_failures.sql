-- Adds to the failure windows of a batch and returns them, for the rule of deactivation. By primary key, in one order. A
-- window that began in the future, by a clock that was wrong, begins anew. A subscription that an open transaction is
-- changing is passed over: no outcome waits for the application, and the next failure is counted again.
WITH given AS (
    SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bigint[]) AS given (id, failures, at)
), free AS MATERIALIZED (
    SELECT id FROM {prefix}subscriptions WHERE id = ANY ($1::bytea[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE {prefix}subscriptions AS s
SET failures = s.failures + given.failures, failing_since = LEAST(s.failing_since, given.at)
FROM given JOIN free ON free.id = given.id
WHERE s.id = given.id AND s.id = ANY ($1::bytea[])
RETURNING s.id, s.failures, s.failing_since, s.state, s.warned
