-- Adds to the failure windows of a batch and returns them, for the rule of deactivation. By primary key. A window that
-- began in the future, by a clock that was wrong, begins anew.
UPDATE {prefix}subscriptions AS s
SET failures = s.failures + given.failures, failing_since = LEAST(s.failing_since, given.at)
FROM unnest($1::bytea[], $2::bigint[], $3::bigint[]) AS given (id, failures, at) WHERE s.id = given.id
RETURNING s.id, s.failures, s.failing_since, s.state
