-- Adds to the failure windows of a batch and returns them, for the rule of deactivation. By primary key. A window that
-- began in the future, by a clock that was wrong, begins anew.
WITH given(id, failures, at) AS (VALUES {rows})
UPDATE {prefix}subscriptions AS s
SET failures = s.failures + given.failures,
    failing_since = MIN(COALESCE(s.failing_since, given.at), given.at)
FROM given WHERE s.id = given.id
RETURNING id, failures, failing_since, state
