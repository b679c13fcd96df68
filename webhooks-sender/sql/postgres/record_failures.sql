-- Adds to the failure windows of a batch and returns them, for the rule of deactivation. By primary key.
UPDATE {prefix}subscriptions AS s
SET failures = s.failures + given.failures, failing_since = COALESCE(s.failing_since, given.at)
FROM unnest($1::bytea[], $2::bigint[], $3::bigint[]) AS given (id, failures, at) WHERE s.id = given.id
RETURNING s.id, s.failures, s.failing_since, s.state
